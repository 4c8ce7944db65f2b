using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Tracker.Domain;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Pages;

/// <summary>What goes into the form and out of it beside typing: drafts that were left, files, JSON.</summary>
public sealed partial class NewSweep
{
    private const int MostTold = 3;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || await Browser.RecallAsync(StorageKey) is not { } kept || SweepDraft.Deserialize(kept) is not { } draft)
            return;
        if (HasSource)
        {
            // The address says what to start from; what was left unfinished is offered.
            if (kept != _draft.Serialize())
                _earlier = draft;
        }
        else
        {
            await TakeUpAsync(draft);
        }
        StateHasChanged();
    }

    /// <summary>Goes on with a draft that was left.</summary>
    private async Task TakeUpAsync(SweepDraft draft)
    {
        (_draft, _earlier, _recalled) = (draft, null, true);
        _form.ShowAll = true;
        Judge();
        if (HasSource)
            await Edit(() => { });
        else if (_spec is not null)
            await PlanAsync(_spec, CancellationToken.None);
    }

    /// <summary>Begins anew.</summary>
    private async Task DiscardAsync()
    {
        (_draft, _recalled) = (SweepDraft.Of(SweepPreset.QuickStart.Sweep), false);
        _form.Reset();
        await Edit(() => { });
        await Browser.ForgetAsync(StorageKey);
    }

    private Task TakeJsonAsync(SweepSpec sweep) => Edit(() =>
    {
        _draft = SweepDraft.Of(sweep);
        _form.Reset();
    });

    private void ShowJson(bool shown) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("json", shown ? "true" : null), replace: true);

    private async Task ImportAsync(InputFileChangeEventArgs args)
    {
        try
        {
            using var reader = new StreamReader(args.File.OpenReadStream(LargestImport));
            var reading = JsonReading.Of(await reader.ReadToEndAsync());
            if (reading.Sweep is { } sweep)
            {
                await TakeJsonAsync(sweep);
                return;
            }
            var told = reading.Faults.Take(MostTold).Select(fault => $"Line {fault.Line}{(fault.Path.Length > 0 ? $", {fault.Path}" : "")}: {fault.Message}");
            var more = reading.Faults.Count > MostTold ? $" And {reading.Faults.Count - MostTold} more." : "";
            _notice = $"{args.File.Name} was not taken. {string.Join(" ", told)}{more}";
        }
        catch (IOException)
        {
            _notice = $"{args.File.Name} is larger than a specification can be ({Formatting.Numbers.Bytes(LargestImport)}).";
        }
    }

    private async Task ExportAsync() => await Browser.SaveAsync("sweep.json", Json + "\n");
}
