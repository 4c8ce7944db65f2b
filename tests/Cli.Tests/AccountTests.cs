using System.Text.Json;
using Tracker.Cli.Configuration;
using Tracker.Web.Identity;
using Tracker.Web.Tests;

namespace Tracker.Cli.Tests;

public sealed class AccountTests(CliApp cli) : IClassFixture<CliApp>
{
    [Fact]
    public async Task Whoever_signs_in_needs_no_token_afterwards_until_they_sign_out()
    {
        var token = await Members.TokenAsync(cli.App, "signs-in", Roles.Member);
        var home = Folder();

        var login = await cli.RunAsync(Call(home) with { Input = token + "\n" }, "login", "here", "--server", CliApp.Url, "--token-stdin");
        login.Code.ShouldBe(ExitCodes.Done, login.Error);
        login.Output.ShouldContain("Signed in to here (http://localhost/) as signs-in, member.");
        login.Output.ShouldNotContain(token);

        var me = await cli.RunAsync(Call(home), "whoami", "--json");
        JsonElement.Parse(me.Output).Text("name").ShouldBe("signs-in");
        (await cli.RunAsync(Call(home), "server", "list")).Output.ShouldContain("*  here  http://localhost/  signs-in");

        (await cli.RunAsync(Call(home), "logout")).Code.ShouldBe(ExitCodes.Done);
        (await cli.RunAsync(Call(home), "whoami")).Code.ShouldBe(ExitCodes.Denied);
    }

    [Fact]
    public async Task The_file_with_tokens_can_be_read_by_its_owner_alone()
    {
        var home = Folder();

        await cli.RunAsync(Call(home) with { Input = TrackerApp.AdminToken }, "login", "--server", CliApp.Url, "--token-stdin");

        var file = Path.Combine(home, "tracker", "credentials.json");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(file)!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(Path.GetDirectoryName(file)!).ShouldBe([file]);
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_told_of()
    {
        var home = Folder();
        await cli.RunAsync(Call(home) with { Input = TrackerApp.AdminToken }, "login", "--server", CliApp.Url, "--token-stdin");
        File.SetUnixFileMode(Path.Combine(home, "tracker", "credentials.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var me = await cli.RunAsync(Call(home), "whoami");

        me.Code.ShouldBe(ExitCodes.Done);
        me.Error.ShouldContain("others can read");
    }

    [Fact]
    public async Task A_person_is_asked_for_server_and_token()
    {
        var home = Folder();

        var login = await cli.RunAsync(Call(home) with { Terminal = true, Input = "http://localhost\n", Secret = TrackerApp.AdminToken }, "login");

        login.Code.ShouldBe(ExitCodes.Done, login.Error);
        login.Error.ShouldContain("Server [http://localhost:5080/]: ");
        login.Output.ShouldContain("Signed in to localhost (http://localhost/) as admin, admin.");
    }

    [Theory]
    [InlineData("not-a-token-of-anybody", ExitCodes.Denied)]
    [InlineData("", ExitCodes.Usage)]
    [InlineData("two words", ExitCodes.Usage)]
    public async Task A_token_that_the_server_does_not_take_is_not_kept(string token, int code)
    {
        var home = Folder();

        var login = await cli.RunAsync(Call(home) with { Input = token }, "login", "--server", CliApp.Url, "--token-stdin");

        login.Code.ShouldBe(code);
        Directory.Exists(Path.Combine(home, "tracker")).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_terminal_nobody_is_asked_for_a_token() =>
        (await cli.RunAsync(Call(Folder()), "login", "--server", CliApp.Url)).Code.ShouldBe(ExitCodes.Usage);

    [Fact]
    public async Task A_token_is_made_printed_alone_and_revoked()
    {
        var made = await cli.RunAsync("token", "create", "nightly", "--scope", "read", "--expires-in-days", "7");
        made.Code.ShouldBe(ExitCodes.Done, made.Error);
        var token = made.Output.Trim();
        token.ShouldStartWith("trk_");

        (await AsAsync(token, "run", "list")).Code.ShouldBe(ExitCodes.Done);
        var refused = await AsAsync(token, "run", "pause", "1");
        refused.Code.ShouldBe(ExitCodes.Denied);

        var listed = JsonElement.Parse((await cli.RunAsync("token", "list", "--json")).Output).EnumerateArray().Single(t => t.Text("name") == "nightly");
        (await cli.RunAsync("token", "revoke", $"{listed.Id()}")).Code.ShouldBe(ExitCodes.Done);
        (await AsAsync(token, "run", "list")).Code.ShouldBe(ExitCodes.Denied);
        (await cli.RunAsync("token", "revoke", $"{listed.Id()}")).Code.ShouldBe(ExitCodes.NotFound);
    }

    private Task<Outcome> AsAsync(string token, params string[] arguments) =>
        cli.RunAsync(new CliCall { Environment = new() { [ServerChoice.UrlKey] = CliApp.Url, [ServerChoice.TokenKey] = token } }, arguments);

    private string Folder() => Directory.CreateDirectory(Path.Combine(cli.Settings, Path.GetRandomFileName())).FullName;

    private static CliCall Call(string home) => new() { Environment = new() { ["XDG_CONFIG_HOME"] = home } };
}
