namespace Tracker.Benchmarks.Pages;

/// <summary>How soon the grid of runs answers a filter and an order, and how smoothly it scrolls.</summary>
internal sealed class GridMeasurement(MeasuredPage window)
{
    private const int Rounds = 6;
    private const int Turns = 60;
    private const int PixelsPerTurn = 400;
    private static readonly string[] s_filters = ["network = 'f1' and batch >= 1024", "metrics.validation/accuracy > 0.8", "state = 'Failed'", "method = 'lb+lr+gbn' and seed <= 1", "batch > 100"];

    /// <summary>Notes when something is asked, by key or click, and when a text of the page has become another.</summary>
    private const string Await = """
        selector => {
          const text = () => document.querySelector(selector)?.textContent ?? '';
          const before = text();
          const wait = window.__wait = { asked: null, answered: null };
          const ask = () => { wait.asked ??= performance.now(); };
          addEventListener('keydown', event => { if (event.key === 'Enter') ask(); }, { capture: true });
          addEventListener('click', ask, { capture: true });
          const seen = new MutationObserver(() => {
            if (wait.asked === null || text() === before) return;
            wait.answered = performance.now();
            seen.disconnect();
          });
          seen.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true });
        }
        """;

    public async Task RunAsync(Action<string, string, double, bool, IReadOnlyCollection<double>> tell)
    {
        await window.GoAsync("/runs");
        var box = window.Page.Locator("#filter");
        var filters = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            await box.FillAsync(s_filters[(round + 1) % s_filters.Length]);
            // The list of completions is closed, so that Enter applies the filter.
            await box.PressAsync("Escape");
            var time = await AnswerAsync(".page-head .sub", () => box.PressAsync("Enter"));
            if (round >= 0) filters.Add(time);
        }
        tell("Runs: a filter answered", "ms", 300, false, filters);
        await window.GoAsync("/runs");
        var sorts = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var head = window.Page.Locator("thead .rg-sort").Nth(round % 2 == 0 ? 0 : 3);
            var time = await AnswerAsync(".rg-table tbody tr[aria-rowindex='2']", () => head.ClickAsync());
            if (round >= 0) sorts.Add(time);
        }
        tell("Runs: an order answered", "ms", 300, false, sorts);
        await window.GoAsync("/runs");
        await window.Page.Locator(".rg-scroll").HoverAsync();
        tell("Runs: scrolling", "fps", 30, true, [await window.FramesPerSecondAsync(ScrollAsync)]);
    }

    private async Task ScrollAsync()
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            await window.Page.Mouse.WheelAsync(0, PixelsPerTurn);
            await Task.Delay(TimeSpan.FromMilliseconds(30));
        }
    }

    private async Task<double> AnswerAsync(string selector, Func<Task> ask)
    {
        await window.Page.EvaluateAsync(Await, selector);
        await ask();
        await window.Page.WaitForFunctionAsync("() => window.__wait.answered !== null", null, new() { PollingInterval = 10 });
        return await window.Page.EvaluateAsync<double>("() => window.__wait.answered - window.__wait.asked");
    }
}
