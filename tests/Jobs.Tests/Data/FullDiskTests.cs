using System.Diagnostics;
using Tracker.Jobs.Data;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Data;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_disk_that_becomes_full_ends_the_download_with_its_reason_and_the_next_try_goes_on()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting a small file system needs root.");
        using var directory = new TemporaryDirectory();
        var archive = TinyCifar.Archive(TinyCifar.Files);
        await using var server = new FileServer(r => FileServer.Serve(archive, r));
        using var downloader = new Downloader(DownloadLimits.Default with { Retries = 1 });
        // Room for half of the archive; later for all there is to unpack.
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={archive.Length / 2 / 4096 * 4096}", "tmpfs", directory.Path);
        try
        {
            var installer = new DatasetInstaller(directory.Path, downloader, new RecordingReport(), TimeProvider.System) { FreeSpace = _ => long.MaxValue };
            var package = TinyCifar.Package(archive, server.At("a"));
            var failure = await Should.ThrowAsync<DownloadException>(() => installer.GetAsync(package, TestContext.Current.CancellationToken));
            failure.Message.ShouldContain("cannot be written");
            failure.Message.ShouldContain("No space left on device");
            Directory.Exists(directory.File("cifar10")).ShouldBeFalse();

            await RunAsync("mount", "-o", "remount,size=64m", directory.Path);
            await installer.GetAsync(package, TestContext.Current.CancellationToken);
            package.SourceIn(directory.Path).Verify().Count().ShouldBe(3);
            server.Requests.Last().From.ShouldNotBeNull();
        }
        finally
        {
            await RunAsync("umount", "--lazy", directory.Path);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TestLimits.Wait);
        process.ExitCode.ShouldBe(0, errors);
    }
}
