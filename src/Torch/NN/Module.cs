using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Neural networks: modules, functions, initialisation.</summary>
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and further modules under names.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _parameterTable = [];
            private readonly OrderedDictionary<string, (Tensor buffer, bool persistent)> _bufferTable = [];
            private readonly OrderedDictionary<string, Module> _moduleTable = [];
            private bool _training = true;

            /// <summary>The name given to the constructor.</summary>
            protected string name;

            /// <summary>A module without parts.</summary>
            protected Module(string name) => this.name = name;

            /// <summary>Whether it is in training mode, as opposed to evaluation.</summary>
            public virtual bool training => _training;

            /// <summary>The name given to the constructor.</summary>
            public virtual string GetName() => name;

            /// <summary>Puts it and all modules below into training (or evaluation) mode.</summary>
            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (Module child in _moduleTable.Values)
                    child.train(train);
            }

            /// <summary>Puts it and all modules below into evaluation mode.</summary>
            public virtual void eval() => train(false);

            /// <summary>Clears the gradients of all parameters.</summary>
            /// <param name="set_to_none">Drops the gradients instead of writing zeros.</param>
            public virtual void zero_grad(bool set_to_none = true) => Gradients.Clear(parameters(), set_to_none);

            /// <summary>Runs a function on all modules below and on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (Module child in _moduleTable.Values)
                    child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>The modules directly below, with their names.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children() => _moduleTable.Select(pair => (pair.Key, pair.Value));

            /// <summary>The modules directly below.</summary>
            public virtual IEnumerable<Module> children() => _moduleTable.Values;

            /// <summary>All modules below, with their paths: first those directly below, then those below each of them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string key, Module child) in _moduleTable)
                    yield return (key, child);
                foreach ((string key, Module child) in _moduleTable)
                {
                    foreach ((string path, Module deeper) in child.named_modules())
                        yield return ($"{key}.{path}", deeper);
                }
            }

            /// <summary>All modules below.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(pair => pair.module);

            /// <summary>The parameters of this module, and of those below, with their paths. A shared parameter comes once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach ((string key, Parameter value) in _parameterTable)
                {
                    if (seen.Add(value))
                        yield return (key, value);
                }
                if (!recurse)
                    yield break;
                foreach ((string key, Module child) in _moduleTable)
                {
                    foreach ((string path, Parameter value) in child.named_parameters())
                    {
                        if (seen.Add(value))
                            yield return ($"{key}.{path}", value);
                    }
                }
            }

            /// <summary>The parameters of this module, and of those below.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            /// <summary>The buffers of this module, and of those below, with their paths.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach ((string key, (Tensor buffer, bool persistent)) in _bufferTable)
                {
                    if (persistent || include_nonpersistent)
                        yield return (key, buffer);
                }
                if (!recurse)
                    yield break;
                foreach ((string key, Module child) in _moduleTable)
                {
                    foreach ((string path, Tensor buffer) in child.named_buffers(true, include_nonpersistent))
                        yield return ($"{key}.{path}", buffer);
                }
            }

            /// <summary>The buffers of this module, and of those below.</summary>
            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(pair => pair.buffer);

            /// <summary>Whether there is a buffer of this path.</summary>
            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>Whether there is a parameter of this path.</summary>
            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            /// <summary>The buffer of this path, or null.</summary>
            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(pair => pair.name == target).buffer;

            /// <summary>The parameter of this path, or null.</summary>
            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(pair => pair.name == target).parameter;

            /// <summary>Disposes the parameters, buffers and modules below.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the parameters, buffers and modules below.</summary>
            /// <param name="disposing">False when the garbage collector calls.</param>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (Parameter parameter in _parameterTable.Values)
                    parameter.Dispose();
                foreach ((Tensor buffer, _) in _bufferTable.Values)
                    buffer.Dispose();
                foreach (Module child in _moduleTable.Values)
                    child.Dispose();
            }
        }
    }
}
