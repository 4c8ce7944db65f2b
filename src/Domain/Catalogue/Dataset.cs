namespace Tracker.Domain;

/// <summary>A data set that networks can be trained on.</summary>
/// <param name="Name">The name used in specifications, such as <c>fashion-mnist</c>.</param>
/// <param name="Title">The name that people read, such as <c>Fashion-MNIST</c>.</param>
/// <param name="Classes">Number of classes; labels run from 0 to <paramref name="Classes"/> − 1.</param>
/// <param name="TrainExamples">Number of images in the official training set.</param>
/// <param name="ValidationExamples">Number of images in the official test set, which the paper uses for validation.</param>
/// <param name="Channels">Channels of one image.</param>
/// <param name="Height">Rows of one image, in pixels.</param>
/// <param name="Width">Columns of one image, in pixels.</param>
/// <param name="Note">What a reader of a result must know about the data, or an empty text.</param>
public sealed record Dataset(
    string Name, string Title, int Classes, int TrainExamples, int ValidationExamples,
    int Channels, int Height, int Width, string Note = "");
