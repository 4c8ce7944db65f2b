using Tracker.Storage;
using Tracker.Web.Components.Parts;

namespace Tracker.Web.Views;

/// <summary>The attempts of a run as bars on one time axis.</summary>
public sealed class AttemptTimeline
{
    private static readonly TimeSpan[] Steps =
    [
        .. new[] { 1, 5, 10, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. new[] { 1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720, 1440 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
    ];

    private readonly DateTimeOffset _start;
    private readonly TimeSpan _length;

    public AttemptTimeline(IReadOnlyList<AttemptView> attempts, DateTimeOffset now)
    {
        _start = attempts.Min(attempt => attempt.StartedAt);
        var end = attempts.Max(attempt => attempt.EndedAt ?? now);
        _length = end - _start < TimeSpan.FromSeconds(10) ? TimeSpan.FromSeconds(10) : end - _start;
        Going = attempts.Any(attempt => attempt.EndedAt is null);
    }

    /// <summary>Whether an attempt has not ended, so that the axis ends now.</summary>
    public bool Going { get; }

    /// <summary>Times at round distances, at most six.</summary>
    public IEnumerable<DateTimeOffset> Ticks
    {
        get
        {
            var step = Array.Find(Steps, candidate => _length / candidate <= 6);
            if (step == TimeSpan.Zero)
                step = TimeSpan.FromDays(Math.Ceiling(_length.TotalDays / 6));
            var first = new DateTimeOffset((_start.Ticks + step.Ticks - 1) / step.Ticks * step.Ticks, TimeSpan.Zero);
            for (var tick = first; tick <= _start + _length; tick += step)
                yield return tick;
        }
    }

    /// <summary>Whether ticks need their seconds told.</summary>
    public bool Fine => _length < TimeSpan.FromMinutes(5);

    /// <summary>Place on the axis, in percent.</summary>
    public double At(DateTimeOffset time) => Math.Clamp((time - _start) / _length, 0, 1) * 100;

    public static StateLook Look(AttemptView attempt) => attempt.Outcome switch
    {
        null => StateLook.Running,
        AttemptOutcome.Succeeded => StateLook.Succeeded,
        AttemptOutcome.Failed => StateLook.Failed,
        AttemptOutcome.Paused => StateLook.Paused,
        AttemptOutcome.Cancelled => StateLook.Cancelled,
        AttemptOutcome.Drained => StateLook.Queued,
        _ => StateLook.Lost,
    };

    public static string Word(AttemptView attempt) => attempt.Outcome is AttemptOutcome.Drained ? "Drained" : Look(attempt).ToString();

    /// <summary>What else is worth knowing of it: a shared device, writes that came too late.</summary>
    public static IEnumerable<string> Marks(AttemptView attempt)
    {
        if (attempt.Shared)
            yield return "shared device";
        if (attempt.RefusedWrites > 0)
            yield return $"{Formatting.Numbers.Of(attempt.RefusedWrites, "late write")} refused";
    }
}
