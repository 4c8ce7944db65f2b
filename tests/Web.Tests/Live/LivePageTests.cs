using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Npgsql;
using Tracker.Storage;
using Tracker.Web.Components;
using Tracker.Web.Formatting;

namespace Tracker.Web.Tests.Live;

public sealed class LivePageTests
{
    private readonly Address _address = new();

    [Fact]
    public async Task A_load_that_was_overtaken_shows_nothing_and_does_not_call_the_page_unknown()
    {
        var page = new GatedPage(_address);
        var first = page.LookAsync();
        var second = page.LookAsync();

        page.Finish(0, null);
        await first;
        _address.NotFounds.ShouldBe(0);
        page.Shown.ShouldBeNull();

        page.Finish(1, "newest");
        await second;
        page.Shown.ShouldBe("newest");
        _address.NotFounds.ShouldBe(0);
    }

    [Fact]
    public async Task A_failure_that_was_overtaken_does_not_replace_what_was_loaded_since()
    {
        var page = new GatedPage(_address);
        var first = page.LookAsync();
        var second = page.LookAsync();
        page.Finish(1, "newest");
        await second;

        page.Fail(0, new NpgsqlException("away", new TimeoutException()));
        await first;

        page.Shown.ShouldBe("newest");
        page.Said.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_there_is_unknown_unless_the_page_was_left()
    {
        var page = new GatedPage(_address);
        var look = page.LookAsync();
        page.Finish(0, null);
        await look;
        _address.NotFounds.ShouldBe(1);

        var left = new GatedPage(_address);
        var late = left.LookAsync();
        left.Dispose();
        left.Finish(0, null);
        await late;
        _address.NotFounds.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_deleted_while_it_is_shown_stays_and_says_so()
    {
        var page = new GatedPage(_address);
        var look = page.LookAsync();
        page.Finish(0, "there");
        await look;

        var again = page.LookAsync();
        page.Finish(1, null);
        await again;

        page.Shown.ShouldBe("there");
        page.Said.ShouldBe("This was deleted. What is shown is how it was.");
        _address.NotFounds.ShouldBe(0);
    }

    private sealed class GatedPage : LivePage<string>
    {
        private readonly List<TaskCompletionSource<string?>> _loads = [];

        [SetsRequiredMembers]
        public GatedPage(NavigationManager navigation)
        {
            (Navigation, Clock, Viewer) = (navigation, TimeProvider.System, ViewerTime.In(null, TimeProvider.System));
            Attention = new();
            // Not asked for by a load.
            (Hub, Handoff, Persisted) = (null!, null!, null!);
        }

        public string? Shown => Model;

        public string? Said => Notice;

        protected override object Key => "key";

        public Task LookAsync() => ReloadAsync(TestContext.Current.CancellationToken);

        public void Finish(int load, string? model) => _loads[load].SetResult(model);

        public void Fail(int load, Exception failure) => _loads[load].SetException(failure);

        protected override bool Concerns(Change change) => true;

        protected override Task<string?> LoadAsync(CancellationToken cancellationToken)
        {
            var load = new TaskCompletionSource<string?>();
            _loads.Add(load);
            return load.Task;
        }
    }

    private sealed class Address : NavigationManager
    {
        public Address()
        {
            Initialize("http://localhost/", "http://localhost/");
            OnNotFound += (_, _) => NotFounds++;
        }

        public int NotFounds { get; private set; }
    }
}
