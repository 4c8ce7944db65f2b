using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Tracker.Web.Webhooks;

/// <summary>The secrets by which receivers know that it is this product that calls: made, encrypted for the database, and used.</summary>
public sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    public const string Start = "whs_";
    public const int MinLength = 16;
    public const int MaxLength = 200;
    private const int Bytes = 32;
    private readonly IDataProtector _protector = protection.CreateProtector("Tracker.Webhooks.Secret");

    public static string Make() => Start + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public string Protect(string secret) => _protector.Protect(secret);

    /// <exception cref="CryptographicException">It was encrypted with keys that are gone.</exception>
    public string Unprotect(string protectedSecret) => _protector.Unprotect(protectedSecret);

    /// <summary>What the header <see cref="WebhookHeaders.Signature"/> says: HMAC-SHA256 of the timestamp, a dot and the body.</summary>
    public static string Sign(string secret, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture) + "."));
        hmac.AppendData(body);
        return "sha256=" + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}

/// <summary>The headers of what is sent.</summary>
public static class WebhookHeaders
{
    /// <summary>The event's kind.</summary>
    public const string Event = "X-Tracker-Event";

    /// <summary>The delivery's id, the same at every try.</summary>
    public const string Delivery = "X-Tracker-Delivery";

    /// <summary>When it was signed, in seconds since 1970.</summary>
    public const string Timestamp = "X-Tracker-Timestamp";

    /// <summary>See <see cref="WebhookSecrets.Sign"/>.</summary>
    public const string Signature = "X-Tracker-Signature";
}
