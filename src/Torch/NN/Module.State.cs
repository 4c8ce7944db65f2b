using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>All parameters, then all persistent buffers, with their paths; the tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach ((string key, Parameter parameter) in named_parameters())
                    destination.TryAdd(Path(prefix, key), parameter);
                foreach ((string key, Tensor buffer) in named_buffers(include_nonpersistent: false))
                    destination.TryAdd(Path(prefix, key), buffer);
                foreach ((string key, Module child) in named_children())
                    child.state_dict(destination, Path(prefix, key));
                return destination;
            }

            /// <summary>Copies values into the parameters and buffers of the same paths.</summary>
            /// <param name="source">Values by path.</param>
            /// <param name="strict">Whether differing sets of paths are an error.</param>
            /// <param name="skip">Paths to leave alone.</param>
            /// <exception cref="InvalidOperationException">Paths are missing or unexpected, and <paramref name="strict"/> is set.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                Dictionary<string, Tensor> own = state_dict();
                var ignored = new HashSet<string>(skip ?? [], StringComparer.Ordinal);
                List<string> missing = [.. own.Keys.Where(key => !source.ContainsKey(key) && !ignored.Contains(key))];
                List<string> unexpected = [.. source.Keys.Where(key => !own.ContainsKey(key) && !ignored.Contains(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException($"The state does not fit {GetName()}. Missing: {Names(missing)}. Unexpected: {Names(unexpected)}.");
                using IDisposable quiet = no_grad();
                foreach ((string key, Tensor value) in source)
                {
                    if (!ignored.Contains(key) && own.TryGetValue(key, out Tensor? target))
                        target.copy_(value);
                }
                return (missing, unexpected);
            }

            /// <summary>Moves parameters and buffers to a device and, where floating point, to an element type.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking) => Convert(device, dtype, non_blocking);

            /// <summary>Moves parameters and buffers to a device.</summary>
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => Convert(new Device(deviceType, deviceIndex), null, non_blocking);

            /// <summary>Converts floating point parameters and buffers to an element type.</summary>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking) => Convert(null, dtype, non_blocking);

            private Module Convert(Device? device, ScalarType? dtype, bool nonBlocking)
            {
                using IDisposable quiet = no_grad();
                foreach (Parameter parameter in _parameterTable.Values)
                    parameter.ConvertInPlace(device, dtype, nonBlocking);
                foreach ((Tensor buffer, _) in _bufferTable.Values)
                    buffer.ConvertInPlace(device, dtype, nonBlocking);
                foreach (Module child in _moduleTable.Values)
                    child.Convert(device, dtype, nonBlocking);
                return this;
            }

            private static string Path(string? prefix, string key) => string.IsNullOrEmpty(prefix) ? key : $"{prefix}.{key}";

            private static string Names(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
        }
    }

    public partial class Tensor
    {
        /// <summary>Replaces the native tensor behind this object by a converted one, with its gradient; the object stays the same.</summary>
        internal void ConvertInPlace(Device? device, ScalarType? type, bool nonBlocking)
        {
            ScalarType wanted = type is { } t && is_floating_point() ? t : dtype;
            Device target = device ?? this.device;
            bool same = wanted == dtype && target.type == device_type && (target.index < 0 || target.index == device_index);
            if (same)
                return;
            using Tensor converted = detach().to(wanted, target, non_blocking: nonBlocking, disposeAfter: true);
            converted.requires_grad_(requires_grad);
            if (grad is { } gradient)
            {
                using (gradient)
                using (Tensor moved = gradient.to(wanted, target, non_blocking: nonBlocking))
                    converted.grad = moved;
            }
            (_handle, converted._handle) = (converted._handle, _handle);
        }
    }
}
