using System.Buffers;
using Npgsql;

namespace Tracker.Storage.Exports;

/// <summary>A COPY to this process: its bytes are handed on as they come.</summary>
internal sealed class CopiedFile : IExportedFile
{
    /// <summary>The server sends a message for each row; so much is collected before it goes out.</summary>
    private const int BufferBytes = 64 * 1024;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly NpgsqlCopyTextReader _copy;
    private readonly byte[] _heading;
    private bool _read;

    private CopiedFile(NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlCopyTextReader copy, byte[] heading) =>
        (_connection, _transaction, _copy, _heading) = (connection, transaction, copy, heading);

    /// <summary>Begins a COPY. The file owns connection and transaction from then on.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">Its transaction, with all that the query needs.</param>
    /// <param name="heading">What comes before the rows.</param>
    /// <param name="query">The query. COPY takes no parameters, so it must not hold anything that a user wrote.</param>
    /// <param name="cancellationToken">Ends the beginning.</param>
    public static async Task<CopiedFile> BeginAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, byte[] heading, string query, CancellationToken cancellationToken)
    {
        var copy = (NpgsqlCopyTextReader)await connection.BeginTextExportAsync(query, cancellationToken);
        // Until the first row comes, Postgres may have to sort many.
        copy.Timeout = Timeout.Infinite;
        return new(connection, transaction, copy, heading);
    }

    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await target.WriteAsync(_heading, cancellationToken);
            // Raw: the reader would decode UTF-8 only for it to be encoded again.
            var rows = _copy.BaseStream;
            var filled = 0;
            while (await rows.ReadAsync(buffer.AsMemory(filled), cancellationToken) is var read and > 0)
            {
                filled += read;
                if (filled < buffer.Length) continue;
                await target.WriteAsync(buffer.AsMemory(0, filled), cancellationToken);
                filled = 0;
            }
            _read = true;
            await target.WriteAsync(buffer.AsMemory(0, filled), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using (_connection)
        await using (_transaction)
        {
            // Otherwise the rest, however long, would be read to its end before the connection is used again.
            if (!_read) await CancelAsync();
            else await _copy.DisposeAsync();
        }
    }

    private async Task CancelAsync()
    {
        try
        {
            await _copy.CancelAsync();
            await _copy.DisposeAsync();
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled })
        {
            // A COPY that was cancelled answers that it was, and one whose connection broke is over already.
        }
    }
}
