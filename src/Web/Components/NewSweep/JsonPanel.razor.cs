using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Web.Views;

namespace Tracker.Web.Components.NewSweep;

/// <summary>The specification as text. While the text has faults it stays as it was typed, and the form goes on with what was right last.</summary>
public sealed partial class JsonPanel
{
    private const string TextId = "json-text";
    private const string StorageKey = "new-sweep-json";
    private const int Longest = 60_000;
    private const int MostFaults = 6;

    private string? _typed;
    private string? _taken;
    private JsonReading? _reading;

    /// <summary>What is in the form, as JSON.</summary>
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>Takes over what was typed here.</summary>
    [Parameter, EditorRequired]
    public EventCallback<SweepSpec> OnTake { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    [Inject]
    public required Browser Browser { get; set; }

    private bool Faulty => _reading is { Sweep: null };

    private string Shown => _typed ?? Text;

    protected override void OnParametersSet()
    {
        // A change of the form replaces a text that was taken over, but not one that still has faults.
        if (_typed is not null && !Faulty && Text != _taken)
            _typed = null;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || await Browser.RecallAsync(StorageKey) is not { Length: > 0 } kept)
            return;
        (_typed, _reading) = (kept, JsonReading.Of(kept));
        StateHasChanged();
    }

    private async Task TypeAsync(ChangeEventArgs args)
    {
        _typed = args.Value as string ?? "";
        _reading = JsonReading.Of(_typed);
        if (_reading.Sweep is { } sweep)
        {
            // The form answers with this text, which is no reason to replace what is being typed.
            _taken = sweep.ToJson(indented: true);
            await OnTake.InvokeAsync(sweep);
            await Browser.ForgetAsync(StorageKey);
        }
        else
        {
            await Browser.RememberAsync(StorageKey, _typed);
        }
    }

    private async Task BackToForm()
    {
        (_typed, _reading) = (null, null);
        await Browser.ForgetAsync(StorageKey);
    }
}
