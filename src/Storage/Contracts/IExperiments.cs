namespace Tracker.Storage;

/// <summary>An experiment, as programs outside know it: a sweep, or a folder for runs that such programs report.</summary>
/// <param name="Id">Its id: that of the sweep.</param>
/// <param name="Name">Its name.</param>
/// <param name="External">Whether it was made outside; otherwise it is a sweep.</param>
/// <param name="CreatedAt">Since when there is one.</param>
/// <param name="ChangedAt">When it, or what it is called, was last changed.</param>
/// <param name="DeletedAt">Since when it lies in the recycle bin.</param>
/// <param name="Tags">What programs have attached to it, by key.</param>
public sealed record Experiment(
    long Id, string Name, bool External, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? DeletedAt, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Where runs go that name no experiment; it is always there.</summary>
    public const long DefaultId = 0;
}

/// <summary>A condition on experiments.</summary>
/// <param name="Field"><c>name</c>, <c>creation_time</c>, <c>last_update_time</c> (milliseconds since 1970), or <c>tags.KEY</c>.</param>
/// <param name="Operator">= != &lt; &lt;= &gt; &gt;= LIKE ILIKE; a missing tag never matches.</param>
/// <param name="Value">A text, or a <see cref="long"/> for times.</param>
public sealed record ExperimentCondition(string Field, string Operator, object Value);

/// <summary>Order of a list of experiments.</summary>
/// <param name="Field"><c>name</c>, <c>experiment_id</c>, <c>creation_time</c> or <c>last_update_time</c>.</param>
/// <param name="Descending">Largest first.</param>
public sealed record ExperimentOrder(string Field, bool Descending);

/// <summary>Which experiments to list.</summary>
/// <param name="Conditions">All must hold.</param>
/// <param name="Presence">Whether those in the recycle bin count.</param>
/// <param name="Order">Ties are broken by descending id.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Cursor">Where a former page ended; <see langword="null"/> for the first.</param>
public sealed record ExperimentSearch(
    IReadOnlyList<ExperimentCondition> Conditions, Presence Presence, IReadOnlyList<ExperimentOrder> Order, int Limit, string? Cursor);

/// <summary>Part of a list of experiments.</summary>
/// <param name="Experiments">In order.</param>
/// <param name="Next">Continues the list; <see langword="null"/> at its end.</param>
public sealed record ExperimentPage(IReadOnlyList<Experiment> Experiments, string? Next);

/// <summary>There is an experiment of that name already.</summary>
public sealed class ExperimentExistsException(string name, Exception? inner = null) : InvalidOperationException($"Experiment(name={name}) already exists.", inner);

/// <summary>Experiments of programs outside. Unknown ids answer <see langword="null"/> or false.</summary>
public interface IExperiments
{
    /// <summary>Makes one.</summary>
    /// <exception cref="ExperimentExistsException">The name is taken by one that is not in the recycle bin, a sweep's included.</exception>
    Task<long> CreateAsync(string name, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    /// <summary>One by id, also from the recycle bin.</summary>
    Task<Experiment?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>One by name: before those in the recycle bin one that is not there, before sweeps one from outside, before older ones the newest.</summary>
    Task<Experiment?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The experiments of a search; the one by default and all sweeps are among them.</summary>
    /// <exception cref="Domain.FilterException">A field, an order or the cursor is unknown.</exception>
    Task<ExperimentPage> SearchAsync(ExperimentSearch search, CancellationToken cancellationToken);

    /// <summary>Puts it into the recycle bin with its runs. Refused (<see cref="InvalidOperationException"/>) for the one by default and while the product trains runs of it.</summary>
    Task<bool> DeleteAsync(long id, CancellationToken cancellationToken);

    /// <summary>Takes it out of the recycle bin, with all of its runs.</summary>
    /// <exception cref="ExperimentExistsException">Its name has been taken since.</exception>
    Task<bool> RestoreAsync(long id, CancellationToken cancellationToken);

    /// <summary>Gives it another name.</summary>
    /// <exception cref="ExperimentExistsException">The name is taken.</exception>
    Task<bool> RenameAsync(long id, string name, CancellationToken cancellationToken);

    /// <summary>Attaches a tag, or replaces its value.</summary>
    Task<bool> SetTagAsync(long id, string key, string value, CancellationToken cancellationToken);

    /// <summary>Removes a tag; false too when it does not have it.</summary>
    Task<bool> DeleteTagAsync(long id, string key, CancellationToken cancellationToken);
}
