using TorchSharp;
using static TorchSharp.torch;

namespace Tracker.Training;

/// <summary>Where a search for a maximum ended.</summary>
/// <param name="Start">The value at the middle of the box.</param>
/// <param name="Maximum">The largest value found; never below <paramref name="Start"/>.</param>
/// <param name="Iterations">Iterations that got further.</param>
internal readonly record struct BoxMaximum(double Start, double Maximum, int Iterations);

/// <summary>
/// Maximizes a function of very many variables in a box, by projected gradient ascent along the projection arc z(s) = P(z + s g). Each
/// iteration first tries the arc's far end, the corner of the box that the gradient points to; only if that is not good enough (Armijo)
/// it goes back towards z. Around a minimum, where sharpness is measured, the function is convex, and there the corner is
/// always an ascent and no step length has to be found; quasi-Newton methods, L-BFGS-B among them, have no use for the curvature there,
/// since they keep only pairs that curve the other way.
/// </summary>
internal static class BoxMaximizer
{
    /// <summary>Share of the ascent promised by the gradient that a step must bring.</summary>
    private const double Sufficient = 1e-4;
    private const int Trials = 12;

    /// <summary>Searches for the maximum.</summary>
    /// <param name="function">The function and its gradient at a point, (P).</param>
    /// <param name="halfWidths">Half of the box's widths, (P), above 0; the box lies around 0.</param>
    /// <param name="iterations">At most so many steps.</param>
    public static BoxMaximum Maximize(Func<Tensor, (double Value, Tensor Gradient)> function, Tensor halfWidths, int iterations)
    {
        using var scope = NewDisposeScope();
        var point = zeros_like(halfWidths);
        var (value, gradient) = function(point);
        var start = value;
        var scale = double.NaN;
        var done = 0;
        for (; done < iterations; done++)
        {
            using var iteration = NewDisposeScope();
            if (double.IsNaN(scale)) scale = InitialScale(halfWidths, gradient);
            if (Next(function, halfWidths, point, value, gradient, ref scale) is not { } next) break;
            (var nextPoint, value, var nextGradient) = next;
            point.copy_(nextPoint);
            gradient.copy_(nextGradient);
        }
        return new(start, value, done);
    }

    private static (Tensor Point, double Value, Tensor Gradient)? Next(
        Func<Tensor, (double Value, Tensor Gradient)> function, Tensor halfWidths, Tensor point, double value, Tensor gradient, ref double scale)
    {
        var corner = where(gradient.eq(0), point, gradient.sign() * halfWidths);
        var promised = Promised(gradient, corner, point);
        // At a corner that the gradient points to, as at a point without gradient, nothing can be gained.
        if (!(promised > 0)) return null;
        var (found, slope) = function(corner);
        if (IsEnough(found, value, promised)) return (corner, found, slope);

        for (var trial = 0; trial < Trials; trial++, scale /= 4)
        {
            var nearer = maximum(minimum(point + gradient * scale, halfWidths), -halfWidths);
            (found, slope) = function(nearer);
            if (!IsEnough(found, value, Promised(gradient, nearer, point))) continue;
            // The next iteration may go further again.
            scale *= 2;
            return (nearer, found, slope);
        }
        return null;
    }

    /// <summary>A step length that brings an average variable to the border of the box.</summary>
    private static double InitialScale(Tensor halfWidths, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var norm = gradient.Norm().ToDouble();
        return norm > 0 ? halfWidths.Norm().ToDouble() / norm : 1;
    }

    /// <summary>g · (to − from). Host synchronization: the number decides on the step.</summary>
    private static double Promised(Tensor gradient, Tensor to, Tensor from)
    {
        using var scope = NewDisposeScope();
        return (gradient * (to - from)).sum().ToDouble();
    }

    private static bool IsEnough(double found, double value, double promised) =>
        double.IsFinite(found) && promised > 0 && found >= value + Sufficient * promised;
}
