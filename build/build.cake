// Thin tasks: what a task does lives in the tested command line program. Paths start at the repository's root.
//   ./build.sh                                   the main job on the sample shop, and its reports
//   ./build.sh --target=Test                     all tests
//   ./build.sh --target=Browser                  those of the reports' pages, in a browser that must be there
//   ./build.sh --target=Experiment --experiment=0002-online-retail --data=../shared/data
//   ./build.sh --target=Notebooks --notebook=05-stakeholder-report --parameter=NAME=VALUE
//   ./build.sh --target=Reproduce --latest       the last run once more, compared
//   ./build.sh --target=Jupyter                  the kernel, driven by Jupyter's own clients
//   ./build.sh --target=Encoder                  the small encoder that comes with the program, taught anew

var target        = Argument("target", "Notebooks");
var configuration = Argument("configuration", "Release");
var experiment    = Argument("experiment", "0001-shop");
var threads       = Argument("threads", "");
var data          = Argument("data", "");
var platforms     = Argument("platforms", "linux-x64").Split(',');
var root          = MakeAbsolute(Directory(".."));
var closing       = "";         // the last line of all, behind the build's own summary

Context.Environment.WorkingDirectory = root;

const string Solution = "CustomerValue.sln";
var program = $"{root}/artifacts/bin/customervalue" + (IsRunningOnWindows() ? ".exe" : "");

int Call(string tool, Action<ProcessArgumentBuilder> arguments, bool check = true, DirectoryPath folder = null)
{
    var builder = new ProcessArgumentBuilder();
    arguments(builder);
    var code = StartProcess(tool, new ProcessSettings { Arguments = builder, WorkingDirectory = folder ?? root });
    if (check && code != 0) throw new CakeException(code, $"{System.IO.Path.GetFileName(tool)} {builder.RenderSafe()} ended with exit code {code}.");
    return code;
}

void Tests(string filter, string project = Solution) => DotNetTest(project, new DotNetTestSettings
{
    Configuration = configuration, NoBuild = true, NoRestore = true, Filter = filter,
    ResultsDirectory = "artifacts/tests", Loggers = { "trx" },
});

Task("Clean").Does(() =>
{
    if (DirectoryExists("artifacts")) DeleteDirectory("artifacts", new DeleteDirectorySettings { Recursive = true, Force = true });
});

Task("Restore").Does(() => DotNetRestore(Solution, new DotNetRestoreSettings { LockedMode = true }));

Task("Build").IsDependentOn("Restore").Does(() =>
{
    DotNetBuild(Solution, new DotNetBuildSettings { Configuration = configuration, NoRestore = true });
    DotNetPublish("src/CustomerValue.Cli", new DotNetPublishSettings
    {
        Configuration = configuration, NoBuild = true, NoRestore = true, OutputDirectory = "artifacts/bin",
    });
});

Task("Test").IsDependentOn("Build").Does(() => Tests("Category!=Nightly&Category!=Jupyter"));

Task("Browser").IsDependentOn("Build").Does(() => DotNetTest("tests/CustomerValue.Browser.Tests", new DotNetTestSettings
{
    Configuration = configuration, NoBuild = true, NoRestore = true, EnvironmentVariables = { ["CUSTOMERVALUE_REQUIRE_BROWSER"] = "1" },
}));

Task("Nightly").IsDependentOn("Build").Does(() => Tests("Category=Nightly"));

// Our kernel and notebooks, tried by Jupyter's own clients. Debian's are installed where apt-get and root are at hand; elsewhere a test that lacks them says what to install, and fails.
Task("Jupyter").IsDependentOn("Build").Does(() =>
{
    const string Clients = "python3-jupyter-client jupyter-nbconvert";
    if (IsRunningOnLinux() && System.Environment.UserName == "root" && FileExists("/usr/bin/apt-get") && Call("dpkg-query", arguments => arguments.Append("--show " + Clients), check: false) != 0)
    {
        System.Environment.SetEnvironmentVariable("DEBIAN_FRONTEND", "noninteractive");
        Call("apt-get", arguments => arguments.Append("-qq update"), check: false);                  // one source out of reach doesn't matter when another has it
        Call("apt-get", arguments => arguments.Append("-qq install -y --no-install-recommends " + Clients), check: false);
    }
    System.Environment.SetEnvironmentVariable("CUSTOMERVALUE_REQUIRE_JUPYTER", "1");
    Tests("Category=Jupyter", "tests/CustomerValue.Cli.Tests");
});

