// Thin tasks: what a task does lives in the tested command line program. Paths start at the repository's root.
//   ./build.sh                                   the main job on the sample shop
//   ./build.sh --target=Test                     all tests
//   ./build.sh --target=Experiment --experiment=0002-online-retail --data=../shared/data

var target        = Argument("target", "Experiment");
var configuration = Argument("configuration", "Release");
var experiment    = Argument("experiment", "0001-shop");
var threads       = Argument("threads", "");
var data          = Argument("data", "");
var root          = MakeAbsolute(Directory(".."));

Context.Environment.WorkingDirectory = root;

const string Solution = "CustomerValue.sln";
var program = $"{root}/artifacts/bin/customervalue" + (IsRunningOnWindows() ? ".exe" : "");

int Call(string tool, Action<ProcessArgumentBuilder> arguments, bool check = true)
{
    var builder = new ProcessArgumentBuilder();
    arguments(builder);
    var code = StartProcess(tool, new ProcessSettings { Arguments = builder, WorkingDirectory = root });
    if (check && code != 0) throw new CakeException(code, $"{System.IO.Path.GetFileName(tool)} {builder.RenderSafe()} ended with exit code {code}.");
    return code;
}

void Tests(string filter) => DotNetTest(Solution, new DotNetTestSettings
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

Task("Test").IsDependentOn("Build").Does(() => Tests("Category!=Nightly"));

Task("Nightly").IsDependentOn("Build").Does(() => Tests("Category=Nightly"));

Task("Experiment").IsDependentOn("Build").Does(() => Call(program, arguments =>
{
    arguments.Append("experiment").AppendQuoted(experiment);
    if (data != "") arguments.Append("--data").AppendQuoted(data);
    if (threads != "") arguments.Append("--threads").AppendQuoted(threads);
    if (HasArgument("fresh")) arguments.Append("--fresh");
}));

Task("Bench").IsDependentOn("Build").Does(() => Call(program, arguments => arguments.Append("bench")));

RunTarget(target);
