// libtorch's generators and thread count belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
