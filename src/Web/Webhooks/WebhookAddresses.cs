using System.Net;
using System.Net.Sockets;

namespace Tracker.Web.Webhooks;

/// <summary>An address that webhooks may not be sent to; the message says why, without telling what is behind it.</summary>
public sealed class WebhookRefusedException(string message) : InvalidOperationException(message);

/// <summary>
/// Which addresses webhooks may be sent to: those of the public internet, and what the operator allows besides. Otherwise whoever makes a
/// webhook could have this server call what only it can reach.
/// </summary>
public sealed class WebhookAddresses
{
    public const string Key = "TRACKER_WEBHOOK_ALLOW";

    /// <summary>Public addresses alone.</summary>
    public static readonly WebhookAddresses PublicOnly = new([], []);

    // Of the special-purpose registries of IPv4 and IPv6, what is not globally reachable; besides, what has an IPv4 address inside.
    private static readonly IPNetwork[] s_refused4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork s_global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] s_refused6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    private readonly IReadOnlyList<IPNetwork> _networks;
    private readonly HashSet<string> _hosts;

    private WebhookAddresses(IReadOnlyList<IPNetwork> networks, IEnumerable<string> hosts) =>
        (_networks, _hosts) = (networks, hosts.ToHashSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Reads what the operator allows: networks such as 10.1.0.0/16, addresses and host names, with commas or spaces between.</summary>
    public static WebhookAddresses Parse(string? text, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var networks = new List<IPNetwork>();
        var hosts = new List<string>();
        foreach (var entry in (text ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(entry, out var address)) networks.Add(new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            else if (entry.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(entry, out var network)) networks.Add(network);
            else if (Uri.CheckHostName(entry) == UriHostNameType.Dns) hosts.Add(entry);
            else faults.Add($"{Key} has '{entry}'. Expected a network such as 10.1.0.0/16, an address or a host name.");
        }
        return new(networks, hosts);
    }

    /// <summary>Whether a connection to an address may be made for a host.</summary>
    /// <param name="host">As the webhook's URL names it.</param>
    /// <param name="address">What it resolved to.</param>
    public bool Allows(string host, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (_hosts.Contains(host)) return true;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(n => n.Contains(plain)) || IsPublic(plain);
    }

    /// <summary>Those of the addresses that may be used.</summary>
    /// <exception cref="WebhookRefusedException">There is none.</exception>
    public IReadOnlyList<IPAddress> Choose(string host, IReadOnlyList<IPAddress> addresses)
    {
        var allowed = addresses.Where(a => Allows(host, a)).ToList();
        return allowed.Count > 0 ? allowed : throw Refusal(host);
    }

    /// <summary>What is said of a host whose addresses are all refused.</summary>
    public static WebhookRefusedException Refusal(string host) => new(
        $"'{host}' is no public address. An operator can allow it with {Key}.");

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !s_refused4.Any(n => n.Contains(address)),
        AddressFamily.InterNetworkV6 => s_global6.Contains(address) && !s_refused6.Any(n => n.Contains(address)),
        _ => false,
    };
}
