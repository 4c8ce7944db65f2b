using Microsoft.Extensions.Logging.Abstractions;
using Tracker.Jobs.Hosting;
using Tracker.Storage;

namespace Tracker.Jobs.Tests.Hosting;

public sealed class CheckpointUpkeepTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("upkeep").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Only_what_the_database_names_is_removed_and_nothing_that_was_written_later()
    {
        string[] kept = [File(1, "checkpoint-10.safetensors"), File(2, "spool.bin"), File(4, "checkpoint-20.safetensors"), File("notes", "checkpoint-1.safetensors")];
        string[] gone = [File(2, "checkpoint-10.safetensors"), File(2, "checkpoint-5.safetensors.tmp"), File(3, "checkpoint-10.safetensors"), File(3, "spool.bin"), File(4, "checkpoint-10.safetensors")];
        var later = DateTimeOffset.UtcNow.AddHours(2);
        System.IO.File.SetLastWriteTimeUtc(kept[2], later.UtcDateTime.AddHours(1));
        var discarded = new Discarded(new(2, later, Purged: false), new(3, later, Purged: true), new(4, later, Purged: false), new(99, later, Purged: true));
        using var upkeep = new CheckpointUpkeep(discarded, RunFolders.Of(_data), TimeProvider.System, NullLogger<CheckpointUpkeep>.Instance);
        (await upkeep.RemoveAsync(TestContext.Current.CancellationToken)).ShouldBe(3);
        kept.ShouldAllBe(f => System.IO.File.Exists(f));
        gone.ShouldAllBe(f => !System.IO.File.Exists(f));
        Directory.Exists(Path.Combine(_data, "runs", "3")).ShouldBeFalse();
        discarded.Asked.Order().ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Files_that_cannot_be_removed_hold_up_no_others()
    {
        string[] gone = [File(1, "checkpoint-10.safetensors"), File(2, "checkpoint-10.safetensors"), File(3, "checkpoint-10.safetensors")];
        var later = DateTimeOffset.UtcNow.AddHours(2);
        var discarded = new Discarded(new(1, later, Purged: true), new(2, later, Purged: false), new(3, later, Purged: true));
        // What is no folder any more is removed neither as a whole nor by its checkpoints.
        discarded.Asking = () =>
        {
            foreach (var run in new[] { "1", "2" })
            {
                Directory.Delete(Path.Combine(_data, "runs", run), recursive: true);
                System.IO.File.WriteAllText(Path.Combine(_data, "runs", run), "");
            }
        };
        using var upkeep = new CheckpointUpkeep(discarded, RunFolders.Of(_data), TimeProvider.System, NullLogger<CheckpointUpkeep>.Instance);
        (await upkeep.RemoveAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        System.IO.File.Exists(gone[2]).ShouldBeFalse();
        System.IO.File.Exists(Path.Combine(_data, "runs", "1")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_that_has_trained_nothing_has_nothing_to_remove()
    {
        using var upkeep = new CheckpointUpkeep(new Discarded(), RunFolders.Of(_data), TimeProvider.System, NullLogger<CheckpointUpkeep>.Instance);
        (await upkeep.RemoveAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    private string File(object run, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_data, "runs", $"{run}")).FullName;
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllText(path, "weights");
        return path;
    }

    /// <summary>Answers as the database does: only about the runs that it is asked for.</summary>
    private sealed class Discarded(params DiscardedCheckpoint[] all) : IDiscardedCheckpoints
    {
        public List<long> Asked { get; } = [];

        public Action? Asking { get; set; }

        public Task<IReadOnlyList<DiscardedCheckpoint>> AmongAsync(IReadOnlyList<long> runIds, CancellationToken cancellationToken)
        {
            Asked.AddRange(runIds);
            Asking?.Invoke();
            return Task.FromResult<IReadOnlyList<DiscardedCheckpoint>>([.. all.Where(d => runIds.Contains(d.RunId))]);
        }
    }
}
