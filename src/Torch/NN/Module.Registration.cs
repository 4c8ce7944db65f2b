using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>Adds a parameter under a name.</summary>
            /// <exception cref="ArgumentException">The name is empty, contains a dot or is taken.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                RequireFreeName(name, "parameter");
                _parameterTable.Add(name, param);
            }

            /// <summary>Adds a buffer, a tensor that is no parameter, under a name.</summary>
            /// <param name="name">The name.</param>
            /// <param name="tensor">The buffer.</param>
            /// <param name="persistent">Whether <see cref="state_dict"/> holds it.</param>
            /// <exception cref="ArgumentException">The name is empty, contains a dot or is taken.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                RequireFreeName(name, "buffer");
                _bufferTable.Add(name, (tensor, persistent));
            }

            /// <summary>Adds a module below, under a name.</summary>
            /// <exception cref="ArgumentException">The name is empty, contains a dot or is taken.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                RequireFreeName(name, "module");
                _moduleTable.Add(name, submodule);
            }

            /// <summary>Adds a module below, under a name.</summary>
            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Adds a parameter, or puts it in the place of the one of that name; null removes it.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                _parameterTable.Remove(name);
                if (value is not null)
                    register_parameter(name, value);
            }

            /// <summary>Adds a buffer, or puts it in the place of the one of that name; null removes it.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                _bufferTable.Remove(name);
                if (value is not null)
                    register_buffer(name, value, persistent);
            }

            /// <summary>
            /// Registers what the instance's fields hold, in their order and under their names: modules, parameters, and other
            /// tensors as buffers. Fields whose names are registered already are left alone. Call it last in the constructor.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                foreach (FieldInfo field in GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    string key = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    if (IsTaken(key))
                        continue;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(key, module); break;
                        case Parameter parameter: register_parameter(key, parameter); break;
                        case Tensor buffer: register_buffer(key, buffer); break;
                        default: break;
                    }
                }
            }

            /// <summary>Forgets the modules below without disposing them.</summary>
            protected void ClearModules() => _moduleTable.Clear();

            private bool IsTaken(string name) => _parameterTable.ContainsKey(name) || _bufferTable.ContainsKey(name) || _moduleTable.ContainsKey(name);

            private void RequireFreeName(string name, string kind)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"'{name}' cannot name a {kind}: it must not be empty or contain a dot.", nameof(name));
                if (IsTaken(name))
                    throw new ArgumentException($"A component named '{name}' exists already in {GetName()}.", nameof(name));
            }
        }
    }
}
