using Tracker.Web.Identity;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Components.Layout;

/// <summary>What the jump box of the pages finds; for the pages alone, so no part of the REST interface.</summary>
public static class JumpEndpoint
{
    private const int Most = 12;
    private const int LongestText = 100;

    public static void MapJump(this WebApplication app) => app.MapGet(Addresses.Jump, FindAsync).RequireAuthorization(Policies.Read).ExcludeFromDescription();

    private static async Task<IEnumerable<Found>> FindAsync(string? text, IPlaces places, CancellationToken cancellationToken)
    {
        var typed = (text ?? "").Trim();
        return typed.Length is 0 or > LongestText ? [] : (await places.FindAsync(typed, Most, cancellationToken)).Select(Found.From);
    }

    /// <summary>A line of the box.</summary>
    private sealed record Found(string Title, string Note, string Href, bool Run)
    {
        public static Found From(Place place) => place.IsRun
            ? new($"Run {place.Id}", place.Title, Addresses.Run(place.Id), Run: true)
            : new(place.Title, $"sweep {place.Id}", Addresses.Sweep(place.Id), Run: false);
    }
}
