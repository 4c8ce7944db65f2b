using Tracker.Domain;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>Made-up images of the size that a network takes.</summary>
internal static class Images
{
    public static Tensor For(string network, int count, int stream = 100) => Formula.UniformTensor(stream, Shape(network, count));

    public static long[] Shape(string network, int count)
    {
        var dataset = Catalogue.GetDataset(Catalogue.GetNetwork(network).Datasets[0]);
        return [count, dataset.Channels, dataset.Height, dataset.Width];
    }
}
