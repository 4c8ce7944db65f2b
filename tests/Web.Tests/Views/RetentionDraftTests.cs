using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class RetentionDraftTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData(" 30 ", 30)]
    public void A_number_of_days_or_nothing_is_a_rule(string typed, int? days)
    {
        var draft = new RetentionDraft { Logs = typed };
        draft.LogFault.ShouldBeNull();
        draft.Rules.ShouldBe(new RetentionRules(days, null));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("a month")]
    [InlineData("40000")]
    public void Anything_else_is_told_beside_its_field(string typed)
    {
        var draft = new RetentionDraft { Events = typed };
        draft.EventFault.ShouldNotBeNull().ShouldContain("1 to 36");
        draft.LogFault.ShouldBeNull();
        draft.Rules.ShouldBeNull();
    }

    [Fact]
    public void What_was_removed_is_said_in_words()
    {
        var at = DateTimeOffset.UnixEpoch;
        RetentionDraft.Removed(new(at, at, 0, 0)).ShouldBe("nothing");
        RetentionDraft.Removed(new(at, at, 2, 0) { Points = 5000, Checkpoints = 1 }).ShouldBe("2 log lines, 5,000 points and 1 checkpoint");
    }

    [Fact]
    public void What_would_go_is_said_in_a_sentence()
    {
        RetentionDraft.Describe(new(0, 0, 0, 0)).ShouldBe("Nothing would go now.");
        RetentionDraft.Describe(new(1, 1, 0, 0)).ShouldBe("1 log line of 1 run would go now.");
        RetentionDraft.Describe(new(3, 2, 5, 1)).ShouldBe("3 log lines of 2 runs and 5 events of 1 run would go now.");
        RetentionDraft.Describe(new(3, 2, 0, 0) { Points = 900, PointRuns = 1, Checkpoints = 2, CheckpointBytes = 4_000_000, BinItems = 1 })
            .ShouldBe("3 log lines of 2 runs, at least 900 points of 1 run, 2 checkpoints (4 MB) and 1 item in the recycle bin would go now.");
    }
}
