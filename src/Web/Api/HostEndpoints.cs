using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Api;

/// <summary>Job hosts over REST.</summary>
public static class HostEndpoints
{
    public static void MapHosts(this RouteGroupBuilder api)
    {
        var hosts = api.MapGroup("").WithTags("Hosts");
        hosts.MapGet("/hosts", ListAsync);
        hosts.MapPost("/hosts/{id:long}/drain", DrainAsync).Missing().Needs(Policies.Administer);
        hosts.MapPost("/hosts/{id:long}/resume", ResumeAsync).Missing().Needs(Policies.Administer);
        hosts.MapDelete("/hosts/{id:long}", RemoveAsync).Missing().Conflicting().Needs(Policies.Administer);
    }

    /// <summary>List job hosts</summary>
    /// <remarks>With their labels, devices, slots in use, heartbeat and present runs. A host that is not heard of for 10 s is lost: its runs go back to the queue.</remarks>
    public static async Task<Ok<IReadOnlyList<HostResource>>> ListAsync(IHosts hosts, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<HostResource>>([.. (await hosts.ListAsync(cancellationToken)).Select(HostResource.From)]);

    /// <summary>Drain a host</summary>
    /// <remarks>The host takes no more runs; its present ones write a checkpoint and go back to the queue, at their former place. For admins.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> DrainAsync(long id, IHosts hosts, CancellationToken cancellationToken) =>
        SetDrainAsync(id, drain: true, hosts, cancellationToken);

    /// <summary>Resume a host</summary>
    /// <remarks>The host takes runs again. For admins.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> ResumeAsync(long id, IHosts hosts, CancellationToken cancellationToken) =>
        SetDrainAsync(id, drain: false, hosts, cancellationToken);

    /// <summary>Remove a host</summary>
    /// <remarks>Takes a host that has ended or is lost off the list; what its runs recorded stays. Refused while it is heard of or holds runs. A host that starts again registers itself anew. For admins.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(long id, IHosts hosts, CancellationToken cancellationToken) =>
        Deletion.AnswerAsync("host", id, hosts.RemoveAsync(id, cancellationToken));

    private static async Task<Results<NoContent, ProblemHttpResult>> SetDrainAsync(long id, bool drain, IHosts hosts, CancellationToken cancellationToken) =>
        await hosts.SetDrainAsync(id, drain, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound("host", id);
}
