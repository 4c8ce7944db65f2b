using System.Globalization;

namespace Tracker.Cli.Api;

/// <summary>The part of an address behind the question mark.</summary>
internal static class Query
{
    /// <summary>What has a value, escaped, with the question mark; nothing where nothing has one.</summary>
    public static string Of(params IReadOnlyList<(string Name, object? Value)> parameters)
    {
        var given = parameters.Where(p => p.Value is not null)
            .Select(p => $"{p.Name}={Uri.EscapeDataString(Convert.ToString(p.Value, CultureInfo.InvariantCulture)!)}").ToList();
        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
