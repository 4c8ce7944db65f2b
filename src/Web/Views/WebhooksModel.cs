using System.Text.Json;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Components.Parts;
using Tracker.Web.Formatting;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Views;

/// <summary>Webhooks as their page shows them.</summary>
/// <param name="Hooks">Those that the viewer sees, by name.</param>
/// <param name="Chosen">The one whose deliveries are shown.</param>
/// <param name="Deliveries">Its latest deliveries.</param>
public sealed record WebhooksModel(IReadOnlyList<Webhook> Hooks, Webhook? Chosen, IReadOnlyList<Delivery> Deliveries)
{
    /// <summary>How many deliveries the page shows.</summary>
    public const int MostDeliveries = 50;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The events in words.</summary>
    public static IReadOnlyList<(string Kind, string Text)> Events { get; } =
    [
        (WebhookEvents.RunFinished, "Run finished"), (WebhookEvents.RunFailed, "Run failed"), (WebhookEvents.RunCancelled, "Run cancelled"),
        (WebhookEvents.SweepFinished, "Sweep finished"), (WebhookEvents.SweepFailed, "Sweep finished with failures"), (WebhookEvents.TableChanged, "Table cell changed"),
    ];

    /// <summary>How many there are, by what matters.</summary>
    public string Summary
    {
        get
        {
            var failing = Hooks.Count(h => h.Settings.Active && h.FailingSince is not null);
            var paused = Hooks.Count(h => !h.Settings.Active);
            return $"{Numbers.Of(Hooks.Count, "webhook")}{(failing > 0 ? $", {failing} failing" : "")}{(paused > 0 ? $", {paused} paused" : "")}.";
        }
    }

    public static string Title(string kind) => kind == WebhookEvents.Test ? "Test" : Events.FirstOrDefault(e => e.Kind == kind).Text ?? kind;

    /// <summary>Where it goes, without a path that may hold a secret.</summary>
    public static string Place(Webhook hook) => new Uri(hook.Settings.Url).Authority;

    /// <summary>What it is restricted to.</summary>
    public static string? Filter(Webhook hook)
    {
        var (sweep, network, dataset) = (hook.Settings.SweepId, hook.Settings.Network, hook.Settings.Dataset);
        var parts = new[]
        {
            sweep is { } id ? $"sweep {id}" : null, network is null ? null : Catalogue.FindNetwork(network)?.Title ?? network,
            dataset is null ? null : Catalogue.FindDataset(dataset)?.Title ?? dataset,
        }.OfType<string>().ToList();
        return parts.Count == 0 ? null : $"only {string.Join(", ", parts)}";
    }

    public static (StateLook Look, string Word) Health(Webhook hook) => hook switch
    {
        { PausedAt: not null } => (StateLook.Failed, "Paused after failures"),
        { Settings.Active: false } => (StateLook.Paused, "Paused"),
        { FailingSince: not null } => (StateLook.Failed, "Failing"),
        { LastAt: null } => (StateLook.Queued, "Nothing sent yet"),
        _ => (StateLook.Succeeded, "Working"),
    };

    public static (StateLook Look, string Word) Fate(Delivery delivery) => delivery.State switch
    {
        DeliveryState.Delivered => (StateLook.Succeeded, "Delivered"),
        DeliveryState.GivenUp => (StateLook.Failed, "Given up"),
        _ when delivery.Attempts.Count == 0 => (StateLook.Queued, "Waiting"),
        _ => (StateLook.Lost, "Failed so far"),
    };

    /// <summary>What is sent, for people to read.</summary>
    public static string Payload(Delivery delivery) => JsonSerializer.Serialize(JsonElement.Parse(WebhookSender.Body(delivery)), s_indented);
}
