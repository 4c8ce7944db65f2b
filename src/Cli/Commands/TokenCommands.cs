using System.CommandLine;
using Tracker.Cli.Api;
using Tracker.Cli.Output;

namespace Tracker.Cli.Commands;

/// <summary>One's own API tokens.</summary>
internal static class TokenCommands
{
    public static Command Create(Shell shell) => new("token", "List, make and revoke your API tokens.") { List(shell), Make(shell), Revoke(shell) };

    private static Command List(Shell shell) => shell.Command("list", "List your tokens; the tokens themselves are not kept.", [], async (session, cancellationToken) =>
    {
        var answer = await session.Api.GetAsync("tokens", cancellationToken);
        if (session.Printer.Json) session.Printer.Document(answer);
        else session.Printer.Table(
            [Column.Number("Id"), "Name", "Begins", "Scope", "Made", "Ends", "Last used"],
            answer.Read<IReadOnlyList<TokenReply>>().Select(t => (IReadOnlyList<Cell>)
                [$"{t.Id}", t.Name, t.Prefix, t.Scope, Format.Time(t.CreatedAt), t.ExpiresAt is null ? "never" : Format.Time(t.ExpiresAt), Format.Time(t.LastUsedAt)]));
    });

    private static Command Make(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "What the token is for." };
        var scope = new Option<string?>("--scope") { Description = "read, write or admin, as far as your role allows; the server's choice when left out." };
        scope.AcceptOnlyFromAmong("read", "write", "admin");
        var days = new Option<int?>("--expires-in-days") { Description = "When it ends; never when left out." };
        return shell.Command("create", "Make a token and print it, this once, on standard output.", [name, scope, days], async (session, cancellationToken) =>
        {
            var body = Json.Line(Json.Element(new { name = session.Get(name), scope = session.Get(scope), expiresInDays = session.Get(days) }));
            var answer = await session.Api.SendAsync(HttpMethod.Post, "tokens", body, null, cancellationToken)
                ?? throw new CommandException("The new token was answered with nothing.", ExitCodes.Failed);
            if (session.Printer.Json)
            {
                session.Printer.Document(answer);
                return;
            }
            var token = answer.Read<TokenReply>();
            session.Printer.Note($"Token {token.Id}, {token.Scope}; it cannot be shown again:");
            session.Printer.Line(token.Token ?? throw new CommandException("The answer holds no token.", ExitCodes.Failed));
        });
    }

    private static Command Revoke(Shell shell)
    {
        var id = new Argument<long>("id") { Description = "Id of a token, as 'token list' shows it." };
        return shell.Command("revoke", "End a token at once and for ever.", [id], async (session, cancellationToken) =>
        {
            await session.Api.SendAsync(HttpMethod.Delete, $"tokens/{session.Get(id)}", null, null, cancellationToken);
            if (!session.Printer.Json) session.Printer.Line($"token {session.Get(id)}: done");
        });
    }
}
