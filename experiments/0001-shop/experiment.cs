#:project ../../src/CustomerValue.Cli/CustomerValue.Cli.csproj
using CustomerValue.Evaluation;
Console.WriteLine(Metric.All.Count);
Console.WriteLine(AppContext.BaseDirectory);
return 0;
