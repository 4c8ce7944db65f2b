using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Tracker.Browser.Tests;

/// <summary>The product with a small sweep that is trained when a test asks for it.</summary>
public sealed class RunningTracker : BrowsedTracker
{
    private readonly Lazy<Task<long>> _sweep;

    public RunningTracker() => _sweep = new(TrainSweepAsync);

    /// <summary>A small sweep over all columns of Table 1 whose runs have succeeded.</summary>
    public Task<long> FinishedSweepAsync() => _sweep.Value;

    /// <summary>One run of the finished sweep.</summary>
    public async Task<long> FinishedRunAsync()
    {
        var sweep = await FinishedSweepAsync();
        using var http = Api();
        var runs = await http.GetFromJsonAsync<JsonElement>(new Uri($"runs?sweep={sweep}&limit=1", UriKind.Relative));
        return runs.GetProperty("items")[0].GetProperty("id").GetInt64();
    }

    protected override Task StartAsync() => UpAsync(["--slots", "2"]);

    private async Task<long> TrainSweepAsync()
    {
        using var http = Api();
        using var specification = new StringContent("""
            { "name": "All columns", "network": "f1", "dataset": "fashion-mnist", "smallBatch": 128, "largeBatch": [512], "ghostBatch": [128],
              "seeds": [0, 1], "epochs": 1, "trainExamples": 1024, "parameters": { "learningRate": [0.02] } }
            """, Encoding.UTF8, "application/json");
        using var submitted = await http.PostAsync(new Uri("sweeps", UriKind.Relative), specification);
        submitted.EnsureSuccessStatusCode();
        var id = (await submitted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (true)
        {
            var sweep = await http.GetFromJsonAsync<JsonElement>(new Uri($"sweeps/{id}", UriKind.Relative), limit.Token);
            var counts = sweep.GetProperty("counts");
            if (counts.GetProperty("succeeded").GetInt32() == counts.GetProperty("total").GetInt32()) return id;
            counts.GetProperty("failed").GetInt32().ShouldBe(0, sweep.ToString());
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}

/// <summary>The tests of this project share one product, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunningTrackerCollection : ICollectionFixture<RunningTracker>
{
    public const string Name = "running tracker";
}
