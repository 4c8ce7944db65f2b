using Microsoft.Extensions.Logging;
using Tracker.Jobs.Hosting;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Hosting;

public sealed class SlotFillerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fault_that_nobody_expects_is_told_once_and_does_not_end_the_host()
    {
        var dispatcher = new FakeDispatcher { Refusal = new InvalidOperationException("once") };
        var log = new RecordingLogger<SlotFiller>();
        using var filler = new SlotFiller(dispatcher, dispatcher, new(1, "host", "instance"), new FakeClock(), log);
        await filler.StartAsync(Token);
        await AgainAsync();
        await AgainAsync();
        dispatcher.Refusal = new InvalidOperationException("other");
        await AgainAsync();
        dispatcher.Refusal = new IOException("the server is away");
        await AgainAsync();
        dispatcher.Refusal = null;
        await AgainAsync();
        dispatcher.Refusal = new InvalidOperationException("other");
        await AgainAsync();
        await AgainAsync();

        filler.ExecuteTask.ShouldNotBeNull().IsCompleted.ShouldBeFalse();
        log.Lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Exception?.Message).ShouldBe(["once", "other", "other"]);
        await filler.StopAsync(Token);

        Task AgainAsync()
        {
            filler.Look();
            return dispatcher.NextFillAsync();
        }
    }
}
