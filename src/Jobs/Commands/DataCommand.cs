using System.CommandLine;
using Tracker.Domain;
using Tracker.Jobs.Configuration;
using Tracker.Jobs.Data;
using Tracker.Jobs.Data.ImageNet;
using Tracker.Training;

namespace Tracker.Jobs.Commands;

/// <summary><c>data list|get|import|verify</c>: the data sets of this machine.</summary>
internal static class DataCommand
{
    private const int NotWritten = 1;

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = $"The data directory. Default: the variable {HostSettings.DataVariable}, else {HostSettings.DefaultData}.",
        Recursive = true,
    };

    private static readonly Argument<string> s_name = new("name") { Description = $"The data set: {string.Join(", ", DatasetPackages.All.Select(p => p.Name))}." };

    private static readonly Argument<string> s_path = new("path") { Description = "The official archive, or a folder with the official files." };

    public static Command Create()
    {
        s_name.AcceptOnlyFromAmong([.. DatasetPackages.All.Select(p => p.Name)]);
        var list = new Command("list", "Prints each data set: whether it is here, where, how large, and how to get it.");
        list.SetAction(parsed => Console.Out.Write(DataListing.Describe(DatasetPackages.All, DirectoryOf(parsed))));
        var get = new Command("get", "Downloads a data set and verifies it. An interrupted download goes on where it stopped.") { s_name };
        get.SetAction((parsed, cancellationToken) => GuardAsync(report => GetAsync(parsed, report, cancellationToken)));
        var import = new Command("import", "Takes a data set over from files that were obtained by other means, and verifies it.") { s_name, s_path };
        import.SetAction((parsed, cancellationToken) => GuardAsync(report => ImportAsync(parsed, report, cancellationToken)));
        var verify = new Command("verify", "Reads every file of a data set and compares it with what was published. Exit code 3 when one is missing or damaged.") { s_name };
        verify.SetAction((parsed, _) => GuardAsync(report =>
        {
            foreach (var file in PackageOf(parsed).SourceIn(DirectoryOf(parsed)).Verify()) report.Say($"{file}: intact");
            return Task.FromResult(ExitCodes.Done);
        }));
        return new("data", "The data sets of this machine.") { s_data, list, get, import, verify };
    }

    private static async Task<int> GetAsync(ParseResult parsed, IDataReport report, CancellationToken cancellationToken)
    {
        var package = PackageOf(parsed);
        report.Say($"{package.Title}. {package.Terms}");
        if (!package.CanBeDownloaded)
        {
            report.Say(package.Instructions!);
            return ExitCodes.BadData;
        }
        using var downloader = new Downloader(DownloadLimits.Default);
        await new DatasetInstaller(DirectoryOf(parsed), downloader, report, TimeProvider.System).GetAsync(package, cancellationToken);
        return ExitCodes.Done;
    }

    private static async Task<int> ImportAsync(ParseResult parsed, IDataReport report, CancellationToken cancellationToken)
    {
        var (package, path) = (PackageOf(parsed), Path.GetFullPath(parsed.GetRequiredValue(s_path)));
        if (package.Name == ImageNetImport.Folder)
        {
            await new ImageNetImport(ImageNetFiles.Official, DirectoryOf(parsed), report, TimeProvider.System).RunAsync(path, cancellationToken);
            return ExitCodes.Done;
        }
        using var downloader = new Downloader(DownloadLimits.Default);
        await new DatasetInstaller(DirectoryOf(parsed), downloader, report, TimeProvider.System).ImportAsync(package, path, cancellationToken);
        return ExitCodes.Done;
    }

    private static async Task<int> GuardAsync(Func<IDataReport, Task<int>> action)
    {
        var report = new TerminalReport(Console.Out, Console.IsOutputRedirected, TimeProvider.System);
        try
        {
            return await action(report);
        }
        catch (Exception e) when (e is DataException or DownloadException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.BadData;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return NotWritten;
        }
    }

    private static DatasetPackage PackageOf(ParseResult parsed) => DatasetPackages.Find(parsed.GetRequiredValue(s_name))!;

    private static string DirectoryOf(ParseResult parsed)
    {
        var variable = Environment.GetEnvironmentVariable(HostSettings.DataVariable);
        return Path.GetFullPath(parsed.GetValue(s_data) ?? (string.IsNullOrWhiteSpace(variable) ? HostSettings.DefaultData : variable));
    }
}
