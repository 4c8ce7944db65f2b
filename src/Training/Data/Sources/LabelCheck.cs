namespace Tracker.Training;

/// <summary>Refuses labels that no class has.</summary>
internal static class LabelCheck
{
    /// <summary>Checks the labels of consecutive images.</summary>
    /// <exception cref="DataException">A label is not below the number of classes; the first such image is named.</exception>
    public static void InRange(string path, ReadOnlySpan<byte> labels, int classes)
    {
        if (labels.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1)) is var wrong and >= 0)
            throw new DataException(path, $"labels from 0 to {classes - 1}", $"{labels[wrong]} as label of image {wrong}");
    }
}
