using System.Text.Json;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>An entry of the audit log.</summary>
/// <param name="Id">Its number: later ones have greater ones.</param>
/// <param name="At">When.</param>
/// <param name="UserId">Who, if they were signed in.</param>
/// <param name="UserName">Their name as it was then.</param>
/// <param name="Via">Session, Token, Service (a token of a service account) or System.</param>
/// <param name="Token">What the token was for and how it begins.</param>
/// <param name="Address">The network address that the request came from.</param>
/// <param name="Action">What was done, such as sweep.submit.</param>
/// <param name="ObjectKind">What it was done to, such as sweep.</param>
/// <param name="ObjectId">Its id.</param>
/// <param name="ObjectName">Its name as it was then.</param>
/// <param name="Before">What was changed, as it was.</param>
/// <param name="After">The same as it became.</param>
public sealed record AuditResource(
    long Id, DateTimeOffset At, long? UserId, string UserName, ActorVia Via, string? Token, string? Address, string Action, string ObjectKind, long? ObjectId,
    string? ObjectName, JsonElement? Before, JsonElement? After)
{
    public static AuditResource From(AuditRecord e) => new(
        e.Id, e.At, e.Who.UserId, e.Who.Name, e.Who.Via, e.Who.Token, e.Who.Address, e.Action, e.ObjectKind, e.ObjectId, e.ObjectName, Read(e.Before), Read(e.After));

    private static JsonElement? Read(string? json) => json is null ? null : JsonElement.Parse(json);
}
