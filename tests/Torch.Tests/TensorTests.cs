using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tracker.Torch.Tests;

public sealed class TensorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_element_type_follows_the_array()
    {
        tensor(1.0).dtype.ShouldBe(ScalarType.Float64);
        tensor(1).dtype.ShouldBe(ScalarType.Int32);
        tensor(new[] { 1, 2 }).dtype.ShouldBe(ScalarType.Int32);
        tensor(new byte[] { 1, 2 }).dtype.ShouldBe(ScalarType.Byte);
        tensor(new[] { 1, 2 }, dtype: float32).dtype.ShouldBe(ScalarType.Float32);
        tensor(1L, float32).dtype.ShouldBe(ScalarType.Float32);
        tensor([true, false]).dtype.ShouldBe(ScalarType.Bool);
        arange(3).dtype.ShouldBe(ScalarType.Int64);
        arange(0, 1, 0.25).dtype.ShouldBe(ScalarType.Float32);
    }

    [Fact]
    public void Arrays_are_copied_in_their_shape()
    {
        float[] source = [1, 2, 3, 4, 5, 6];
        Tensor x = tensor(source, [2, 3]);
        source[0] = 9;
        x.shape.ShouldBe([2, 3]);
        x[1, 2].item<float>().ShouldBe(6);
        x[0, 0].item<float>().ShouldBe(1);
        Tensor y = tensor(new[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        y.shape.ShouldBe([3, 2]);
        y.data<int>().ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        Should.Throw<ArgumentException>(() => tensor(source, [4, 4])).Message.ShouldContain("16");
    }

    [Fact]
    public void A_buffer_is_shared_with_the_array()
    {
        byte[] pixels = [0, 1, 2, 3, 4, 5];
        Tensor x = frombuffer(pixels, uint8, count: 4, offset: 1);
        pixels[1] = 200;
        x.data<byte>().ToArray().ShouldBe([200, 2, 3, 4]);
        x.fill_(7);
        pixels.ShouldBe([0, 7, 7, 7, 7, 5]);
        var grid = new float[2, 2];
        from_array(grid).fill_(3);
        grid[1, 1].ShouldBe(3);
        from_array(grid, float64).dtype.ShouldBe(ScalarType.Float64);
        Should.Throw<ArgumentOutOfRangeException>(() => frombuffer(pixels, uint8, count: 7));
        Should.Throw<ArgumentException>(() => frombuffer(pixels, float32)).Message.ShouldContain("Byte");
    }

    [Fact]
    public void Item_requires_the_element_type_and_conversions_do_not()
    {
        Tensor x = tensor(2.5f);
        x.item<float>().ShouldBe(2.5f);
        Should.Throw<ArgumentException>(() => x.item<double>()).Message.ShouldContain("Float32");
        Should.Throw<ArgumentException>(() => zeros(2).item<float>()).Message.ShouldContain("one element");
        x.ToDouble().ShouldBe(2.5);
        x.ToInt64().ShouldBe(2);
        ((double)x).ShouldBe(2.5);
        x.ToScalar().Type.ShouldBe(ScalarType.Float32);
        tensor(true).ToBoolean().ShouldBeTrue();
        zeros(1, dtype: bfloat16).ToSingle().ShouldBe(0);
    }

    [Fact]
    public void An_accessor_reads_and_writes_through_strides()
    {
        Tensor x = arange(6, dtype: float32).view(2, 3);
        TensorAccessor<float> transposed = x.t().data<float>();
        transposed.ToArray().ShouldBe([0, 3, 1, 4, 2, 5]);
        transposed[2, 1].ShouldBe(5);
        transposed[1] = 30;
        x[1, 0].item<float>().ShouldBe(30);
        transposed.Sum().ShouldBe(0 + 30 + 1 + 4 + 2 + 5);
        x.data<float>().CopyFrom([7, 8], tensorIndex: 4);
        x.data<float>().ToArray().ShouldBe([0, 1, 2, 30, 7, 8]);
        Should.Throw<ArgumentException>(() => x.data<int>());
        Should.Throw<ArgumentOutOfRangeException>(() => transposed[3, 0]);
        Should.Throw<ArgumentException>(() => transposed[0, 0, 0]);
        Should.Throw<InvalidOperationException>(() => x.t().bytes.Length);
        x.bytes.Length.ShouldBe(24);
    }

    [Fact]
    public void Bytes_can_be_written()
    {
        Tensor x = zeros(2, dtype: int32);
        x.bytes = new byte[] { 1, 0, 0, 0, 0, 1, 0, 0 };
        x.data<int>().ToArray().ShouldBe([1, 256]);
        Should.Throw<ArgumentException>(() => { x.bytes = new byte[3]; });
    }

    [Fact]
    public void Indexing_takes_numbers_ranges_tensors_masks_and_new_axes()
    {
        Tensor x = arange(12).view(3, 4);
        x[1].data<long>().ToArray().ShouldBe([4, 5, 6, 7]);
        x[-1, 2].item<long>().ShouldBe(10);
        x[1.., ^2].data<long>().ToArray().ShouldBe([6, 10]);
        x[TensorIndex.Ellipsis, TensorIndex.Slice(0, 4, 2)].shape.ShouldBe([3, 2]);
        x[TensorIndex.None].shape.ShouldBe([1, 3, 4]);
        x[tensor(new long[] { 2, 0 })].data<long>().ToArray().ShouldBe([8, 9, 10, 11, 0, 1, 2, 3]);
        x[x > 8].data<long>().ToArray().ShouldBe([9, 10, 11]);
        x[0, 1] = 50;
        x[2] = tensor(new long[] { 1, 1, 1, 1 });
        x[0].sum().ToInt64().ShouldBe(0 + 50 + 2 + 3);
        x.sum().ToInt64().ShouldBe(55 + 22 + 4);
        x.index_put_((Scalar)0, TensorIndex.Colon, TensorIndex.Single(0));
        x.narrow(1, 0, 1).abs().sum().ToInt64().ShouldBe(0);
    }

    [Fact]
    public void Operators_mix_tensors_and_numbers_on_either_side()
    {
        Tensor x = tensor(new[] { 1f, 2f, 4f });
        (x * 2 + 1).data<float>().ToArray().ShouldBe([3f, 5f, 9f]);
        (1 - x).data<float>().ToArray().ShouldBe([0f, -1f, -3f]);
        (8.0 / x).data<float>().ToArray().ShouldBe([8f, 4f, 2f]);
        (-x / 2f).data<float>().ToArray().ShouldBe([-0.5f, -1f, -2f]);
        (x % 3L).data<float>().ToArray().ShouldBe([1f, 2f, 1f]);
        (x + x - x * x / x).data<float>().ToArray().ShouldBe([1f, 2f, 4f]);
        (x >= 2).data<bool>().ToArray().ShouldBe([false, true, true]);
        (2 < x).data<bool>().ToArray().ShouldBe([false, false, true]);
        (x == tensor(new[] { 1f, 0f, 4f })).data<bool>().ToArray().ShouldBe([true, false, true]);
        (x != 2).sum().ToInt64().ShouldBe(2);
        (arange(3) * 2).dtype.ShouldBe(ScalarType.Int64);
        tensor(new long[] { 7, -7 }).div(2, RoundingMode.floor).data<long>().ToArray().ShouldBe([3L, -4L]);
    }

    [Fact]
    public void In_place_methods_return_the_same_object()
    {
        Tensor x = ones(2);
        x.add_(1).mul_(3).sub_(1).div_(5).ShouldBeSameAs(x);
        x.data<float>().ToArray().ShouldBe([1f, 1f]);
        x.zero_().ShouldBeSameAs(x);
        x.copy_(tensor(new[] { 3.0, -4.0 })).clamp_(-1, 2).data<float>().ToArray().ShouldBe([2f, -1f]);
    }

    [Fact]
    public void Shapes_change_without_copying_where_they_can()
    {
        Tensor x = arange(24).view(2, 3, 4);
        x.permute(2, 0, 1).shape.ShouldBe([4, 2, 3]);
        x.transpose(0, 2).is_contiguous().ShouldBeFalse();
        x.transpose(0, 2).contiguous().stride().ShouldBe([6, 2, 1]);
        x.reshape(-1, 4).shape.ShouldBe([6, 4]);
        x.unsqueeze(0).squeeze(0).shape.ShouldBe([2, 3, 4]);
        x.flatten(1).shape.ShouldBe([2, 12]);
        x.narrow(1, 1, 2).storage_offset().ShouldBe(4);
        ones(1, 3).expand(5, -1).shape.ShouldBe([5, 3]);
        ones(1, 3).repeat(2, 2).shape.ShouldBe([2, 6]);
        cat([x, x], 1).shape.ShouldBe([2, 6, 4]);
        stack([x, x]).shape.ShouldBe([2, 2, 3, 4]);
        x.chunk(2).Select(part => part.shape[0]).ShouldBe([1L, 1L]);
        x.split([1, 2], dim: 1).Select(part => part.size(1)).ShouldBe([1L, 2L]);
        x.unbind(2).Length.ShouldBe(4);
        x[0, 0].flip(0).data<long>().ToArray().ShouldBe([3, 2, 1, 0]);
        arange(5).unfold(0, 3, 1).shape.ShouldBe([3, 3]);
    }

    [Fact]
    public void Reductions_and_orders_give_values_and_places()
    {
        Tensor x = tensor(new[,] { { 3f, 1f, 2f }, { 0f, 5f, 4f } });
        (Tensor values, Tensor places) = x.max(1);
        values.data<float>().ToArray().ShouldBe([3f, 5f]);
        places.data<long>().ToArray().ShouldBe([0, 1]);
        x.argmax(1).eq(tensor(new long[] { 0, 2 })).sum().ToInt64().ShouldBe(1);
        x.topk(2).indexes.data<long>().ToArray().ShouldBe([0, 2, 1, 2]);
        x.sort(descending: true).Values.data<float>().ToArray().ShouldBe([3f, 2f, 1f, 5f, 4f, 0f]);
        x.mean([0]).data<float>().ToArray().ShouldBe([1.5f, 3f, 3f]);
        x.sum(0, 1).ToSingle().ShouldBe(15);
        x.sum(1, keepdim: true).shape.ShouldBe([2, 1]);
        x.isfinite().all().ToBoolean().ShouldBeTrue();
        (x / 0).isfinite().all().ToBoolean().ShouldBeFalse();
        x.var_mean([1]).mean.data<float>().ToArray().ShouldBe([2f, 3f]);
        x.gather(1, tensor(new long[,] { { 2 }, { 0 } })).data<float>().ToArray().ShouldBe([2f, 0f]);
        where(x > 2, x, zeros_like(x)).sum().ToSingle().ShouldBe(12);
        x.Equals(x.clone()).ShouldBeTrue();
        x.allclose(x + 1e-9).ShouldBeTrue();
    }

    [Fact]
    public void Devices_have_names()
    {
        device("cuda:1").ToString().ShouldBe("cuda:1");
        device("cpu").ShouldBe(CPU);
        new Device(2).type.ShouldBe(DeviceType.CUDA);
        Should.Throw<ArgumentException>(() => device("gpu")).Message.ShouldContain("cuda:0");
        zeros(1).to("cpu").device.ShouldBe(CPU);
        zeros(1).ToString().ShouldBe("[1], type = Float32, device = cpu");
    }
}
