using System.CommandLine;
using System.CommandLine.Parsing;
using Tracker.Domain;

namespace Tracker.Jobs.Submit;

/// <summary><c>submit</c>: hands a sweep to a tracker over REST, shows its progress, and prints the table that comes out.</summary>
internal static class SubmitCommand
{
    public const string TokenKey = "TRACKER_ADMIN_TOKEN";
    private const int Refused = 1;
    private const int Incomplete = 3;

    public static Command Create()
    {
        var file = new Argument<FileInfo?>("file") { Description = "A sweep specification in JSON.", Arity = ArgumentArity.ZeroOrOne };
        var preset = new Option<string?>("--preset") { Description = $"A ready-made sweep instead of a file: {string.Join(", ", SweepPreset.All.Select(p => p.Name))}." };
        var url = new Option<Uri>("--url") { Description = "Where the tracker is.", DefaultValueFactory = _ => new("http://localhost:5080"), CustomParser = ReadUrl };
        var table = new Option<int>("--table") { Description = "The table to print: 1 or 2.", DefaultValueFactory = _ => 1 };
        var command = new Command("submit", $"Submits a sweep over REST with the token in {TokenKey}, follows it, and prints the table of its results. Exit code 0 when every run succeeded, {Incomplete} when one did not.")
        {
            file, preset, url, table,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var token = Environment.GetEnvironmentVariable(TokenKey) is { Length: > 0 } set ? set : throw new SubmissionException($"{TokenKey} is not set. It holds an API token; make one under Settings.");
                var specification = await ReadAsync(parsed.GetValue(file), parsed.GetValue(preset), cancellationToken);
                return await RunAsync(parsed.GetValue(url)!, token, specification, parsed.GetValue(table), cancellationToken);
            }
            catch (Exception e) when (e is SubmissionException or TrackerRequestException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return Refused;
            }
        });
        return command;
    }

    private static Uri? ReadUrl(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        argument.AddError($"'{text}' is no address. Expected one such as http://localhost:5080.");
        return null;
    }

    private static async Task<string> ReadAsync(FileInfo? file, string? preset, CancellationToken cancellationToken)
    {
        if (file is null == preset is null) throw new SubmissionException("Name a file, or a ready-made sweep with --preset.");
        if (preset is not null)
            return SweepPreset.Find(preset)?.Sweep.ToJson() ?? throw new SubmissionException($"There is no preset '{preset}'. Presets: {string.Join(", ", SweepPreset.All.Select(p => p.Name))}.");
        try
        {
            return await File.ReadAllTextAsync(file!.FullName, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SubmissionException(e.Message, e);
        }
    }

    private static async Task<int> RunAsync(Uri url, string token, string specification, int table, CancellationToken cancellationToken)
    {
        using var client = new TrackerClient(url, token);
        var sweep = await client.SubmitAsync(specification, cancellationToken);
        Console.WriteLine($"Submitted sweep {sweep}: {new Uri(url, $"/sweeps/{sweep}")}");
        var board = new ProgressBoard(Console.Out, !Console.IsOutputRedirected, () => (Console.WindowWidth, Console.WindowHeight));
        var runs = await new SweepFollower(client, board, Console.Error).FollowAsync(sweep, cancellationToken);
        Console.WriteLine();
        var results = await client.TableAsync(table, sweep, cancellationToken);
        Console.Write(TableText.Render(results));
        var missing = runs.Count(r => r.State != RunState.Succeeded);
        var empty = results.Rows.SelectMany(r => r.Cells).Count(c => c.Runs > 0 && c.MeanPercent is null);
        if (missing + empty == 0) return 0;
        await Console.Error.WriteLineAsync($"{missing} of {runs.Count} runs did not succeed; {empty} cells of the table are empty.");
        return Incomplete;
    }
}

/// <summary>Why a sweep cannot be submitted, for people.</summary>
internal sealed class SubmissionException(string message, Exception? inner = null) : Exception(message, inner);