Task("Experiment").IsDependentOn("Build").Does(() => Call(program, arguments =>
{
    arguments.Append("experiment").AppendQuoted(experiment);
    if (data != "") arguments.Append("--data").AppendQuoted(data);
    if (threads != "") arguments.Append("--threads").AppendQuoted(threads);
    if (HasArgument("fresh")) arguments.Append("--fresh");
}));

// Every notebook from a fresh state, and a site of what they showed. --notebook=NAME takes one, and --parameter=NAME=VALUE, as often as needed, tells it something.
Task("Notebooks").IsDependentOn("Experiment").Does(() =>
{
    const string Ran = "artifacts/notebooks", Site = "artifacts/site";
    var (name, told) = (Argument("notebook", "*"), HasArgument("parameter") ? Arguments<string>("parameter").ToArray() : []);
    List<FilePath> In(string pattern) => GetFiles(pattern).OrderBy(file => file.FullPath, StringComparer.Ordinal).ToList();
    void Notebook(string command, IEnumerable<FilePath> files, params string[] options) => Call(program, arguments =>
    {
        arguments.Append("notebook").Append(command);
        foreach (var part in files.Select(file => file.FullPath).Concat(options)) arguments.AppendQuoted(part);
    });
    void Run(FilePath file, string ran, IEnumerable<string> parameters) =>
        Notebook("run", [file], [.. parameters.SelectMany(parameter => new[] { "--parameter", parameter }), "--out", $"{Ran}/{ran}.ipynb"]);

    var notebooks = In($"notebooks/{name}.ipynb");
    if (notebooks.Count == 0) throw new CakeException($"There is no notebook notebooks/{name}.ipynb.");
    Notebook("check", notebooks);
    CleanDirectory(Ran);
    foreach (var file in notebooks)
        if (file.GetFilenameWithoutExtension().ToString() is not "05-stakeholder-report" and var plain) Run(file, plain, told);
        else foreach (var language in new[] { "en", "zh" }) Run(file, $"05-stakeholder-report.{language}", [$"language={language}", .. told]);
    CleanDirectory(Site);
    Notebook("site", In($"{Ran}/*.ipynb"), "--out", Site);
    closing = $"{root}/{Site}/index.html";
});

// Repeats a logged run in a clean folder and compares every figure and the package: --run=ID, or --latest.
Task("Reproduce").IsDependentOn("Build").Does(() => Call(program, arguments =>
{
    arguments.Append("reproduce");
    if (HasArgument("latest")) arguments.Append("--latest");
    if (HasArgument("run")) arguments.Append("--run").AppendQuoted(Argument<string>("run"));
    if (data != "") arguments.Append("--data").AppendQuoted(data);
    if (threads != "") arguments.Append("--threads").AppendQuoted(threads);
}));

// The small encoder that comes with the program, from made-up texts of other seeds than the sample shop's. It learns single statements, with the pole of their words and what the frame
// does to it as further questions, since neither alone tells the meaning; then more of them without these two questions. It reads texts clause by clause.
// The weights are the same each time on one processor with one libtorch; the figures stand in the folder's README.
Task("Encoder").IsDependentOn("Build").Does(() =>
{
    const string Work = "artifacts/encoder", Folder = "src/CustomerValue.Onnx/Encoder", Column = "--column text";
    const string Heads = "--ordered sentiment --label mood --label loyalty --label intent --label complaint --label ended";
    void Text(string line) => Call(program, arguments => arguments.Append("text " + line));
    Text($"corpus --seed 7 --texts 60000 --output {Work}/texts.csv");
    Text($"corpus --seed 7 --texts 110000 --only statement --output {Work}/statements.csv");
    Text($"corpus --seed 10 --texts 110000 --only statement --output {Work}/more.csv");
    Text($"corpus --seed 8 --texts 1000 --only statement --output {Work}/dev.csv");
    Text($"train-vocab --input {Work}/texts.csv {Column} --size 3000 --output {Work}/vocabulary");
    Text($"pretrain {Work}/texts.csv {Column} --vocab {Work}/vocabulary --output {Work}/pretrained --layers 3 --hidden 128 --heads 4 --single-characters --max-tokens 128 --batch-tokens 1024 --steps 400 --epochs 1 --held-out 0 --seed 7");
    Text($"finetune {Work}/statements.csv --dev {Work}/dev.csv {Column} --label words --label frame {Heads} --model {Work}/pretrained --output {Work}/taught --rate 1e-3 --warmup 0.03 --epochs 2 --batch-tokens 768 --max-tokens 128 --evaluate-every 500 --seed 7");
    Text($"finetune {Work}/more.csv --dev {Work}/dev.csv {Column} {Heads} --model {Work}/taught --output {Work}/encoder --rate 1e-3 --head-rate 5 --warmup 0.03 --epochs 2 --batch-tokens 768 --max-tokens 128 --evaluate-every 500 --seed 10 --dtype float16");
    foreach (var file in new[] { "config.json", "model.safetensors", "heads.json", "heads.safetensors", "vocab.txt", "tokenizer_config.json" }) CopyFileToDirectory($"{Work}/encoder/{file}", Folder);
});

