namespace Tracker.Storage;

/// <summary>A page's address that somebody gave a name.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OwnerId">Who saved it.</param>
/// <param name="OwnerName">Their name.</param>
/// <param name="Name">Its name; one owner has it once on a page.</param>
/// <param name="Query">The query string, without the question mark.</param>
/// <param name="Shared">Whether others are offered it too.</param>
public sealed record SavedView(long Id, long OwnerId, string OwnerName, string Name, string Query, bool Shared);

/// <summary>Views of pages by name.</summary>
public interface ISavedViews
{
    /// <summary>The most characters of a query string.</summary>
    const int MaxQuery = 8000;

    /// <summary>A user's own views of a page and those that others share, by name.</summary>
    Task<IReadOnlyList<SavedView>> ListAsync(long userId, string page, CancellationToken cancellationToken);

    /// <summary>A view that a user may see, or <see langword="null"/>.</summary>
    Task<SavedView?> FindAsync(long userId, long viewId, CancellationToken cancellationToken);

    /// <summary>Saves a view; one of that name, user and page is replaced.</summary>
    /// <returns>Its id.</returns>
    Task<long> SaveAsync(long userId, string page, string name, string query, bool shared, CancellationToken cancellationToken);

    /// <summary>Deletes a user's own view.</summary>
    /// <returns>False when there is none of that id, or it is somebody else's.</returns>
    Task<bool> DeleteAsync(long userId, long viewId, CancellationToken cancellationToken);
}
