using Tracker.Tests.Postgres;

namespace Tracker.Browser.Tests;

/// <summary>The product as it is before the first sweep, on a Postgres that tests can stop.</summary>
public sealed class EmptyTracker : BrowsedTracker
{
    public PostgresCluster Postgres { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Postgres = await PostgresCluster.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    protected override Task StartAsync() => UpAsync([], ("TRACKER_DB", Postgres.ConnectionString));
}

/// <summary>Tests that share the empty product.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EmptyTrackerCollection : ICollectionFixture<EmptyTracker>
{
    public const string Name = "empty tracker";
}
