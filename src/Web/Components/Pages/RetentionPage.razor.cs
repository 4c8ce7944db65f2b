using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

public sealed partial class RetentionPage
{
    // Sizes take a look at every file of the database, and change slowly.
    private static readonly TimeSpan s_sizesKept = TimeSpan.FromMinutes(1);

    private readonly RetentionDraft _draft = new();
    private StorageSpace? _space;
    private DateTimeOffset _measured;
    private RetentionRules? _known;
    private string? _said;

    [Inject]
    public required IRetention Retention { get; set; }

    [Inject]
    public required Confirmation Confirmation { get; set; }

    protected override object Key => "retention";

    // No change of the database tells of rules; the page looks again every few seconds.
    protected override bool Concerns(Change change) => false;

    protected override async Task<RetentionModel?> LoadAsync(CancellationToken cancellationToken)
    {
        if (_space is null || Clock.GetUtcNow() - _measured > s_sizesKept)
            (_space, _measured) = (await Retention.SpaceAsync(cancellationToken), Clock.GetUtcNow());
        return new(await Retention.RulesAsync(cancellationToken), await Retention.LastPassAsync(cancellationToken), _space);
    }

    protected override void Loaded(RetentionModel model)
    {
        // What is being typed stays while the rest comes in.
        if (_known == model.Rules) return;
        _known = model.Rules;
        _draft.Fill(model.Rules);
    }

    private void Typed() => _said = null;

    private Task PreviewAsync() => ActAsync(async token =>
    {
        if (_draft.Rules is { } rules) _said = RetentionDraft.Describe(await Retention.PreviewAsync(rules, token));
    });

    private async Task SaveAsync()
    {
        if (_draft.Rules is not { } rules) return;
        // Without a preview nobody knows what would go: nothing is saved before the question could be asked.
        RetentionPreview? preview = null;
        await ActAsync(async token => preview = await Retention.PreviewAsync(rules, token));
        if (preview is null) return;
        if (preview.IsEmpty
            || await Confirmation.AskAsync("Save these rules?", $"{RetentionDraft.Describe(preview)} What goes cannot be brought back.", "Save the rules"))
        {
            await ActAsync(async token =>
            {
                await Retention.ChangeAsync(rules, token);
                _said = "Saved. They are applied within the hour.";
            });
        }
    }

    private async Task ApplyAsync()
    {
        RetentionPreview? preview = null;
        await ActAsync(async token => preview = await Retention.PreviewAsync(_known!, token));
        if (preview is null) return;
        if (preview.IsEmpty)
        {
            _said = RetentionDraft.Describe(preview);
            return;
        }
        if (await Confirmation.AskAsync("Apply the rules now?", $"{RetentionDraft.Describe(preview)} That cannot be undone.", "Remove them"))
            await ActAsync(async token => _said = await Retention.ApplyAsync(token) is { } pass
                ? $"Removed {RetentionDraft.Removed(pass)}."
                : "Another process is at it already.");
    }
}
