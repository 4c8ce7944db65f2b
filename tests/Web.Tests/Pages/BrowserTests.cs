using Microsoft.JSInterop;
using Tracker.Web.Components;

namespace Tracker.Web.Tests.Pages;

public sealed class BrowserTests
{
    [Fact]
    public async Task What_failed_while_the_connection_was_cut_works_when_it_is_back()
    {
        var page = new Page { Cut = true };
        await using var browser = new Browser(page);
        await Should.ThrowAsync<TaskCanceledException>(async () => await browser.CopyAsync("text"));
        page.Cut = false;
        (await browser.CopyAsync("text")).ShouldBeTrue();
        (await browser.CopyAsync("text")).ShouldBeTrue();
        page.Imports.ShouldBe(2);
    }

    [Fact]
    public async Task A_page_that_was_left_while_the_connection_was_cut_ends_quietly()
    {
        var browser = new Browser(new Page { Cut = true });
        await Should.ThrowAsync<TaskCanceledException>(async () => await browser.SaveAsync("name", "text"));
        await Should.NotThrowAsync(async () => await browser.LeaveAsync());
        await Should.NotThrowAsync(async () => await browser.DisposeAsync());
    }

    /// <summary>A browser that has one module, and a connection that can be cut.</summary>
    private sealed class Page : IJSRuntime, IJSObjectReference
    {
        public bool Cut { get; set; }

        public int Imports { get; private set; }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => InvokeAsync<TValue>(identifier, CancellationToken.None, args);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args)
        {
            if (identifier == "import")
                Imports++;
            if (Cut)
                return ValueTask.FromCanceled<TValue>(new CancellationToken(canceled: true));
            return ValueTask.FromResult((TValue)(identifier == "import" ? this : (object)true));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
