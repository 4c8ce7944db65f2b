using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>A person in front of a page: one browser context, and everything that the browser complained about.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(400);

    // A page with running runs is never quiet for long.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(4);

    private readonly BrowsedTracker _tracker;
    private readonly IBrowserContext _context;

    private Visitor(BrowsedTracker tracker, IBrowserContext context, IPage page)
    {
        _tracker = tracker;
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

    public static Task<Visitor> ArriveAsync(BrowsedTracker tracker, ColorScheme scheme = ColorScheme.Light, int width = 1280) =>
        ArriveAsync(tracker, scheme, width, state: null);

    public static async Task<Visitor> SignedInAsync(BrowsedTracker tracker, ColorScheme scheme = ColorScheme.Light, int width = 1280) =>
        await ArriveAsync(tracker, scheme, width, await tracker.SignedInStateAsync());

    public Task SignInAsync(string path) => SignInAsync(path, "admin", _tracker.Password);

    public async Task SignInAsync(string path, string name, string password)
    {
        await Page.GotoAsync(path);
        await Page.GetByLabel("Name").FillAsync(name);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.WaitForURLAsync(url => new Uri(url).AbsolutePath != "/sign-in");
    }

    /// <summary>What somebody is asked for who signed in with a password that an admin saw.</summary>
    public async Task ChooseAPasswordAsync(string given, string chosen)
    {
        await Page.WaitForURLAsync("**/sign-in/password");
        await Page.GetByLabel("Present password").FillAsync(given);
        await Page.GetByLabel("New password").FillAsync(chosen);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Change the password" }).ClickAsync();
        await Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
    }

    /// <summary>Opens a page and waits until it is alive: the browser has drawn what the server sent over Blazor's connection, and it is quiet.</summary>
    public async Task OpenAsync(string path)
    {
        var drawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = 0L;
        void Watch(object? sender, IWebSocket socket)
        {
            if (!socket.Url.Contains("_blazor", StringComparison.Ordinal)) return;
            socket.FrameReceived += (_, _) => Volatile.Write(ref last, TimeProvider.System.GetTimestamp());
            socket.FrameSent += (_, frame) =>
            {
                if (frame.Binary?.AsSpan().IndexOf("OnRenderCompleted"u8) >= 0) drawn.TrySetResult();
            };
        }

        Page.WebSocket += Watch;
        await Page.GotoAsync(path);
        await drawn.Task.WaitAsync(s_patience);
        using var timer = new PeriodicTimer(s_quiet / 4);
        for (var waited = TimeSpan.Zero; waited < s_settling && TimeProvider.System.GetElapsedTime(Volatile.Read(ref last)) < s_quiet; waited += timer.Period)
            await timer.WaitForNextTickAsync();
        Page.WebSocket -= Watch;
        await Page.Locator("main h1").First.WaitForAsync();
        await Page.EvaluateAsync("document.fonts.ready.then(() => null)");
    }

    public async Task<IReadOnlyList<string>> AxeViolationsAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        return [.. result.Violations.Select(v => $"{v.Id}: {v.Help} {string.Join(" | ", v.Nodes.Take(4).Select(n => $"{n.Html} ({string.Join(" ", n.Any.Select(a => a.Message))})"))}")];
    }

    /// <summary>What makes the page wider than the window; nothing when it fits.</summary>
    public Task<string[]> OverflowAsync() => Page.EvaluateAsync<string[]>("""
        () => {
          const root = document.documentElement;
          if (root.scrollWidth <= root.clientWidth) return [];
          const reach = e => Math.max(e.getBoundingClientRect().right, getComputedStyle(e).overflowX === 'visible' ? e.getBoundingClientRect().left + e.scrollWidth : 0);
          const wide = [...document.body.querySelectorAll('*')].filter(e => reach(e) > root.clientWidth + 0.5 && !e.closest('.scroll'));
          return [`${root.scrollWidth} in ${root.clientWidth} pixels`, ...wide.slice(-12).map(e => `<${e.tagName.toLowerCase()} class="${e.getAttribute('class') ?? ''}" id="${e.id}"> to ${Math.round(reach(e))}: ${e.textContent.trim().slice(0, 60)}`)];
        }
        """);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static async Task<Visitor> ArriveAsync(BrowsedTracker tracker, ColorScheme scheme, int width, string? state)
    {
        var context = await tracker.Browser.NewContextAsync(new()
        {
            BaseURL = tracker.Url,
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = state,
        });
        context.SetDefaultTimeout(20_000);
        return new(tracker, context, await context.NewPageAsync());
    }
}
