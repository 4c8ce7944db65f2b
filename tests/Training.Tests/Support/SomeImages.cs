using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>Real images, few enough for a run to take a second: the first of the training set, and 500 of the test set.</summary>
internal static class SomeImages
{
    private const int Training = 2000;
    private const int Validation = 500;
    private const int Pixels = 28 * 28;

    private static readonly Lazy<(byte[] Pixels, byte[] Labels)> s_training = new(() => Read(0, Training));
    private static readonly Lazy<(byte[] Pixels, byte[] Labels)> s_validation = new(() => Read(2, Validation));

    public static TrainingData For(RunSpec spec, Device device)
    {
        var padding = spec.Dataset == "fashion-mnist-32" ? 2 : 0;
        return new(
            Set(s_training.Value, spec.TrainExamples, device, padding), Set(s_validation.Value, Validation, device, padding),
            DatasetPreprocessing.Of(spec.Dataset), 10, spec.ValidationExamples);
    }

    private static ImageSet Set((byte[] Pixels, byte[] Labels) from, int count, Device device, int padding) =>
        new(from.Pixels[..(count * Pixels)], from.Labels[..count], (1, 28, 28), device, padding);

    private static (byte[], byte[]) Read(int file, int count) => (Read(FashionMnist.Official[file], count), Read(FashionMnist.Official[file + 1], count));

    private static byte[] Read(IdxContent content, int count) =>
        IdxFile.Read(Path.Combine(FashionMnist.DebianDirectory, content.Name + ".gz"), content, count);
}
