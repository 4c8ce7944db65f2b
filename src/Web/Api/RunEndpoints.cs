using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Runs over REST.</summary>
public static class RunEndpoints
{
    private const string LogCursorName = "log";
    private const string Noun = "run";
    private const int MaxNotes = 10_000;
    private const int MaxTags = IRuns.MostTags;
    private const int MaxTagLength = 64;
    private const int MaxLines = 10_000;

    public static void MapRuns(this RouteGroupBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("", ListAsync).Invalid();
        var one = runs.MapGroup("/{id:long}").Missing();
        one.MapGet("", FindAsync).Tagged();
        one.MapPatch("", ChangeAsync).Tagged().Invalid().Matching();
        one.MapDelete("", DeleteAsync).Tagged().Conflicting().Matching();
        one.MapPost("/pause", PauseAsync);
        one.MapPost("/resume", ResumeAsync);
        one.MapPost("/stop", StopAsync);
        one.MapPost("/cancel", CancelAsync);
        one.MapPost("/retry", RetryAsync).Invalid();
        one.MapGet("/log", LogAsync).Invalid().Produces<LogResource>(200, "application/json", "text/plain");
        one.MapGet("/attempts", AttemptsAsync);
        one.MapGet("/events", EventsAsync).Invalid();
        one.MapGet("/checkpoints", CheckpointsAsync);
        one.MapRunFiles();
        one.MapTensorBoard();
    }

    /// <summary>List runs</summary>
    /// <remarks>Newest first, or as sort says. Fields and the language of filter are described in docs/filters.md; 400 tells position and length of a fault.</remarks>
    public static async Task<Ok<Page<RunResource>>> ListAsync([AsParameters] RunPageQuery query, IRunSearch runs, CancellationToken cancellationToken)
    {
        var found = await runs.PageAsync(
            query.ToSearch() with { Limit = query.Limit ?? Page<RunResource>.DefaultLimit, Cursor = query.Cursor }, cancellationToken);
        return TypedResults.Ok(new Page<RunResource>([.. found.Runs.Select(r => RunResource.From(r.Run))], found.More ? found.Next : null));
    }

    /// <summary>Get a run</summary>
    /// <remarks>Its specification, state, progress and result. The ETag is for If-None-Match here and for If-Match when it is changed.</remarks>
    /// <param name="deleted">Also from the recycle bin: then deletedAt says since when it is there.</param>
    public static async Task<Results<Ok<RunResource>, ProblemHttpResult>> FindAsync(
        long id, IRuns runs, CancellationToken cancellationToken, bool deleted = false) =>
        Answer(id, await runs.FindAsync(id, deleted ? Presence.All : Presence.Active, cancellationToken));

    /// <summary>Change a run</summary>
    /// <remarks>Changes notes, tags or priority. A new priority moves a run that waits; one that a host holds is not interrupted.</remarks>
    public static async Task<Results<Ok<RunResource>, ProblemHttpResult>> ChangeAsync(
        long id, JsonBody<RunChange> body, IRuns runs, CancellationToken cancellationToken)
    {
        var (notes, tags, priority) = body.Value;
        new Checks()
            .Length("notes", notes, 0, MaxNotes)
            .Require("tags", tags is null || tags.Count <= MaxTags, $"Expected at most {MaxTags} tags, found {tags?.Count}.")
            .Require("tags", tags is null || tags.All(t => t.Trim().Length is > 0 and <= MaxTagLength), $"Expected tags of 1 to {MaxTagLength} characters.")
            .Throw();
        IReadOnlyList<string>? distinct = tags is null ? null : [.. tags.Select(t => t.Trim()).Distinct(StringComparer.Ordinal)];
        return Answer(id, await runs.ChangeAsync(id, notes, distinct, priority, cancellationToken));
    }

    /// <summary>Delete a run</summary>
    /// <remarks>Puts the run into the recycle bin; one that waits or is paused is cancelled first. Refused while it is active.</remarks>
    public static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(long id, IRuns runs, CancellationToken cancellationToken) =>
        Deletion.AnswerAsync(Noun, id, runs.DeleteAsync(id, cancellationToken));

    /// <summary>Pause a run</summary>
    /// <remarks>The run writes a checkpoint, leaves its slot and is held, within seconds; one that waits is held as it is. Nothing happens to one that is to be cancelled, is held already, or is over.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> PauseAsync(long id, IRuns runs, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await runs.PauseAsync(id, cancellationToken));

    /// <summary>Resume a run</summary>
    /// <remarks>A paused run is queued again, at the end, and goes on from its checkpoint. One that is to pause and has not left yet goes on. Nothing happens to others.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> ResumeAsync(long id, IRuns runs, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await runs.ResumeAsync(id, cancellationToken));

