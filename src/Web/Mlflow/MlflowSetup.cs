using System.Net.Mime;
using Tracker.Web.Api;
using Tracker.Web.Identity;

namespace Tracker.Web.Mlflow;

/// <summary>
/// MLflow's REST interface, as its clients use it: their experiments are sweeps, their runs runs. The endpoints lie under the address of its
/// clients and under that of its pages, and none is in the OpenAPI document: MLflow describes them.
/// </summary>
public static class MlflowSetup
{
    /// <summary>A version whose clients do not send traces, which are not kept here.</summary>
    private const string Version = "2.22.0";

    private static readonly string[] s_lacking = ["workspaces_enabled", "trace_archival_enabled", "multipart_uploads_enabled", "multipart_downloads_enabled"];

    public static void AddMlflow(this IServiceCollection services) => services.AddSingleton<ArtifactStore>();

    public static void MapMlflow(this WebApplication app)
    {
        foreach (var prefix in new[] { MlflowPaths.Api, MlflowPaths.Ajax })
        {
            var all = app.MapGroup(prefix).DisableAntiforgery();
            MapExperiments(all.MapGroup("/mlflow/experiments"));
            MapRuns(all.MapGroup("/mlflow/runs"));
            MapHistory(all.MapGroup("/mlflow"));
            MapArtifacts(all.MapGroup("/mlflow-artifacts"));
        }
        app.MapGet("/api/3.0/mlflow/server-info", context => MlflowAnswer.WriteAsync(context, json =>
        {
            json.WriteString("store_type"u8, "SqlStore");
            foreach (var feature in s_lacking) json.WriteBoolean(feature, false);
        })).RequireAuthorization(Policies.Read);
        MapText("/health", "OK");
        MapText("/version", Version);

        void MapText(string path, string text) => app.MapGet(path, context =>
        {
            context.Response.ContentType = TextType.Utf8(MediaTypeNames.Text.Plain);
            return context.Response.WriteAsync(text, context.RequestAborted);
        }).AllowAnonymous();
    }

    private static void MapExperiments(RouteGroupBuilder group)
    {
        group.Post("create", ExperimentCalls.CreateAsync);
        group.Search("search", ExperimentCalls.SearchAsync);
        group.Get("search", ExperimentCalls.SearchAsync);
        group.Get("get", ExperimentCalls.GetAsync);
        group.Get("get-by-name", ExperimentCalls.GetByNameAsync);
        group.Post("delete", ExperimentCalls.DeleteAsync);
        group.Post("restore", ExperimentCalls.RestoreAsync);
        group.Post("update", ExperimentCalls.UpdateAsync);
        group.Post("set-experiment-tag", ExperimentCalls.SetTagAsync);
        group.Post("delete-experiment-tag", ExperimentCalls.DeleteTagAsync);
    }

    private static void MapRuns(RouteGroupBuilder group)
    {
        group.Post("create", RunCalls.CreateAsync);
        group.Get("get", RunCalls.GetAsync);
        group.Search("search", RunSearchCalls.SearchAsync);
        group.Post("update", RunCalls.UpdateAsync);
        group.Post("delete", RunCalls.DeleteAsync);
        group.Post("restore", RunCalls.RestoreAsync);
        group.Post("log-metric", LogCalls.MetricAsync);
        group.Post("log-parameter", LogCalls.ParameterAsync);
        group.Post("set-tag", LogCalls.SetTagAsync);
        group.Post("delete-tag", LogCalls.DeleteTagAsync);
        group.MapPost("log-batch", context => GuardAsync(context, LogCalls.BatchAsync)).RequireAuthorization(Policies.Act);
        group.Post("log-inputs", LogCalls.InputsAsync);
        group.Post("outputs", LogCalls.OutputsAsync);
        group.Post("log-model", LogCalls.ModelAsync);
    }

    private static void MapHistory(RouteGroupBuilder group)
    {
        group.Get("metrics/get-history", HistoryCalls.OfRunAsync);
        group.Get("metrics/get-history-bulk", HistoryCalls.OfRunsAsync);
        group.Get("metrics/get-history-bulk-interval", HistoryCalls.BucketsAsync);
        group.Get("artifacts/list", ArtifactCalls.ListOfRunAsync);
    }

    private static void MapArtifacts(RouteGroupBuilder group)
    {
        const string file = "artifacts/{**path}";
        group.Get("artifacts", ArtifactCalls.ListAsync);
        group.MapGet(file, context => GuardAsync(context, ArtifactCalls.DownloadAsync)).RequireAuthorization(Policies.Read);
        group.MapPut(file, context => GuardAsync(context, ArtifactCalls.UploadAsync)).RequireAuthorization(Policies.Act);
        group.MapDelete(file, context => GuardAsync(context, ArtifactCalls.DeleteAsync)).RequireAuthorization(Policies.Act);
        group.MapPost("mpu/{verb:regex(^(create|complete|abort)$)}/{**path}", ArtifactCalls.DeclineParts).RequireAuthorization(Policies.Act);
    }

    private static void Post(this RouteGroupBuilder group, string path, Func<MlflowCall, Task> answer) =>
        group.MapPost(path, context => AnswerAsync(context, answer)).RequireAuthorization(Policies.Act);

    /// <summary>What is asked by POST and changes nothing.</summary>
    private static void Search(this RouteGroupBuilder group, string path, Func<MlflowCall, Task> answer) =>
        group.MapPost(path, context => AnswerAsync(context, answer)).RequireAuthorization(Policies.Read).WithMetadata(new ReadsByPostAttribute());

    private static void Get(this RouteGroupBuilder group, string path, Func<MlflowCall, Task> answer) =>
        group.MapGet(path, context => answer(new(context, MlflowRequest.OfQuery(context.Request)))).RequireAuthorization(Policies.Read);

    private static Task AnswerAsync(HttpContext context, Func<MlflowCall, Task> answer) =>
        GuardAsync(context, async c => await answer(new(c, await MlflowRequest.ReadAsync(c))));

    /// <summary>Refuses what a page of another site asks for with what the browser adds by itself.</summary>
    private static Task GuardAsync(HttpContext context, Func<HttpContext, Task> answer) => SameOrigin.Allows(context.Request)
        ? answer(context)
        : throw new MlflowException(MlflowCodes.PermissionDenied, "The request comes from a page of another site. Use an API token for programs.");
}
