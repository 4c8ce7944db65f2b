using System.Text.Json;
using System.Text.Json.Serialization;
using Tracker.Storage;
using Tracker.Web.Webhooks;

namespace Tracker.Web.Api;

/// <summary>What to make a webhook of.</summary>
/// <param name="Secret">What deliveries are signed with, 16 to 200 characters; left out, one is made.</param>
/// <param name="SweepId">Only what concerns this sweep.</param>
/// <param name="Network">Only what concerns this network.</param>
/// <param name="Dataset">Only what concerns this data set.</param>
/// <param name="Active">False makes it without sending anything yet.</param>
public sealed record WebhookRequest(string? Secret = null, long? SweepId = null, string? Network = null, string? Dataset = null, bool? Active = null)
{
    /// <summary>What it is for; 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Where events are sent, such as https://example.org/hook. Only public addresses, unless an operator allows others.</summary>
    public required string Url { get; init; }

    /// <summary>Some of run.finished, run.failed, run.cancelled, sweep.finished, sweep.failed, table.changed.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    internal WebhookSettings ToSettings() => new(Name, Url, Events, SweepId, Network, Dataset, Active ?? true);
}

/// <summary>What to change of a webhook; what is left out stays.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">The events that it asks for from now on.</param>
/// <param name="SweepId">Only what concerns this sweep; 0 for all.</param>
/// <param name="Network">Only what concerns this network; empty for all.</param>
/// <param name="Dataset">Only what concerns this data set; empty for all.</param>
/// <param name="Active">False pauses it, true has it go on.</param>
/// <param name="Secret">A new secret; the old one is no longer used.</param>
/// <param name="RotateSecret">True has a new secret made; the answer holds it.</param>
public sealed record WebhookChange(
    string? Name = null, string? Url = null, IReadOnlyList<string>? Events = null, long? SweepId = null, string? Network = null, string? Dataset = null,
    bool? Active = null, string? Secret = null, bool? RotateSecret = null)
{
    internal WebhookSettings Apply(WebhookSettings to) => to with
    {
        Name = Name ?? to.Name, Url = Url ?? to.Url, Events = Events ?? to.Events, SweepId = SweepId ?? to.SweepId, Network = Network ?? to.Network,
        Dataset = Dataset ?? to.Dataset, Active = Active ?? to.Active,
    };
}

/// <summary>A webhook.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Who made it.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">What it asks for.</param>
/// <param name="SweepId">Only what concerns this sweep.</param>
/// <param name="Network">Only what concerns this network.</param>
/// <param name="Dataset">Only what concerns this data set.</param>
/// <param name="Active">Whether events are recorded and sent.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastAt">When something was last sent.</param>
/// <param name="LastStatus">The HTTP status of the answer then, if there was one.</param>
/// <param name="LastError">What was wrong then; null when all was well.</param>
/// <param name="FailingSince">Since when nothing has succeeded, if something failed since.</param>
/// <param name="PausedAt">When it was paused because nothing could be delivered for three days.</param>
/// <param name="Secret">The secret itself: in the answer that makes it and never again.</param>
public sealed record WebhookResource(
    long Id, string Owner, string Name, string Url, IReadOnlyList<string> Events, long? SweepId, string? Network, string? Dataset, bool Active,
    DateTimeOffset CreatedAt, DateTimeOffset? LastAt, int? LastStatus, string? LastError, DateTimeOffset? FailingSince, DateTimeOffset? PausedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null) : IEditable
{
    [JsonIgnore]
    public string EditTag => Storage.EditTag.OfWebhook(new(Name, Url, Events, SweepId, Network, Dataset, Active));

    internal static WebhookResource From(Webhook w, string? secret = null) => new(
        w.Id, w.OwnerName, w.Settings.Name, w.Settings.Url, w.Settings.Events, w.Settings.SweepId, w.Settings.Network, w.Settings.Dataset, w.Settings.Active,
        w.CreatedAt, w.LastAt, w.LastStatus, w.LastError, w.FailingSince, w.PausedAt, secret);
}

/// <summary>An event on its way to a webhook.</summary>
/// <param name="Id">Its id: the header X-Tracker-Delivery, the same at every try.</param>
/// <param name="Type">The kind of the event.</param>
/// <param name="At">When it happened.</param>
/// <param name="State">Waiting, Delivered or GivenUp.</param>
/// <param name="NextTryAt">When it is sent again, while it waits.</param>
/// <param name="EndedAt">When it was delivered or given up.</param>
/// <param name="Payload">What is sent.</param>
/// <param name="Attempts">The tries so far, the latest first.</param>
public sealed record DeliveryResource(
    Guid Id, string Type, DateTimeOffset At, DeliveryState State, DateTimeOffset? NextTryAt, DateTimeOffset? EndedAt, JsonElement Payload,
    IReadOnlyList<DeliveryAttemptResource> Attempts)
{
    internal static DeliveryResource From(Delivery d) => new(
        d.Id, d.Kind, d.At, d.State, d.State == DeliveryState.Waiting ? d.DueAt : null, d.EndedAt, JsonElement.Parse(WebhookSender.Body(d)),
        [.. d.Attempts.Select(a => new DeliveryAttemptResource(a.Try, a.At, a.Milliseconds, a.Status, a.Error, a.Response))]);
}

/// <summary>One try of a delivery.</summary>
/// <param name="Try">Its number, from 1.</param>
/// <param name="At">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">The HTTP status of the answer, if there was one.</param>
/// <param name="Error">What was wrong; null when all was well.</param>
/// <param name="Response">How the answer begins: at most 1,024 bytes.</param>
public sealed record DeliveryAttemptResource(int Try, DateTimeOffset At, int Milliseconds, int? Status, string? Error, string? Response);
