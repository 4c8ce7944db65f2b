using Tracker.Storage;

namespace Tracker.Web.Api;

/// <summary>Where a retry begins, as requests name it.</summary>
internal static class RetryQuery
{
    internal const string Checkpoint = "checkpoint";

    /// <exception cref="Domain.SpecificationException">It is no such word.</exception>
    internal static RetryFrom Read(string from)
    {
        var known = Words.TryParse<RetryFrom>(from, out var value);
        new Checks().Require("from", known, $"Expected checkpoint or scratch, found '{from}'.").Throw();
        return value!.Value;
    }
}
