using Tracker.Benchmarks;

// usage: benchmarks training|ingest|queue RESULTS-DIRECTORY [Tracker.Jobs.dll [Tracker.Web.dll]], or for the training benchmark's own processes: steps SPEC THREADS WARM-UP STEPS
if (args is not [var what, var results, ..]) return Usage();
switch (what)
{
    case "training" when args.Length == 3:
        await new TrainingBenchmark(args[2], results).RunAsync();
        return 0;
    case "steps" when args is [_, _, var threads, var warmUp, var steps]:
        return TimedSteps.Run(results, int.Parse(threads), long.Parse(warmUp), long.Parse(steps));
    case "ingest":
        await new IngestBenchmark(Database(), results).RunAsync();
        return 0;
    case "queue" when args is [_, _, var jobs, var web]:
        await new QueueBenchmark(Database(), results, jobs, web).RunAsync();
        return 0;
    default:
        return Usage();
}

static string Database() => Environment.GetEnvironmentVariable("TRACKER_DB") ?? throw new InvalidOperationException("TRACKER_DB is not set.");

static int Usage()
{
    Console.Error.WriteLine("usage: ./tracker bench [training|ingest|queue]");
    return 2;
}
