namespace Tracker.Storage;

/// <summary>The schema of the database is not the one that this build works with.</summary>
public sealed class SchemaException : Exception
{
    private SchemaException(string message, bool isOlder) : base(message) => IsOlder = isOlder;

    /// <summary>Whether the schema is missing or older, so that waiting for the web process to migrate it may help.</summary>
    public bool IsOlder { get; }

    /// <summary>The database is ahead.</summary>
    public static SchemaException Newer(string found) => new(
        $"The database has schema {found}, newer than this build, which knows up to {Schema.Latest}. Start the version that made it, or a later one.", isOlder: false);

    /// <summary>The database is behind.</summary>
    public static SchemaException Older(string? found, string missing) => new(
        $"The database has {(found is null ? "no schema" : $"schema {found} without {missing}")}; this build needs {Schema.Latest}. Start the web process of this version: it brings the schema up to date.", isOlder: true);
}
