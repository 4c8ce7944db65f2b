using System.Net;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Access;

/// <summary>Sign-in with a provider outside, against one that runs beside the test.</summary>
public sealed class ExternalSignInTests(ProviderApp app) : IClassFixture<ProviderApp>, IDisposable
{
    private const string Callback = "/sign-in/callback";
    private readonly HttpClient _browser = ProviderApp.Browser(app.Factory);
    private readonly HttpClient _admin = TrackerApp.Client(app.Factory, TrackerApp.AdminToken);

    public void Dispose()
    {
        (app.Provider.Denies, app.Provider.Breaks) = (false, false);
        _browser.Dispose();
        _admin.Dispose();
    }

    [Fact]
    public async Task Whom_the_provider_knows_gets_an_account_and_the_same_one_the_next_time()
    {
        app.Provider.Person = Person("1001", "Ada Lovelace", "ada@example.org");
        (await SignInAsync(_browser, "/tables")).ShouldBe("/tables");
        (await MeAsync(_browser)).ShouldBe(("AdaLovelace", Roles.Member));

        app.Provider.Person = Person("1001", "renamed", "other@example.org");
        using var again = ProviderApp.Browser(app.Factory);
        (await SignInAsync(again)).ShouldBe("/");
        (await MeAsync(again)).ShouldBe(("AdaLovelace", Roles.Member));
        var entries = (await _admin.GetJsonAsync("/api/v1/audit?user=AdaLovelace")).Items();
        entries.Select(e => e.Text("action")).ShouldBe(["sign-in.ok", "sign-in.ok", "user.add"]);
        entries[^1].Text("address").ShouldBe("192.0.2.1");
    }

