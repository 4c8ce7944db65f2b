using System.Text;

namespace Tracker.Web.Mlflow;

/// <summary>An artifact's place, taken apart and checked: nothing that a client writes leads out of the folder of its run.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="RunText">The run as it was written.</param>
/// <param name="Run">The run.</param>
/// <param name="Parts">The folders and the file below the run's artifacts; none for these themselves.</param>
internal sealed record ArtifactPath(long Experiment, string RunText, long Run, IReadOnlyList<string> Parts)
{
    private const int MaxLength = 2000;

    /// <summary>Linux takes paths of 4095 bytes; the rest is for the folder of the run.</summary>
    private const int MaxBytes = 3000;

    /// <summary>Most file systems take no longer names.</summary>
    private const int MaxPartBytes = 255;
    private const int MaxDepth = 50;

    /// <summary>Reads <c>EXPERIMENT/RUN/artifacts/…</c>.</summary>
    public static ArtifactPath Parse(string path)
    {
        if (path.StartsWith('/') || Uri.TryCreate(path, UriKind.Absolute, out _)) throw Invalid(path);
        var parts = Split(path);
        if (parts is not [var experiment, var run, "artifacts", ..] || MlflowIds.Experiment(experiment) is not { } experimentId || MlflowIds.Run(run) is not { } runId)
            throw MlflowException.Invalid($"Invalid path '{Shown(path)}': artifacts lie under EXPERIMENT/RUN/artifacts, as in a run's artifact_uri.");
        return new(experimentId, run, runId, parts[3..]);
    }

    /// <summary>The parts of a path below a run's artifacts.</summary>
    public static string[] Split(string path)
    {
        if (path.Length == 0) return [];
        if (path.Length > MaxLength) throw MlflowException.Invalid($"Invalid path: it has {path.Length} characters, and at most {MaxLength} are taken.");
        if (Encoding.UTF8.GetByteCount(path) is > MaxBytes and var bytes) throw MlflowException.Invalid($"Invalid path: it has {bytes} bytes, and at most {MaxBytes} are taken.");
        // Others decode once more: what would be unsafe there is refused here too.
        var decoded = path;
        for (var i = 0; i < 3 && decoded.Contains('%', StringComparison.Ordinal); i++) decoded = Uri.UnescapeDataString(decoded);
        if (!IsSafe(path) || !IsSafe(decoded)) throw Invalid(path);
        var parts = path.TrimEnd('/').Split('/');
        if (parts.Length > MaxDepth) throw MlflowException.Invalid($"Invalid path: it goes {parts.Length} deep, and at most {MaxDepth} are taken.");
        return parts.Any(p => Encoding.UTF8.GetByteCount(p) > MaxPartBytes) ? throw MlflowException.Invalid($"Invalid path: a name in it has more than {MaxPartBytes} bytes.") : parts;
    }

    private static bool IsSafe(string path) =>
        !path.StartsWith('/') && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsPaired(path))
        && !(path.Length > 1 && char.IsAsciiLetter(path[0]) && path[1] == ':')
        && path.TrimEnd('/').Split('/').All(p => p is not ("" or "." or ".."));

    private static bool IsPaired(string text) => text.EnumerateRunes().All(r => r != Rune.ReplacementChar);

    private static MlflowException Invalid(string path) => MlflowException.Invalid($"Invalid path '{Shown(path)}': it has no empty parts, '.', '..', backslashes or control characters, and is not absolute.");

    private static string Shown(string path) => string.Concat(MlflowRequest.Short(path).Where(c => !char.IsControl(c)));
}
