using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Which runs to list.</summary>
public sealed class RunQuery
{
    [Description("Runs that this sweep trains or trained.")]
    [FromQuery(Name = "sweep")]
    public long? Sweep { get; init; }

    [Description("Runs in this state: Queued, Starting, Running, Paused, Succeeded, Failed or Cancelled.")]
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [Description("Runs of this network.")]
    [FromQuery(Name = "network")]
    public string? Network { get; init; }

    [Description("Runs on this data set.")]
    [FromQuery(Name = "dataset")]
    public string? Dataset { get; init; }

    [Description("Runs of this method, such as lb+lr+gbn (a plus sign in a URL is written %2B).")]
    [FromQuery(Name = "method")]
    public string? Method { get; init; }

    [Description("Runs with this batch.")]
    [FromQuery(Name = "batch")]
    public int? Batch { get; init; }

    [Description("Runs with this seed.")]
    [FromQuery(Name = "seed")]
    public int? Seed { get; init; }

    [Description("1 to 500; 50 when left out.")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [Description("nextCursor of the page before.")]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <exception cref="SpecificationException">A value is none that there can be.</exception>
    public RunFilter ToFilter()
    {
        var error = "";
        // An unescaped plus sign arrives as a space.
        var isMethod = Domain.Method.TryParse(Method?.Replace(' ', '+') ?? "sb", out var method, out var fault);
        if (!isMethod) error = fault!;
        var isState = Words.TryParse<RunState>(State, out var state);
        new Checks()
            .Range("limit", Limit, 1, Page<RunResource>.MaxLimit)
            .Require("method", isMethod, error)
            .Require("state", isState, $"Expected one of {string.Join(", ", Enum.GetNames<RunState>())}, found '{State}'.")
            .Require("network", Network is null || Catalogue.FindNetwork(Network) is not null, $"There is no network '{Network}'.")
            .Require("dataset", Dataset is null || Catalogue.FindDataset(Dataset) is not null, $"There is no data set '{Dataset}'.")
            .Throw();
        return new(Sweep, state, Network, Dataset, Method is null ? null : method!.ToString(), Batch, Seed);
    }
}
