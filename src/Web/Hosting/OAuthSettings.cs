using Tracker.Web.Identity;

namespace Tracker.Web.Hosting;

/// <summary>A provider outside that people may sign in with, over OAuth 2.</summary>
/// <param name="Name">What the button calls it.</param>
/// <param name="ClientId">Who we are to the provider.</param>
/// <param name="ClientSecret">How we prove it.</param>
/// <param name="Authorize">Where people are sent.</param>
/// <param name="Token">Where a code becomes a token.</param>
/// <param name="UserInfo">Where the provider says who signed in; accounts are linked to this address and the person's id.</param>
/// <param name="Scopes">What is asked for.</param>
/// <param name="IdClaim">The field with an id that is never given to somebody else.</param>
/// <param name="NameClaim">The field with a name for a new account.</param>
/// <param name="EmailClaim">The field with the e-mail address.</param>
/// <param name="VerifiedClaim">The field that says whether the provider has checked that address; empty for one that has checked all.</param>
/// <param name="Domains">The domains whose people may sign in; empty for all.</param>
/// <param name="Role">The role of new accounts.</param>
/// <param name="Create">Whether whoever may sign in gets an account.</param>
public sealed record OAuthSettings(
    string Name, string ClientId, string ClientSecret, Uri Authorize, Uri Token, Uri UserInfo, IReadOnlyList<string> Scopes, string IdClaim, string NameClaim, string EmailClaim,
    string VerifiedClaim, IReadOnlyList<string> Domains, string Role, bool Create)
{
    public const string Prefix = "TRACKER_OAUTH_";
    private const string Everybody = "*";
    private static readonly string[] s_required = ["CLIENT_ID", "AUTHORIZE_URL", "TOKEN_URL", "USERINFO_URL"];

    /// <summary>Nothing where none of the settings is there.</summary>
    internal static OAuthSettings? Read(IConfiguration configuration, List<string> faults)
    {
        string? Text(string key) => configuration[Prefix + key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
        if (s_required.All(key => Text(key) is null)) return null;
        var before = faults.Count;
        faults.AddRange(s_required.Where(key => Text(key) is null).Select(key => $"{Prefix}{key} is not set, while others of {Prefix}… are."));
        var secret = ReadSecret(Text("CLIENT_SECRET"), Text("CLIENT_SECRET_FILE"), faults);
        var (authorize, token, userInfo) = (ReadUri("AUTHORIZE_URL", Text, faults), ReadUri("TOKEN_URL", Text, faults), ReadUri("USERINFO_URL", Text, faults));
        var role = Text("ROLE") ?? Roles.Viewer;
        if (!Roles.All.Contains(role)) faults.Add($"{Prefix}ROLE is '{role}'. Expected one of {string.Join(", ", Roles.All)}.");
        var create = Text("CREATE_ACCOUNTS") ?? "false";
        if (create is not ("true" or "false")) faults.Add($"{Prefix}CREATE_ACCOUNTS is '{create}'. Expected true or false.");
        var domains = Words(Text("DOMAINS"), ',');
        if (create == "true" && domains.Length == 0)
            faults.Add($"{Prefix}CREATE_ACCOUNTS is true without {Prefix}DOMAINS. Name the e-mail domains whose people get an account, or '{Everybody}' for everybody whom the provider knows.");
        return faults.Count > before
            ? null
            : new(Text("NAME") ?? authorize!.Host, Text("CLIENT_ID")!, secret!, authorize!, token!, userInfo!, Words(Text("SCOPES") ?? "openid profile email", ' '),
                Text("ID_CLAIM") ?? "sub", Text("NAME_CLAIM") ?? "preferred_username", Text("EMAIL_CLAIM") ?? "email", configuration[Prefix + "EMAIL_VERIFIED_CLAIM"]?.Trim() ?? "email_verified",
                domains is [Everybody] ? [] : domains, role, create == "true");
    }

    private static string? ReadSecret(string? text, string? file, List<string> faults)
    {
        if (text is not null) return text;
        if (file is null)
        {
            faults.Add($"{Prefix}CLIENT_SECRET is not set, nor {Prefix}CLIENT_SECRET_FILE with the path of a file that holds it.");
            return null;
        }
        try
        {
            var read = File.ReadAllText(file).Trim();
            if (read.Length == 0) faults.Add($"{Prefix}CLIENT_SECRET_FILE is '{file}', which is empty.");
            return read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{Prefix}CLIENT_SECRET_FILE is '{file}', which cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Secrets travel to these addresses, so plain http is for this machine alone.</summary>
    private static Uri? ReadUri(string key, Func<string, string?> text, List<string> faults)
    {
        if (text(key) is not { } given) return null;
        if (Uri.TryCreate(given, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))) return uri;
        faults.Add($"{Prefix}{key} is '{given}'. Expected an address that begins with https://.");
        return null;
    }

    private static string[] Words(string? text, char separator) => (text ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
