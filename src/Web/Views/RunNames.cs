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
    private readonly IReadOnlyList<GroupField> _further;
    private readonly bool _variants;

    public RunNames(IReadOnlyList<RunView> runs)
    {
        bool Differs(GroupField field) => runs.Select(run => field.Of(run).Text).Distinct().Skip(1).Any();
        _fields = [.. s_before.Where(Differs), .. s_always];
        // Without ghosts there is nothing to say, and technique says that.
        var ghosts = runs.Select(run => run.Spec.GhostBatch).OfType<int>().Distinct().Count() > 1;
        _further = [.. s_sometimes.Where(field => field.Key == "ghost" ? ghosts : Differs(field))];
        _variants = runs.Select(run => run.Spec.Variant()).Distinct().Skip(1).Any();
    }

    /// <summary>"+RA, batch 4,096, rate 0.1": the run and all that differ from it in the seed alone.</summary>
    public string OfSetting(RunView run) => run.External?.Name ?? string.Join(", ", Shared(run).Concat(Further(run)));

    /// <summary>"#12 +RA, batch 4,096, seed 1, rate 0.1": what differs least often comes last, where a narrow legend cuts.</summary>
    public string Of(RunView run) => run.External is { } outside ? $"#{run.Id} {outside.Name}" : $"#{run.Id} {string.Join(", ", Shared(run).Append($"seed {run.Spec.Seed}").Concat(Further(run)))}";

    private IEnumerable<string> Shared(RunView run) => _fields.Select(field => field.Of(run).Text);

    private IEnumerable<string> Further(RunView run) => _further.Where(field => field.Key != "ghost" || run.Spec.GhostBatch is not null).Select(field => field.Of(run).Text)
        .Append(_variants ? run.Spec.Variant() : "").Where(part => part.Length > 0);

    private static GroupField[] Fields(params string[] keys) => [.. keys.Select(key => GroupField.All.First(field => field.Key == key))];
}
