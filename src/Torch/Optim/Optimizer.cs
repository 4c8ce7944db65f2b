using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimizers.</summary>
    public static partial class optim
    {
        /// <summary>What a learning rate schedule changes.</summary>
        public interface ILearningRateController
        {
            /// <summary>The rate of the next update.</summary>
            double LearningRate { get; set; }
            /// <summary>The rate at the start.</summary>
            double InitialLearningRate { get; set; }
        }

        /// <summary>What a momentum schedule changes.</summary>
        public interface IMomentum
        {
            /// <summary>The share of the last update's direction that is kept.</summary>
            double Momentum { get; set; }
        }

        /// <summary>Changes parameters along their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            private protected Optimizer()
            {
            }

            /// <summary>The groups of parameters that share options.</summary>
            protected IList<ParamGroup> _parameter_groups { get; } = [];

            /// <summary>The groups of parameters that share options.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            /// <summary>All parameters.</summary>
            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            /// <summary>Writes zeros into all gradients.</summary>
            public virtual void zero_grad() => Gradients.Clear(parameters(), setToNone: false);

            /// <summary>Adds a group of parameters.</summary>
            public virtual void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

            /// <summary>One update of all parameters.</summary>
            /// <param name="closure">Computes the loss, and its gradients, before the update.</param>
            /// <returns>The closure's loss, or null without one.</returns>
            public abstract Tensor? step(Func<Tensor>? closure = null);

            /// <summary>Frees the optimizer's state.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees the optimizer's state.</summary>
            /// <param name="disposing">False when the garbage collector calls.</param>
            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>The options of all groups and the state of all parameters, in their order.</summary>
            public class StateDictionary
            {
                /// <summary>The options of each group.</summary>
                public List<OptimizerOptions> Options { get; } = [];

                /// <summary>The state of each parameter.</summary>
                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group, where the states of its parameters are in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
