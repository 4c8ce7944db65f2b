using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Fuzz;

/// <summary>
/// Who sends the requests: an admin mostly, since admins get furthest; a member, a reader and a stranger. Requests disable and delete users and
/// their tokens, so that member and reader are others after a while.
/// </summary>
internal sealed class Callers : IDisposable
{
    private const int Each = 500;
    private const int Admins = 8;

    private readonly TrackerApp _app;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<(int Generation, bool Reads), HttpClient> _members = [];
    private readonly HttpClient _admin;
    private readonly HttpClient _stranger;

    private Callers(TrackerApp app) => (_app, _admin, _stranger) = (app, app.Client(TrackerApp.AdminToken), app.Client(null));

    public static async Task<Callers> StartAsync(TrackerApp app)
    {
        var callers = new Callers(app);
        // Before any request changes what a member is.
        await callers.MemberAsync(0, reads: false);
        await callers.MemberAsync(0, reads: true);
        return callers;
    }

    /// <summary>Who sends the request of that number.</summary>
    public Task<HttpClient> OfAsync(int number) => (number % (Admins + 4)) switch
    {
        < Admins => Task.FromResult(_admin),
        Admins or Admins + 1 => MemberAsync(number / Each, reads: false),
        Admins + 2 => MemberAsync(number / Each, reads: true),
        _ => Task.FromResult(_stranger),
    };

    public void Dispose()
    {
        foreach (var client in _members.Values.Append(_admin).Append(_stranger)) client.Dispose();
        _turn.Dispose();
    }

    private async Task<HttpClient> MemberAsync(int generation, bool reads)
    {
        await _turn.WaitAsync();
        try
        {
            if (_members.TryGetValue((generation, reads), out var known)) return known;
            var token = reads
                ? await Members.TokenAsync(_app, $"fuzz-reader-{generation}", Roles.Viewer, TokenScopes.Read)
                : await Members.TokenAsync(_app, $"fuzz-member-{generation}");
            return _members[(generation, reads)] = _app.Client(token);
        }
        finally
        {
            _turn.Release();
        }
    }
}
