using System.Text.RegularExpressions;

namespace Tracker.Architecture.Tests;

/// <summary>
/// The trainer compiles against TorchSharp as well as against src/Torch, so what goes beyond TorchSharp's interface stays in one folder.
/// </summary>
public class CapabilityTests
{
    private const string Folder = "src/Training/Capabilities/";

    [Fact]
    public void The_trainer_calls_native_functions_of_tensors_only_from_its_capabilities() =>
        Repository.SourceFiles("src/Training")
            .Where(file => !file.StartsWith(Folder, StringComparison.Ordinal))
            .Where(file => File.ReadLines(Path.Combine(Repository.Root, file)).Any(CallsNatively))
            .ShouldBeEmpty();

    [Fact]
    public void The_trainer_uses_no_internals_of_the_tensor_library() =>
        Repository.SourceFiles("src/Training")
            .Where(file => File.ReadLines(Path.Combine(Repository.Root, file)).Any(line => line.Contains("TorchSharp.Interop", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("    [LibraryImport(Library)]", true)]
    [InlineData("[DllImport(\"tracker_torch\")]", true)]
    [InlineData("    [System.Runtime.InteropServices.LibraryImport(\"tracker_torch\", EntryPoint = \"tt_add\")]", true)]
    [InlineData("    [LibraryImport(\"libc\", SetLastError = true)]", false)]
    [InlineData("    // no LibraryImport here", false)]
    [InlineData("    private readonly Tensor _external;", false)]
    public void The_search_for_native_functions_tells_their_declarations_from_mere_mentions(string line, bool declares) =>
        CallsNatively(line).ShouldBe(declares);

    private static bool CallsNatively(string line) =>
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        && Regex.IsMatch(line, @"\[[\w.]*(LibraryImport|DllImport)\((?!""libc"")", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
