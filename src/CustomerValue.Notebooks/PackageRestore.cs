using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CustomerValue.Notebooks;

/// <summary>Packages for a notebook: a project made for them is restored and built into one flat folder, where native libraries find each other.</summary>
internal static partial class PackageRestore
{
    /// <param name="packages">Name and version of each; all that the session asked for so far, so that they fit together.</param>
    /// <param name="workingDirectory">From where feeds are looked up (nuget.config).</param>
    /// <param name="cancellation">Stops the restore.</param>
    /// <returns>An assembly beside which they all lie.</returns>
    /// <exception cref="InvalidDataException">The feed lacks one, they don't fit together, or there is no SDK.</exception>
    public static async Task<string> RunAsync(IReadOnlyCollection<(string Name, string Version)> packages, string workingDirectory, CancellationToken cancellation)
    {
        var project = Project(packages);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project + workingDirectory)))[..16];
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "customervalue", "notebook-packages", key);
        var built = Path.Combine(folder, "bin", "packages.dll");
        if (File.Exists(built)) return built;

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "packages.csproj"), project, cancellation).ConfigureAwait(false);
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })       // none from further up
            await File.WriteAllTextAsync(Path.Combine(folder, name), "<Project />", cancellation).ConfigureAwait(false);
        var (code, output) = await DotnetAsync(folder, workingDirectory, cancellation).ConfigureAwait(false);
        if (code != 0 || !File.Exists(built)) throw new InvalidDataException(Refusal(packages, output));
        return built;
    }

    private static string Project(IEnumerable<(string Name, string Version)> packages)
    {
        var references = packages.Select(package => $"""    <PackageReference Include="{SecurityElement.Escape(package.Name)}" Version="[{SecurityElement.Escape(package.Version)}]" />""");
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <RuntimeIdentifier>{RuntimeIdentifier()}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies>
                <OutDir>bin/</OutDir>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
            {string.Join('\n', references)}
              </ItemGroup>
            </Project>

            """;
    }

    private static string RuntimeIdentifier() =>
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static async Task<(int Code, string Output)> DotnetAsync(string folder, string workingDirectory, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", "packages.csproj", "-restore", "-nologo", "-v:q", "-nodeReuse:false", $"-p:RestoreRootConfigDirectory={workingDirectory}"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Start(start);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output.ConfigureAwait(false) + await errors.ConfigureAwait(false));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidDataException("Packages are restored by the .NET SDK, and 'dotnet' isn't on the path. Install the SDK, or refer to built assemblies with #r \"path.dll\".");
        }
    }

    private static string Refusal(IEnumerable<(string Name, string Version)> packages, string output)
    {
        var reasons = Error().Matches(output).Select(match => $"{match.Groups["code"].Value}: {match.Groups["text"].Value.Trim()}").Distinct().Take(3).ToList();
        var wanted = string.Join(", ", packages.Select(package => $"{package.Name} {package.Version}"));
        return reasons.Count == 0 ? $"The packages {wanted} can't be restored: {output.Trim()}"
            : $"The packages {wanted} can't be restored. {string.Join(' ', reasons)} Check name and version, and the feeds of nuget.config.";
    }

    [GeneratedRegex(@"error (?<code>[A-Z]+\d+): (?<text>[^\[\n]*)")]
    private static partial Regex Error();
}
