namespace Tracker.System.Tests.Support;

/// <summary>One server for all tests of this project, and the run without interruption that others are compared with.</summary>
[CollectionDefinition(Name)]
public sealed class SharedTracker : ICollectionFixture<TestTracker>
{
    public const string Name = "one tracker";
}
