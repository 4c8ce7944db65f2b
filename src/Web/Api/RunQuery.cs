using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Which runs. What is given holds all at once.</summary>
public abstract class RunFilterQuery
{
    [Description("An expression such as batch >= 1024 and (metrics.validation/accuracy > 0.9 or state = 'Failed'): any field with = != > >= < <= LIKE ILIKE RLIKE IN, NOT IN, IS NULL, IS NOT NULL, joined by AND, OR, NOT and parentheses.")]
    [FromQuery(Name = "filter")]
    public string? Filter { get; init; }

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

    /// <exception cref="SpecificationException">A value is none that there can be.</exception>
    /// <exception cref="FilterException">The filter or the order cannot be understood.</exception>
    public RunSearch ToSearch()
    {
        var within = Checked().Aggregate<FilterExpression, FilterExpression?>(null, (all, next) => all is null ? next : new FilterAnd(all, next));
        // Read here, so that a place in the filter is one in what the client sent.
        FilterParser.Parse(Filter ?? "");
        return new() { Filter = Filter ?? "", Order = Order, Within = within };
    }

    /// <summary>The order, where a list has one.</summary>
    private protected virtual RunOrder Order => RunOrder.Newest;

    /// <summary>Notes the faults of parameters that a kind of list has beside these.</summary>
    private protected virtual void Check(Checks checks)
    {
    }

    private IEnumerable<FilterExpression> Checked()
    {
        var error = "";
        // An unescaped plus sign arrives as a space.
        var isMethod = Domain.Method.TryParse(Method?.Replace(' ', '+') ?? "sb", out var method, out var fault);
        if (!isMethod) error = fault!;
        var isState = Words.TryParse<RunState>(State, out var state);
        var checks = new Checks()
            .Require("method", isMethod, error)
            .Require("state", isState, $"Expected one of {string.Join(", ", Enum.GetNames<RunState>())}, found '{State}'.")
            .Require("network", Network is null || Catalogue.FindNetwork(Network) is not null, $"There is no network '{Network}'.")
            .Require("dataset", Dataset is null || Catalogue.FindDataset(Dataset) is not null, $"There is no data set '{Dataset}'.");
        Check(checks);
        checks.Throw();
        return new (string Field, object? Value)[]
        {
            ("sweep", Sweep), ("state", state?.ToString()), ("network", Network), ("dataset", Dataset), ("method", Method is null ? null : method!.ToString()),
            ("batch", Batch), ("seed", Seed),
        }.Where(c => c.Value is not null).Select(c => Is(c.Field, c.Value!));
    }

    private static FilterComparison Is(string field, object value) => new(
        FilterFields.Find(field)!, FilterOperator.Equal, value is string text ? new FilterString(text) : new FilterNumber(Convert.ToDouble(value)));
}

/// <summary>Which runs to list, and in which order.</summary>
public class RunQuery : RunFilterQuery
{
    [Description("The field to sort by, with a minus sign for largest first, such as -metrics.validation/accuracy or created. Newest first when left out; ties are newest first, and runs without the field come last.")]
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    private protected override RunOrder Order => SortText.Read(Sort);
}

/// <summary>Which runs to list, and which part of the list.</summary>
public sealed class RunPageQuery : RunQuery
{
    [Description("1 to 500; 50 when left out.")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [Description("nextCursor of the page before.")]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    private protected override void Check(Checks checks) => checks.Range("limit", Limit, 1, Page<RunResource>.MaxLimit);
}

/// <summary>Which runs to write into a file, and what of them.</summary>
public sealed class RunFileQuery : RunQuery
{
    [Description("Fields with commas between them, such as id,batch,accuracy,metrics.train/loss: any that filters know. Names, settings, results and times when left out.")]
    [FromQuery(Name = "columns")]
    public string? Columns { get; init; }
}

/// <summary>Of which runs to write points into a file, and which.</summary>
public sealed class MetricFileQuery : RunFilterQuery
{
    [Description("Metrics, separated by commas, such as train/loss,validation/accuracy; all when left out.")]
    [FromQuery(Name = "keys")]
    public string? Keys { get; init; }

    internal string[] Metrics => (Keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Reads orders.</summary>
public static class SortText
{
    /// <exception cref="FilterException">There is no such field.</exception>
    public static RunOrder Read(string? sort)
    {
        if (string.IsNullOrWhiteSpace(sort)) return RunOrder.Newest;
        var isDescending = sort.StartsWith('-');
        try
        {
            return new(FilterParser.ParseField(isDescending ? sort[1..] : sort).Name, isDescending);
        }
        catch (FilterException e)
        {
            throw new FilterException(e.Message, e.Position + (isDescending ? 1 : 0), e.Length) { Part = FilterPart.Order };
        }
    }
}
