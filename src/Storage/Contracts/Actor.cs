namespace Tracker.Storage;

/// <summary>How somebody came to act.</summary>
public enum ActorVia
{
    /// <summary>Signed in with a browser.</summary>
    Session,

    /// <summary>A program with an API token.</summary>
    Token,

    /// <summary>A service account, which has tokens alone.</summary>
    Service,

    /// <summary>The product itself.</summary>
    System,
}

/// <summary>Who acts, for the audit log and for what they may do.</summary>
/// <param name="UserId">The user; <see langword="null"/> for the product itself and for those who are not known.</param>
/// <param name="Name">Their name.</param>
/// <param name="Via">How they came.</param>
public sealed record Actor(long? UserId, string Name, ActorVia Via)
{
    /// <summary>The product itself.</summary>
    public static readonly Actor System = new(null, "system", ActorVia.System);

    // Flows with the call, also through services that live as long as the process, so that none of them needs a parameter for it.
    private static readonly AsyncLocal<Actor?> s_current = new();

    /// <summary>On whose behalf the present call is made; what is set is seen by what is called, not by the caller.</summary>
    public static Actor? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    /// <summary>What the token is for and how it begins.</summary>
    public string? Token { get; init; }

    /// <summary>The network address that the request came from.</summary>
    public string? Address { get; init; }

    /// <summary>Whether the token may only read.</summary>
    public bool ReadOnly => Scope == "read";

    /// <summary>What the token may do at most: read, write or admin; <see langword="null"/> where no token is.</summary>
    public string? Scope { get; init; }
}
