using Tracker.Web.Webhooks;

namespace Tracker.Web.Tests.Webhooks;

public class WebhookRetriesTests
{
    [Fact]
    public void Eight_tries_are_made_ever_later_over_most_of_a_day()
    {
        var delays = Enumerable.Range(1, WebhookRetries.MostTries - 1).Select(tries => WebhookRetries.After(tries, 0.5).ShouldNotBeNull()).ToList();
        delays[0].ShouldBe(TimeSpan.FromSeconds(30));
        delays.ShouldBeInOrder(SortDirection.Ascending);
        delays.Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay).TotalHours.ShouldBeInRange(20, 24);
        WebhookRetries.After(WebhookRetries.MostTries, 0.5).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(1, 36)]
    public void Chance_spreads_the_tries(double chance, double seconds) => WebhookRetries.After(1, chance)!.Value.TotalSeconds.ShouldBe(seconds, 1e-9);
}
