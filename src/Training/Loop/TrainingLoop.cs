using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// The training of one run. After every step the same order: set the rate, forward and backward, clip, step, report, evaluate,
/// checkpoint, stop. What a step computes is a function of (specification, step, weights) alone; clocks decide only when values are
/// read and when checkpoints are written.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly RunSpec _spec;
    private readonly RunPlan _plan;
    private readonly TrainingSession _session;
    private readonly TrainingOptions _options;
    private readonly TrainingState _state;
    private readonly IRunSink _sink;
    private readonly ReportSchedule _schedule;
    private readonly IStepExecutor _steps;
    private readonly Evaluator _evaluator;
    private readonly StepDiagnostics _stepDiagnostics;
    private readonly RunDiagnostics _runDiagnostics;
    private readonly StepMeter _meter;
    private readonly PhaseClock _clock;
    private long _checkpointed;
    private (long Step, long EvaluatedStep)? _saved;
    private (long Samples, double Seconds) _lastRecorded;

    public TrainingLoop(RunSpec spec, TrainingSession session, TrainingOptions options, IRunSink sink)
    {
        (_spec, _plan, _session, _options, _state, _sink) = (spec, session.Plan, session, options, session.State, sink);
        _schedule = new(spec, _plan);
        var gradient = new BatchGradient(session, spec, sink);
        _steps = CapturedSteps.For(session, gradient, options.Graphs(session.Data.Device), sink, spec.Batch);
        _evaluator = new(session.Network, session.Data);
        _clock = new(_state, options.Time);
        _stepDiagnostics = new(spec.Diagnostics, spec.Batch, session, gradient, _clock);
        _runDiagnostics = new(spec, session, new(session, gradient, _evaluator), sink, options);
        _meter = new(sink, spec.Parameters.Clip, _stepDiagnostics, options.Time);
        _checkpointed = options.Time.GetTimestamp();
        _saved = options.Resume is null ? null : Position;
        _lastRecorded = (SamplesSeen(_state.Step), _state.TrainSeconds);
    }

    /// <summary>Trains until the last step or until told to stop; either way there is a checkpoint at the end.</summary>
    /// <returns>Whether the last step is done and evaluated, and all is measured that was asked for.</returns>
    public bool Run(CancellationToken stop)
    {
        ReportProgress();
        if (_state.Step > 0) EvaluateIfDue(stop);
        _runDiagnostics.BeforeTraining(stop);
        while (_state.Step < _plan.TotalSteps && !stop.IsCancellationRequested)
        {
            _clock.Enter(Phase.Training);
            Step();
            if (_meter.IsDue) ReadValues();
            EvaluateIfDue(stop);
            if (CheckpointIsDue) Checkpoint();
        }
        ReadValues();
        Checkpoint();
        ReportProgress();
        return _state.EvaluatedStep == _plan.TotalSteps && _runDiagnostics.AfterTraining(stop);
    }

    /// <summary>What the diagnostics found, in the order in which they ran.</summary>
    public IReadOnlyList<DiagnosticResult> Diagnostics => [.. _state.Diagnostics.Finished, .. _stepDiagnostics.Results(), .. _runDiagnostics.After];

    private void Step()
    {
        using var scope = NewDisposeScope();
        var (weights, optimizer) = (_session.Weights, _session.Optimizer);
        var step = _state.Step;
        var rate = _plan.Schedule.RateAt(step);
        var (epoch, index) = Math.DivRem(step, _plan.StepsPerEpoch);
        if (index == 0 && _spec.Protocol.MomentumReset == MomentumReset.Epoch) optimizer.Reset();

        var samples = _session.Order.Indexes(epoch, (int)index);
        if (index + 1 < _plan.StepsPerEpoch) _session.Data.Expect(() => _session.Order.Indexes(epoch, (int)index + 1));
        var reports = _schedule.Reports(step + 1);
        var done = _steps.Execute(samples, step, rate, reports ? _stepDiagnostics.OfGradient(samples, step) : null);
        _state.Step = step + 1;

        if (!reports) return;
        using var ungraded = no_grad();
        var accuracy = done.Logits.argmax(1).eq(done.Labels).to(ScalarType.Float32).mean();
        var distance = weights.Values.DistanceTo(_session.InitialWeights);
        _meter.Record(Facts(rate), [done.CrossEntropy, accuracy, done.GradientNorm, distance, weights.Values.Norm()], _stepDiagnostics.Values());
    }

    private StepFacts Facts(double rate)
    {
        _clock.Settle();
        var samples = SamplesSeen(_state.Step);
        var speed = (samples - _lastRecorded.Samples) / Math.Max(_state.TrainSeconds - _lastRecorded.Seconds, 1e-9);
        _lastRecorded = (samples, _state.TrainSeconds);
        return new(_state.Step, EpochsDone, _state.WallMs, rate, speed);
    }

    private void ReadValues()
    {
        _meter.Flush();
        if (double.IsFinite(_meter.LastLoss)) _state.TrainLoss = _meter.LastLoss;
        ReportProgress();
    }

    /// <summary>Also runs before the first step of a resumed run, whose checkpoint may have been written between step and evaluation.</summary>
    private void EvaluateIfDue(CancellationToken stop)
    {
        if (!_schedule.Evaluates(_state.Step) || _state.EvaluatedStep == _state.Step) return;
        ReadValues();
        _clock.Enter(Phase.Evaluation);
        var found = _evaluator.Evaluate(EvaluationSet.Validation, stop);
        var test = _session.Data.HoldsOut ? _evaluator.Evaluate(EvaluationSet.Test, stop) : found;
        _clock.Enter(Phase.Other);
        if (found is null || test is null) return;
        _state.EvaluatedStep = _state.Step;
        _state.ValidationLoss = found.Loss;
        _state.ValidationAccuracy = found.Accuracy;
        _state.Selection.Add(_spec, _state.Step, _state.TrainSeconds, found.Accuracy, test.Accuracy);
        if (!double.IsFinite(found.Loss)) throw new TrainingDivergedException(_state.Step, MetricNames.ValidationLoss, found.Loss);
        Report(found, MetricNames.ValidationLoss, MetricNames.ValidationAccuracy, MetricNames.ValidationTop5);
        if (_session.Data.HoldsOut) Report(test, MetricNames.TestLoss, MetricNames.TestAccuracy, MetricNames.TestTop5);
        ReportProgress();
    }

    private void Report(Evaluation found, string loss, string accuracy, string top5)
    {
        foreach (var (name, value) in new[] { (loss, found.Loss), (accuracy, found.Accuracy), (top5, found.Top5) })
            _sink.Report(new(_state.Step, EpochsDone, name, _state.WallMs, value));
    }

    private bool CheckpointIsDue => _options.Time.GetElapsedTime(_checkpointed) >= _options.CheckpointInterval;

    /// <summary>Writes a checkpoint, unless this very state is already on disk. A full disk does not end the run.</summary>
    private void Checkpoint()
    {
        ReadValues();
        _clock.Enter(Phase.Other);
        if (_saved == Position) return;
        try
        {
            var evaluationPending = _schedule.Evaluates(_state.Step) && _state.EvaluatedStep != _state.Step;
            var path = Path.Combine(_options.CheckpointDirectory, CheckpointStore.FileName(_state.Step, evaluationPending));
            _sink.Checkpoint(_session.Checkpoints.Save(path, _state, EpochsDone));
            _saved = Position;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var kept = _saved is { } last ? $"the checkpoint of step {last.Step} is kept" : "there is no earlier checkpoint";
            _sink.Event(EventLevel.Warning, $"The checkpoint of step {_state.Step} could not be written: {e.Message} The run goes on; {kept}.");
        }
        _checkpointed = _options.Time.GetTimestamp();
    }

    private void ReportProgress()
    {
        var state = _state;
        _sink.Progress(new(
            state.Step, _plan.TotalSteps, EpochsDone, _plan.Epochs, _meter.SamplesPerSecond, SecondsLeft(),
            Finite(state.TrainLoss), Finite(state.ValidationAccuracy), Finite(state.Selection.BestValidationAccuracy)));
    }

    private double? SecondsLeft()
    {
        if (_state.Step == 0) return null;
        var evaluationsLeft = _schedule.EvaluationsAfter(_state.Step);
        var evaluationsDone = _schedule.EvaluationsAfter(0) - evaluationsLeft;
        var perEvaluation = evaluationsDone > 0 ? _state.EvalSeconds / evaluationsDone : 0;
        return (_plan.TotalSteps - _state.Step) * _state.TrainSeconds / _state.Step + evaluationsLeft * perEvaluation;
    }

    /// <summary>Training samples that a number of steps has used.</summary>
    private long SamplesSeen(long steps)
    {
        var (epochs, batches) = Math.DivRem(steps, _plan.StepsPerEpoch);
        var perEpoch = Math.Min((long)_plan.StepsPerEpoch * _spec.Batch, _spec.TrainingSplit);
        return epochs * perEpoch + Math.Min(batches * _spec.Batch, perEpoch);
    }

    /// <summary>Training samples used per second of training, over all attempts.</summary>
    public double AverageSpeed => SamplesSeen(_state.Step) / Math.Max(_state.TrainSeconds, 1e-9);

    /// <summary>What tells two checkpoints of a run apart.</summary>
    private (long Step, long EvaluatedStep) Position => (_state.Step, _state.EvaluatedStep);

    private double EpochsDone => (double)_state.Step / _plan.StepsPerEpoch;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>How the numbers were computed.</summary>
    public string Arithmetic => _steps.Remark is { } remark ? $"{_session.Arithmetic.Description}, {remark}" : _session.Arithmetic.Description;

    public void Dispose()
    {
        _steps.Dispose();
        _meter.Dispose();
        _stepDiagnostics.Dispose();
    }
}
