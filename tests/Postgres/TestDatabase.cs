using Xunit;

namespace Tracker.Tests.Postgres;

/// <summary>A database with the product's schema for one test class: use it as a class fixture.</summary>
public class TestDatabase : IAsyncLifetime
{
    /// <summary>Connects to the database.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <inheritdoc />
    public virtual async ValueTask InitializeAsync() => ConnectionString = await TestServer.CreateDatabaseAsync();

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        if (ConnectionString.Length > 0) await TestServer.DropDatabaseAsync(ConnectionString);
        GC.SuppressFinalize(this);
    }
}
