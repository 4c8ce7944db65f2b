using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What Home shows.</summary>
/// <param name="Active">Runs that hold a slot.</param>
/// <param name="Curves">Their validation accuracies so far, by run.</param>
/// <param name="Queue">The first of the queue.</param>
/// <param name="Counts">All runs by state.</param>
/// <param name="Hosts">All hosts.</param>
/// <param name="Sweeps">The newest sweeps.</param>
/// <param name="Failures">The newest failures.</param>
public sealed record HomeModel(
    IReadOnlyList<RunView> Active, IReadOnlyDictionary<long, IReadOnlyList<double>> Curves, QueueView Queue, RunCounts Counts,
    IReadOnlyList<HostView> Hosts, IReadOnlyList<SweepView> Sweeps, IReadOnlyList<RunView> Failures)
{
    public const int QueueShown = 18;
    public const int SweepsShown = 5;
    public const int FailuresShown = 3;
    public const int OutsideShown = 10;

    /// <summary>Running runs of programs outside: the first, and one more when there are more.</summary>
    public IReadOnlyList<RunView> Outside { get; init; } = [];

    /// <summary>Whether the one who looks has not closed the first steps.</summary>
    public bool FirstSteps { get; init; }

    /// <summary>Slots of the hosts that take runs.</summary>
    public int Slots => Hosts.Where(host => host.State == HostState.Up).Sum(host => host.Slots);
}
