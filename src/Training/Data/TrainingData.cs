using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>The data of a run on its device: training samples, validation samples, and how they become a network's input.</summary>
public sealed class TrainingData : IDisposable
{
    private readonly IImages _training;
    private readonly IImages _validation;

    /// <summary>Takes over loaded images.</summary>
    /// <param name="training">The training samples; owned from now on.</param>
    /// <param name="validation">The validation samples; owned from now on.</param>
    /// <param name="preprocessing">How they become a network's input.</param>
    /// <param name="classes">Number of classes.</param>
    public TrainingData(IImages training, IImages validation, Preprocessing preprocessing, int classes)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(preprocessing);
        (_training, _validation, Preprocessing, Classes) = (training, validation, preprocessing, classes);
    }

    /// <summary>How stored pixels become input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Where inputs and labels lie.</summary>
    public Device Device => _training.Labels.device;

    /// <summary>Number of training samples.</summary>
    public int TrainingCount => _training.Count;

    /// <summary>Number of validation samples.</summary>
    public int ValidationCount => _validation.Count;

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
            return new(training, source.LoadValidation(device), DatasetPreprocessing.Of(spec.Dataset), Catalogue.GetDataset(spec.Dataset).Classes);
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

    private Tensor Input(Tensor images, long batch, BatchPosition position) =>
        Preprocessing.Normalize(Draws(batch, images.shape[2], images.shape[3], position) is { } draws ? Preprocessing.Augment(images, draws) : images);

    /// <summary>How the images of a slice are cropped and mirrored, drawn for the whole batch; <see langword="null"/> without augmentation.</summary>
    private Tensor? Draws(long batch, long height, long width, BatchPosition position)
    {
        if (!Preprocessing.Augments) return null;
        StatelessRandom.SeedFor(position.Seed, RandomPurpose.Augmentation, position.Step);
        return position.Slice.Of(Preprocessing.Draw(batch, height, width));
    }

    /// <summary>Consecutive validation samples.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <returns>Input (count, C, H, W) and labels (count).</returns>
    public (Tensor Input, Tensor Labels) ValidationBatch(int start, int count)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Preprocessing.Normalize(Preprocessing.Center(_validation.Range(start, count))), _validation.Labels.narrow(0, start, count));
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        _training.Dispose();
        _validation.Dispose();
    }
}
