using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Npgsql;

namespace Tracker.Storage.Database;

/// <inheritdoc cref="IChanges" />
internal sealed class Changes(NpgsqlDataSource dataSource) : IChanges
{
    /// <summary>A connection whose other side vanished says nothing; a question now and then makes that an error.</summary>
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<Change> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var arrived = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        connection.Notification += (_, notification) =>
        {
            foreach (var change in ChangeCoding.Read(notification.Payload)) arrived.Writer.TryWrite(change);
        };
        await ExecuteAsync(connection, $"LISTEN {ChangeCoding.Channel}", cancellationToken);
        while (true)
        {
            while (arrived.Reader.TryRead(out var change)) yield return change;
            if (!await connection.WaitAsync(s_probe, cancellationToken)) await ExecuteAsync(connection, "SELECT 1", cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
