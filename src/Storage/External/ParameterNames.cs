using System.Globalization;
using Tracker.Domain;

namespace Tracker.Storage.External;

/// <summary>What is understood of the parameters that a program logged: the settings that runs of the product have too, so that both are found and compared alike.</summary>
internal sealed class ParameterNames
{
    private readonly Dictionary<string, string> _values = [];

    public ParameterNames(IReadOnlyDictionary<string, string> parameters)
    {
        foreach (var (key, value) in parameters.OrderBy(p => p.Key, StringComparer.Ordinal)) _values.TryAdd(Plain(key), value.Trim());
    }

    /// <summary>The name without what people write differently: case, underscores and hyphens.</summary>
    public static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The columns of a run, as parameters of a statement.</summary>
    public (string Name, object? Value)[] Columns() =>
    [
        ("network", Named(Catalogue.Networks.Select(n => n.Name), "network", "model", "architecture", "arch")),
        ("dataset", Named(Catalogue.Datasets.Select(d => d.Name), "dataset", "data")),
        ("method", Method()), ("batch", Math.Max(0, Whole("batch", "batchsize", "bs"))), ("seed", Whole("seed")), ("epochs", Math.Max(0, Whole("epochs"))),
        ("rate", Real("lr", "learningrate")), ("momentum", Real("momentum")), ("decay", Real("weightdecay")),
    ];

    /// <summary>What the catalogue calls it, where it has it; what cannot be a name is a description and is not taken.</summary>
    private string Named(IEnumerable<string> catalogue, params string[] names)
    {
        var value = Find(names);
        if (value is null or { Length: 0 or > 100 }) return "";
        return catalogue.FirstOrDefault(known => Plain(known) == Plain(value)) ?? value;
    }

    private string Method() =>
        Find("method", "technique") is { } text && Domain.Method.TryParse(text.ToLowerInvariant(), out var method, out _) ? method.ToString() : "";

    private int Whole(params string[] names) =>
        int.TryParse(Find(names), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private double Real(params string[] names) =>
        double.TryParse(Find(names), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;

    private string? Find(params string[] names) => names.Select(_values.GetValueOrDefault).FirstOrDefault(v => v is not null);
}
