using Tracker.Domain;
using Tracker.Jobs.Data;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Data;

public sealed class DataReportTests
{
    private readonly FakeClock _clock = new();
    private readonly StringWriter _output = new();

    [Fact]
    public void A_terminal_shows_share_amount_speed_and_time_left()
    {
        var report = new TerminalReport(_output, redirected: true, _clock);
        report.Advance(new("a.tar.gz", 10_000_000, 170_000_000));
        _clock.Advance(TimeSpan.FromSeconds(10));
        report.Advance(new("a.tar.gz", 60_000_000, 170_000_000));
        report.Advance(new("a.tar.gz", 170_000_000, 170_000_000));
        report.Advance(new("Training images", 1_000, 1_281_167, "images"));
        _output.ToString().Split(Environment.NewLine).ShouldBe(
            ["a.tar.gz: 5 %, 10.0 of 170.0 MB", "a.tar.gz: 35 %, 60.0 of 170.0 MB, 5.0 MB/s, 0:00:22 left", "a.tar.gz: 100 %, 170.0 of 170.0 MB", ""]);
        _clock.Advance(TimeSpan.FromSeconds(100));
        report.Advance(new("Training images", 21_000, 1_281_167, "images"));
        _output.ToString().ShouldEndWith($"Training images: 1 %, 21,000 of 1,281,167 images, 200 images/s, 1:45:00 left{Environment.NewLine}");
    }

    [Fact]
    public void A_page_gets_an_event_for_each_tenth_of_each_file()
    {
        var sink = new EventSink();
        var report = new EventReport(sink);
        foreach (var file in (string[])["a", "b"])
            for (var done = 0; done <= 1000; done++) report.Advance(new(file, done, 1000));
        sink.Events.Count.ShouldBe(20);
        sink.Events[2].ShouldBe("a: 30 %, 0.0 of 0.0 MB");
        sink.Events[^1].ShouldStartWith("b: 100 %");
    }

    private sealed class EventSink : IRunSink
    {
        public List<string> Events { get; } = [];

        public void Report(in MetricPoint point) => throw new NotSupportedException();

        public void Progress(RunProgress progress) => throw new NotSupportedException();

        public void Checkpoint(CheckpointInfo checkpoint) => throw new NotSupportedException();

        public void Event(EventLevel level, string message) => Events.Add(message);
    }
}
