using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tracker.Training.Tests;

public sealed class CurvatureTests
{
    private const double Step = 1e-4;

    [Theory]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    public void The_power_iteration_finds_the_eigenvalue_of_largest_magnitude_with_its_sign(double sign)
    {
        var matrix = sign * Symmetric(20);
        var expected = matrix.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).MaxBy(Math.Abs);
        using var scope = NewDisposeScope();
        var dense = tensor(matrix.ToRowMajorArray(), [20, 20]);
        var found = PowerIteration.Run(v => dense.matmul(v), ones(20, dtype: ScalarType.Float64), 1e-9, 1000);
        found.Converged.ShouldBeTrue();
        found.Eigenvalue.ShouldBe(expected, 1e-5);
    }

    [Fact]
    public void A_power_iteration_that_does_not_settle_says_so()
    {
        using var scope = NewDisposeScope();
        // Eigenvalues 1 and −1 of the same magnitude: the direction never settles, and neither does v · H v for a mixed start.
        var found = PowerIteration.Run(v => v * tensor(new[] { 1.0, -0.999 }), tensor(new[] { 1.0, 1.0 }), 1e-12, 7);
        (found.Converged, found.Iterations).ShouldBe((false, 7));
    }

    [Fact]
    public void The_top_eigenvalue_of_a_network_is_that_of_its_dense_Hessian()
    {
        using var scope = NewDisposeScope();
        using var network = Sequential(("1", Linear(4, 6)), ("2", ReLU()), ("3", Linear(6, 3)));
        network.to(ScalarType.Float64);
        using var weights = new ParameterVector(network);
        using (no_grad()) weights.Values.copy_(Formula.UniformTensor(7, weights.Count));
        var loss = Loss(network, weights, 4, 3, 50, batch: 20);

        var size = (int)weights.Count;
        var columns = Enumerable.Range(0, size).Select(i => Differences(loss, weights, Unit(size, i)).data<double>().ToArray());
        var hessian = Matrix<double>.Build.DenseOfColumnArrays(columns);
        (hessian - hessian.Transpose()).L2Norm().ShouldBeLessThan(1e-6);
        var expected = hessian.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).MaxBy(Math.Abs);

        StatelessRandom.SeedFor(0, RandomPurpose.PowerIteration, 0);
        var found = PowerIteration.Run(v => loss.HessianTimes(v, default), randn(size, dtype: ScalarType.Float64), 1e-8, 500);
        found.Eigenvalue.ShouldBe(expected, 1e-5 * Math.Abs(expected));
    }

    [Theory]
    [InlineData("f1", 1, 28)]
    [InlineData("c1", 3, 32)]
    public void Second_derivatives_of_the_networks_are_differences_of_first_ones(string name, int channels, int pixels)
    {
        using var scope = NewDisposeScope();
        using var network = Evaluating(name, ScalarType.Float64);
        using var weights = new ParameterVector(network);
        var loss = OnImages(network, weights, ScalarType.Float64, channels, pixels);
        var direction = Formula.UniformTensor(9, weights.Count).to(ScalarType.Float64);
        var (product, expected) = (loss.HessianTimes(direction, default), Differences(loss, weights, direction, 1e-7));
        ((product - expected).norm() / expected.norm()).ToDouble().ShouldBeLessThan(1e-4);
        expected.norm().ToDouble().ShouldBeGreaterThan(1e-3);
    }

    [Theory]
    [InlineData("f1", 1, 28)]
    [InlineData("c1", 3, 32)]
    [InlineData("resnet44", 3, 32)]
    public void Second_derivatives_in_single_precision_are_those_in_double_precision(string name, int channels, int pixels)
    {
        using var scope = NewDisposeScope();
        var (single, expected) = (Product(ScalarType.Float32), Product(ScalarType.Float64));
        ((single - expected).norm() / expected.norm()).ToDouble().ShouldBeLessThan(1e-2);
        expected.norm().ToDouble().ShouldBeGreaterThan(1e-3);

        Tensor Product(ScalarType type)
        {
            using var network = Evaluating(name, type);
            using var weights = new ParameterVector(network);
            var product = OnImages(network, weights, type, channels, pixels).HessianTimes(Formula.UniformTensor(9, weights.Count).to(type), default);
            return product.to(ScalarType.Float64);
        }
    }

    private static Module<Tensor, Tensor> Evaluating(string name, ScalarType type)
    {
        var network = NetworkFactory.Create(name, 10, NormalizationOptions.Ghosts(4), seed: 3);
        network.to(type);
        network.eval();
        return network;
    }

    private static TrainingLoss OnImages(Module<Tensor, Tensor> network, ParameterVector weights, ScalarType type, int channels, int pixels) => new(
        network, weights, (start, count) => (Formula.UniformTensor(start + 5, count, channels, pixels, pixels).to(type), Formula.Labels(start + 6, count)), 6, 4);

    private static TrainingLoss Loss(Module<Tensor, Tensor> network, ParameterVector weights, int inputs, int classes, int count, int batch)
    {
        var input = Formula.UniformTensor(1, count, inputs).to(ScalarType.Float64);
        var labels = tensor(Formula.Uniform(2, count).Select(v => (long)((v + 1) / 2 * classes)).ToArray());
        return new(network, weights, (start, size) => (input.narrow(0, start, size), labels.narrow(0, start, size)), count, batch);
    }

    /// <summary>(g(w + h v) − g(w − h v)) / 2h.</summary>
    private static Tensor Differences(TrainingLoss loss, ParameterVector weights, Tensor direction, double step = Step)
    {
        var center = weights.Values.clone();
        Tensor At(double offset)
        {
            using (no_grad()) weights.Values.copy_(center + direction * offset);
            return loss.ValueAndGradient(default).Gradient;
        }
        var difference = (At(step) - At(-step)) / (2 * step);
        using (no_grad()) weights.Values.copy_(center);
        return difference;
    }

    private static Tensor Unit(int size, int index)
    {
        var unit = zeros(size, dtype: ScalarType.Float64);
        unit.narrow(0, index, 1).fill_(1);
        return unit;
    }

    private static Matrix<double> Symmetric(int size)
    {
        var half = Matrix<double>.Build.DenseOfRowMajor(size, size, Formula.Uniform(3, size * size));
        return half + half.Transpose() + 2 * Matrix<double>.Build.DenseIdentity(size);
    }
}
