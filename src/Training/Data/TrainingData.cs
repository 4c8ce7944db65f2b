using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>The sets that a network is evaluated on.</summary>
public enum EvaluationSet
{
    /// <summary>The images held out of the training set, or else the test set, which the paper uses for validation.</summary>
    Validation,

    /// <summary>The official test set.</summary>
    Test,
}

/// <summary>The data of a run on its device: samples to train on and to evaluate, and how they become a network's input.</summary>
public sealed class TrainingData : IDisposable
{
    private readonly IImages _training;
    private readonly IImages _test;
    private readonly int _heldOut;

    /// <summary>Takes over loaded images.</summary>
    /// <param name="training">The training samples; owned from now on.</param>
    /// <param name="test">The samples of the test set; owned from now on.</param>
    /// <param name="preprocessing">How they become a network's input.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="heldOut">How many training samples, from the end, are for validation; 0 to validate on the test set.</param>
    public TrainingData(IImages training, IImages test, Preprocessing preprocessing, int classes, int heldOut = 0)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(heldOut, training.Count);
        (_training, _test, Preprocessing, Classes, _heldOut) = (training, test, preprocessing, classes, heldOut);
    }

    /// <summary>How stored pixels become input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Where inputs and labels lie.</summary>
    public Device Device => _training.Labels.device;

    /// <summary>Number of samples to train on.</summary>
    public int TrainingCount => _training.Count - _heldOut;

    /// <summary>Whether validation has samples of its own.</summary>
    public bool HoldsOut => _heldOut > 0;

    /// <summary>Number of samples in a set.</summary>
    /// <param name="set">The set.</param>
    public int CountOf(EvaluationSet set) => set == EvaluationSet.Validation && HoldsOut ? _heldOut : _test.Count;

    /// <summary>Loads the data that a run asks for.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="source">Where from.</param>
    /// <param name="device">Where to keep the data.</param>
    /// <exception cref="DataException">A file is missing or damaged.</exception>
    public static TrainingData Load(RunSpec spec, IImageSource source, Device device)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(source);
        var training = source.LoadTraining(spec.TrainExamples, device);
        try
        {
            return new(training, source.LoadValidation(device), DatasetPreprocessing.Of(spec.Dataset), Catalogue.GetDataset(spec.Dataset).Classes, spec.ValidationExamples);
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    /// <summary>A training batch or a chunk of it, augmented where the data set asks for it.</summary>
    /// <param name="samples">The samples of the whole batch, (B).</param>
    /// <param name="position">Which of them; seed and step decide how each sample of the batch is augmented.</param>
    /// <returns>Input (n, C, H, W) and labels (n).</returns>
    public (Tensor Input, Tensor Labels) TrainingBatch(Tensor samples, BatchPosition position)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(position);
        using var scope = NewDisposeScope();
        var indexes = position.Slice.Of(samples);
        var input = _training is ImageSet { Images: var all } ? FusedInput(all, indexes, samples.shape[0], position) : null;
        input ??= Input(_training.Select(indexes), samples.shape[0], position);
        return scope.MoveToOuter(input, _training.Labels.index_select(0, indexes));
    }

    private Tensor? FusedInput(Tensor all, Tensor indexes, long batch, BatchPosition position) =>
        FusedBatch.Of(all, indexes, Draws(batch, all.shape[2], all.shape[3], position), Preprocessing);

    private Tensor Input(Tensor images, long batch, BatchPosition position)
    {
        var draws = Draws(batch, images.shape[2], images.shape[3], position);
        return FusedBatch.Of(images, arange(images.shape[0]), draws, Preprocessing)
            ?? Preprocessing.Normalize(draws is null ? images : Preprocessing.Augment(images, draws));
    }

    /// <summary>How the images of a slice are cropped and mirrored, drawn for the whole batch; <see langword="null"/> without augmentation.</summary>
    private Tensor? Draws(long batch, long height, long width, BatchPosition position)
    {
        if (!Preprocessing.Augments) return null;
        StatelessRandom.SeedFor(position.Seed, RandomPurpose.Augmentation, position.Step);
        return position.Slice.Of(Preprocessing.Draw(batch, height, width));
    }

    /// <summary>Tells which samples the next batch will have, so that they can be fetched meanwhile.</summary>
    /// <param name="samples">Gives them, (B); not called where nothing need be fetched.</param>
    public void Expect(Func<Tensor> samples) => _training.Expect(samples);

    /// <summary>Consecutive samples of a set, without augmentation.</summary>
    /// <param name="set">The set.</param>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <returns>Input (count, C, H, W) and labels (count).</returns>
    public (Tensor Input, Tensor Labels) EvaluationBatch(EvaluationSet set, int start, int count)
    {
        var (images, first) = set == EvaluationSet.Validation && HoldsOut ? (_training, TrainingCount + start) : (_test, start);
        return Plain(images, first, count);
    }

    /// <summary>Consecutive training samples in the order of their file, without augmentation.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <returns>Input (count, C, H, W) and labels (count).</returns>
    public (Tensor Input, Tensor Labels) PlainTrainingBatch(int start, int count) => Plain(_training, start, count);

    private (Tensor Input, Tensor Labels) Plain(IImages images, int first, int count)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Preprocessing.Normalize(Preprocessing.Center(images.Range(first, count))), images.Labels.narrow(0, first, count));
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        _training.Dispose();
        _test.Dispose();
    }
}
