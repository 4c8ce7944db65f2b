using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tracker.Domain;
using Tracker.Jobs.Database;
using Tracker.Storage;

namespace Tracker.Jobs.Supervision;

/// <summary>How children are treated.</summary>
/// <param name="Grace">Time between SIGTERM and SIGKILL.</param>
/// <param name="LogLimit">How long the end of an attempt waits for the last lines of its log.</param>
internal sealed record SupervisorOptions(TimeSpan Grace, TimeSpan LogLimit)
{
    public static SupervisorOptions Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
}

/// <summary>Starts the child of one attempt, takes down what it prints, stops it when asked, and tells how it ended.</summary>
internal sealed partial class Supervisor(
    ProcessStarter starter, ChildRecords records, IRunWriter writer, DatabaseRetry retry, TimeProvider clock, SupervisorOptions options,
    ILogger<Supervisor> logger)
{
    private const int LastWords = 5;

    /// <summary>How long output is still read after the child ended, in case that a process it started holds the stream open.</summary>
    private static readonly TimeSpan s_streamLimit = TimeSpan.FromSeconds(2);

    /// <summary>Runs the child until it has ended.</summary>
    public async Task<AttemptEnd> SuperviseAsync(StartedAttempt started, ChildCommand command, StopRequest stop)
    {
        var killsBefore = OutOfMemoryKills.Count();
        Process process;
        try
        {
            process = await starter.StartAsync(command.ToStartInfo());
        }
        catch (Win32Exception e)
        {
            return new(AttemptOutcome.Failed, ExitCode: null, Signal: null, $"The training process could not be started: {e.Message}", FailureKind.Crashed);
        }
        using (process)
        {
            LogStarted(started.RunId, started.Attempt, process.Id);
            try
            {
                return await SuperviseAsync(process, killsBefore, started, command, stop);
            }
            finally
            {
                // After a fault of the host's own nobody would look after the child.
                if (!process.HasExited) NativeProcess.Signal(process.Id, NativeProcess.SigKill);
            }
        }
    }

    private async Task<AttemptEnd> SuperviseAsync(Process process, long killsBefore, StartedAttempt started, ChildCommand command, StopRequest stop)
    {
        using var record = Note(started, process.Id);
        await using var log = new RunLog(started, writer, retry, clock, logger);
        var lastWords = new Queue<string>();
        var output = Task.WhenAll(
            LineReader.ReadAsync(process.StandardOutput, line => log.Add(EventLevel.Info, line)),
            LineReader.ReadAsync(process.StandardError, line => KeepError(line, log, lastWords)));
        await GreetAsync(process, command.FirstLine);
        var killed = await WaitAsync(process, started, stop);
        await Task.WhenAny(output, Task.Delay(s_streamLimit, clock));
        await log.CompleteAsync(options.LogLimit);
        var exit = new ChildExit(process.ExitCode, stop.Reason, killed, OutOfMemoryKills.Count() > killsBefore, WordsOf(lastWords));
        LogEnded(started.RunId, started.Attempt, process.ExitCode);
        return stop.Reason == StopReason.Superseded
            ? new(AttemptOutcome.Lost, ExitCode: null, NativeProcess.SigKill, "The attempt was over before its process.")
            : exit.ToAttemptEnd();
    }

    /// <summary>Waits for the end, and enforces it when asked to stop.</summary>
    /// <returns>Whether the child had to be killed.</returns>
    private async Task<bool> WaitAsync(Process process, StartedAttempt started, StopRequest stop)
    {
        // Not WaitForExitAsync: with redirected streams it waits for their end too, which a grandchild can put off.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => ended.TrySetResult();
        process.EnableRaisingEvents = true;
        await Task.WhenAny(ended.Task, stop.Requested);
        if (ended.Task.IsCompleted) return false;

        LogStopping(started.RunId, started.Attempt, stop.Reason);
        if (stop.Reason != StopReason.Superseded)
        {
            NativeProcess.Signal(process.Id, NativeProcess.SigTerm);
            using var left = new CancellationTokenSource();
            await Task.WhenAny(ended.Task, stop.Superseded, Task.Delay(options.Grace, clock, left.Token));
            await left.CancelAsync();
            if (ended.Task.IsCompleted) return false;
            if (stop.Reason != StopReason.Superseded) LogKilled(started.RunId, started.Attempt, options.Grace.TotalSeconds);
        }
        NativeProcess.Signal(process.Id, NativeProcess.SigKill);
        await ended.Task;
        return true;
    }

    /// <summary>Notes the process until it has ended; one that is gone already need not be.</summary>
    private Record? Note(StartedAttempt started, int processId)
    {
        if (ProcessTicks.Of(processId) is not { } identity) return null;
        records.Add(new(started.RunId, started.Attempt, identity));
        return new(records, started.RunId, started.Attempt);
    }

    /// <summary>Hands over the first line; a child that died before reading it has its own story to tell.</summary>
    private async Task GreetAsync(Process process, string line)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(line);
            await process.StandardInput.FlushAsync();
        }
        catch (IOException e)
        {
            LogDeaf(e, process.Id);
        }
    }

    private static void KeepError(string line, RunLog log, Queue<string> lastWords)
    {
        log.Add(EventLevel.Warning, line);
        if (line.Length == 0) return;
        lock (lastWords)
        {
            lastWords.Enqueue(line);
            if (lastWords.Count > LastWords) lastWords.Dequeue();
        }
    }

    private static string[] WordsOf(Queue<string> lastWords)
    {
        lock (lastWords) return [.. lastWords];
    }

    private sealed record Record(ChildRecords Records, long RunId, int Attempt) : IDisposable
    {
        public void Dispose() => Records.Remove(RunId, Attempt);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId}, attempt {Attempt}: training process {ProcessId} started.")]
    private partial void LogStarted(long runId, int attempt, int processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId}, attempt {Attempt}: training process ended with code {Code}.")]
    private partial void LogEnded(long runId, int attempt, int code);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId}, attempt {Attempt}: asked to stop ({Reason}).")]
    private partial void LogStopping(long runId, int attempt, StopReason reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId}, attempt {Attempt}: did not leave within {Seconds} s and is killed.")]
    private partial void LogKilled(long runId, int attempt, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Training process {ProcessId} did not read its order.")]
    private partial void LogDeaf(Exception exception, int processId);
}
