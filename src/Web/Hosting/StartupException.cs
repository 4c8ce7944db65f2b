namespace Tracker.Web.Hosting;

/// <summary>The process cannot start; the message says what to change. Starting again without a change does not help.</summary>
public sealed class StartupException(string message) : Exception(message);
