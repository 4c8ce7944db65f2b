using Tracker.Domain;

namespace Tracker.Web.Views;

/// <summary>The faults of a specification, by the field of the form that they belong to.</summary>
public sealed class FieldFaults
{
    private readonly Dictionary<string, Dictionary<int, string>> _byField = [];

    public FieldFaults(IEnumerable<SpecError> errors)
    {
        foreach (var error in errors)
            Add(error.Path, error.Message);
    }

    /// <summary>How many fields have faults.</summary>
    public int Count => _byField.Count;

    /// <summary>Fault of the sweep as a whole, such as its size.</summary>
    public string? Whole => _byField.TryGetValue("", out var faults) ? faults.Values.First() : null;

    public string? this[string field] => _byField.TryGetValue(field, out var faults) ? faults.OrderBy(fault => fault.Key).First().Value : null;

    /// <summary>Faults of a list by place; those of the list as a whole stand under -1.</summary>
    public IReadOnlyDictionary<int, string> Of(string field) => _byField.TryGetValue(field, out var faults) ? faults : s_none;

    /// <summary>What refused combinations say of a list's values, by place.</summary>
    public static IReadOnlyDictionary<int, string> Warnings(IEnumerable<RefusedCombination> refused, string field) => refused
        .Select(one => (Place: Split(one.Path), one)).Where(one => one.Place.Field == field)
        .GroupBy(one => one.Place.Index)
        .ToDictionary(group => group.Key, group => $"{group.First().one.Reason} {Formatting.Numbers.Of(group.Sum(one => one.one.Count), "run")} refused.");

    private static readonly Dictionary<int, string> s_none = [];

    private void Add(string path, string message)
    {
        var (field, index) = Split(path);
        if (!_byField.TryGetValue(field, out var faults))
            _byField[field] = faults = [];
        faults.TryAdd(index, message);
    }

    // parameters.learningRate[1] is the second learning rate of the form.
    private static (string Field, int Index) Split(string path)
    {
        var name = path.StartsWith("parameters.", StringComparison.Ordinal) ? path["parameters.".Length..] : path;
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        return bracket > 0 && int.TryParse(name[(bracket + 1)..^1], out var index) ? (name[..bracket], index) : (name, -1);
    }
}
