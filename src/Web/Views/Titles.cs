using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>What people call networks and data sets.</summary>
public static class Titles
{
    public static string Network(string name) => Catalogue.FindNetwork(name)?.Title ?? name;

    public static string Dataset(string name) => Catalogue.FindDataset(name)?.Title ?? name;

    /// <summary>"10,000 of 60,000 images" where a run does not use them all; otherwise <see langword="null"/>.</summary>
    public static string? PartOfData(string dataset, int trainExamples) =>
        Catalogue.FindDataset(dataset) is { } found && trainExamples < found.TrainExamples
            ? $"{Formatting.Numbers.Count(trainExamples)} of {Formatting.Numbers.Count(found.TrainExamples)} images"
            : null;

    public static string Device(DeviceClass device) => device switch
    {
        DeviceClass.Cpu => "CPU",
        DeviceClass.Cuda => "GPU",
        _ => "any",
    };
}
