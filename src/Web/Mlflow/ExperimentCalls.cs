using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Mlflow;

/// <summary>Experiments for MLflow's clients.</summary>
internal static class ExperimentCalls
{
    private const int UsualPage = 1000;

    public static async Task CreateAsync(MlflowCall call)
    {
        var name = Name(call.Request.Required("name"));
        if (call.Request.Text("artifact_location") is { Length: > 0 } location && !location.StartsWith("mlflow-artifacts:", StringComparison.Ordinal))
            throw MlflowException.Invalid($"Invalid value '{location}' for parameter 'artifact_location' supplied: artifacts are kept by this server. Leave it out.");
        var tags = call.Request.Pairs("tags");
        foreach (var (key, value) in tags) CheckTag(key, value);
        var id = await call.Experiments.CreateAsync(name, Last(tags), call.Aborted);
        await MlflowAnswer.WriteAsync(call.Context, json => json.WriteString("experiment_id"u8, MlflowIds.Experiment(id)));
    }

    public static async Task GetAsync(MlflowCall call)
    {
        var (text, id) = call.ExperimentId();
        await AnswerAsync(call, await call.Experiments.FindAsync(id, call.Aborted) ?? throw MlflowException.NoExperiment(text));
    }

    public static async Task GetByNameAsync(MlflowCall call)
    {
        var name = call.Request.Required("experiment_name");
        await AnswerAsync(call, await call.Experiments.FindAsync(name, call.Aborted)
            ?? throw new MlflowException(MlflowCodes.ResourceDoesNotExist, $"Could not find experiment with name '{name}'"));
    }

    public static async Task SearchAsync(MlflowCall call)
    {
        var conditions = ExperimentFilter.Parse(call.Request.Text("filter") ?? "").Select(c => new ExperimentCondition(c.Field, c.Operator, c.Value)).ToList();
        var orders = call.Request.Texts("order_by").Select(ExperimentFilter.ParseOrder).Select(o => new ExperimentOrder(o.Field, o.Descending)).ToList();
        if (orders.Count == 0) orders = [new("creation_time", true), new("experiment_id", false)];
        var search = new ExperimentSearch(
            conditions, RunSearchCalls.View(call.Request, "view_type"), orders,
            MlflowLimits.CheckResults(call.Request.Whole("max_results"), UsualPage, MlflowLimits.SearchResults), call.Request.Text("page_token") is { Length: > 0 } token ? token : null);
        var page = await call.Experiments.SearchAsync(search, call.Aborted);
        await MlflowAnswer.WriteAsync(call.Context, json =>
        {
            json.WriteStartArray("experiments"u8);
            foreach (var experiment in page.Experiments) RunJson.WriteExperiment(json, experiment);
            json.WriteEndArray();
            // Clients take an empty token for one.
            if (page.Next is not null) json.WriteString("next_page_token"u8, page.Next);
        });
    }

    public static async Task DeleteAsync(MlflowCall call)
    {
        var (text, id) = call.ExperimentId();
        if (id == Experiment.DefaultId) throw MlflowException.Invalid("The experiment 'Default' cannot be deleted: runs go there whose programs name none.");
        await DoneAsync(call, await RunCalls.RefusedAsync(call.Experiments.DeleteAsync(id, call.Aborted)), text);
    }

    public static async Task RestoreAsync(MlflowCall call)
    {
        var (text, id) = call.ExperimentId();
        await DoneAsync(call, await call.Experiments.RestoreAsync(id, call.Aborted), text);
    }

    public static async Task UpdateAsync(MlflowCall call)
    {
        var (text, id) = call.ExperimentId();
        var name = Name(call.Request.Required("new_name"));
        await DoneAsync(call, await RunCalls.RefusedAsync(call.Experiments.RenameAsync(id, name, call.Aborted)), text);
    }

    public static async Task SetTagAsync(MlflowCall call)
    {
        var (text, id) = call.ExperimentId();
        var (key, value) = (call.Request.Required("key"), call.Request.Text("value") ?? "");
        CheckTag(key, value);
        await DoneAsync(call, await call.Experiments.SetTagAsync(id, key, value, call.Aborted), text);
    }

    public static async Task DeleteTagAsync(MlflowCall call)
    {
        var (text, id) = call.ExperimentId();
        var key = call.Request.Required("key");
        if (!await call.Experiments.DeleteTagAsync(id, key, call.Aborted))
        {
            throw await call.Experiments.FindAsync(id, call.Aborted) is null
                ? MlflowException.NoExperiment(text)
                : new MlflowException(MlflowCodes.ResourceDoesNotExist, $"No tag with name: {key} in experiment with id {text}");
        }
        await MlflowAnswer.EmptyAsync(call.Context);
    }

    /// <summary>The last value of each key.</summary>
    public static Dictionary<string, string> Last(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var last = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs) last[key] = value;
        return last;
    }

    private static Task AnswerAsync(MlflowCall call, Experiment experiment) => MlflowAnswer.WriteAsync(call.Context, json =>
    {
        json.WritePropertyName("experiment"u8);
        RunJson.WriteExperiment(json, experiment);
    });

    private static Task DoneAsync(MlflowCall call, bool found, string id) => found ? MlflowAnswer.EmptyAsync(call.Context) : throw MlflowException.NoExperiment(id);

    private static string Name(string name) => name.Length <= MlflowLimits.Name ? name
        : throw MlflowException.Invalid($"The name of an experiment has at most {MlflowLimits.Name} characters; this one has {name.Length}.");

    private static void CheckTag(string key, string value)
    {
        MlflowLimits.CheckKey("tag", key);
        if (value.Length > MlflowLimits.ExperimentTagValue)
            throw MlflowException.Invalid($"The value of tag '{key}' has {value.Length} characters; tags of experiments have at most {MlflowLimits.ExperimentTagValue}.");
    }
}
