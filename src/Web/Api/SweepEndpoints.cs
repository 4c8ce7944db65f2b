using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Sweeps over REST.</summary>
public static class SweepEndpoints
{
    private const string CursorName = "sweeps";
    private const string Noun = "sweep";
    private const int MaxNotes = 10_000;
    private const string RunsCursor = "sweep-runs";

    public static void MapSweeps(this RouteGroupBuilder api)
    {
        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapPost("", SubmitAsync).Tagged().Invalid();
        sweeps.MapGet("", ListAsync).Invalid();
        var one = sweeps.MapGroup("/{id:long}").Missing();
        one.MapGet("", FindAsync).Tagged().WithName("GetSweep");
        one.MapPatch("", ChangeAsync).Tagged().Invalid().Conflicting().Matching();
        one.MapDelete("", DeleteAsync).Tagged().Conflicting().Matching();
        one.MapGet("/runs", RunsAsync).Invalid();
        one.MapPost("/pause", PauseAsync);
        one.MapPost("/resume", ResumeAsync);
        one.MapPost("/stop", StopAsync);
        one.MapPost("/cancel", CancelAsync);
        one.MapPost("/retry", RetryAsync).Invalid();
    }

    /// <summary>Submit a sweep</summary>
    /// <remarks>Expands the specification into runs and queues them. With dryRun nothing is submitted, and the answer is the plan.</remarks>
    /// <param name="dryRun">Only work out what would happen.</param>
    public static async Task<Results<CreatedAtRoute<SweepResource>, Ok<SweepPlanResource>>> SubmitAsync(
        SpecificationBody body, ISweeps sweeps, ClaimsPrincipal user, CancellationToken cancellationToken, bool dryRun = false)
    {
        if (dryRun) return TypedResults.Ok(SweepPlanResource.From(await sweeps.PlanAsync(body.Sweep, user.UserId(), cancellationToken)));
        var id = await sweeps.SubmitAsync(body.Sweep, user.UserId(), cancellationToken);
        var sweep = await sweeps.FindAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Sweep {id} vanished right after its submission.");
        return TypedResults.CreatedAtRoute(SweepResource.From(sweep), "GetSweep", new { id });
    }

