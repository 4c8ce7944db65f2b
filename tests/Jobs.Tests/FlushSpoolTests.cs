using Tracker.Domain;
using Tracker.Jobs.Reporting;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Storage;

namespace Tracker.Jobs.Tests;

public sealed class FlushSpoolTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Flushes_come_out_as_they_went_in_and_the_file_goes_with_the_last()
    {
        using var spool = new FlushSpool(_directory.File("spool"));
        RunFlush[] flushes =
        [
            new(1, [new(1, 0.1, "train/loss", 12, double.NaN), new(2, 0.2, "grad_norm", 13, double.PositiveInfinity)], null, null, []),
            new(2, [], null, new(2, "/data/a checkpoint", "beef", 99), [(EventLevel.Warning, "ä line"), (EventLevel.Info, "")]),
            new(3, [Samples.Point(3)], null, null, []),
        ];
        spool.Append(flushes[..2]);
        var first = spool.Take();
        spool.Append(flushes[2..]);

        Same(first, flushes[0]);
        Same(spool.Take(), flushes[1]);
        spool.IsEmpty.ShouldBeFalse();
        Same(spool.Take(), flushes[2]);
        spool.IsEmpty.ShouldBeTrue();
        File.Exists(_directory.File("spool")).ShouldBeFalse();
    }

    [Fact]
    public void What_a_former_process_left_is_not_sent()
    {
        File.WriteAllText(_directory.File("spool"), "the points of an attempt that was killed");
        using var spool = new FlushSpool(_directory.File("spool"));

        spool.IsEmpty.ShouldBeTrue();
        File.Exists(_directory.File("spool")).ShouldBeFalse();
    }

    private static void Same(RunFlush actual, RunFlush expected)
    {
        actual.Sequence.ShouldBe(expected.Sequence);
        actual.Points.ShouldBe(expected.Points);
        actual.Checkpoint.ShouldBe(expected.Checkpoint);
        actual.Events.ShouldBe(expected.Events);
    }
}
