using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>Names that tell some runs apart: technique and batch, and of the other settings those in which the runs differ.</summary>
public sealed class RunNames
{
    private static readonly IReadOnlyList<GroupField> s_always = Fields("technique", "batch");
    private static readonly IReadOnlyList<GroupField> s_sometimes = Fields("ghost", "rate", "decay", "momentum", "optimizer", "epochs", "images");
    private static readonly IReadOnlyList<GroupField> s_before = Fields("network", "dataset");

    private readonly IReadOnlyList<GroupField> _fields;
    private readonly bool _variants;

    public RunNames(IReadOnlyList<RunView> runs)
    {
        bool Differs(GroupField field) => runs.Select(run => field.Of(run).Text).Distinct().Skip(1).Any();
        _fields = [.. s_before.Where(Differs), .. s_always, .. s_sometimes.Where(Differs)];
        _variants = runs.Select(run => run.Spec.Variant()).Distinct().Skip(1).Any();
    }

    /// <summary>"+RA, batch 4,096, rate 0.1": the run and all that differ from it in the seed alone.</summary>
    public string OfSetting(RunView run) => string.Join(", ", _fields.Select(field => field.Of(run).Text)
        .Append(_variants ? run.Spec.Variant() : "").Where(part => part.Length > 0));

    /// <summary>"#12 +RA, batch 4,096, seed 1".</summary>
    public string Of(RunView run) => $"#{run.Id} {OfSetting(run)}, seed {run.Spec.Seed}";

    private static GroupField[] Fields(params string[] keys) => [.. keys.Select(key => GroupField.All.First(field => field.Key == key))];
}
