namespace Tracker.Cli.Configuration;

/// <summary>The server that a command talks to, and the token it comes with.</summary>
internal sealed record ServerChoice(Uri Url, string? Token)
{
    public const string UrlKey = "TRACKER_URL";
    public const string TokenKey = "TRACKER_TOKEN";
    public static readonly Uri Standard = new("http://localhost:5080/");

    /// <summary>
    /// What the command line says comes before the environment, and that before what is saved. A token goes to the server that it
    /// was given for and to no other: one in the environment belongs to the address in the environment, if there is one.
    /// </summary>
    /// <exception cref="CommandException">The server is neither an address nor the name of a saved one.</exception>
    public static ServerChoice Make(string? server, string? token, Func<string, string?> variable, Credentials credentials)
    {
        var ofEnvironment = variable(UrlKey) is { Length: > 0 } set ? Resolve(set, credentials) : null;
        var url = server is not null ? Resolve(server, credentials)
            : ofEnvironment ?? (credentials.Default is { } name && credentials.Find(name) is { } saved ? saved.Url : Standard);
        var belongs = ofEnvironment is null || ofEnvironment == url;
        return new(url, token ?? (belongs && variable(TokenKey) is { Length: > 0 } kept ? kept : credentials.Find(url)?.Token));
    }

    /// <summary>An address with a slash at its end, so that paths below it can be added.</summary>
    /// <exception cref="CommandException">It is no address.</exception>
    public static Uri ReadUrl(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.UserInfo.Length == 0
            ? url
            : throw new CommandException($"'{text}' is no server. Expected an address such as {Standard.AbsoluteUri.TrimEnd('/')}, or a name that 'tracker-cli server list' shows.", ExitCodes.Usage);

    private static Uri Resolve(string text, Credentials credentials) => credentials.Find(text)?.Url ?? ReadUrl(text);
}
