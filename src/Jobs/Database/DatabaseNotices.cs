using Microsoft.Extensions.Logging;

namespace Tracker.Jobs.Database;

/// <summary>Writes into the host's log that Postgres is away, and back.</summary>
internal sealed partial class DatabaseNotices(ILogger<DatabaseNotices> logger)
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Notice}")]
    public partial void Tell(string notice);
}
