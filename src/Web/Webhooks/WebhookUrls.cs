using System.Net.Sockets;

namespace Tracker.Web.Webhooks;

/// <summary>Says what is wrong with the URL of a webhook when it is made; the address is checked again at every connection.</summary>
public sealed class WebhookUrls(IHostNames names, WebhookAddresses addresses)
{
    private const int MaxLength = 2000;

    /// <summary>A name that takes longer to resolve is looked at when something is sent.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong, or <see langword="null"/>.</summary>
    public async Task<string?> FaultAsync(string url, CancellationToken cancellationToken)
    {
        if (url.Length > MaxLength) return $"Expected at most {MaxLength} characters, found {url.Length}.";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
            return "Expected an address that begins with https:// or http://, such as https://example.org/hook.";
        if (uri.UserInfo.Length > 0) return "Expected an address without a name and password in it. The signature proves who sends.";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            addresses.Choose(uri.IdnHost, await names.ResolveAsync(uri.IdnHost, patience.Token));
            return null;
        }
        catch (WebhookRefusedException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A name that is not there now may be later; until then each delivery says so.
            return null;
        }
    }
}
