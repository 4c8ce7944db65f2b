using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Identity;

/// <summary>Views of one's own are for everybody; what others are offered takes a member.</summary>
public sealed class SavedViewRightsTests(TrackerApp app) : IClassFixture<TrackerApp>
{
    private const string Page = "runs-of-rights";
    private static readonly AuditFilter s_views = new(ObjectKind: "view");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ISavedViews Views => app.Get<ISavedViews>();

    [Fact]
    public async Task A_viewer_keeps_views_but_shares_none()
    {
        var viewer = Act(await Members.AddAsync(app, "view-reader", role: Roles.Viewer));

        var own = await Views.SaveAsync(viewer, Page, "Own", "filter=a", shared: false, Token);
        (await Should.ThrowAsync<AccessDeniedException>(() => Views.SaveAsync(viewer, Page, "Own", "filter=b", shared: true, Token))).Message.ShouldBe(Policies.Refusal(Policies.Act));

        (await Views.ListAsync(viewer, Page, Token)).Single(view => view.Id == own).ShouldBe(new(own, viewer, "view-reader", "Own", "filter=a", Shared: false));
        (await Views.DeleteAsync(viewer, own, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_is_no_member_any_more_neither_deletes_what_they_shared_nor_takes_it_back()
    {
        var user = Act(await Members.AddAsync(app, "view-former"));
        var shared = await Views.SaveAsync(user, Page, "Shared", "filter=a", shared: true, Token);
        await using (var command = app.Get<Npgsql.NpgsqlDataSource>().CreateCommand($"UPDATE users SET role = '{Roles.Viewer}' WHERE id = {user}"))
            await command.ExecuteNonQueryAsync(Token);
        app.Get<AccountRegister>().Forget(user);

        await Should.ThrowAsync<AccessDeniedException>(() => Views.DeleteAsync(user, shared, Token));
        await Should.ThrowAsync<AccessDeniedException>(() => Views.SaveAsync(user, Page, "Shared", "filter=b", shared: false, Token));
        (await Views.FindAsync(user, shared, Token)).ShouldNotBeNull().Query.ShouldBe("filter=a");
    }

    [Fact]
    public async Task What_others_are_offered_is_in_the_audit_log()
    {
        var member = Act(await Members.AddAsync(app, "view-sharer"));
        var id = await Views.SaveAsync(member, Page, "Team", "filter=a", shared: true, Token);
        await Views.SaveAsync(member, Page, "Team", "filter=a", shared: false, Token);
        await Views.SaveAsync(member, Page, "Team", "filter=b", shared: true, Token);
        await Views.DeleteAsync(member, id, Token);

        var entries = await app.Get<IAudit>().ReadAsync(s_views with { ObjectId = id }, 10, null, Token);
        entries.Select(entry => (entry.Action, entry.ObjectName, entry.Who.Name)).ShouldBe(
            [("view.delete", "Team", "view-sharer"), ("view.share", "Team", "view-sharer"), ("view.unshare", "Team", "view-sharer"), ("view.share", "Team", "view-sharer")]);
    }

    private static long Act(TrackerUser user)
    {
        Actor.Current = new(user.Id, user.UserName!, ActorVia.Session);
        return user.Id;
    }
}
