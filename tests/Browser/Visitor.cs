using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>A person in front of a page: one browser context, and everything the page complained about.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Response += (_, response) =>
        {
            if (response.Status >= 400) Complaints.Add($"{response.Status} {response.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors in the console, uncaught exceptions and failed requests so far.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Visitor> ArriveAsync(RunningTracker tracker, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await tracker.Browser.NewContextAsync(new()
        {
            BaseURL = tracker.Url, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(20_000);
        return new(context, await context.NewPageAsync());
    }

    public static async Task<Visitor> SignedInAsync(RunningTracker tracker, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var visitor = await ArriveAsync(tracker, scheme, width);
        await visitor.Page.GotoAsync("/");
        await visitor.Page.GetByLabel("Name").FillAsync("admin");
        await visitor.Page.GetByLabel("Password").FillAsync(tracker.Password);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await visitor.Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return visitor;
    }

    public async Task<IReadOnlyList<string>> AxeViolationsAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return [.. result.Violations.Select(v => $"{v.Id}: {v.Help} {string.Join(" | ", v.Nodes.Take(4).Select(n => $"{n.Html} ({string.Join(" ", n.Any.Select(a => a.Message))})"))}")];
    }

    /// <summary>By how many pixels the page is wider than the window.</summary>
    public Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
