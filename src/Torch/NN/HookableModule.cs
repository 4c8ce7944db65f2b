namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What can be called with one input.</summary>
        public interface IModule<T, TResult>
        {
            /// <summary>The module's result for an input.</summary>
            TResult call(T input1);
        }

        /// <summary>A module that runs registered functions before and after its forward function.</summary>
        public abstract class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly List<TPreHook> _preHooks = [];
            private readonly List<TPostHook> _postHooks = [];

            /// <summary>A module without parts.</summary>
            protected HookableModule(string name) : base(name)
            {
            }

            internal List<TPreHook> PreHooks => _preHooks;

            internal List<TPostHook> PostHooks => _postHooks;

            /// <summary>Runs a function on the result of every call.</summary>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                _postHooks.Add(hook);
                return new HookRemover(() => _postHooks.Remove(hook));
            }

            /// <summary>Runs a function on the input of every call.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                _preHooks.Add(hook);
                return new HookRemover(() => _preHooks.Remove(hook));
            }

            /// <summary>Takes a hook off again.</summary>
            public sealed class HookRemover
            {
                private readonly Action _remove;

                internal HookRemover(Action remove) => _remove = remove;

                /// <summary>Takes the hook off.</summary>
                public void remove() => _remove();
            }
        }

        /// <summary>The base of modules with one input.</summary>
        public abstract class Module<T, TResult> : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            /// <summary>A module without parts.</summary>
            protected Module(string name) : base(name)
            {
            }

            /// <summary>Computes the result; call <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T input);

            /// <summary>Computes the result and runs the hooks.</summary>
            public TResult call(T input)
            {
                foreach (Func<Module<T, TResult>, T, T> hook in PreHooks)
                    input = hook(this, input) ?? input;
                TResult result = forward(input);
                foreach (Func<Module<T, TResult>, T, TResult, TResult> hook in PostHooks)
                    result = hook(this, input, result) ?? result;
                return result;
            }
        }

        /// <summary>The base of modules with two inputs.</summary>
        public abstract class Module<T1, T2, TResult> : HookableModule<Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>, Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>
        {
            /// <summary>A module without parts.</summary>
            protected Module(string name) : base(name)
            {
            }

            /// <summary>Computes the result; call <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T1 input1, T2 input2);

            /// <summary>Computes the result and runs the hooks.</summary>
            public TResult call(T1 input1, T2 input2)
            {
                foreach (Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?> hook in PreHooks)
                    (input1, input2) = hook(this, input1, input2) ?? (input1, input2);
                TResult result = forward(input1, input2);
                foreach (Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult> hook in PostHooks)
                    result = hook(this, input1, input2, result) ?? result;
                return result;
            }
        }
    }
}
