using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace Tracker.Torch.Tests;

public sealed class ErrorTests
{
    [Fact]
    public void A_shape_mismatch_throws_with_the_text_of_libtorch_and_without_its_stack_trace()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = randn(2, 3), b = randn(2, 3);
        var error = Should.Throw<ExternalException>(() => a.matmul(b));
        error.Message.ShouldBe("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
    }

    [Fact]
    public void An_error_in_place_in_a_loss_and_in_autograd_is_an_exception_too()
    {
        using DisposeScope scope = NewDisposeScope();
        Should.Throw<ExternalException>(() => zeros(2).add_(zeros(3))).Message.ShouldContain("must match the size of tensor b");
        Should.Throw<ExternalException>(() => zeros(2).sum().backward()).Message.ShouldContain("does not require grad");
        Tensor x = ones(2, requires_grad: true);
        Tensor y = x.square().sum();
        y.backward();
        Should.Throw<ExternalException>(() => y.backward()).Message.ShouldContain("second time");
        Should.Throw<ExternalException>(() => autograd.grad([ones(1, requires_grad: true).sum()], [x])).Message.ShouldContain("allow_unused");
    }

    [Fact]
    public void An_error_is_forgotten_by_the_next_call()
    {
        using DisposeScope scope = NewDisposeScope();
        Should.Throw<ExternalException>(() => zeros(2, 2).view(3));
        zeros(2, 2).view(4).shape.ShouldBe([4]);
    }

    [Fact]
    public async Task Errors_of_two_threads_do_not_mix()
    {
        Task<string>[] tasks = [.. Enumerable.Range(2, 2).Select(n => Task.Run(() =>
        {
            for (int i = 0; i < 60; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor a = zeros(n, n + 1), b = zeros(n, n + 1);
                string message = Should.Throw<ExternalException>(() => a.matmul(b)).Message;
                if (!message.Contains($"({n}x{n + 1} and {n}x{n + 1})", StringComparison.Ordinal))
                    return message;
            }
            return "";
        }))];
        string[] mixed = await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        mixed.ShouldAllBe(message => message == "");
    }

    [Fact]
    public void A_disposed_tensor_is_refused_before_libtorch_sees_it()
    {
        Tensor x = zeros(2);
        x.Dispose();
        x.IsInvalid.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => x.sum());
        x.ToString().ShouldBe("disposed tensor");
        x.Dispose();
    }

    [Fact]
    public void A_missing_library_is_named_in_one_sentence()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "libtracker_torch.so");
        string message = Should.Throw<DllNotFoundException>(() => NativeLibraryLoader.Load(path)).Message;
        message.ShouldContain(path);
        message.ShouldContain("build src/Torch");
    }

    [Fact]
    public void A_library_that_cannot_be_loaded_says_why_and_what_to_install()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "not a library");
        string message = Should.Throw<DllNotFoundException>(() => NativeLibraryLoader.Load(path)).Message;
        File.Delete(path);
        message.ShouldContain("apt-get install libtorch-dev");
        message.ShouldContain(Path.GetFileName(path));
        message.ShouldNotContain("\n");
    }
}
