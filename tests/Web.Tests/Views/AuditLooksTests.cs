using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class AuditLooksTests
{
    private static readonly Actor s_jonas = new(7, "jonas", ActorVia.Session);

    [Fact]
    public void An_entry_shows_the_fields_that_changed()
    {
        var entry = Entry("sweep.change", "sweep", 12, "Batch sizes", """{ "name": "Sizes", "notes": "", "priority": "Normal" }""", """{ "name": "Batch sizes", "notes": "", "priority": "High" }""");
        entry.Fields().ShouldBe([new("name", "Sizes", "Batch sizes"), new("priority", "Normal", "High")]);
        entry.Target().ShouldBe("sweep Batch sizes");
        entry.Address().ShouldBe("sweeps/12");
    }

    [Fact]
    public void What_was_purged_has_no_address_and_a_run_in_the_recycle_bin_has_its_own()
    {
        Entry("run.purge", "run", 3, null, null, null).Address().ShouldBeNull();
        Entry("sweep.delete", "sweep", 3, null, null, null).Address().ShouldBeNull();
        Entry("run.delete", "run", 3, null, null, null).Address().ShouldBe("runs/3");
    }

    [Fact]
    public void Many_runs_at_once_are_counted()
    {
        Entry("run.pause", "run", null, null, null, """{ "runs": [1, 2, 3], "changed": 2, "unchanged": 1 }""").Target().ShouldBe("3 runs");
        Entry("run.purge", "run", null, null, """{ "runs": 1200, "firstIds": [1, 2] }""", null).Target().ShouldBe("1,200 runs");
    }

    [Fact]
    public void Who_signs_in_is_not_named_twice()
    {
        Entry("sign-in.ok", "user", 7, "jonas", null, null).Target().ShouldBeEmpty();
        Entry("user.disable", "user", 8, "mira", null, null).Target().ShouldBe("user mira");
    }

    [Fact]
    public void Days_of_the_filter_are_those_of_the_viewer_and_the_last_one_counts()
    {
        var viewer = ViewerTime.In("Europe/Berlin", TimeProvider.System);
        var (filter, fault) = new AuditChoice(null, null, "sweep:12", "2026-03-01", "2026-03-31").Read(viewer);
        fault.ShouldBeNull();
        filter.From.ShouldBe(new DateTimeOffset(2026, 2, 28, 23, 0, 0, TimeSpan.Zero));
        filter.Until.ShouldBe(new DateTimeOffset(2026, 3, 31, 22, 0, 0, TimeSpan.Zero));
        (filter.ObjectKind, filter.ObjectId).ShouldBe(("sweep", 12L));
        new AuditChoice(null, null, "sweep:many", null, null).Read(viewer).Fault.ShouldNotBeNull().ShouldContain("sweep:12");
    }

    [Theory]
    [InlineData("experiment.create", "made")]
    [InlineData("experiment.rename", "renamed")]
    [InlineData("experiment.restore", "restored")]
    public void Experiments_of_programs_have_words_and_lead_to_their_page(string action, string verb)
    {
        var entry = Entry(action, "experiment", 12, "Batch sizes", null, null);
        (entry.Verb(), entry.Target(), entry.Address()).ShouldBe((verb, "experiment Batch sizes", "sweeps/12"));
        AuditLooks.Choices.Select(c => c.Value).ShouldContain(action);
        Entry("run.create", "run", 3, "bs64", null, null).Verb().ShouldBe("began");
    }

    private static AuditRecord Entry(string action, string kind, long? id, string? name, string? before, string? after) =>
        new(1, DateTimeOffset.UnixEpoch, s_jonas, action, kind, id, name, before, after);
}
