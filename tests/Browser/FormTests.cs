using Microsoft.Playwright;

namespace Tracker.Browser.Tests;

/// <summary>The form of a sweep under the hands of somebody quick.</summary>
[Collection(RunningTrackerCollection.Name)]
public class FormTests(RunningTracker tracker)
{
    private const string Sentence = "The quick brown fox jumps over the lazy dog";

    [Fact(Timeout = 120_000)]
    public async Task Typing_faster_than_the_server_answers_loses_no_letter_and_no_value()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/sweeps/new?preset=quick-start");
        var name = visitor.Page.GetByLabel("Name", new() { Exact = true });
        var seeds = visitor.Page.GetByLabel("Seeds", new() { Exact = true });

        await name.FillAsync("");
        await name.PressSequentiallyAsync(Sentence, new() { Delay = 5 });
        await seeds.PressSequentiallyAsync("7,8 10-12\n", new() { Delay = 5 });

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Queue 35 runs" })).ToBeVisibleAsync();
        await Assertions.Expect(name).ToHaveValueAsync(Sentence);
        await Assertions.Expect(seeds).ToHaveValueAsync("");
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Options_open_by_keyboard_show_what_belongs_to_them_and_reach_the_plan()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/sweeps/new?preset=quick-start");
        var options = visitor.Page.GetByText("Optimizer, protocol, validation, diagnostics");
        await options.FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.Page.GetByText("LARS", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByLabel("Trust coefficient")).ToHaveValueAsync("0.001");
        await visitor.Page.GetByLabel("Held out for validation").FillAsync("9000");
        await Assertions.Expect(visitor.Page.GetByText("Batch 2048 is larger than the training set of 1000 images.").First).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Held out for validation").FillAsync("1000");
        await visitor.Page.GetByLabel("Sharpness").CheckAsync();

        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Queue 10 runs" })).ToBeVisibleAsync();
        await Assertions.Expect(options).ToContainTextAsync("3 settings not as usual");
        (await visitor.AxeViolationsAsync()).ShouldBeEmpty();
        visitor.Complaints.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_typed_is_there_after_a_reload()
    {
        await using var visitor = await Visitor.SignedInAsync(tracker);
        await visitor.OpenAsync("/sweeps/new?preset=quick-start");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(Sentence);
        await visitor.Page.GetByLabel("Epochs", new() { Exact = true }).FillAsync("many");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Fix the marked fields" })).ToBeVisibleAsync();
        await visitor.Page.WaitForURLAsync(url => !url.Contains("preset", StringComparison.Ordinal));

        await visitor.OpenAsync("/sweeps/new");

        await Assertions.Expect(visitor.Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync(Sentence);
        await Assertions.Expect(visitor.Page.GetByLabel("Epochs", new() { Exact = true })).ToHaveValueAsync("many");
    }
}
