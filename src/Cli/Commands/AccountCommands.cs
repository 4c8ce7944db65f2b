using System.CommandLine;
using Tracker.Cli.Api;
using Tracker.Cli.Configuration;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>Signing in and out, and the servers that somebody is signed in to.</summary>
internal static class AccountCommands
{
    public static IEnumerable<Command> Create(Shell shell)
    {
        var name = new Argument<string?>("name") { Description = "What to call the server; its host name when left out.", Arity = ArgumentArity.ZeroOrOne };
        var fromInput = new Option<bool>("--token-stdin") { Description = "Read the token from standard input." };
        yield return shell.Command(
            "login", "Sign in to a server with an API token, which Settings make there, and keep it in a file that only you can read.", [name, fromInput],
            (session, cancellationToken) => LoginAsync(session, session.Get(name), session.Get(fromInput), cancellationToken));

        var other = new Argument<string?>("name") { Description = "The server; the one in use when left out.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Forget all servers." };
        yield return shell.Command(
            "logout", "Forget the token of a server. It stays valid: 'token revoke' ends it.", [other, all],
            (session, _) => Logout(session, session.Get(other), session.Get(all)));

        yield return shell.Command("whoami", "Show who you are on the server.", [], WhoAmIAsync);
        yield return Servers(shell);
    }

    private static Command Servers(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "A server that 'server list' shows." };
        return new Command("server", "The servers that you are signed in to.")
        {
            shell.Command("list", "List them.", [], (session, _) => List(session)),
            shell.Command("use", "Mean this one when none is named.", [name], (session, _) => Use(session, session.Get(name))),
        };
    }

    private static async Task LoginAsync(Session session, string? name, bool fromInput, CancellationToken cancellationToken)
    {
        var around = session.Around;
        if (!fromInput && session.GivenToken is null && !around.InputIsTerminal)
            throw new CommandException("Nobody is here to ask for a token: say --token-stdin.", ExitCodes.Usage);
        var file = CredentialFile.Of(around.Variable);
        var credentials = file.Load();
        var url = Address(session, credentials, ask: !fromInput && around.InputIsTerminal);
        if (url.Scheme == "http" && !url.IsLoopback) session.Printer.Note($"{url} is not encrypted: the token can be read on its way.");
        var token = fromInput ? await around.In.ReadLineAsync(cancellationToken) : session.GivenToken ?? Ask(around, url);
        token = token?.Trim() is { Length: > 0 } given ? given : throw new CommandException("No token was given.", ExitCodes.Usage);
        if (token.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || !char.IsAscii(c))) throw new CommandException("A token has letters, digits and signs alone, without spaces.", ExitCodes.Usage);

        using var api = session.Connect(url, token);
        var me = (await api.GetAsync("me", cancellationToken)).Read<MeReply>();
        name ??= credentials.Servers.FirstOrDefault(s => s.Value.Url == url).Key ?? (url.IsDefaultPort ? url.Host : url.Authority);
        credentials.Servers[name] = new(url, token, me.Name);
        file.Save(credentials with { Default = name });
        if (session.Printer.Json) session.Printer.Document(Json.Element(new { name, url, user = me.Name, role = me.Role, scope = me.Scope }));
        else session.Printer.Line($"Signed in to {name} ({url}) as {Format.Plain(me.Name)}, {me.Role}.");
    }

    private static Uri Address(Session session, Credentials credentials, bool ask)
    {
        var present = ServerChoice.Make(session.GivenServer, null, session.Around.Variable, credentials).Url;
        if (!ask || session.GivenServer is not null || session.Around.Variable(ServerChoice.UrlKey) is { Length: > 0 }) return present;
        session.Around.Error.Write($"Server [{present}]: ");
        return session.Around.In.ReadLine()?.Trim() is { Length: > 0 } answer ? ServerChoice.ReadUrl(answer) : present;
    }

    private static string Ask(Surroundings around, Uri url)
    {
        around.Error.Write($"Token ({new Uri(url, "settings")} makes one; it is not shown): ");
        var secret = around.ReadSecret();
        around.Error.WriteLine();
        return secret;
    }

    private static Task Logout(Session session, string? name, bool all)
    {
        var file = CredentialFile.Of(session.Around.Variable);
        var credentials = file.Load();
        name ??= session.GivenServer ?? credentials.Default;
        if (!all && (name is null || credentials.Find(name) is null)) throw Unknown(name);
        if (all) credentials.Servers.Clear();
        else credentials.Servers.Remove(name!);
        var next = credentials.Default is { } present && credentials.Servers.ContainsKey(present) ? present : credentials.Servers.Keys.FirstOrDefault();
        file.Save(credentials with { Default = next });
        session.Printer.Note(all ? "Signed out of all servers." : $"Signed out of {name}.");
        return Task.CompletedTask;
    }

    private static async Task WhoAmIAsync(Session session, CancellationToken cancellationToken)
    {
        var answer = await session.Api.GetAsync("me", cancellationToken);
        if (session.Printer.Json)
        {
            session.Printer.Document(answer);
            return;
        }
        var me = answer.Read<MeReply>();
        session.Printer.Facts(("User", me.Name), ("Role", me.Role), ("Token", me.Token), ("Scope", me.Scope), ("Server", session.Server.AbsoluteUri));
    }

    private static Task List(Session session)
    {
        var credentials = CredentialFile.Of(session.Around.Variable).Load();
        var servers = credentials.Servers.Select(s => new { name = s.Key, url = s.Value.Url, user = s.Value.User, @default = s.Key == credentials.Default }).ToList();
        if (session.Printer.Json) session.Printer.Document(Json.Element(servers));
        else session.Printer.Table(["", "Name", "Address", "User"], servers.Select(s => (IReadOnlyList<Cell>)[s.@default ? "*" : "", s.name, s.url.AbsoluteUri, s.user]));
        return Task.CompletedTask;
    }

    private static Task Use(Session session, string name)
    {
        var file = CredentialFile.Of(session.Around.Variable);
        var credentials = file.Load();
        if (credentials.Find(name) is null) throw Unknown(name);
        file.Save(credentials with { Default = name });
        return Task.CompletedTask;
    }

    private static CommandException Unknown(string? name) => new(
        name is null ? "You are signed in to no server." : $"You are not signed in to '{name}'. 'tracker-cli server list' shows where you are.", ExitCodes.NotFound);
}
