using Npgsql;
using Tracker.Storage.Database;

namespace Tracker.Storage.External;

/// <summary>Programs find experiments by their names: one that is not in the recycle bin has its name for itself.</summary>
internal static class ExperimentNames
{
    /// <exception cref="ExperimentExistsException">An experiment or a sweep is called so.</exception>
    public static async Task RefuseTakenAsync(DbSession session, string name)
    {
        if (await session.FirstAsync("SELECT true FROM sweeps WHERE name = @name AND deleted_at IS NULL LIMIT 1", r => r.GetBoolean(0), ("name", name)))
            throw new ExperimentExistsException(name);
    }

    /// <summary>Two that take a name at once both find it free; to one of them the database says otherwise.</summary>
    /// <exception cref="ExperimentExistsException">An experiment is called so.</exception>
    public static async Task<T> UniqueAsync<T>(string name, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "sweeps_external_name" })
        {
            throw new ExperimentExistsException(name, e);
        }
    }
}