    /// <summary>List sweeps</summary>
    /// <remarks>Newest first.</remarks>
    /// <param name="limit">1 to 500.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    public static async Task<Ok<Page<SweepResource>>> ListAsync(
        ISweeps sweeps, CancellationToken cancellationToken, int limit = Page<SweepResource>.DefaultLimit, string? cursor = null)
    {
        new Checks().Range(nameof(limit), limit, 1, Page<SweepResource>.MaxLimit).Throw();
        var found = await sweeps.ListAsync(limit + 1, Cursor.Decode(CursorName, cursor, 1)?[0], cancellationToken);
        return TypedResults.Ok(Pages.Of(found, limit, SweepResource.From, s => Cursor.Encode(CursorName, s.Id)));
    }

    /// <summary>Get a sweep</summary>
    /// <remarks>Its specification, how far it is, and how many of its runs are in which state. The ETag is for If-None-Match here and for If-Match when it is changed.</remarks>
    public static async Task<Results<Ok<SweepResource>, ProblemHttpResult>> FindAsync(long id, ISweeps sweeps, CancellationToken cancellationToken) =>
        Answer(id, await sweeps.FindAsync(id, cancellationToken));

    /// <summary>Change a sweep</summary>
    /// <remarks>
    /// Changes name, notes or priority. A new priority is that of all its runs: those that wait move, those that a host holds are not interrupted. Experiments
    /// of programs outside have their names for themselves.
    /// </remarks>
    public static async Task<Results<Ok<SweepResource>, ProblemHttpResult>> ChangeAsync(
        long id, JsonBody<SweepChange> body, ISweeps sweeps, CancellationToken cancellationToken)
    {
        var change = body.Value;
        new Checks().Length("name", change.Name, 1, 200).Length("notes", change.Notes, 0, MaxNotes).Throw();
        try
        {
            return Answer(id, await sweeps.ChangeAsync(id, change.Name?.Trim(), change.Notes, change.Priority, cancellationToken));
        }
        catch (ExperimentExistsException)
        {
            return Problem.Conflict($"An experiment or a sweep is called {change.Name!.Trim()} already.");
        }
    }

    /// <summary>Delete a sweep</summary>
    /// <remarks>Puts the sweep into the recycle bin with its runs; what waits or is paused is cancelled first. Runs that other sweeps show stay. Refused while runs are active.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(long id, ISweeps sweeps, CancellationToken cancellationToken) =>
        Deletion.AnswerAsync(Noun, id, sweeps.DeleteAsync(id, cancellationToken));

    /// <summary>List the runs that a sweep shows</summary>
    /// <remarks>Its own and reused ones, in the order of the sweep.</remarks>
    /// <param name="id">The id of the sweep.</param>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="limit">1 to 500; 500 when left out.</param>
    /// <param name="cursor">nextCursor of the page before.</param>
    public static async Task<Results<Ok<Page<RunResource>>, ProblemHttpResult>> RunsAsync(
        long id, ISweeps sweeps, IRuns runs, CancellationToken cancellationToken, int limit = Page<RunResource>.MaxLimit, string? cursor = null)
    {
        new Checks().Range(nameof(limit), limit, 1, Page<RunResource>.MaxLimit).Throw();
        var after = Cursor.Decode(RunsCursor, cursor, 1)?[0];
        if (await sweeps.FindAsync(id, cancellationToken) is null) return Problem.NotFound(Noun, id);
        var found = await runs.OfSweepAsync(id, limit + 1, after is { } place ? (int)Math.Min(place, int.MaxValue) : null, cancellationToken);
        return TypedResults.Ok(Pages.Of(found, limit, r => RunResource.From(r.Run), r => Cursor.Encode(RunsCursor, r.Place)));
    }

    /// <summary>Pause a sweep</summary>
    /// <remarks>All that run write a checkpoint, leave their slots and are held; all that wait are held as they are. As for each of its runs.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> PauseAsync(long id, ISweeps sweeps, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await sweeps.PauseAsync(id, cancellationToken));

    /// <summary>Resume a sweep</summary>
    /// <remarks>All that are paused are queued again and go on from their checkpoints. As for each of its runs.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> ResumeAsync(long id, ISweeps sweeps, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await sweeps.ResumeAsync(id, cancellationToken));

    /// <summary>Stop a sweep</summary>
    /// <remarks>What runs finishes, nothing more starts: what waits or is paused is cancelled. As for each of its runs.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> StopAsync(long id, ISweeps sweeps, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await sweeps.StopAsync(id, cancellationToken));

    /// <summary>Cancel a sweep</summary>
    /// <remarks>All end now, what they recorded is kept. As for each of its runs.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> CancelAsync(long id, ISweeps sweeps, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await sweeps.CancelAsync(id, cancellationToken));

    /// <summary>Retry a sweep</summary>
    /// <remarks>All that failed or were cancelled are queued again: from their last checkpoints, or from scratch, which drops checkpoints, points and progress. As for each of its runs.</remarks>
    /// <param name="from">checkpoint or scratch.</param>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> RetryAsync(
        long id, ISweeps sweeps, CancellationToken cancellationToken, string from = RetryQuery.Checkpoint) =>
        Verb.Answer(Noun, id, await sweeps.RetryAsync(id, RetryQuery.Read(from), cancellationToken));

    private static Results<Ok<SweepResource>, ProblemHttpResult> Answer(long id, SweepView? sweep) =>
        sweep is null ? Problem.NotFound(Noun, id) : TypedResults.Ok(SweepResource.From(sweep));
}
