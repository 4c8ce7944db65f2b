using System.Security.Cryptography;
using Tracker.Domain;
using Tracker.Jobs.Child;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests;

public sealed class CheckpointFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CheckpointFiles _files;

    public CheckpointFilesTests() => _files = new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_recorded_checkpoint_replaces_earlier_ones_and_others_of_its_step()
    {
        var recorded = Write("checkpoint-20.safetensors");
        Write("checkpoint-9.safetensors");
        Write("checkpoint-20-unevaluated.safetensors");
        Write("checkpoint-30.safetensors");
        Write("notes.txt");
        _files.DeleteReplacedBy(recorded);

        Names.ShouldBe(["checkpoint-20.safetensors", "checkpoint-30.safetensors", "notes.txt"]);
    }

    [Fact]
    public void Leftovers_of_a_killed_attempt_go_and_the_recorded_checkpoint_stays()
    {
        var recorded = Write("checkpoint-20-unevaluated.safetensors");
        Write("checkpoint-30.safetensors");
        Write("checkpoint-40.safetensors.tmp");
        _files.DeleteLeftovers(recorded);

        Names.ShouldBe(["checkpoint-20-unevaluated.safetensors"]);
    }

    [Fact]
    public void A_checkpoint_is_found_in_this_host_s_directory_too()
    {
        var here = Write("checkpoint-20.safetensors");
        var found = _files.Find(here with { Path = "/another/host/runs/7/checkpoint-20.safetensors" }, out var fault);

        fault.ShouldBeNull();
        found.ShouldBe(here);
    }

    [Fact]
    public void A_missing_short_or_changed_checkpoint_is_refused_with_the_reason()
    {
        var recorded = Write("checkpoint-20.safetensors");
        _files.Find(recorded with { Path = "/gone/checkpoint-1.safetensors" }, out var fault).ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain("/gone/checkpoint-1.safetensors");

        _files.Find(recorded with { Bytes = 99 }, out fault).ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain("expected 99 bytes, found 25");

        _files.Find(recorded with { Sha256 = new string('0', 64) }, out fault).ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain("expected SHA-256 0000");
    }

    private IEnumerable<string?> Names => Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private CheckpointInfo Write(string name)
    {
        var path = _directory.File(name);
        File.WriteAllText(path, name);
        var bytes = File.ReadAllBytes(path);
        return new(20, path, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }
}
