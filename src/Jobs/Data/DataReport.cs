using System.Globalization;
using Tracker.Domain;
using Tracker.Jobs.Standalone;

namespace Tracker.Jobs.Data;

/// <summary>How far a long piece of work is.</summary>
/// <param name="What">What is done, such as <c>cifar-10-binary.tar.gz</c>.</param>
/// <param name="Done">How much of it.</param>
/// <param name="Total">How much there is.</param>
/// <param name="Unit">Of what; bytes are told in MB.</param>
internal readonly record struct DataProgress(string What, long Done, long Total, string Unit = DataProgress.Bytes)
{
    public const string Bytes = "bytes";

    /// <summary>Share done, from 0 to 1.</summary>
    public double Share => Total == 0 ? 1 : (double)Done / Total;

    /// <summary>How much is done, in words.</summary>
    public string Amount => Unit == Bytes
        ? string.Create(CultureInfo.InvariantCulture, $"{Done / 1e6:0.0} of {Total / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{Done:#,0} of {Total:#,0} {Unit}");
}

/// <summary>Where getting a data set tells what it does.</summary>
internal interface IDataReport
{
    /// <summary>Says something worth a line of its own.</summary>
    void Say(string message);

    /// <summary>Tells how far something is; called often.</summary>
    void Advance(DataProgress progress);
}

/// <summary>Tells a person at a terminal.</summary>
internal sealed class TerminalReport(TextWriter output, bool redirected, TimeProvider time) : IDataReport
{
    private readonly StatusLine _line = new(output, redirected, time);
    private string? _what;
    private long _began;
    private long _from;

    public void Say(string message) => _line.Say(message);

    public void Advance(DataProgress progress)
    {
        if (_what != progress.What)
        {
            _line.Finish();
            (_what, _began, _from) = (progress.What, time.GetTimestamp(), progress.Done);
        }
        _line.Show(() => Describe(progress), progress.Done == progress.Total);
        if (progress.Done == progress.Total) _line.Finish();
    }

    private string Describe(DataProgress progress)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{progress.What}: {Math.Floor(100 * progress.Share):0} %, {progress.Amount}");
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        if (seconds < 1 || progress.Done <= _from || progress.Done == progress.Total) return text;
        var speed = (progress.Done - _from) / seconds;
        var rate = progress.Unit == DataProgress.Bytes ? $"{speed / 1e6:0.0} MB/s" : $"{speed:#,0} {progress.Unit}/s";
        return $"{text}, {rate}, {TimeSpan.FromSeconds((progress.Total - progress.Done) / speed):h\\:mm\\:ss} left";
    }
}

/// <summary>Tells a run's page: an event for each tenth of each file, and for whatever is worth saying.</summary>
internal sealed class EventReport(IRunSink sink) : IDataReport
{
    private readonly Dictionary<string, int> _told = [];

    public void Say(string message) => sink.Event(EventLevel.Info, message);

    public void Advance(DataProgress progress)
    {
        var tenths = (int)(10 * progress.Share);
        if (tenths == 0 || _told.GetValueOrDefault(progress.What) >= tenths) return;
        _told[progress.What] = tenths;
        sink.Event(EventLevel.Info, $"{progress.What}: {10 * tenths} %, {progress.Amount}");
    }
}
