using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class BinPage
{
    private string? _said;

    /// <summary>Where the part before this one ended.</summary>
    [SupplyParameterFromQuery(Name = "after")]
    public string? AfterText { get; set; }

    [Inject]
    public required IRecycleBin Bin { get; set; }

    [Inject]
    public required IRetention Retention { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    private BinPlace? After => BinModel.Read(AfterText);

    protected override object Key => "bin";

    protected override object? Options => After;

    protected override bool Concerns(Change change) => change.Kind is ChangeKind.Sweep;

    protected override async Task<BinModel?> LoadAsync(CancellationToken cancellationToken) => BinModel.From(
        await Bin.ListAsync(BinModel.PageSize + 1, After, cancellationToken), (await Retention.RulesAsync(cancellationToken)).BinDays);

    private static string Title(BinItem item) => item.Kind == BinKind.Run ? $"run {Numbers.Count(item.Id)}" : item.Name;

    private Task RestoreAsync(BinItem item) => ActAsync(async token =>
    {
        var done = await (item.Kind == BinKind.Run ? Bin.RestoreRunAsync(item.Id, token) : Bin.RestoreSweepAsync(item.Id, token));
        _said = done ? $"Restored {Title(item)}." : "It is not here any more.";
    });

    private async Task PurgeAsync(BinItem item)
    {
        var what = item.Kind == BinKind.Run ? Title(item) : $"{item.Name} with {Numbers.Of(item.Runs, "run")}";
        if (!await Confirmation.AskAsync("Purge this for good?", $"{what}, {Numbers.Of(item.Points, "point")} of curves, logs and checkpoints go. This cannot be undone.", "Purge"))
            return;
        await ActAsync(async token =>
        {
            var done = await (item.Kind == BinKind.Run ? Bin.PurgeRunAsync(item.Id, token) : Bin.PurgeSweepAsync(item.Id, token));
            _said = done ? $"Purged {what}." : "It is not here any more.";
        });
    }

    private async Task EmptyAsync()
    {
        if (await Confirmation.AskAsync("Empty the recycle bin?", "Everything in it goes for good, also what is on further pages of the list. This cannot be undone.", "Empty the bin"))
            await ActAsync(async token => _said = $"Purged {Numbers.Of(await Bin.EmptyAsync(token), "item")}.");
    }
}
