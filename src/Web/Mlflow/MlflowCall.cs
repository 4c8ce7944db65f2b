using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>A request with what it takes to answer it.</summary>
internal sealed class MlflowCall(HttpContext context, MlflowRequest request)
{
    public HttpContext Context { get; } = context;

    public MlflowRequest Request { get; } = request;

    public CancellationToken Aborted => Context.RequestAborted;

    public IExperiments Experiments => Get<IExperiments>();

    public ILoggedRuns Runs => Get<ILoggedRuns>();

    public T Get<T>() where T : notnull => Context.RequestServices.GetRequiredService<T>();

    /// <summary>The run that is meant, as it was written and as a number; an old client writes run_uuid.</summary>
    public (string Text, long Id) RunId()
    {
        var text = Request.Text("run_id") is { Length: > 0 } id ? id : Request.Text("run_uuid") is { Length: > 0 } old ? old : throw MlflowException.Missing("run_id");
        return (text, MlflowIds.Run(text) ?? throw MlflowException.NoRun(text));
    }

    /// <summary>The experiment that is meant.</summary>
    public (string Text, long Id) ExperimentId()
    {
        var text = Request.Required("experiment_id");
        return (text, MlflowIds.Experiment(text) ?? throw MlflowException.NoExperiment(text));
    }

    /// <summary>Answers <c>{}</c>, or that the run is unknown.</summary>
    public Task DoneAsync(bool found, string runId) => found ? MlflowAnswer.EmptyAsync(Context) : throw MlflowException.NoRun(runId);
}
