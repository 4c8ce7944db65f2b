using System.Text;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tracker.Benchmarks.Pages;

/// <summary>What axe says of each page, as a table for the documentation.</summary>
internal sealed class AxeReport
{
    private readonly List<(string Page, string Look, AxeResult Result)> _results = [];

    public async Task CheckAsync(string name, string look, IPage page) => _results.Add((name, look, await page.RunAxe()));

    public int Violations => _results.Sum(one => one.Result.Violations.Length);

    public async Task WriteAsync(string file)
    {
        var text = new StringBuilder("# Accessibility\n\n");
        text.Append($"All rules of axe-core ({_results[0].Result.TestEngine.Version}) on every page over made-up data: light and dark at 1440 pixels, light at 360.\n");
        text.Append("Written by `./tracker pictures`; the browser tests fail for any violation.\n\n");
        text.Append("| page | look | rules passed | violations | for a person to judge |\n| --- | --- | --: | --: | --- |\n");
        foreach (var (page, look, result) in _results)
            text.Append($"| {page} | {look} | {result.Passes.Length} | {Told(result.Violations)} | {Told(result.Incomplete)} |\n");
        await File.WriteAllTextAsync(file, text.ToString());
    }

    private static string Told(AxeResultItem[] items) => items.Length == 0 ? "0" : string.Join(", ", items.Select(item => $"{item.Id} ({item.Nodes.Length})"));
}
