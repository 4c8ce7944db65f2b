using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Api;
using Tracker.Web.Identity;

namespace Tracker.Web.Webhooks;

/// <summary>A webhook that was just made or got a new secret: the only time that the secret is known.</summary>
public sealed record WebhookWithSecret(Webhook Webhook, string? Secret);

/// <summary>
/// The webhooks of whoever acts, for pages and REST: members have their own, admins see and change all. What is wrong with a webhook is
/// said before it is stored.
/// </summary>
public sealed class WebhookDesk(
    IWebhooks webhooks, IWebhookQueue queue, ISweeps sweeps, WebhookSender sender, WebhookSecrets secrets, WebhookUrls urls, WebhookLinks links, Access access,
    TimeProvider clock)
{
    /// <summary>The webhooks that they see, by name.</summary>
    public Task<IReadOnlyList<Webhook>> ListAsync(WebhookReader reader, CancellationToken cancellationToken) => webhooks.ListAsync(reader.Scope, cancellationToken);

    /// <summary>One of them, or <see langword="null"/>.</summary>
    public Task<Webhook?> FindAsync(long id, WebhookReader reader, CancellationToken cancellationToken) => webhooks.FindAsync(id, reader.Scope, cancellationToken);

    /// <summary>What was sent to one of them, the latest first, or <see langword="null"/>.</summary>
    public async Task<IReadOnlyList<Delivery>?> DeliveriesAsync(long id, WebhookReader reader, int limit, long? before, CancellationToken cancellationToken) =>
        await FindAsync(id, reader, cancellationToken) is null ? null : [.. (await webhooks.DeliveriesAsync(id, limit, before, cancellationToken)).Select(links.Complete)];

    /// <summary>Makes a webhook, with a secret that is made too if none is given.</summary>
    /// <exception cref="SpecificationException">Something is wrong with it.</exception>
    /// <exception cref="AccessDeniedException">They may not.</exception>
    public async Task<WebhookWithSecret> AddAsync(WebhookSettings settings, string? secret, CancellationToken cancellationToken)
    {
        var owner = (await access.DemandAsync(Policies.Act, cancellationToken)).UserId!.Value;
        var clean = await CheckAsync(settings, secret, former: null, cancellationToken);
        var text = secret ?? WebhookSecrets.Make();
        var id = await webhooks.AddAsync(owner, clean, secrets.Protect(text), cancellationToken);
        return new((await webhooks.FindAsync(id, owner, cancellationToken))!, text);
    }

    /// <summary>Changes a webhook; <paramref name="secret"/> is its new secret, if it gets one.</summary>
    /// <returns><see langword="null"/> when there is none for them.</returns>
    /// <exception cref="SpecificationException">Something is wrong with it.</exception>
    /// <exception cref="AccessDeniedException">They may not.</exception>
    public async Task<WebhookWithSecret?> ChangeAsync(long id, Func<WebhookSettings, WebhookSettings> change, string? secret, CancellationToken cancellationToken)
    {
        var scope = await access.DemandWebhooksAsync(cancellationToken);
        if (await webhooks.FindAsync(id, scope, cancellationToken) is not { } found) return null;
        var after = change(found.Settings);
        await CheckAsync(after, secret, found.Settings, cancellationToken);
        return await webhooks.ChangeAsync(id, scope, s => Clean(change(s)), secret is null ? null : secrets.Protect(secret), cancellationToken)
            && await webhooks.FindAsync(id, scope, cancellationToken) is { } changed
                ? new(changed, secret)
                : null;
    }

    /// <summary>Deletes a webhook.</summary>
    /// <returns>False when there is none for them.</returns>
    /// <exception cref="AccessDeniedException">They may not.</exception>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken) =>
        await webhooks.DeleteAsync(id, await access.DemandWebhooksAsync(cancellationToken), cancellationToken);

    /// <summary>Sends a test event now, once, and answers what became of it.</summary>
    /// <returns><see langword="null"/> when there is no such webhook for them.</returns>
    /// <exception cref="AccessDeniedException">They may not.</exception>
    public async Task<Delivery?> TestAsync(long id, CancellationToken cancellationToken)
    {
        var scope = await access.DemandWebhooksAsync(cancellationToken);
        if (await webhooks.FindAsync(id, scope, cancellationToken) is null
            || await queue.TakeTestAsync(id, clock.GetUtcNow(), WebhookDelivery.Lease, cancellationToken) is not { } delivery) return null;
        var attempt = await sender.SendAsync(delivery, cancellationToken);
        await queue.RecordAsync(delivery, attempt, nextAt: null, WebhookRetries.Patience, cancellationToken);
        return await FindAsync(id, delivery.Id, cancellationToken);
    }

    /// <summary>Has a delivery sent again.</summary>
    /// <returns><see langword="null"/> when there is none for them.</returns>
    /// <exception cref="AccessDeniedException">They may not.</exception>
    public async Task<Delivery?> RetryAsync(long id, Guid delivery, CancellationToken cancellationToken)
    {
        var scope = await access.DemandWebhooksAsync(cancellationToken);
        return await webhooks.FindAsync(id, scope, cancellationToken) is not null && await webhooks.RetryAsync(id, delivery, clock.GetUtcNow(), cancellationToken)
            ? await FindAsync(id, delivery, cancellationToken)
            : null;
    }

    private async Task<Delivery?> FindAsync(long id, Guid delivery, CancellationToken cancellationToken) =>
        await webhooks.FindDeliveryAsync(id, delivery, cancellationToken) is { } found ? links.Complete(found) : null;

    private async Task<WebhookSettings> CheckAsync(WebhookSettings settings, string? secret, WebhookSettings? former, CancellationToken cancellationToken)
    {
        var clean = Clean(settings);
        var unknown = clean.Events.Except(WebhookEvents.All).ToList();
        var checks = new Checks().Length("name", clean.Name, 1, 100)
            .Require("events", clean.Events.Count > 0, $"Expected at least one of {string.Join(", ", WebhookEvents.All)}.")
            .Require("events", unknown.Count == 0, $"Expected some of {string.Join(", ", WebhookEvents.All)}, found '{string.Join(", ", unknown)}'.")
            .Require("network", clean.Network is null || Catalogue.FindNetwork(clean.Network) is not null, $"There is no network '{clean.Network}'.")
            .Require("dataset", clean.Dataset is null || Catalogue.FindDataset(clean.Dataset) is not null, $"There is no data set '{clean.Dataset}'.")
            .Require("sweepId", clean.SweepId is null or >= 0, $"Expected the id of a sweep, found {clean.SweepId}.")
            .Length("secret", secret, WebhookSecrets.MinLength, WebhookSecrets.MaxLength);
        // What was there when it was chosen may be gone by now, and must not keep the rest from being changed.
        if (clean.SweepId is > 0 and var id && id != former?.SweepId) checks.Require("sweepId", await sweeps.FindAsync(id, cancellationToken) is not null, $"There is no sweep {id}.");
        if (clean.Url != former?.Url && await urls.FaultAsync(clean.Url, cancellationToken) is { } fault) checks.Require("url", false, fault);
        checks.Throw();
        return clean;
    }

    private static WebhookSettings Clean(WebhookSettings settings) => settings with
    {
        Name = settings.Name.Trim(), Url = settings.Url.Trim(), Events = [.. settings.Events.Distinct()],
        Network = string.IsNullOrWhiteSpace(settings.Network) ? null : settings.Network.Trim(),
        Dataset = string.IsNullOrWhiteSpace(settings.Dataset) ? null : settings.Dataset.Trim(),
        SweepId = settings.SweepId == 0 ? null : settings.SweepId,
    };
}