    /// <summary>Stop a run</summary>
    /// <remarks>What runs finishes, nothing starts: a run that a host holds finishes, with further attempts if it needs them; one that waits or is paused is cancelled. Nothing happens to one that is over.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> StopAsync(long id, IRuns runs, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await runs.StopAsync(id, cancellationToken));

    /// <summary>Cancel a run</summary>
    /// <remarks>Ends the run now and keeps what it recorded: at once where it waits or is paused, within seconds where a host holds it. That cannot be taken back; a run that finishes first has succeeded. Nothing happens to one that is over.</remarks>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> CancelAsync(long id, IRuns runs, CancellationToken cancellationToken) =>
        Verb.Answer(Noun, id, await runs.CancelAsync(id, cancellationToken));

    /// <summary>Retry a run</summary>
    /// <remarks>
    /// A run that failed or was cancelled is queued again, at the end, out of quarantine and with a fresh allowance of crashes: from its
    /// last checkpoint, or from scratch, which drops checkpoint, points and progress. Nothing happens to others.
    /// </remarks>
    /// <param name="from">checkpoint or scratch.</param>
    public static async Task<Results<Ok<VerbOutcome>, ProblemHttpResult>> RetryAsync(
        long id, IRuns runs, CancellationToken cancellationToken, string from = RetryQuery.Checkpoint) =>
        Verb.Answer(Noun, id, await runs.RetryAsync(id, RetryQuery.Read(from), cancellationToken));

    /// <summary>Read a run's log</summary>
    /// <remarks>Without a cursor the last lines; with one, what was written after it. As plain text with 'Accept: text/plain'.</remarks>
    /// <param name="limit">1 to 10,000 lines.</param>
    /// <param name="cursor">nextCursor of the answer before.</param>
    public static async Task<Results<Ok<LogResource>, ContentHttpResult, ProblemHttpResult>> LogAsync(
        long id, HttpRequest request, IRuns runs, CancellationToken cancellationToken, int limit = 1000, string? cursor = null)
    {
        new Checks().Range(nameof(limit), limit, 1, MaxLines).Throw();
        var after = Cursor.Decode(LogCursorName, cursor, 2) ?? [0, 0];
        if (await runs.FindAsync(id, cancellationToken) is null) return Problem.NotFound(Noun, id);
        var lines = await runs.LogAsync(id, (int)after[0], after[1], limit, cancellationToken);
        if (request.GetTypedHeaders().Accept is [{ MediaType.Value: "text/plain" }, ..])
            return TypedResults.Text(string.Concat(lines.Select(RunFileEndpoints.Line)), TextType.Utf8("text/plain"));
        var next = lines.Count > 0 ? Cursor.Encode(LogCursorName, lines[^1].Attempt, lines[^1].Line) : cursor;
        return TypedResults.Ok(new LogResource(lines, next));
    }

    /// <summary>List a run's attempts</summary>
    /// <remarks>Newest first.</remarks>
    public static async Task<Results<Ok<IReadOnlyList<AttemptResource>>, ProblemHttpResult>> AttemptsAsync(
        long id, IRuns runs, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(id, cancellationToken) is null) return Problem.NotFound(Noun, id);
        return TypedResults.Ok<IReadOnlyList<AttemptResource>>([.. (await runs.AttemptsAsync(id, cancellationToken)).Select(AttemptResource.From)]);
    }

    /// <summary>List a run's events</summary>
    /// <remarks>Newest first.</remarks>
    /// <param name="limit">1 to 10,000.</param>
    public static async Task<Results<Ok<IReadOnlyList<EventResource>>, ProblemHttpResult>> EventsAsync(
        long id, IRuns runs, CancellationToken cancellationToken, int limit = 1000)
    {
        new Checks().Range(nameof(limit), limit, 1, MaxLines).Throw();
        if (await runs.FindAsync(id, cancellationToken) is null) return Problem.NotFound(Noun, id);
        return TypedResults.Ok<IReadOnlyList<EventResource>>([.. (await runs.EventsAsync(id, limit, cancellationToken)).Select(EventResource.From)]);
    }

    /// <summary>List a run's checkpoints</summary>
    /// <remarks>The one that the run would go on from.</remarks>
    public static async Task<Results<Ok<IReadOnlyList<CheckpointResource>>, ProblemHttpResult>> CheckpointsAsync(
        long id, IRuns runs, CancellationToken cancellationToken) => await runs.FindAsync(id, cancellationToken) is { } run
            ? TypedResults.Ok<IReadOnlyList<CheckpointResource>>(CheckpointResource.From(run.Checkpoint) is { } checkpoint ? [checkpoint] : [])
            : Problem.NotFound(Noun, id);

    private static Results<Ok<RunResource>, ProblemHttpResult> Answer(long id, RunView? run) =>
        run is null ? Problem.NotFound(Noun, id) : TypedResults.Ok(RunResource.From(run));
}
