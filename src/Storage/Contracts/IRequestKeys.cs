namespace Tracker.Storage;

/// <summary>The answer to a request that may come again.</summary>
/// <param name="Status">Its status.</param>
/// <param name="ContentType">What its body is.</param>
/// <param name="Location">Where what was made is.</param>
/// <param name="ETag">The version of what it shows.</param>
/// <param name="Body">Its body.</param>
public sealed record KeptAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body);

/// <summary>What a request finds under its key.</summary>
public enum KeyState
{
    /// <summary>Nothing: the request is carried out now.</summary>
    Claimed,

    /// <summary>The same request, which is being carried out.</summary>
    Busy,

    /// <summary>Another request.</summary>
    Other,

    /// <summary>The same request with its answer.</summary>
    Answered,

    /// <summary>The same request, which has changed something and never got its answer: the process ended in between.</summary>
    AnswerLost,
}

/// <summary>What a request found under its key.</summary>
/// <param name="State">What there is.</param>
/// <param name="Claim">The claim of who may carry it out now.</param>
/// <param name="Answer">The answer, if there is one.</param>
/// <param name="Changed">What was changed, such as <c>sweep 12</c>, if it is known.</param>
public sealed record FoundKey(KeyState State, RequestClaim? Claim = null, KeptAnswer? Answer = null, string? Changed = null);

/// <summary>The right to carry out a request under its key, and to be the only one whose change counts.</summary>
/// <param name="UserId">Whose key.</param>
/// <param name="Key">The key.</param>
/// <param name="Id">Which execution.</param>
public sealed record RequestClaim(long UserId, string Key, Guid Id)
{
    private static readonly AsyncLocal<RequestClaim?> s_current = new();

    /// <summary>The claim by which the present call changes something: its entry in the audit log marks the key, in the transaction of the change.</summary>
    public static RequestClaim? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }
}

/// <summary>Keys by which clients may send a request again without doing it twice.</summary>
public interface IRequestKeys
{
    /// <summary>How long a key is known.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>How long a request may take before another one with its key goes ahead; the slow one can then change nothing any more.</summary>
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Claims a key for a request, or tells what there is.</summary>
    /// <param name="userId">Whose key.</param>
    /// <param name="key">The key.</param>
    /// <param name="request">SHA-256 of the request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FoundKey> ClaimAsync(long userId, string key, byte[] request, CancellationToken cancellationToken);

    /// <summary>Keeps the answer if the request has changed something; a key without a change is free again.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="answer">The answer; <see langword="null"/> when there is none or it is not to be kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task EndAsync(RequestClaim claim, KeptAnswer? answer, CancellationToken cancellationToken);
}
