using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Api;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class AuditPage
{
    [SupplyParameterFromQuery(Name = "user")]
    public string? User { get; set; }

    [SupplyParameterFromQuery(Name = "action")]
    public string? Action { get; set; }

    [SupplyParameterFromQuery(Name = "object")]
    public string? Object { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "until")]
    public string? Until { get; set; }

    /// <summary>The page of entries older than this one.</summary>
    [SupplyParameterFromQuery(Name = "before")]
    public string? BeforeText { get; set; }

    private long? Before => QueryValues.Long(BeforeText);

    [Inject]
    public required IAudit Audit { get; set; }

    protected override object Key => "audit";

    protected override object Options => (Choice, Before);

    private AuditChoice Choice => new(User, Action, Object, From, Until);

    private string CsvAddress
    {
        get
        {
            var (filter, _) = Choice.Read(Viewer);
            return Navigation.GetUriWithQueryParameters(new Uri(new Uri(Navigation.BaseUri), ApiSetup.Prefix.TrimStart('/') + "/audit.csv").ToString(), new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["user"] = filter.User, ["action"] = filter.Action, ["object"] = filter.ObjectKind is { } kind ? filter.ObjectId is { } id ? $"{kind}:{id}" : kind : null,
                ["from"] = filter.From?.UtcDateTime.ToString("o"), ["until"] = filter.Until?.UtcDateTime.ToString("o"),
            });
        }
    }

    // No change of the database tells of entries; the page looks again every few seconds.
    protected override bool Concerns(Change change) => false;

    protected override async Task<AuditModel?> LoadAsync(CancellationToken cancellationToken)
    {
        var (filter, fault) = Choice.Read(Viewer);
        return AuditModel.From(await Audit.ReadAsync(filter, AuditModel.PageSize + 1, Before, cancellationToken), fault);
    }

    /// <summary>Changes one part of the filter, and begins at the newest.</summary>
    private void Go(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        [name] = string.IsNullOrWhiteSpace(value) ? null : value.Trim(), ["before"] = null,
    }), replace: true);
}
