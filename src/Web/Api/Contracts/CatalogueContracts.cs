using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>A network that can be trained.</summary>
/// <param name="Name">The name that specifications use.</param>
/// <param name="Title">The name that the paper prints.</param>
/// <param name="Description">The architecture in one line.</param>
/// <param name="Parameters">Number of trainable parameters, with the classes of the first of the data sets.</param>
/// <param name="MultiplyAdds">Multiply-adds of one image's forward pass, with the classes of the first of the data sets.</param>
/// <param name="Datasets">Data sets that fit, the default first.</param>
/// <param name="Defaults">What a sweep gets when it states nothing else.</param>
public sealed record NetworkResource(
    string Name, string Title, string Description, long Parameters, long MultiplyAdds, IReadOnlyList<string> Datasets, NetworkDefaults Defaults)
{
    public static NetworkResource From(Network n)
    {
        var classes = Catalogue.GetDataset(n.Datasets[0]).Classes;
        return new(
            n.Name, n.Title, n.Description, n.Size.Parameters(classes), n.Size.MultiplyAdds(classes), n.Datasets,
            new(n.SmallBatch, n.Regime.Epochs, n.Regime.Phases[0].LearningRate, n.Regime.WeightDecay, n.Regime.Momentum, HyperParameters.DefaultClip, n.Regime.Phases));
    }
}

/// <summary>A network's defaults.</summary>
/// <param name="SmallBatch">The small batch.</param>
/// <param name="Epochs">Epochs at the small batch.</param>
/// <param name="LearningRate">Initial learning rate at the small batch.</param>
/// <param name="WeightDecay">L2 coefficient.</param>
/// <param name="Momentum">Momentum of SGD.</param>
/// <param name="Clip">Largest global gradient norm.</param>
/// <param name="Phases">The learning rate's phases.</param>
public sealed record NetworkDefaults(
    int SmallBatch, double Epochs, double LearningRate, double WeightDecay, double Momentum, double Clip, IReadOnlyList<RegimePhase> Phases);

/// <summary>A method that fills a column of the paper's tables.</summary>
/// <param name="Name">The name that specifications use.</param>
/// <param name="Title">The title of the column.</param>
public sealed record MethodResource(string Name, string Title);

/// <summary>A technique that can be added to sb or lb.</summary>
/// <param name="Name">What to append to the method.</param>
/// <param name="Title">Its name.</param>
/// <param name="Description">What it does.</param>
public sealed record TechniqueResource(string Name, string Title, string Description);

/// <summary>What methods can be asked for.</summary>
/// <param name="Columns">The methods of the paper's tables.</param>
/// <param name="Techniques">The techniques; any combination is allowed.</param>
public sealed record MethodsResource(IReadOnlyList<MethodResource> Columns, IReadOnlyList<TechniqueResource> Techniques);
