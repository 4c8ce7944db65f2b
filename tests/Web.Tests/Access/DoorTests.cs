using System.Globalization;
using System.Net;
using Tracker.Web.Hosting;

namespace Tracker.Web.Tests.Access;

/// <summary>What guards the door: limits, headers, cookies, proxies, and what is not logged.</summary>
public sealed class DoorTests(ProviderApp app) : IClassFixture<ProviderApp>
{
    [Fact]
    public async Task Attempts_to_sign_in_are_counted_by_address_and_by_name()
    {
        var factory = app.Start((AccessSettings.SignInsKey, "6"));
        using var guesser = ProviderApp.Browser(factory, "192.0.2.20");
        (await Members.SignInAsync(guesser, "one", "wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Members.SignInAsync(guesser, "One", "wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Members.SignInAsync(guesser, "one", "wrong password")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        foreach (var name in (string[])["two", "three", "four"]) (await Members.SignInAsync(guesser, name, "wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var over = await Members.SignInAsync(guesser, "admin", TrackerApp.Password);
        over.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        over.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(1));
        (await over.Content.ReadAsStringAsync()).ShouldContain("Too many attempts");
        guesser.DefaultRequestHeaders.Authorization = RevocationTests.Basic("admin", TrackerApp.Password);
        using (var limited = await guesser.GetAsync("/api/2.0/mlflow/nothing-here"))
        {
            limited.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            limited.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(1));
            (await limited.Content.ReadAsStringAsync()).ShouldContain("REQUEST_LIMIT_EXCEEDED");
        }
        guesser.DefaultRequestHeaders.Authorization = null;
        (await guesser.GetAsync("/sign-in/callback?code=guess")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await guesser.GetAsync("/sign-in")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var elsewhere = ProviderApp.Browser(factory, "192.0.2.21");
        (await Members.SignInAsync(elsewhere, "admin", TrackerApp.Password)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task What_asks_at_once_with_one_name_and_password_is_one_attempt()
    {
        var factory = app.Start((AccessSettings.SignInsKey, "6"));
        using var program = ProviderApp.Browser(factory, "192.0.2.23");
        program.DefaultRequestHeaders.Authorization = RevocationTests.Basic("admin", TrackerApp.Password);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => program.GetAsync("/api/2.0/mlflow/experiments/get?experiment_id=0")));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_locked_like_one_that_somebody_has()
    {
        using var guesser = ProviderApp.Browser(app.Factory, "192.0.2.22");
        for (var i = 0; i < 4; i++) (await Members.SignInAsync(guesser, "nobody-at-all", "wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var locked = await Members.SignInAsync(guesser, "nobody-at-all", "wrong password");
        locked.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await locked.Content.ReadAsStringAsync()).ShouldContain("Try again in 5 minutes");
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/docs/index.html")]
    [InlineData("/css/tokens.css")]
    [InlineData("/api/v1/sweeps")]
    [InlineData("/nothing-here")]
    public async Task Every_answer_carries_the_headers_that_guard_pages(string path)
    {
        using var browser = ProviderApp.Browser(app.Factory);
        using var answer = await browser.GetAsync(path);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split(';').Select(p => p.Trim()).ToDictionary(p => p.Split(' ')[0], p => p, StringComparer.Ordinal);
        policy["default-src"].ShouldBe("default-src 'self'");
        policy["script-src"].ShouldBe("script-src 'self'");
        policy["object-src"].ShouldBe("object-src 'none'");
        policy["base-uri"].ShouldBe("base-uri 'self'");
        policy["frame-ancestors"].ShouldBe("frame-ancestors 'none'");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single().ShouldBe("same-origin");
        answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/docs/index.html")]
    public async Task Pages_hold_no_script_that_the_policy_forbids(string path)
    {
        using var browser = ProviderApp.Browser(app.Factory);
        var page = await browser.GetStringAsync(path);
        foreach (var script in page.Split("<script")[1..]) script[..script.IndexOf('>', StringComparison.Ordinal)].ShouldContain("src=");
        page.ShouldNotContain(" onclick=");
        page.ShouldNotContain("javascript:");
    }

    [Fact]
    public async Task Over_https_cookies_are_secure_and_browsers_are_told_to_stay_there()
    {
        using var browser = app.Factory.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new("https://tracker.example") });
        using var page = await browser.GetAsync("/sign-in");
        page.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=");
        using var answer = await Members.SignInAsync(browser, "admin", TrackerApp.Password);
        foreach (var cookie in page.Headers.GetValues("Set-Cookie").Concat(answer.Headers.GetValues("Set-Cookie")))
        {
            cookie.ShouldContain("secure");
            cookie.ShouldContain("httponly");
            cookie.ShouldContain("samesite=");
        }
    }

    [Fact]
    public async Task Only_a_proxy_that_is_named_is_believed()
    {
        var behind = app.Start((AccessSettings.ProxiesKey, "10.1.0.0/16"));
        (await AddressOfAsync(behind, "10.1.2.3")).ShouldBe("203.0.113.9");
        (await AddressOfAsync(behind, "192.0.2.30")).ShouldBe("192.0.2.30");
        (await AddressOfAsync(app.Factory, "10.1.2.3")).ShouldBe("10.1.2.3");
    }

    [Fact]
    public async Task No_secret_is_ever_logged()
    {
        const string wrong = "a wrong password that was typed";
        using var browser = ProviderApp.Browser(app.Factory, "192.0.2.40");
        var secrets = new List<string> { TrackerApp.Password, TrackerApp.AdminToken, wrong };
        using (var answer = await Members.SignInAsync(browser, "admin", TrackerApp.Password)) secrets.Add(Session(answer));
        using var guesser = ProviderApp.Browser(app.Factory, "192.0.2.42");
        await Members.SignInAsync(guesser, "admin", wrong);
        await Members.SignInAsync(guesser, wrong, "x");
        using var admin = TrackerApp.Client(app.Factory, TrackerApp.AdminToken);
        var token = (await admin.PostJsonAsync("/api/v1/tokens", """{ "name": "logged" }""", HttpStatusCode.Created)).Text("token")!;
        secrets.Add(token);
        secrets.Add((await admin.PostJsonAsync("/api/v1/users", """{ "name": "generated" }""", HttpStatusCode.Created)).Text("password")!);
        using var program = TrackerApp.Client(app.Factory, token);
        await program.GetAsync("/api/v1/users");
        await program.PostAsync("/api/v1/sweeps", Http.Json("{ broken"));
        using var cut = TrackerApp.Client(app.Factory, token[..^1]);
        await cut.GetAsync("/api/v1/sweeps");
        secrets.Add(token[..^1]);
        using var basic = TrackerApp.Client(app.Factory, null);
        basic.DefaultRequestHeaders.Authorization = RevocationTests.Basic("admin", wrong);
        await basic.GetAsync("/api/2.0/mlflow/nothing-here");
        secrets.Add(basic.DefaultRequestHeaders.Authorization.Parameter!);

        foreach (var breaks in (bool[])[false, true])
        {
            app.Provider.Breaks = breaks;
            app.Provider.Person = new { sub = "logged", preferred_username = "logged", email = "logged@example.org", email_verified = true };
            using var visitor = ProviderApp.Browser(app.Factory, "192.0.2.41");
            await ExternalSignInTests.SignInAsync(visitor);
            await visitor.GetAsync($"/sign-in/callback?code={wrong}&state=forged");
        }
        app.Provider.Breaks = false;
        secrets.AddRange(app.Provider.Secrets);

        secrets.Count.ShouldBeGreaterThan(12);
        app.Log.ShouldNotBeEmpty();
        foreach (var line in app.Log) secrets.Where(secret => line.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty(line);
    }

    private static string Session(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("tracker-session=", StringComparison.Ordinal)).Split(';')[0].Split('=', 2)[1];

    /// <summary>The address that the audit log has for a change that comes from there with word of another one.</summary>
    private static async Task<string?> AddressOfAsync(Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Settings> factory, string from)
    {
        using var client = TrackerApp.Client(factory, TrackerApp.AdminToken);
        client.DefaultRequestHeaders.Add(ProviderApp.AddressHeader, from);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        var made = await client.PostJsonAsync("/api/v1/tokens", """{ "name": "from afar" }""", HttpStatusCode.Created);
        return (await client.GetJsonAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/audit?object=token:{made.Id()}"))).Items().Single().Text("address");
    }
}
