using System.Diagnostics;
using Tracker.Domain;
using Tracker.Jobs.Monitoring;
using Tracker.Jobs.Tests.Fakes;

namespace Tracker.Jobs.Tests.Monitoring;

/// <summary>Against libraries with the driver's interface that the tests compile themselves.</summary>
public sealed class GpuMeterTests : IDisposable
{
    /// <summary>
    /// A machine whose management library counts GPUs in another order than CUDA: the device that CUDA calls 1 sits at bus id 41.
    /// OTHER is the process id of somebody else, MINE this process'.
    /// </summary>
    private const string Driver = """
        #include <stdio.h>
        #include <string.h>
        typedef struct { unsigned int gpu, memory; } Rates;
        typedef struct { unsigned long long total, free, used; } Memory;
        typedef struct { unsigned int pid; unsigned long long used; unsigned int instance, compute; } Process;
        static int started;
        static char device;
        int nvmlInit_v2(void) { started = 1; return START; }
        int nvmlShutdown(void) { started = 0; return 0; }
        const char* nvmlErrorString(int result) { return result == 15 ? "GPU is lost" : "Driver Not Loaded"; }
        int nvmlDeviceGetHandleByPciBusId_v2(const char* id, void** found) { *found = &device; return started && !strcmp(id, "00000000:41:00.0") ? 0 : 6; }
        int nvmlDeviceGetUtilizationRates(void* of, Rates* found) { found->gpu = 87; found->memory = 12; return of == &device ? RATES : 2; }
        int nvmlDeviceGetMemoryInfo(void* of, Memory* found) { found->total = 85899345920ull; found->used = 30000000000ull; found->free = found->total - found->used; return of == &device ? 0 : 2; }
        int nvmlDeviceGetComputeRunningProcesses_v3(void* of, unsigned int* count, Process* found) {
            if (*count < 2) return 7;
            Process all[] = { { OTHER, 20000000000ull, -1, -1 }, { MINE, MEMORY, -1, -1 } };
            memcpy(found, all, sizeof all);
            *count = 2;
            return 0;
        }
        int cuInit(unsigned int flags) { return 0; }
        int cuDeviceGet(int* device, int ordinal) { *device = ordinal; return ordinal < 2 ? 0 : 101; }
        int cuDeviceGetPCIBusId(char* text, int length, int device) { snprintf(text, length, "00000000:%s:00.0", device == 1 ? "41" : "18"); return 0; }
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_device_that_libtorch_means_is_measured_and_of_its_memory_what_this_process_holds()
    {
        using var meter = await MeterAsync("cuda:1");
        meter.Read().ShouldBe([(MetricNames.SystemGpu, 87), (MetricNames.SystemGpuMemory, 7_000_000_000)]);
    }

    [Fact]
    public async Task Where_the_driver_knows_this_process_by_another_id_the_whole_device_s_memory_counts()
    {
        using var meter = await MeterAsync("cuda:1", mine: 1);
        meter.Read()[^1].ShouldBe((MetricNames.SystemGpuMemory, 30_000_000_000));
    }

    [Fact]
    public async Task Where_the_driver_does_not_tell_a_process_s_memory_the_whole_device_s_counts()
    {
        using var meter = await MeterAsync("cuda:1", memory: "~0ull");
        meter.Read()[^1].ShouldBe((MetricNames.SystemGpuMemory, 30_000_000_000));
    }

    [Fact]
    public async Task A_part_of_a_gpu_has_memory_but_no_count_of_its_work()
    {
        using var meter = await MeterAsync("cuda:1", rates: 3);
        meter.Read().ShouldBe([(MetricNames.SystemGpuMemory, 7_000_000_000)]);
    }

    [Fact]
    public async Task A_gpu_that_fails_while_a_run_goes_on_says_so()
    {
        using var meter = await MeterAsync("cuda:1", rates: 15);
        Should.Throw<MeterException>(meter.Read).Message.ShouldBe("nvmlDeviceGetUtilizationRates answers: GPU is lost");
    }

    [Fact]
    public async Task A_driver_that_does_not_start_or_does_not_know_the_device_says_so()
    {
        using var dead = await MeterAsync("cuda:1", start: 9);
        Should.Throw<MeterException>(dead.Read).Message.ShouldBe("nvmlInit_v2 answers: Driver Not Loaded");
        using var unknown = await MeterAsync("cuda:7");
        Should.Throw<MeterException>(unknown.Read).Message.ShouldBe("cuDeviceGet answers with error 101");
    }

    [Fact]
    public void Without_the_driver_s_library_there_is_nothing_to_measure()
    {
        using var meter = new GpuMeter("cuda:0", "libno-such-driver.so.1");
        Should.Throw<MeterException>(meter.Read).Message.ShouldBe("libno-such-driver.so.1 is not installed");
    }

    [Fact]
    public void Only_a_run_on_a_gpu_asks_for_its_driver()
    {
        SystemMetricsSink.MetersOf("cpu", TimeProvider.System).ShouldHaveSingleItem().ShouldBeOfType<ProcessMeter>();
        SystemMetricsSink.MetersOf("cuda:3", TimeProvider.System)[^1].ShouldBeOfType<GpuMeter>();
    }

    private async Task<GpuMeter> MeterAsync(string device, int? mine = null, string memory = "7000000000ull", int rates = 0, int start = 0)
    {
        var library = _directory.File($"driver-{Guid.NewGuid():N}.so");
        using var compiler = Process.Start(new ProcessStartInfo("gcc",
        [
            "-shared", "-fPIC", "-x", "c", "-", "-o", library,
            "-DOTHER=2", $"-DMINE={mine ?? Environment.ProcessId}", $"-DMEMORY={memory}", $"-DRATES={rates}", $"-DSTART={start}",
        ])
        { RedirectStandardInput = true, UseShellExecute = false })!;
        await compiler.StandardInput.WriteAsync(Driver);
        compiler.StandardInput.Close();
        await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        compiler.ExitCode.ShouldBe(0);
        return new(device, library, library);
    }
}
