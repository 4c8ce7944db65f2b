using System.Globalization;
using System.Net;

namespace Tracker.Web.Hosting;

/// <summary>What the web process is told about sign-in and about who stands in front of it.</summary>
/// <param name="SignInsPerMinute">So many attempts to sign in come from one address in a minute at most; a third of them with one name.</param>
/// <param name="Proxies">Addresses and networks whose word on where a request comes from is taken.</param>
/// <param name="OAuth">The provider that people may sign in with; <see langword="null"/> without one.</param>
public sealed record AccessSettings(int SignInsPerMinute, IReadOnlyList<IPNetwork> Proxies, OAuthSettings? OAuth)
{
    public const string SignInsKey = "TRACKER_SIGN_INS_PER_MINUTE";
    public const string ProxiesKey = "TRACKER_PROXIES";
    public const int DefaultSignInsPerMinute = 60;

    internal static AccessSettings Read(IConfiguration configuration, List<string> faults) =>
        new(ReadSignIns(configuration[SignInsKey], faults), [.. ReadProxies(configuration[ProxiesKey], faults)], OAuthSettings.Read(configuration, faults));

    private static int ReadSignIns(string? text, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text)) return DefaultSignInsPerMinute;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 3 and <= 1_000_000) return number;
        faults.Add($"{SignInsKey} is '{text}'. Expected a whole number from 3 to 1000000.");
        return DefaultSignInsPerMinute;
    }

    private static List<IPNetwork> ReadProxies(string? text, List<string> faults)
    {
        var networks = new List<IPNetwork>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(part, out var address)) networks.Add(new(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(part, out var network)) networks.Add(network);
            else faults.Add($"{ProxiesKey} has '{part}'. Expected addresses or networks, separated by commas, such as '10.0.0.5' or '10.0.0.0/24'.");
        }
        return networks;
    }
}
