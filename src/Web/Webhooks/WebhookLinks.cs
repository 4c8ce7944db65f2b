using System.Text.Json.Nodes;
using Tracker.Storage;

namespace Tracker.Web.Webhooks;

/// <summary>Makes the paths in what webhooks are told whole addresses, where an operator has said by which the server is reached.</summary>
/// <param name="server">The server's public address; without it paths stay paths.</param>
public sealed class WebhookLinks(Uri? server)
{
    private static readonly string[] s_names = ["page", "api"];

    /// <summary>What is sent in the end.</summary>
    public DueDelivery Complete(DueDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery with { Data = Complete(delivery.Data) };
    }

    /// <inheritdoc cref="Complete(DueDelivery)" />
    public Delivery Complete(Delivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery with { Data = Complete(delivery.Data) };
    }

    private string Complete(string data)
    {
        if (server is null || JsonNode.Parse(data) is not JsonObject root) return data;
        Complete(root, server.AbsoluteUri.TrimEnd('/'));
        return root.ToJsonString();
    }

    private static void Complete(JsonObject of, string address)
    {
        foreach (var (name, value) in of.ToList())
        {
            if (value is JsonObject inner) Complete(inner, address);
            else if (s_names.Contains(name) && value is JsonValue text && text.TryGetValue<string>(out var path) && path.StartsWith('/')) of[name] = address + path;
        }
    }
}
