using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Tracker.Cli.Api;

/// <summary>
/// Sends again what may be sent again: anything that the server put off with 429 or a 503 that says when to come back; and what only
/// reads, or carries a key by which the server knows it again, also when the connection is lost or a gateway fails.
/// </summary>
internal sealed class Retries(HttpMessageHandler inner, TimeProvider clock, Action<string, TimeSpan> tell) : DelegatingHandler(inner)
{
    public const string KeyHeader = "Idempotency-Key";
    private const int Attempts = 4;

    /// <summary>A server that asks for a longer pause is told of instead.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var repeatable = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Headers.Contains(KeyHeader);
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Attempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(400),
                ShouldHandle = outcome => ValueTask.FromResult(MayRepeat(outcome.Outcome, repeatable)),
                DelayGenerator = outcome => ValueTask.FromResult(outcome.Outcome.Result is { } response ? PauseOf(response) : null),
                OnRetry = Tell,
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = s_patience })
            .Build();
        return await pipeline.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }

    private bool MayRepeat(Outcome<HttpResponseMessage> outcome, bool repeatable) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => repeatable,
        // The first try of a request with a key is still at work.
        { Result.StatusCode: HttpStatusCode.Conflict } => repeatable && PauseOf(outcome.Result) is not null,
        { Result.StatusCode: HttpStatusCode.TooManyRequests } => (PauseOf(outcome.Result) ?? TimeSpan.Zero) <= s_longestPause,
        { Result.StatusCode: HttpStatusCode.ServiceUnavailable } => PauseOf(outcome.Result) is { } pause ? pause <= s_longestPause : repeatable,
        { Result.StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout } => repeatable,
        _ => false,
    };

    private TimeSpan? PauseOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } pause } => pause,
        { Date: { } moment } => moment - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero,
        _ => null,
    };

    private ValueTask Tell(OnRetryArguments<HttpResponseMessage> retry)
    {
        var reason = retry.Outcome.Exception is { } e ? e.Message : $"the server answered {(int)retry.Outcome.Result!.StatusCode}";
        tell($"{reason}; trying again in {retry.RetryDelay.TotalSeconds:0.#} s", retry.RetryDelay);
        retry.Outcome.Result?.Dispose();
        return ValueTask.CompletedTask;
    }
}
