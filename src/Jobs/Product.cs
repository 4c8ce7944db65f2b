using System.Reflection;

namespace Tracker.Jobs;

/// <summary>What this program calls itself.</summary>
internal static class Product
{
    public const string Name = "Tracker.Jobs";

    /// <summary>The version, with the commit where the build knows it.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
