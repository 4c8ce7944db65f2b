using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training.Tests;

/// <summary>Quadratics whose largest value in a box is known: f(z) = Σ a_i z_i² + b_i z_i.</summary>
public sealed class BoxMaximizerTests
{
    private const int Size = 1000;

    [Fact]
    public void A_convex_quadratic_is_largest_in_the_corner_of_its_slope()
    {
        using var scope = NewDisposeScope();
        var (a, b, half) = (Formula.UniformTensor(1, Size).abs(), Formula.UniformTensor(2, Size), Formula.UniformTensor(3, Size).abs() + 0.1);
        var found = BoxMaximizer.Maximize(Quadratic(a, b), half, 10);
        found.Maximum.ShouldBe((a * half.square() + b.abs() * half).sum().ToDouble(), 1e-3);
        found.Start.ShouldBe(0);
        found.Iterations.ShouldBe(1);
    }

    [Fact]
    public void A_concave_quadratic_is_largest_at_its_top_or_where_the_box_cuts_it_off()
    {
        using var scope = NewDisposeScope();
        var (a, b, half) = (-(Formula.UniformTensor(1, Size).abs() + 1), Formula.UniformTensor(2, Size) * 4, ones(Size) * 0.5);
        var top = maximum(minimum(-b / (2 * a), half), -half);
        var best = (a * top.square() + b * top).sum().ToDouble();
        var found = BoxMaximizer.Maximize(Quadratic(a, b), half, 10);
        found.Maximum.ShouldBeInRange(0.999 * best, best * (1 + 1e-6));
        top.abs().lt(0.5).sum().ToDouble().ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Of_many_corners_the_best_is_found()
    {
        // f(z) = ½ (u · z)² + b · z has 4096 corners, all of which are tried here.
        const int Few = 12;
        using var scope = NewDisposeScope();
        var (u, b, half) = (Formula.UniformTensor(4, Few), Formula.UniformTensor(5, Few), ones(Few));
        var corners = Enumerable.Range(0, 1 << Few).Select(bits => Enumerable.Range(0, Few).Select(i => (bits >> i & 1) * 2f - 1).ToArray());
        var (us, bs) = (u.data<float>().ToArray(), b.data<float>().ToArray());
        var best = corners.Max(z => 0.5 * Math.Pow(Dot(us, z), 2) + Dot(bs, z));

        var found = BoxMaximizer.Maximize(z => (0.5 * Math.Pow((u * z).sum().ToDouble(), 2) + (b * z).sum().ToDouble(), u * (u * z).sum() + b), half, 10);
        found.Maximum.ShouldBe(best, 1e-4);
    }

    [Fact]
    public void A_value_that_is_no_number_is_not_taken_for_a_maximum()
    {
        using var scope = NewDisposeScope();
        var found = BoxMaximizer.Maximize(z => (z.abs().max().ToDouble() > 0.3 ? double.PositiveInfinity : z.sum().ToDouble(), ones_like(z)), ones(10), 10);
        found.Maximum.ShouldBeInRange(0.5, 3.0001);
    }

    [Fact]
    public void Without_a_slope_there_is_nowhere_to_go()
    {
        using var scope = NewDisposeScope();
        BoxMaximizer.Maximize(Quadratic(ones(3), zeros(3)), ones(3), 10).ShouldBe(new BoxMaximum(0, 0, 0));
    }

    private static Func<Tensor, (double, Tensor)> Quadratic(Tensor a, Tensor b) => z => ((a * z.square() + b * z).sum().ToDouble(), 2 * a * z + b);

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
