using Tracker.Jobs.Configuration;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Telemetry;

namespace Tracker.Jobs.Tests;

public sealed class HostSettingsTests : IDisposable
{
    private const string Database = "Host=db.example;Port=5433;Username=tracker;Password=secret";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void All_faults_are_listed_at_once()
    {
        var arguments = new HostArguments(
            Name: "a/b", Slots: "none", CpuSlots: "-1", CudaSlots: "65", Data: "/proc/no/where", Threads: "0", Wait: "soon", CheckpointSeconds: "-2", Downloads: "some", Log: "xml");
        HostSettings.Read(arguments, _ => null, out var faults).ShouldBeNull();

        foreach (var key in (string[])["--name 'a/b'", "TRACKER_DB is not set", "--slots 'none'", "--cpu-slots '-1'", "--cuda-slots '65'", "--data '/proc/no/where'", "--threads '0'", "--wait 'soon'", "--checkpoint-seconds '-2'", "--downloads 'some'", "--log 'xml'"])
            faults.ShouldContain(f => f.StartsWith(key));
        faults.ShouldAllBe(f => f.Contains("expected") || f.Contains("not together"));
    }

    [Fact]
    public void A_password_is_never_repeated()
    {
        HostSettings.Read(new(Data: _directory.Path), name => name == HostSettings.DatabaseVariable ? $"{Database};Wrong Key=1" : null, out var faults).ShouldBeNull();
        faults.ShouldHaveSingleItem().ShouldStartWith("TRACKER_DB cannot be read");
        faults[0].ShouldNotContain("secret");
    }

    [Fact]
    public void A_host_that_would_never_take_a_run_is_refused()
    {
        HostSettings.Read(new(CpuSlots: "0", CudaSlots: "0", Data: _directory.Path), Environment, out var faults).ShouldBeNull();
        faults.ShouldHaveSingleItem().ShouldContain("never take a run");
    }

    [Fact]
    public void What_is_given_is_taken_and_the_rest_has_defaults()
    {
        var settings = HostSettings.Read(new(Name: " gpu-1 ", CpuSlots: "3", Threads: "2"), Environment, out var faults);

        faults.ShouldBeEmpty();
        settings.ShouldNotBeNull();
        (settings.Name, settings.DataDirectory, settings.Slots.CpuSlots, settings.Slots.Threads, settings.Wait)
            .ShouldBe(("gpu-1", _directory.Path, 3, 2, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "forbid", false)]
    [InlineData("allow", "forbid", true)]
    [InlineData("forbid", null, false)]
    public void Downloads_are_allowed_unless_they_are_forbidden(string? argument, string? variable, bool allowed) =>
        HostSettings.Read(new(Downloads: argument), name => name == HostSettings.DownloadsVariable ? variable : Environment(name), out _)!.Downloads.ShouldBe(allowed);

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "json", true)]
    [InlineData("text", "json", false)]
    [InlineData("json", null, true)]
    public void The_log_is_text_unless_JSON_is_asked_for(string? argument, string? variable, bool json) =>
        HostSettings.Read(new(Log: argument), name => name == ConsoleLog.Variable ? variable : Environment(name), out _)!.JsonLog.ShouldBe(json);

    [Theory]
    [InlineData("a100, nvlink", null, new[] { "a100", "nvlink" })]
    [InlineData("a100", "b", new[] { "a100" })]
    [InlineData(null, "fast,", new[] { "fast" })]
    [InlineData(null, null, new string[0])]
    public void Labels_are_read_from_the_command_line_or_the_variable(string? argument, string? variable, string[] labels) =>
        HostSettings.Read(new(Labels: argument), name => name == HostSettings.LabelsVariable ? variable : Environment(name), out _)!.Labels.ShouldBe(labels);

    [Theory]
    [InlineData("A100")]
    [InlineData("a,b,a")]
    [InlineData("no blanks")]
    public void What_is_no_label_is_refused_with_the_rule(string labels)
    {
        HostSettings.Read(new(Labels: labels), Environment, out var faults).ShouldBeNull();
        faults.ShouldHaveSingleItem().ShouldBe($"--labels '{labels}': expected labels of 1 to 50 lower-case letters, digits, '-', '_' or '.', each once, at most 20, separated by commas.");
    }

    private string? Environment(string name) => name switch
    {
        HostSettings.DatabaseVariable => Database,
        HostSettings.DataVariable => _directory.Path,
        _ => null,
    };
}
