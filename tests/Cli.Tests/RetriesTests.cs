using System.Net;
using System.Net.Http.Headers;
using Tracker.Cli.Api;

namespace Tracker.Cli.Tests;

public sealed class RetriesTests
{
    private readonly ImpatientClock _clock = new();
    private readonly List<HttpRequestMessage> _seen = [];

    [Fact]
    public async Task What_the_server_puts_off_is_sent_again_when_it_said()
    {
        (await SendAsync(HttpMethod.Post, Busy(HttpStatusCode.TooManyRequests, 7), Busy(HttpStatusCode.ServiceUnavailable, 2), Fine)).ShouldBe(HttpStatusCode.OK);

        _clock.Waited.ShouldBe([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(2)]);
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_told_of_instead()
    {
        (await SendAsync(HttpMethod.Get, Busy(HttpStatusCode.TooManyRequests, 3600))).ShouldBe(HttpStatusCode.TooManyRequests);

        _clock.Waited.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reading_goes_on_after_a_lost_connection()
    {
        (await SendAsync(HttpMethod.Get, Lost, Lost, Fine)).ShouldBe(HttpStatusCode.OK);

        _seen.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_change_is_not_sent_twice_when_nobody_knows_what_became_of_it()
    {
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync(HttpMethod.Post, Lost, Fine));

        _seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_change_with_a_key_is_sent_again_with_the_same_key()
    {
        (await SendAsync(HttpMethod.Post, request => request.Headers.Add(Retries.KeyHeader, "abc"), Lost, Fine)).ShouldBe(HttpStatusCode.OK);

        _seen.Select(r => r.Headers.GetValues(Retries.KeyHeader).Single()).ShouldBe(["abc", "abc"]);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_given_up()
    {
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync(HttpMethod.Get, [.. Enumerable.Repeat(Lost, 20)]));

        _seen.Count.ShouldBe(5);
        _clock.Waited.Aggregate((a, b) => a + b).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static HttpResponseMessage Fine() => new(HttpStatusCode.OK);

    private static HttpResponseMessage Lost() => throw new HttpRequestException("Connection reset");

    private static Func<HttpResponseMessage> Busy(HttpStatusCode status, int seconds) => () =>
        new(status) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) } };

    private Task<HttpStatusCode> SendAsync(HttpMethod method, params IReadOnlyList<Func<HttpResponseMessage>> answers) => SendAsync(method, _ => { }, answers);

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, Action<HttpRequestMessage> prepare, params IReadOnlyList<Func<HttpResponseMessage>> answers)
    {
        using var client = new HttpClient(new Retries(new Script(answers, _seen), _clock, (_, _) => { }));
        using var request = new HttpRequestMessage(method, "http://tracker.example/");
        prepare(request);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private sealed class Script(IReadOnlyList<Func<HttpResponseMessage>> answers, List<HttpRequestMessage> seen) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            seen.Add(request);
            return answers[seen.Count - 1]();
        }
    }

    /// <summary>Whoever waits for less than a minute has waited at once; longer waits, which are limits, never end.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public List<TimeSpan> Waited { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.Zero || dueTime >= TimeSpan.FromMinutes(1)) return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
            Waited.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
