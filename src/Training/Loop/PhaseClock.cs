namespace Tracker.Training;

/// <summary>What a training process is doing.</summary>
internal enum Phase
{
    /// <summary>Neither training nor evaluating, such as writing a checkpoint.</summary>
    Other,
    Training,
    Evaluation,
}

/// <summary>Keeps the time of training apart from that of evaluation and of diagnostics, in the <see cref="TrainingState"/>.</summary>
internal sealed class PhaseClock(TrainingState state, TimeProvider time)
{
    private Phase _phase = Phase.Other;
    private long _since = time.GetTimestamp();

    /// <summary>Books the time so far on the current phase and goes on with another.</summary>
    public void Enter(Phase phase)
    {
        Settle();
        _phase = phase;
    }

    /// <summary>Books the time so far on the current phase.</summary>
    public void Settle()
    {
        var seconds = Lap();
        if (_phase == Phase.Training) state.TrainSeconds += seconds;
        else if (_phase == Phase.Evaluation) state.EvalSeconds += seconds;
    }

    /// <summary>Does something in between whose time is booked on a diagnostic and not on the current phase.</summary>
    public void Aside(string diagnostic, Action work)
    {
        Settle();
        work();
        state.Diagnostics.Spend(diagnostic, Lap());
    }

    /// <summary>Seconds since the last booking.</summary>
    private double Lap()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_since, now).TotalSeconds;
        _since = now;
        return seconds;
    }
}
