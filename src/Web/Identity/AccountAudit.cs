using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tracker.Storage;

namespace Tracker.Web.Identity;

/// <summary>Records changes of accounts in the transaction of <see cref="AccountsContext"/> that makes them, or alone where there is none.</summary>
public sealed class AccountAudit(AccountsContext accounts, IAudit audit)
{
    public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken) => accounts.Database.CurrentTransaction is null
        ? audit.RecordAsync(entry, cancellationToken)
        : audit.RecordAsync(entry, (NpgsqlConnection)accounts.Database.GetDbConnection(), cancellationToken);
}
