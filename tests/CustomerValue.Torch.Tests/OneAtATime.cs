// libtorch's generator and its number of threads are the process's: tests that ran beside each other would draw from one stream.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
