using Tracker.Cli.Configuration;

namespace Tracker.Cli.Tests;

public class ServerChoiceTests
{
    private static readonly Credentials s_saved = new("lab", new()
    {
        ["lab"] = new(new("https://lab.example/"), "of-lab", "ann"), ["home"] = new(new("http://home.example:5080/"), "of-home", "ann"),
    });

    [Theory]
    [InlineData(null, null, null, null, "https://lab.example/", "of-lab")]
    [InlineData("home", null, null, null, "http://home.example:5080/", "of-home")]
    [InlineData("https://lab.example", null, null, null, "https://lab.example/", "of-lab")]
    [InlineData("https://other.example", null, null, null, "https://other.example/", null)]
    [InlineData(null, null, "home", null, "http://home.example:5080/", "of-home")]
    [InlineData(null, null, "http://home.example:5080", "in-environment", "http://home.example:5080/", "in-environment")]
    [InlineData(null, null, null, "in-environment", "https://lab.example/", "in-environment")]
    [InlineData("home", "on-line", "https://lab.example", "in-environment", "http://home.example:5080/", "on-line")]
    public void What_is_said_comes_before_what_is_saved(string? server, string? token, string? url, string? kept, string expectedUrl, string? expectedToken)
    {
        var choice = Choose(server, token, url, kept, s_saved);

        choice.Url.AbsoluteUri.ShouldBe(expectedUrl);
        choice.Token.ShouldBe(expectedToken);
    }

    [Fact]
    public void The_token_of_one_server_goes_to_no_other() =>
        Choose("https://other.example", null, "https://lab.example", "in-environment", s_saved).Token.ShouldBeNull();

    [Fact]
    public void Who_never_signed_in_means_this_machine() => Choose(null, null, null, null, Credentials.Empty).ShouldBe(new(new("http://localhost:5080/"), null));

    [Theory]
    [InlineData("nobody")]
    [InlineData("ftp://lab.example")]
    [InlineData("https://ann:secret@lab.example")]
    [InlineData("https://lab.example/?a=b")]
    public void What_is_no_server_is_refused(string server) =>
        Should.Throw<CommandException>(() => Choose(server, null, null, null, s_saved)).ExitCode.ShouldBe(ExitCodes.Usage);

    private static ServerChoice Choose(string? server, string? token, string? url, string? kept, Credentials saved) => ServerChoice.Make(
        server, token, new Dictionary<string, string?> { [ServerChoice.UrlKey] = url, [ServerChoice.TokenKey] = kept }.GetValueOrDefault, saved);
}
