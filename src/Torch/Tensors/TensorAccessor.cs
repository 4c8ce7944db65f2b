using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the processor, read and written in place, in row-major order whatever the strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly Tensor _tensor;
    private readonly T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        _data = (T*)tensor.Pointer();
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.NumberOfElements;
    }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>Always false.</summary>
    public bool IsReadOnly => false;

    /// <summary>One element, by one index for each dimension, or by its position in row-major order.</summary>
    public T this[params long[] indices]
    {
        get => *Locate(indices);
        set => *Locate(indices) = value;
    }

    /// <summary>All elements in row-major order.</summary>
    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result.AsSpan());
        return result;
    }

    /// <summary>All elements as an array of the tensor's shape.</summary>
    public Array ToNDArray()
    {
        T[] flat = ToArray();
        var result = Array.CreateInstance(typeof(T), _shape.Length == 0 ? [1L] : _shape);
        Buffer.BlockCopy(flat, 0, result, 0, Buffer.ByteLength(flat));
        return result;
    }

    /// <summary>Copies elements into an array.</summary>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements, starting at <paramref name="tensorIndex"/>, into a span until either ends.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        Span<T> target = array[arrayIndex..];
        long n = Math.Min(target.Length, Count - tensorIndex);
        if (_contiguous)
        {
            new Span<T>(_data + tensorIndex, checked((int)n)).CopyTo(target);
        }
        else
        {
            for (int i = 0; i < n; i++)
                target[i] = *At(tensorIndex + i);
        }
        GC.KeepAlive(_tensor);
    }

    /// <summary>Writes elements from an array.</summary>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Writes elements, starting at <paramref name="tensorIndex"/>, from a span until either ends.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ReadOnlySpan<T> source = array[arrayIndex..];
        long n = Math.Min(source.Length, Count - tensorIndex);
        for (int i = 0; i < n; i++)
            *At(tensorIndex + i) = source[i];
        GC.KeepAlive(_tensor);
    }

    /// <summary>Does nothing: the tensor owns the memory.</summary>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
            yield return Read(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T Read(long position) => *At(position);

    private T* Locate(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1)
            return At(indices[0]);
        if (indices.Length != _shape.Length)
            throw new ArgumentException($"{indices.Length} indices for a tensor of {_shape.Length} dimensions.", nameof(indices));
        long offset = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)_shape[d])
                throw new ArgumentOutOfRangeException(nameof(indices), indices[d], $"Dimension {d} has {_shape[d]} elements.");
            offset += indices[d] * _strides[d];
        }
        return _data + offset;
    }

    private T* At(long position)
    {
        if ((ulong)position >= (ulong)Count)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"The tensor has {Count} elements.");
        if (_tensor.IsInvalid)
            throw new ObjectDisposedException(nameof(Tensor), "The tensor behind this accessor was disposed.");
        if (_contiguous)
            return _data + position;
        long offset = 0;
        for (int d = _shape.Length - 1; d >= 0; d--)
        {
            offset += position % _shape[d] * _strides[d];
            position /= _shape[d];
        }
        return _data + offset;
    }
}
