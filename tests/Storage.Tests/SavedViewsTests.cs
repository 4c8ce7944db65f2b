using Npgsql;

namespace Tracker.Storage.Tests;

/// <summary>Views by name: one's own, and those that others share.</summary>
public class SavedViewsTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private readonly ISavedViews _views = storage.Get<ISavedViews>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_view_is_offered_to_its_owner_and_to_others_only_when_it_is_shared()
    {
        var (ada, bob) = (await UserAsync(), await UserAsync());
        var page = NewPage();
        var own = await _views.SaveAsync(ada, page, "Own", "filter=a", shared: false, Token);
        var shared = await _views.SaveAsync(ada, page, "Shared", "filter=b", shared: true, Token);

        (await _views.ListAsync(ada, page, Token)).Select(v => v.Id).ShouldBe([own, shared]);
        var seen = (await _views.ListAsync(bob, page, Token)).ShouldHaveSingleItem();
        (seen.Name, seen.Query, seen.OwnerId, seen.Shared).ShouldBe(("Shared", "filter=b", ada, true));
        seen.OwnerName.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Views_of_another_page_are_not_offered()
    {
        var ada = await UserAsync();
        await _views.SaveAsync(ada, NewPage(), "View", "", shared: true, Token);
        (await _views.ListAsync(ada, NewPage(), Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Saving_under_a_name_again_replaces_the_view_but_not_that_of_another_user()
    {
        var (ada, bob) = (await UserAsync(), await UserAsync());
        var page = NewPage();
        var first = await _views.SaveAsync(ada, page, "View", "filter=a", shared: true, Token);
        await _views.SaveAsync(bob, page, "View", "filter=bob", shared: true, Token);
        (await _views.SaveAsync(ada, page, "View", "filter=b", shared: false, Token)).ShouldBe(first);

        (await _views.ListAsync(ada, page, Token)).Select(v => (v.OwnerId, v.Query, v.Shared)).ShouldBe([(ada, "filter=b", false), (bob, "filter=bob", true)]);
        (await _views.ListAsync(bob, page, Token)).ShouldHaveSingleItem().Query.ShouldBe("filter=bob");
    }

    [Fact]
    public async Task Only_its_owner_deletes_a_view()
    {
        var (ada, bob) = (await UserAsync(), await UserAsync());
        var page = NewPage();
        var view = await _views.SaveAsync(ada, page, "View", "", shared: true, Token);
        (await _views.DeleteAsync(bob, view, Token)).ShouldBeFalse();
        (await _views.DeleteAsync(ada, view, Token)).ShouldBeTrue();
        (await _views.DeleteAsync(ada, view, Token)).ShouldBeFalse();
        (await _views.ListAsync(ada, page, Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(81, 1)]
    [InlineData(1, 8001)]
    public async Task A_view_without_a_name_or_too_long_is_refused(int name, int query) =>
        (await Should.ThrowAsync<PostgresException>(async () => await _views.SaveAsync(await UserAsync(), NewPage(), new('n', name), new('q', query), shared: false, Token)))
            .SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);

    private static string NewPage() => $"page-{Guid.NewGuid():N}";

    private async Task<long> UserAsync()
    {
        var name = $"user-{Guid.NewGuid():N}";
        await using var command = storage.DataSource.CreateCommand("INSERT INTO users (user_name, normalized_user_name) VALUES ($1, upper($1)) RETURNING id");
        command.Parameters.Add(new() { Value = name });
        return (long)(await command.ExecuteScalarAsync(Token)).ShouldNotBeNull();
    }
}