    [Fact]
    public async Task Who_says_no_at_the_provider_is_told_so_and_not_signed_in()
    {
        app.Provider.Denies = true;
        (await SignInAsync(_browser)).ShouldBe("/sign-in?external=Denied");
        (await _browser.GetStringAsync("/sign-in?external=Denied")).ShouldContain("Example did not let you in.");
        await (await _browser.GetAsync("/api/v1/me")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_answer_to_another_browsers_question_or_to_none_is_refused()
    {
        app.Provider.Person = Person("1002", "victim", "victim@example.org");
        var answer = await AskAsync(_browser);
        using var other = ProviderApp.Browser(app.Factory);
        await AskAsync(other);
        foreach (var path in (string[])[answer, answer.Replace("state=", "state=x", StringComparison.Ordinal), $"{Callback}?code=made-up", $"{Callback}?code=made-up&state=made-up"])
            (await other.GetAsync(path)).Headers.Location!.OriginalString.ShouldBe("/sign-in?external=Failed", path);
        await (await other.GetAsync("/api/v1/me")).ProblemAsync(HttpStatusCode.Unauthorized);
        (await other.GetAsync("/sign-in/external")).Headers.Location!.OriginalString.ShouldBe("/sign-in?external=Failed");
    }

    [Fact]
    public async Task A_disabled_user_stays_out()
    {
        app.Provider.Person = Person("1003", "leaver", "leaver@example.org");
        await SignInAsync(_browser);
        var id = (await _browser.GetJsonAsync("/api/v1/me")).Id();
        await (await _admin.PatchAsync($"/api/v1/users/{id}", Http.Json("""{ "disabled": true }"""))).JsonAsync(HttpStatusCode.OK);
        await (await _browser.GetAsync("/api/v1/me")).ProblemAsync(HttpStatusCode.Unauthorized);
        (await SignInAsync(_browser)).ShouldBe("/sign-in?external=Disabled");
    }

    [Theory]
    [InlineData("2001", "someone@elsewhere.example", true)]
    [InlineData("2002", "someone@example.org", false)]
    [InlineData("2003", "someone@sub.example.org", true)]
    [InlineData("2004", "example.org", true)]
    public async Task People_of_other_domains_and_unchecked_addresses_are_refused(string id, string email, bool verified)
    {
        app.Provider.Person = Person(id, "outsider", email, verified);
        (await SignInAsync(_browser)).ShouldBe("/sign-in?external=Domain");
        (await _admin.GetJsonAsync("/api/v1/users")).EnumerateArray().ShouldNotContain(u => u.Text("name") == "outsider");
    }

    [Fact]
    public async Task A_name_that_somebody_has_is_not_taken_over_but_its_owner_connects_it()
    {
        await _admin.PostJsonAsync("/api/v1/users", $$"""{ "name": "grace", "password": "{{TrackerApp.Password}}" }""", HttpStatusCode.Created);
        app.Provider.Person = Person("1004", "Grace", "grace@example.org");
        (await SignInAsync(_browser)).ShouldBe("/sign-in?external=NameTaken");
        await (await _browser.GetAsync("/api/v1/me")).ProblemAsync(HttpStatusCode.Unauthorized);

        await Members.SignInAsync(_browser, "grace", TrackerApp.Password);
        (await _browser.GetAsync(await ReturnAsync(_browser, await _browser.PostAsync("/settings/external", null)))).Headers.Location!.OriginalString.ShouldBe("/sign-in/external");
        (await _browser.GetAsync("/sign-in/external")).Headers.Location!.OriginalString.ShouldBe("/settings?external=Linked");
        using var again = ProviderApp.Browser(app.Factory);
        (await SignInAsync(again)).ShouldBe("/");
        (await MeAsync(again)).Name.ShouldBe("grace");

        (await _browser.GetStringAsync("/settings")).ShouldContain("Disconnect from Example");
        (await _browser.PostAsync("/settings/external/disconnect", null)).Headers.Location!.OriginalString.ShouldBe("/settings?external=Disconnected");
        (await MeAsync(_browser)).Name.ShouldBe("grace");
        await (await again.GetAsync("/api/v1/me")).ProblemAsync(HttpStatusCode.Unauthorized);
        (await SignInAsync(again)).ShouldBe("/sign-in?external=NameTaken");
        (await _admin.GetJsonAsync("/api/v1/audit?user=grace")).Items().ShouldContain(e => e.Text("action") == "sign-in.unlink");
    }

    [Fact]
    public async Task Who_has_no_password_is_not_disconnected_and_a_reset_password_disconnects()
    {
        app.Provider.Person = Person("1009", "passwordless", "passwordless@example.org");
        await SignInAsync(_browser);
        (await _browser.PostAsync("/settings/external/disconnect", null)).Headers.Location!.OriginalString.ShouldBe("/settings?external=NoPassword");
        var id = (await _browser.GetJsonAsync("/api/v1/me")).Id();
        await _admin.PostJsonAsync($"/api/v1/users/{id}/password", "{}", HttpStatusCode.OK);
        using var again = ProviderApp.Browser(app.Factory);
        (await SignInAsync(again)).ShouldBe("/sign-in?external=NameTaken");
    }

    [Fact]
    public async Task A_token_connects_nothing_and_gets_no_session()
    {
        await _admin.PostJsonAsync("/api/v1/users", $$"""{ "name": "tokened", "password": "{{TrackerApp.Password}}" }""", HttpStatusCode.Created);
        await Members.SignInAsync(_browser, "tokened", TrackerApp.Password);
        var token = (await _browser.PostJsonAsync("/api/v1/tokens", """{ "name": "leaked", "scope": "write" }""", HttpStatusCode.Created)).Text("token")!;
        app.Provider.Person = Person("1007", "thief", "thief@example.org");
        using var post = WithToken(HttpMethod.Post, "/settings/external", token);
        (await _browser.SendAsync(post)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // The session begins it, and somebody with the token ends it.
        await _browser.GetAsync(await ReturnAsync(_browser, await _browser.PostAsync("/settings/external", null)));
        using var end = WithToken(HttpMethod.Get, "/sign-in/external", token);
        (await _browser.SendAsync(end)).Headers.Location!.OriginalString.ShouldBe("/sign-in?external=Failed");
        (await _admin.GetJsonAsync("/api/v1/audit?user=tokened")).Items().ShouldNotContain(e => e.Text("action") == "sign-in.link");
    }

    [Fact]
    public async Task A_session_that_ends_on_the_way_to_the_provider_connects_nothing()
    {
        var user = await _admin.PostJsonAsync("/api/v1/users", $$"""{ "name": "hurried", "password": "{{TrackerApp.Password}}" }""", HttpStatusCode.Created);
        app.Provider.Person = Person("1008", "hurried", "hurried@example.org");
        await Members.SignInAsync(_browser, "hurried", TrackerApp.Password);
        await _browser.GetAsync(await ReturnAsync(_browser, await _browser.PostAsync("/settings/external", null)));
        await (await _admin.PatchAsync($"/api/v1/users/{user.Id()}", Http.Json("""{ "disabled": true }"""))).JsonAsync(HttpStatusCode.OK);
        (await _browser.GetAsync("/sign-in/external")).Headers.Location!.OriginalString.ShouldBe("/sign-in?external=Failed");
    }

    [Fact]
    public async Task A_person_that_belongs_to_an_account_is_not_connected_to_another()
    {
        app.Provider.Person = Person("1005", "linked", "linked@example.org");
        await SignInAsync(_browser);
        await _admin.PostJsonAsync("/api/v1/users", $$"""{ "name": "jealous", "password": "{{TrackerApp.Password}}" }""", HttpStatusCode.Created);
        using var other = ProviderApp.Browser(app.Factory);
        await Members.SignInAsync(other, "jealous", TrackerApp.Password);
        await other.GetAsync(await ReturnAsync(other, await other.PostAsync("/settings/external", null)));
        (await other.GetAsync("/sign-in/external")).Headers.Location!.OriginalString.ShouldBe("/settings?external=Taken");
    }

    [Fact]
    public async Task Without_accounts_of_their_own_making_strangers_are_told_to_ask()
    {
        var factory = app.Start([.. app.Provider.Settings]);
        using var browser = ProviderApp.Browser(factory);
        app.Provider.Person = Person("1006", "unknown", "unknown@example.org");
        (await SignInAsync(browser)).ShouldBe("/sign-in?external=NoAccount");
        (await browser.GetStringAsync("/sign-in?external=NoAccount")).ShouldContain("You have no account here yet.");
    }

    [Fact]
    public async Task A_provider_that_breaks_is_told_on_the_sign_in_page()
    {
        app.Provider.Breaks = true;
        (await SignInAsync(_browser)).ShouldBe("/sign-in?external=Failed");
    }

    [Fact]
    public async Task A_page_of_another_site_begins_no_sign_in()
    {
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/sign-in/external");
        forged.Headers.Add("Sec-Fetch-Site", "cross-site");
        (await _browser.SendAsync(forged)).Headers.Location!.OriginalString.ShouldBe("/sign-in?external=Failed");
        (await _browser.PostAsync("/sign-in/external", null)).Headers.Location!.OriginalString.ShouldBe("/sign-in?external=Failed");
    }

    [Fact]
    public async Task The_page_may_send_its_form_on_to_the_provider()
    {
        using var page = await _browser.GetAsync("/sign-in");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"form-action 'self' {app.Provider.Address.GetLeftPart(UriPartial.Authority)}");
        (await page.Content.ReadAsStringAsync()).ShouldContain("Sign in with Example");
    }

    private static object Person(string id, string name, string email, bool verified = true) => new { sub = id, preferred_username = name, email, email_verified = verified };

    private static HttpRequestMessage WithToken(HttpMethod method, string path, string token) => new(method, path) { Headers = { Authorization = new("Bearer", token) } };

    private static async Task<(string? Name, string? Role)> MeAsync(HttpClient browser)
    {
        var me = await browser.GetJsonAsync("/api/v1/me");
        return (me.Text("name"), me.Text("role"));
    }

    /// <summary>Presses the button, is sent to the provider and back.</summary>
    /// <returns>Where the browser ends up.</returns>
    internal static async Task<string> SignInAsync(HttpClient browser, string returnUrl = "")
    {
        var back = await browser.GetAsync(await AskAsync(browser, returnUrl));
        var next = back.Headers.Location!.OriginalString;
        return next.StartsWith("/sign-in/external", StringComparison.Ordinal) ? (await browser.GetAsync(next)).Headers.Location!.OriginalString : next;
    }

    private static async Task<string> AskAsync(HttpClient browser, string returnUrl = "")
    {
        using var form = new FormUrlEncodedContent([new(Members.FieldName, Members.FormTokenIn(await browser.GetStringAsync("/sign-in")))]);
        return await ReturnAsync(browser, await browser.PostAsync($"/sign-in/external?returnUrl={Uri.EscapeDataString(returnUrl)}", form));
    }

    /// <summary>Visits the provider and answers with the address that it sends the browser back to.</summary>
    private static async Task<string> ReturnAsync(HttpClient browser, HttpResponseMessage sent)
    {
        sent.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var provider = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = browser.Timeout };
        using var answer = await provider.GetAsync(sent.Headers.Location);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, sent.Headers.Location!.OriginalString);
        answer.Headers.Location!.AbsolutePath.ShouldBe(Callback);
        return answer.Headers.Location.PathAndQuery;
    }
}