Task("Bench").IsDependentOn("Build").Does(() => Call(program, arguments => arguments.Append("bench")));

// The command line to hand out: as a .NET tool, and as archives that need no .NET. Each is unpacked and tried from an empty folder, where this machine can run it.
Task("Pack").Does(() =>
{
    const string Out = "artifacts/pack", Project = "src/CustomerValue.Cli";
    if (DirectoryExists(Out)) DeleteDirectory(Out, new DeleteDirectorySettings { Recursive = true, Force = true });
    var apart = new DotNetMSBuildSettings().WithProperty("ArtifactsPath", $"{root}/artifacts/dotnet/pack");    // another platform's restore leaves the usual build alone
    var empty = System.IO.Directory.CreateTempSubdirectory("customervalue-").FullName;                           // outside the checkout, which the program would find
    void Try(string what, string started)
    {
        Call(started, arguments => arguments.Append("conformance"), folder: empty);
        Information($"{what}: conformance met from an empty folder.");
    }

    DotNetPack(Project, new DotNetPackSettings { Configuration = configuration, OutputDirectory = Out, MSBuildSettings = apart });
    var package = GetFiles($"{Out}/*.nupkg").Single();
    Call("dotnet", arguments => arguments.Append("tool install CustomerValue.Tool --tool-path").AppendQuoted($"{root}/{Out}/tool").Append("--add-source").AppendQuoted($"{root}/{Out}")
        .Append("--version").Append(System.Text.RegularExpressions.Regex.Match(package.GetFilename().ToString(), @"^CustomerValue\.Tool\.(.+)\.nupkg$").Groups[1].Value));
    Try(package.GetFilename().ToString(), $"{root}/{Out}/tool/customervalue");

    foreach (var platform in platforms)
    {
        var (folder, archive) = ($"{Out}/customervalue-{platform}", $"{Out}/customervalue-{platform}.tar.gz");
        DotNetPublish(Project, new DotNetPublishSettings { Configuration = configuration, Runtime = platform, SelfContained = true, OutputDirectory = folder, MSBuildSettings = apart });
        Call("tar", arguments => arguments.Append("-czf").AppendQuoted(archive).Append("-C").Append(Out).Append($"customervalue-{platform}"));
        DeleteDirectory(folder, new DeleteDirectorySettings { Recursive = true, Force = true });
        if (platform != System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier)
        {
            Information($"{archive}: made; this machine can't run {platform}, so it wasn't tried.");
            continue;
        }
        Call("tar", arguments => arguments.Append("-xzf").AppendQuoted(archive).Append("-C").Append(Out));
        Try(archive, $"{root}/{folder}/customervalue");
        DeleteDirectory(folder, new DeleteDirectorySettings { Recursive = true, Force = true });
    }
    foreach (var scratch in new[] { $"{Out}/tool", empty }) DeleteDirectory(scratch, new DeleteDirectorySettings { Recursive = true, Force = true });
    foreach (var file in GetFiles($"{Out}/*")) Information($"{root.GetRelativePath(file)}: {new System.IO.FileInfo(file.FullPath).Length / 1_000_000} MB");
});

RunTarget(target);
if (closing != "") Console.WriteLine(closing);
