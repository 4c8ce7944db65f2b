using Microsoft.Extensions.DependencyInjection;

namespace Tracker.Storage.Tests.Engine;

/// <summary>How a job engine is set up and killed, for <see cref="RunQueueContract"/>.</summary>
public abstract class EngineUnderTest
{
    /// <summary>Registers the engine for a process that queues runs and executes none.</summary>
    public abstract IServiceCollection AddClient(IServiceCollection services);

    /// <summary>Registers the engine for a process that executes runs.</summary>
    public abstract IServiceCollection AddNode<THandler>(IServiceCollection services, string name, IReadOnlyDictionary<string, int> lanes)
        where THandler : class, IRunHandler;

    /// <summary>Ends the threads of a node that has been cut off from the database, without its saying goodbye there.</summary>
    public abstract Task AbandonAsync(IServiceProvider node);
}
