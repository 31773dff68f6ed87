# The one door to the build on Windows: ./build.ps1 [--target=NAME] [options]; see build/build.cake.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false       # exit codes are passed on as they are
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine("The .NET SDK isn't on the PATH. Install .NET 10: https://dotnet.microsoft.com/download")
    exit 1
}

Push-Location $PSScriptRoot                             # the caller's folder stays the caller's
try {
    dotnet tool restore | Out-Null
    if ($LASTEXITCODE -eq 0) { dotnet cake build/build.cake @args }
    $code = $LASTEXITCODE
}
finally { Pop-Location }
exit $code
