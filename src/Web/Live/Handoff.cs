using System.Collections.Concurrent;

namespace Tracker.Web.Live;

/// <summary>
/// Carries what a prerendered page loaded over to its live twin in the same process, which follows a moment later: no second query, no
/// flicker, and nothing sent to the browser but a key.
/// </summary>
public sealed class Handoff(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Guid, (object Model, DateTimeOffset Until)> _waiting = new();

    public Guid Put(object model)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, entry) in _waiting)
        {
            if (entry.Until < now)
                _waiting.TryRemove(old, out _);
        }
        var key = Guid.NewGuid();
        _waiting[key] = (model, now + Kept);
        return key;
    }

    /// <summary>The model under that key, once; <see langword="null"/> when it was fetched already, is too old or another kind.</summary>
    public T? Take<T>(Guid key) where T : class =>
        _waiting.TryRemove(key, out var entry) && entry.Until >= clock.GetUtcNow() ? entry.Model as T : null;
}
