namespace Tracker.Storage;

/// <summary>Small texts that each user keeps, such as whether the first steps were put away.</summary>
public interface IUserSettings
{
    /// <summary>The text under a key, or <see langword="null"/>.</summary>
    Task<string?> GetAsync(long userId, string key, CancellationToken cancellationToken);

    /// <summary>Keeps a text under a key; <see langword="null"/> forgets it.</summary>
    Task SetAsync(long userId, string key, string? value, CancellationToken cancellationToken);
}
