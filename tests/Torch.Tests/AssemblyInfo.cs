// The tests count live tensors and set the default generator and the thread count, which all belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
