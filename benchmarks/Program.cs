using Tracker.Benchmarks;
using Tracker.Benchmarks.Seed;

// usage: benchmarks seed [--runs N] [--points P], or training|ingest|queue RESULTS-DIRECTORY [Tracker.Jobs.dll [Tracker.Web.dll]], or for the training benchmark's own processes: steps SPEC THREADS WARM-UP STEPS
if (args is ["seed", .. var sizes]) return await SeedAsync(sizes);
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

// On the database of TRACKER_DB, on which the web process was started once.
static async Task<int> SeedAsync(string[] sizes)
{
    var (runs, points) = (10_000, 50_000_000L);
    for (var i = 0; i < sizes.Length; i += 2)
    {
        if (i + 1 == sizes.Length || !long.TryParse(sizes[i + 1], out var size) || size < 1 || sizes[i] is not ("--runs" or "--points")) return Usage();
        if (sizes[i] == "--runs") runs = checked((int)size);
        else points = size;
    }
    await new PageSeed(Database(), runs, points).RunAsync();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: ./tracker bench [training|ingest|queue], or: dotnet run -c Release --project benchmarks -- seed [--runs N] [--points P]");
    return 2;
}
