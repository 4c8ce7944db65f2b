using Microsoft.AspNetCore.Mvc;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Which runs to list.</summary>
public sealed class RunQuery
{
    /// <summary>Runs that this sweep trains or trained.</summary>
    [FromQuery(Name = "sweep")]
    public long? Sweep { get; init; }

    /// <summary>Runs in this state.</summary>
    [FromQuery(Name = "state")]
    public RunState? State { get; init; }

    /// <summary>Runs of this network.</summary>
    [FromQuery(Name = "network")]
    public string? Network { get; init; }

    /// <summary>Runs on this data set.</summary>
    [FromQuery(Name = "dataset")]
    public string? Dataset { get; init; }

    /// <summary>Runs of this method, such as lb+lr+gbn (a plus sign in a URL is written %2B).</summary>
    [FromQuery(Name = "method")]
    public string? Method { get; init; }

    /// <summary>Runs with this batch.</summary>
    [FromQuery(Name = "batch")]
    public int? Batch { get; init; }

    /// <summary>Runs with this seed.</summary>
    [FromQuery(Name = "seed")]
    public int? Seed { get; init; }

    /// <summary>1 to 500; 50 when left out.</summary>
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>nextCursor of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <exception cref="SpecificationException">A value is none that there can be.</exception>
    public RunFilter ToFilter()
    {
        var error = "";
        // An unescaped plus sign arrives as a space.
        var isMethod = Domain.Method.TryParse(Method?.Replace(' ', '+') ?? "sb", out var method, out var fault);
        if (!isMethod) error = fault!;
        new Checks()
            .Range("limit", Limit, 1, Page<RunResource>.MaxLimit)
            .Require("method", isMethod, error)
            .Require("state", State is null || Enum.IsDefined(State.Value), $"Expected one of {string.Join(", ", Enum.GetNames<RunState>())}, found '{State}'.")
            .Require("network", Network is null || Catalogue.FindNetwork(Network) is not null, $"There is no network '{Network}'.")
            .Require("dataset", Dataset is null || Catalogue.FindDataset(Dataset) is not null, $"There is no data set '{Dataset}'.")
            .Throw();
        return new(Sweep, State, Network, Dataset, Method is null ? null : method!.ToString(), Batch, Seed);
    }
}
