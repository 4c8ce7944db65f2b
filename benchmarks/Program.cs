using Tracker.Benchmarks;

// usage: benchmarks training|ingest RESULTS-DIRECTORY [Tracker.Jobs.dll], or for the training benchmark's own processes: steps SPEC THREADS WARM-UP STEPS
if (args is not [var what, var results, ..]) return Usage();
switch (what)
{
    case "training" when args.Length == 3:
        await new TrainingBenchmark(args[2], results).RunAsync();
        return 0;
    case "steps" when args is [_, _, var threads, var warmUp, var steps]:
        return TimedSteps.Run(results, int.Parse(threads), long.Parse(warmUp), long.Parse(steps));
    case "ingest":
        await new IngestBenchmark(Environment.GetEnvironmentVariable("TRACKER_DB") ?? throw new InvalidOperationException("TRACKER_DB is not set."), results).RunAsync();
        return 0;
    default:
        return Usage();
}

static int Usage()
{
    Console.Error.WriteLine("usage: ./tracker bench [training|ingest]");
    return 2;
}
