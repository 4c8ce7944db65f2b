using Microsoft.AspNetCore.Components;
using Tracker.Domain;
using Tracker.Web.Views;

namespace Tracker.Web.Components.NewSweep;

/// <summary>The methods of a sweep.</summary>
public sealed partial class TechniquesField
{
    private static readonly (string Text, string More)[] s_texts =
    [
        ("Small batch", "its own regime"),
        ("Large batch, nothing else changed", "the rate and epochs of SB"),
        ("Learning rate × √(large / small)", "gradient clipped"),
        ("Ghost batch normalization", "and the scaled rate"),
        ("Regime adaptation", "as many updates as SB"),
    ];

    private static readonly Method s_noise = new(LargeBatch: true, Noise: true);

    private bool _open;
    private Method _new = new(LargeBatch: true, GhostBatchNorm: true);

    [Parameter, EditorRequired]
    public required SweepDraft Draft { get; set; }

    [Parameter, EditorRequired]
    public EventCallback Changed { get; set; }

    [CascadingParameter]
    public required FormState Form { get; set; }

    private IEnumerable<Method> Others => Draft.Methods
        .Select(text => Method.TryParse(text, out var method, out _) ? method : null).OfType<Method>().Where(method => method.TableColumn is null);

    private static string Aria(bool pressed) => pressed ? "true" : "false";

    private static string Words(Method method) => string.Join(", ", new[]
    {
        method.LargeBatch ? "large batch" : "small batch",
        method.LearningRate ? "scaled rate" : "", method.GhostBatchNorm ? "ghost batch norm" : "",
        method.RegimeAdaptation ? "longer regime" : "", method.Noise ? "gradient noise" : "",
    }.Where(word => word.Length > 0));

    private async Task ToggleAsync(Method method)
    {
        if (!Draft.Methods.Remove(method.ToString()))
            Draft.Methods = InOrder([.. Draft.Methods, method.ToString()]);
        await Changed.InvokeAsync();
    }

    private async Task AddAsync()
    {
        if (!Draft.Methods.Contains(_new.ToString()))
            Draft.Methods = InOrder([.. Draft.Methods, _new.ToString()]);
        _open = false;
        await Changed.InvokeAsync();
    }

    // The columns first, in their order; then the others as they were added.
    private static List<string> InOrder(IEnumerable<string> methods) =>
        [.. methods.OrderBy(text => Method.TryParse(text, out var method, out _) ? method.TableColumn ?? int.MaxValue : int.MaxValue)];
}
