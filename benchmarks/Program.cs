using Tracker.Benchmarks;
using Tracker.Benchmarks.Pages;
using Tracker.Benchmarks.Seed;

// usage: benchmarks pages RESULTS-DIRECTORY Tracker.Web.dll [--runs N] [--points P] [--minutes M], pictures DIRECTORY Tracker.Web.dll REPORT [PAGE...],
// seed [--runs N] [--points P], or training RESULTS-DIRECTORY Tracker.Jobs.dll, ingest|query RESULTS-DIRECTORY Tracker.Web.dll, queue RESULTS-DIRECTORY Tracker.Jobs.dll Tracker.Web.dll, or for the training benchmark's own processes: steps SPEC THREADS WARM-UP STEPS
if (args is ["seed", .. var sizes]) return await SeedAsync(sizes);
if (args is not [var what, var results, ..]) return Usage();
switch (what)
{
    case "training" when args.Length == 3:
        await new TrainingBenchmark(args[2], results).RunAsync();
        return 0;
    case "steps" when args is [_, _, var threads, var warmUp, var steps]:
        return TimedSteps.Run(results, int.Parse(threads), long.Parse(warmUp), long.Parse(steps));
    case "ingest" when args is [_, _, var reported]:
        await new IngestBenchmark(Database(), results, reported).RunAsync();
        return 0;
    case "query" when args is [_, _, var queried]:
        await new QueryBenchmark(Database(), results, queried).RunAsync();
        return 0;
    case "queue" when args is [_, _, var jobs, var web]:
        await new QueueBenchmark(Database(), results, jobs, web).RunAsync();
        return 0;
    case "pages" when args is [_, _, var program, .. var options]:
        return await PagesAsync(results, program, options);
    case "pictures" when args is [_, _, var pictured, var report, .. var pages]:
        return await new Pictures(Database(), results, pictured, report, pages).TakeAsync() == 0 ? 0 : 1;
    default:
        return Usage();
}

static string Database() => Environment.GetEnvironmentVariable("TRACKER_DB") ?? throw new InvalidOperationException("TRACKER_DB is not set.");

// On the database of TRACKER_DB, on which the web process was started once.
static async Task<int> SeedAsync(string[] options)
{
    if (SeedOptions.Read(options) is not { } seed) return Usage();
    await new PageSeed(Database(), seed.Runs, seed.Points).RunAsync();
    return 0;
}

static async Task<int> PagesAsync(string results, string web, string[] options)
{
    if (SeedOptions.Read(options) is not { } seed) return Usage();
    await new PagesBenchmark(Database(), results, web, seed.Runs, seed.Points, TimeSpan.FromMinutes(seed.Minutes)).RunAsync();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: ./tracker bench [training|ingest|query|queue|pages], or: dotnet run -c Release --project benchmarks -- seed [--runs N] [--points P]");
    return 2;
}
