namespace Tracker.Domain;

/// <summary>A network that can be trained, with the regime its authors trained it by.</summary>
/// <param name="Name">The name used in specifications, such as <c>f1</c>.</param>
/// <param name="Title">The name that the paper prints, such as <c>F1</c>.</param>
/// <param name="Description">The architecture in one line.</param>
/// <param name="SmallBatch">The batch size of the SB column (section 6 of the paper), in samples.</param>
/// <param name="Size">Number of trainable parameters and multiply-adds, given the number of classes.</param>
/// <param name="Regime">Learning rates, weight decay, momentum and length at <paramref name="SmallBatch"/>.</param>
/// <param name="Datasets">Names of the data sets whose images fit the network's input, the default first.</param>
public sealed record Network(
    string Name, string Title, string Description, int SmallBatch, NetworkSize Size,
    Regime Regime, IReadOnlyList<string> Datasets);
