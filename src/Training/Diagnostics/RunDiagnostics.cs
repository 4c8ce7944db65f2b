using System.Globalization;
using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>
/// The diagnostics that stand before and after the training of a run. Each leaves network and weights as it found them, bit for bit,
/// tells what it cost, and ends promptly when the run is stopped: then it starts anew with the next attempt.
/// </summary>
internal sealed class RunDiagnostics(RunSpec spec, TrainingSession session, GhostComparison ghosts, IRunSink sink, TrainingOptions options)
{
    /// <summary>Samples at a time: what keeps activations, and their derivatives, in the memory that training needs.</summary>
    private const int FirstOrderBatch = 250;
    private const int SecondOrderBatch = 100;

    private readonly DiagnosticsSpec _wanted = spec.Diagnostics;
    private readonly List<DiagnosticResult> _after = [];

    /// <summary>What was found after the training.</summary>
    public IReadOnlyList<DiagnosticResult> After => _after;

    /// <summary>Measures at w_0, unless an earlier attempt has.</summary>
    /// <param name="stop">Abandons it.</param>
    public void BeforeTraining(CancellationToken stop)
    {
        var finished = session.State.Diagnostics.Finished;
        if (_wanted.RandomPotential && !finished.Any(f => f.Name == DiagnosticNames.RandomPotential))
            Measure(DiagnosticNames.RandomPotential, MeasureRandomPotential, finished, stop);
    }

    /// <summary>Measures the trained network.</summary>
    /// <param name="stop">Abandons it.</param>
    /// <returns>Whether all is measured.</returns>
    public bool AfterTraining(CancellationToken stop)
    {
        _after.Clear();
        if (_wanted.GhostStatistics && !ghosts.IsPossible) sink.Event(EventLevel.Info, "Without ghost batches there are no ghost statistics to compare.");
        return (!_wanted.GhostStatistics || !ghosts.IsPossible || Measure(DiagnosticNames.GhostStatistics, MeasureGhosts, _after, stop))
            && (!_wanted.Sharpness || Measure(DiagnosticNames.Sharpness, MeasureSharpness, _after, stop))
            && (!_wanted.HessianEigenvalue || Measure(DiagnosticNames.HessianEigenvalue, MeasureEigenvalue, _after, stop));
    }

    private bool Measure(
        string name, Func<CancellationToken, Dictionary<string, double>> measure, ICollection<DiagnosticResult> results, CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return false;
        sink.Event(EventLevel.Info, $"Measuring {name} …");
        var start = options.Time.GetTimestamp();
        try
        {
            using var scope = NewDisposeScope();
            var values = measure(stop);
            var odd = values.Where(v => !double.IsFinite(v.Value)).Select(v => v.Key).ToList();
            if (odd.Count > 0) sink.Event(EventLevel.Warning, $"Measuring {name} gave no finite {string.Join(", ", odd)}.");
            foreach (var key in odd) values.Remove(key);
            var seconds = options.Time.GetElapsedTime(start).TotalSeconds;
            results.Add(new(name, seconds, values));
            sink.Event(EventLevel.Info, string.Create(CultureInfo.InvariantCulture, $"Measured {name} in {seconds:0.0} s, outside the time of training."));
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private Dictionary<string, double> MeasureRandomPotential(CancellationToken stop)
    {
        using var snapshot = new NetworkSnapshot(session.Network, session.Weights);
        snapshot.TrainWithoutDropout();
        var (samples, reach) = (Math.Min(RandomPotential.Samples, session.Data.TrainingCount), options.RandomPotentialReach);
        var drawn = RandomPotential.Measure(
            new TrainingLoss(session.Network, session.Weights, session.Data.PlainTrainingBatch, samples, samples), session.Weights, session.InitialWeights, spec.Seed, options.RandomPotentialDraws, reach, stop);
        var values = new Dictionary<string, double> { ["draws"] = drawn.Count, ["reach"] = reach, ["samples"] = samples };
        if (RandomPotentialFit.Through(drawn, reach, RandomPotential.Bins) is not { } fit) return values;
        values.Add("alpha", fit.Alpha);
        values.Add("slope", fit.Line.Slope);
        values.Add("intercept", fit.Line.Intercept);
        values.Add("rSquared", fit.Line.RSquared);
        foreach (var bin in fit.Bins) values.Add(string.Create(CultureInfo.InvariantCulture, $"deviationAt{bin.Distance:0.00}"), bin.Deviation);
        return values;
    }

    private Dictionary<string, double> MeasureGhosts(CancellationToken stop)
    {
        var (sequential, equal, batches) = ghosts.Measure(stop);
        return new()
        {
            ["sequential"] = sequential.Accuracy, ["equal"] = equal.Accuracy, ["difference"] = sequential.Accuracy - equal.Accuracy,
            ["sequentialLoss"] = sequential.Loss, ["equalLoss"] = equal.Loss, ["batches"] = batches,
        };
    }

    private Dictionary<string, double> MeasureSharpness(CancellationToken stop)
    {
        using var snapshot = new NetworkSnapshot(session.Network, session.Weights);
        session.Network.eval();
        var loss = Loss(Sharpness.Samples, FirstOrderBatch);
        var values = new Dictionary<string, double> { ["samples"] = loss.Samples };
        foreach (var epsilon in Sharpness.Reaches)
        {
            var (sharpness, found) = Sharpness.Measure(loss, session.Weights, epsilon, stop);
            var at = epsilon.ToString("0e-0", CultureInfo.InvariantCulture);
            values["loss"] = found.Start;
            values.Add($"sharpness{at}", sharpness);
            values.Add($"maximum{at}", found.Maximum);
        }
        return values;
    }

    private Dictionary<string, double> MeasureEigenvalue(CancellationToken stop)
    {
        using var snapshot = new NetworkSnapshot(session.Network, session.Weights);
        session.Network.eval();
        var loss = Loss(PowerIteration.Samples, SecondOrderBatch);
        // Drawn on the CPU, so that every device starts alike.
        StatelessRandom.SeedFor(spec.Seed, RandomPurpose.PowerIteration, 0);
        var start = randn(session.Weights.Count).to(session.InitialWeights.device);
        var found = PowerIteration.Run(v => loss.HessianTimes(v, stop), start);
        return new()
        {
            ["eigenvalue"] = found.Eigenvalue, ["iterations"] = found.Iterations, ["converged"] = found.Converged ? 1 : 0, ["samples"] = loss.Samples,
        };
    }

    private TrainingLoss Loss(int samples, int batch) => new(
        session.Network, session.Weights, session.Data.PlainTrainingBatch, Math.Min(samples, session.Data.TrainingCount),
        session.State.ChunkLimit > 0 ? Math.Min(batch, session.State.ChunkLimit) : batch);
}
