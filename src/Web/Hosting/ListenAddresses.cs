using System.Net;
using System.Net.Sockets;

namespace Tracker.Web.Hosting;

/// <summary>The addresses that the process listens on: checked before anything else is started, because a taken port is the commonest fault.</summary>
public static class ListenAddresses
{
    private const string DefaultAddress = "http://localhost:5080";

    /// <summary>What is wrong with the configured addresses.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration)
    {
        foreach (var text in Configured(configuration))
        {
            var fault = Check(text);
            if (fault is not null) yield return fault;
        }
    }

    /// <summary>Listens on the default address when none is configured.</summary>
    public static void UseDefault(WebApplicationBuilder builder)
    {
        if (Configured(builder.Configuration).Length == 0 && builder.Configuration[WebHostDefaults.HttpPortsKey] is null && builder.Configuration[WebHostDefaults.HttpsPortsKey] is null)
            builder.WebHost.UseUrls(DefaultAddress);
    }

    /// <summary>Refuses to start when one of the addresses cannot be listened on, above all because another program has the port.</summary>
    /// <exception cref="StartupException">An address is not free.</exception>
    public static void RequireFree(IConfiguration configuration)
    {
        var configured = Configured(configuration);
        foreach (var text in configured.Length > 0 ? configured : [DefaultAddress])
        {
            var address = BindingAddress.Parse(text);
            if (address.IsUnixPipe || address.Port == 0) continue;
            Try(address, text);
        }
    }

    public static string TakenMessage(string address) =>
        $"The port is taken: another program listens on {address}. Stop it, or choose another port with --urls or ASPNETCORE_URLS.";

    private static string[] Configured(IConfiguration configuration) =>
        configuration[WebHostDefaults.ServerUrlsKey]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string? Check(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.IsUnixPipe || address.Port is >= 0 and <= 65535 ? null : $"The address '{text}' has port {address.Port}. Expected 0 to 65535.";
        }
        catch (FormatException)
        {
            return $"The address '{text}' is none. Expected one such as '{DefaultAddress}' or 'http://*:5080'.";
        }
    }

    /// <exception cref="StartupException">The address cannot be listened on.</exception>
    private static void Try(BindingAddress address, string text)
    {
        var ip = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Any;
        using var listener = new TcpListener(ip, address.Port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new StartupException(e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? TakenMessage(text)
                : $"Cannot listen on {text}: {e.Message}. Choose another address with --urls or ASPNETCORE_URLS.");
        }
    }
}
