using System.Diagnostics;
using Microsoft.Playwright;

namespace Tracker.Benchmarks.Pages;

/// <summary>How fast a page came.</summary>
/// <param name="FirstContent">Milliseconds until the browser painted the first content.</param>
/// <param name="Interactive">Milliseconds until it had drawn what came over the page's own connection: from then on it answers.</param>
internal sealed record PageSpeed(double FirstContent, double Interactive);

/// <summary>A window of a signed-in visitor.</summary>
internal sealed class MeasuredPage(IBrowserContext context, IPage page) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Counts the pictures that the browser shows, and the longest wait between two of them.</summary>
    private const string CountFrames = """
        () => {
          const seen = window.__frames = { count: 0, longest: 0, from: performance.now(), going: true };
          let last = seen.from;
          const next = now => { if (!seen.going) return; seen.count++; seen.longest = Math.max(seen.longest, now - last); last = now; requestAnimationFrame(next); };
          requestAnimationFrame(next);
        }
        """;

    public IPage Page => page;

    /// <summary>Opens an address and waits until the page answers.</summary>
    public async Task<PageSpeed> GoAsync(string path)
    {
        var live = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Watch(object? sender, IWebSocket socket)
        {
            if (!socket.Url.Contains("_blazor", StringComparison.Ordinal)) return;
            socket.FrameSent += (_, frame) =>
            {
                if (frame.Binary?.AsSpan().IndexOf("OnRenderCompleted"u8) >= 0) live.TrySetResult(Stopwatch.GetTimestamp());
            };
        }

        page.WebSocket += Watch;
        try
        {
            var start = Stopwatch.GetTimestamp();
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
            var end = await live.Task.WaitAsync(s_patience);
            await page.Locator("main h1").First.WaitForAsync();
            var painted = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()");
            return new(painted, Stopwatch.GetElapsedTime(start, end).TotalMilliseconds);
        }
        finally
        {
            page.WebSocket -= Watch;
        }
    }

    /// <summary>Frames per second while something is done.</summary>
    public async Task<double> FramesPerSecondAsync(Func<Task> action)
    {
        await page.EvaluateAsync(CountFrames);
        await action();
        return await page.EvaluateAsync<double>("() => { const s = window.__frames; s.going = false; return s.count / (performance.now() - s.from) * 1000; }");
    }

    /// <summary>Megabytes of living JavaScript objects.</summary>
    public async Task<double> HeapMegabytesAsync()
    {
        var session = await context.NewCDPSessionAsync(page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        await session.DetachAsync();
        return await page.EvaluateAsync<double>("() => performance.memory.usedJSHeapSize") / 1e6;
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
