namespace Tracker.Jobs.Hosting;

/// <summary>How this same executable is started once more.</summary>
internal static class SelfCommand
{
    /// <summary>The executable and the arguments that lead to <paramref name="arguments"/>.</summary>
    public static (string FileName, IReadOnlyList<string> Arguments) For(params IReadOnlyList<string> arguments)
    {
        var executable = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this executable is unknown.");
        // Started as "dotnet Tracker.Jobs.dll" the executable is the runtime's, which wants the assembly first.
        return Path.GetFileNameWithoutExtension(executable) == "dotnet"
            ? (executable, [typeof(SelfCommand).Assembly.Location, .. arguments])
            : (executable, arguments);
    }
}
