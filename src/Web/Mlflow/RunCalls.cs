using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Identity;

namespace Tracker.Web.Mlflow;

/// <summary>Runs for MLflow's clients.</summary>
internal static class RunCalls
{
    public static async Task CreateAsync(MlflowCall call)
    {
        var request = call.Request;
        var text = request.Text("experiment_id") is { Length: > 0 } given ? given : MlflowIds.Experiment(Experiment.DefaultId);
        var experiment = MlflowIds.Experiment(text) ?? throw MlflowException.NoExperiment(text);
        var pairs = request.Pairs("tags");
        foreach (var (key, value) in pairs) MlflowLimits.CheckTag(key, value);
        var tags = ExperimentCalls.Last(pairs);
        if (request.Text("user_id") is { Length: > 0 } user) tags.TryAdd(LoggedTags.User, user);
        var started = request.Whole("start_time") is { } milliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(MlflowLimits.CheckTime("start_time", milliseconds)) : call.Get<TimeProvider>().GetUtcNow();
        var run = new NewLoggedRun(experiment, NameOf(request.Text("run_name"), tags), started, tags);
        var id = await call.Runs.CreateAsync(run, call.Aborted) ?? throw MlflowException.NoExperiment(text);
        await AnswerAsync(call, MlflowIds.Run(id), id);
    }

    public static async Task GetAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        await AnswerAsync(call, text, id);
    }

    public static async Task UpdateAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        var status = call.Request.Text("status") is { Length: > 0 } state ? MlflowIds.State(state) : (RunState?)null;
        // Clients send 0 for a run that has not ended.
        var end = call.Request.Whole("end_time") is { } milliseconds and not 0
            ? DateTimeOffset.FromUnixTimeMilliseconds(MlflowLimits.CheckTime("end_time", milliseconds)) : (DateTimeOffset?)null;
        var name = call.Request.Text("run_name") is { Length: > 0 } given ? Checked(given) : null;
        if (!await call.Runs.ChangeAsync(id, new(status, end, name), call.Aborted)) throw MlflowException.NoRun(text);
        var run = await call.Runs.FindAsync(id, call.Aborted) ?? throw MlflowException.NoRun(text);
        await MlflowAnswer.WriteAsync(call.Context, json =>
        {
            json.WritePropertyName("run_info"u8);
            RunJson.WriteInfo(json, run);
        });
    }

    public static async Task DeleteAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        await call.DoneAsync(await RefusedAsync(call.Runs.DeleteAsync(id, call.Aborted)), text);
    }

    public static async Task RestoreAsync(MlflowCall call)
    {
        var (text, id) = call.RunId();
        await call.DoneAsync(await call.Runs.RestoreAsync(id, call.Aborted), text);
    }

    /// <summary>What is not possible in the present state is a fault of the request here: clients repeat what is answered as a fault of the server.</summary>
    public static async Task<bool> RefusedAsync(Task<bool> change)
    {
        try
        {
            return await change;
        }
        catch (InvalidOperationException e) when (e is not (ExperimentExistsException or AccessDeniedException or LogRefusedException or ObjectDisposedException))
        {
            throw MlflowException.Invalid(e.Message);
        }
    }

    private static async Task AnswerAsync(MlflowCall call, string text, long id)
    {
        var run = await call.Runs.FindAsync(id, call.Aborted) ?? throw MlflowException.NoRun(text);
        await MlflowAnswer.WriteAsync(call.Context, json =>
        {
            json.WritePropertyName("run"u8);
            RunJson.WriteRun(json, run);
        });
    }

    private static string NameOf(string? given, Dictionary<string, string> tags)
    {
        tags.Remove(RunTags.Name, out var tagged);
        if (given is { Length: > 0 } && tagged is { Length: > 0 } && given != tagged)
            throw MlflowException.Invalid($"Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='{given}', mlflow.runName='{tagged}').");
        return Checked(given is { Length: > 0 } ? given : tagged is { Length: > 0 } ? tagged : RunTags.RandomName());
    }

    private static string Checked(string name) => name.Length <= MlflowLimits.TagValue ? name
        : throw MlflowException.Invalid($"The name of a run has at most {MlflowLimits.TagValue} characters; this one has {name.Length}.");
}
