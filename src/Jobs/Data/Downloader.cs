using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace Tracker.Jobs.Data;

/// <summary>How patient a download is.</summary>
/// <param name="Retries">How often a mirror is asked again after a fault, at least once, if nothing was received meanwhile.</param>
/// <param name="FirstDelay">Time before the first retry; it doubles from one to the next.</param>
/// <param name="Silence">How long a mirror may send nothing.</param>
internal sealed record DownloadLimits(int Retries, TimeSpan FirstDelay, TimeSpan Silence)
{
    public static DownloadLimits Default { get; } = new(4, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
}

/// <summary>
/// Downloads files from their mirrors, in order: goes on from what an earlier try received, asks a mirror again after a temporary fault,
/// and hands over nothing whose SHA-256 is not the published one.
/// </summary>
internal sealed class Downloader : IDisposable
{
    private const int Chunk = 1 << 17;

    private readonly HttpClient _http;
    private readonly DownloadLimits _limits;
    private readonly ResiliencePipeline _retry;

    public Downloader(DownloadLimits limits)
    {
        _limits = limits;
        // Silence is limited read by read: a large file may take as long as it takes. Nothing is decompressed on the way, since the
        // checksums are those of the compressed files.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = limits.Silence, AutomaticDecompression = DecompressionMethods.None })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue(Product.Name, Product.Version.Split('+')[0]));
        _retry = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = limits.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = limits.FirstDelay,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder().Handle<MirrorException>(e => e.Temporary),
            })
            .Build();
    }

    /// <summary>Downloads a file into a folder, unless it lies there already.</summary>
    /// <returns>The path of the whole and verified file.</returns>
    /// <exception cref="DownloadException">No mirror sent it, or it could not be written.</exception>
    public async Task<string> FetchAsync(RemoteFile file, string directory, IDataReport report, CancellationToken cancellationToken)
    {
        var target = Path.Combine(directory, file.Name);
        if (File.Exists(target) && await PartFile.Sha256Async(target, cancellationToken) == file.Sha256) return target;
        var part = new PartFile(target);
        var faults = new List<string>();
        foreach (var mirror in file.Mirrors)
        {
            try
            {
                await FetchFromAsync(mirror, file, part, report, cancellationToken);
                part.Complete();
                return target;
            }
            catch (MirrorException e)
            {
                faults.Add($"{mirror.Authority} {e.Message}");
                report.Say($"{file.Name}: {faults[^1]}.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DownloadException($"{target} cannot be written: {e.Message}", e);
            }
        }
        throw new DownloadException($"{file.Name} could not be downloaded: {string.Join("; ", faults)}.");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Receives the whole file from one mirror, or the rest of it, and verifies it.</summary>
    private async Task FetchFromAsync(Uri mirror, RemoteFile file, PartFile part, IDataReport report, CancellationToken cancellationToken)
    {
        while (true)
        {
            var continued = part.Length > 0;
            await ReceiveAsync(mirror, file, part, report, cancellationToken);
            var sha256 = await part.Sha256Async(cancellationToken);
            if (sha256 == file.Sha256) return;
            part.Delete();
            if (!continued) throw new MirrorException($"sent other content than was published: expected SHA-256 {file.Sha256}, found {sha256}", temporary: false);
            report.Say($"{file.Name}: the part received earlier was damaged; it is downloaded anew.");
        }
    }

    /// <summary>Asks until all bytes are there. As long as each round of tries brings some, there is another.</summary>
    private async Task ReceiveAsync(Uri mirror, RemoteFile file, PartFile part, IDataReport report, CancellationToken cancellationToken)
    {
        while (part.Length != file.Bytes)
        {
            var before = part.Length;
            try
            {
                await _retry.ExecuteAsync(async token => await AskAsync(mirror, file, part, report, token), cancellationToken);
            }
            catch (MirrorException e) when (e.Temporary && part.Length > before)
            {
                report.Say($"{file.Name}: {mirror.Authority} {e.Message}; going on from there.");
            }
        }
    }

    private async Task AskAsync(Uri mirror, RemoteFile file, PartFile part, IDataReport report, CancellationToken cancellationToken)
    {
        if (part.Length > file.Bytes) part.Delete();
        var have = part.Length;
        using var request = new HttpRequestMessage(HttpMethod.Get, mirror);
        if (have > 0)
        {
            request.Headers.Range = new(have, null);
            request.Headers.IfRange = part.ConditionFor(mirror);
        }
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(_limits.Silence);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            var append = Judge(response, file, part, have);
            await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
            await CopyAsync(body, () => part.Open(mirror, response, append), file, append ? have : 0, report, silence);
        }
        catch (HttpRequestException e)
        {
            throw new MirrorException($"does not answer ({(e.InnerException ?? e).Message.TrimEnd('.')})", temporary: true, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MirrorException($"sent nothing for {_limits.Silence.TotalSeconds:0} s", temporary: true, e);
        }
    }

    /// <summary>Whether the answer continues the part (otherwise it begins anew).</summary>
    /// <exception cref="MirrorException">It does neither.</exception>
    private static bool Judge(HttpResponseMessage response, RemoteFile file, PartFile part, long have)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return response.Content.Headers.ContentLength is { } length && length != file.Bytes
                    ? throw new MirrorException($"has a file of {length} bytes instead of {file.Bytes}", temporary: false)
                    : false;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { From: { } from } range && from == have && (range.Length ?? file.Bytes) == file.Bytes:
                return true;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                part.Delete();
                throw new MirrorException("cannot go on from what was received", temporary: true);
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                throw new MirrorException($"answers {(int)response.StatusCode} {response.ReasonPhrase}", temporary: true);
            default:
                throw new MirrorException($"answers {(int)response.StatusCode} {response.ReasonPhrase}", temporary: false);
        }
    }

    /// <summary>
    /// Writes what comes. Faults of the network become the mirror's; those of the disk stay what they are.
    /// </summary>
    private async Task CopyAsync(Stream body, Func<FileStream> open, RemoteFile file, long have, IDataReport report, CancellationTokenSource silence)
    {
        await using var output = open();
        var buffer = new byte[Chunk];
        while (have < file.Bytes)
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(Chunk, file.Bytes - have)), silence.Token);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new MirrorException($"broke off after {have} of {file.Bytes} bytes", temporary: true, e);
            }
            if (read == 0) throw new MirrorException($"ended after {have} of {file.Bytes} bytes", temporary: true);
            // Into the file at once: what was received must survive the end of the process.
            await output.WriteAsync(buffer.AsMemory(0, read), silence.Token);
            await output.FlushAsync(silence.Token);
            have += read;
            silence.CancelAfter(_limits.Silence);
            report.Advance(new(file.Name, have, file.Bytes));
        }
    }
}
