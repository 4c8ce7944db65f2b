using System.Globalization;
using System.Text.Json;

namespace Tracker.Training;

/// <summary>A <see cref="TrainingState"/> as texts of a checkpoint's header, exact to the last bit.</summary>
internal static class TrainingStateTexts
{
    /// <summary>Writes a state.</summary>
    public static Dictionary<string, string> Write(TrainingState state)
    {
        var selection = state.Selection;
        return new(StringComparer.Ordinal)
        {
            ["step"] = Text(state.Step),
            ["evaluatedStep"] = Text(state.EvaluatedStep),
            ["trainLoss"] = Text(state.TrainLoss),
            ["validationLoss"] = Text(state.ValidationLoss),
            ["validationAccuracy"] = Text(state.ValidationAccuracy),
            ["bestValidationAccuracy"] = Text(selection.BestValidationAccuracy),
            ["finalAccuracy"] = Text(selection.FinalAccuracy),
            ["finalStep"] = Text(selection.FinalStep),
            ["bestAccuracy"] = Text(selection.BestAccuracy),
            ["bestStep"] = Text(selection.BestStep),
            ["latestAccuracies"] = string.Join(' ', selection.Latest.Select(Text)),
            ["targetSteps"] = string.Join(' ', selection.Reached.Select(r => Text(r.Step))),
            ["targetSeconds"] = string.Join(' ', selection.Reached.Select(r => Text(r.Seconds))),
            ["chunkLimit"] = Text(state.ChunkLimit),
            ["trainSeconds"] = Text(state.TrainSeconds),
            ["evalSeconds"] = Text(state.EvalSeconds),
            ["diagnostics"] = state.Diagnostics.ToText(),
        };
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="path">Where it lies, for messages.</param>
    /// <exception cref="CheckpointException">A text is missing or no number.</exception>
    public static TrainingState Read(SafetensorsReader file, string path)
    {
        double One(string key) => Number(file, path, key);
        return new()
        {
            Step = (long)One("step"),
            EvaluatedStep = (long)One("evaluatedStep"),
            TrainLoss = One("trainLoss"),
            ValidationLoss = One("validationLoss"),
            ValidationAccuracy = One("validationAccuracy"),
            ChunkLimit = (int)One("chunkLimit"),
            TrainSeconds = One("trainSeconds"),
            EvalSeconds = One("evalSeconds"),
            Diagnostics = Diagnostics(file, path),
            Selection = new()
            {
                BestValidationAccuracy = One("bestValidationAccuracy"),
                FinalAccuracy = One("finalAccuracy"),
                FinalStep = (long)One("finalStep"),
                BestAccuracy = One("bestAccuracy"),
                BestStep = (long)One("bestStep"),
                Latest = Numbers(file, path, "latestAccuracies"),
                Reached = [.. Numbers(file, path, "targetSteps").Zip(Numbers(file, path, "targetSeconds"), (step, seconds) => ((long)step, seconds))],
            },
        };
    }

    /// <summary>One number of a checkpoint's header.</summary>
    public static double Number(SafetensorsReader file, string path, string key) => Parse(path, key, file.Text(key));

    private static double[] Numbers(SafetensorsReader file, string path, string key) =>
        [.. file.Text(key).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => Parse(path, key, text))];

    private static DiagnosticsState Diagnostics(SafetensorsReader file, string path)
    {
        try
        {
            return DiagnosticsState.Parse(file.Text("diagnostics"));
        }
        catch (JsonException e)
        {
            throw new CheckpointException(path, "the state of diagnostics as 'diagnostics'", e.Message, e);
        }
    }

    private static double Parse(string path, string key, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CheckpointException(path, $"a number as '{key}'", $"'{text}'");

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
