namespace Tracker.Domain;

/// <summary>
/// How the weights move away from their start (section 3 of the paper): equation (4), ‖w_t − w_0‖ = intercept + slope · ln t, is
/// "ultra-slow diffusion" in a random potential with α = 2; on a flat potential the distance would grow with √t; and equation (3),
/// ‖w_t − w_0‖ ~ (ln t)^(2/α), gives α itself from the slope of ln ‖w_t − w_0‖ against ln ln t.
/// </summary>
/// <param name="Logarithm">‖w_t − w_0‖ against ln t.</param>
/// <param name="SquareRoot">‖w_t − w_0‖ against √t, for comparison.</param>
/// <param name="Power">
/// ln ‖w_t − w_0‖ against ln ln t, over the points with t &gt; 1 and a distance above 0; its slope is 2/α. <see langword="null"/> when
/// there are too few of those.
/// </param>
/// <param name="From">The first t.</param>
/// <param name="To">The last t.</param>
public sealed record DiffusionFit(LineFit Logarithm, LineFit SquareRoot, LineFit? Power, double From, double To)
{
    /// <summary>A line through fewer points says nothing.</summary>
    public const int FewestPoints = 5;

    /// <summary>α of equations (2) and (3), or <see langword="null"/> when the distance does not grow.</summary>
    public double? Alpha => Power is { Slope: > 0 } power ? 2 / power.Slope : null;

    /// <summary>Fits a stored series.</summary>
    /// <param name="points">Updates done (t) and the distance then (‖w_t − w_0‖), by ascending t; t below 1 and distances that are no numbers do not count.</param>
    /// <param name="until">The last t to count: the end of the initial phase of high learning rate, for which the equations are meant.</param>
    /// <returns>The fit, or <see langword="null"/> for fewer than <see cref="FewestPoints"/> points.</returns>
    public static DiffusionFit? Through(IEnumerable<(double T, double Distance)> points, double until = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(points);
        return points.Where(p => p.T <= until).Aggregate(default(DiffusionMoments), (moments, p) => moments.With(p.T, p.Distance)).Fit();
    }
}

/// <summary>What a <see cref="DiffusionFit"/> needs to know of a series so far; it can be saved half-way and go on.</summary>
/// <param name="Logarithm">Of the distance against ln t.</param>
/// <param name="SquareRoot">Of the distance against √t.</param>
/// <param name="Power">Of the logarithm of the distance against ln ln t.</param>
/// <param name="From">The first t; 0 before the first point.</param>
/// <param name="To">The last t.</param>
public readonly record struct DiffusionMoments(LineMoments Logarithm, LineMoments SquareRoot, LineMoments Power, double From, double To)
{
    /// <summary>One point more.</summary>
    /// <param name="t">Updates done; below 1 the point does not count.</param>
    /// <param name="distance">‖w_t − w_0‖; the point does not count unless it is a finite number.</param>
    public DiffusionMoments With(double t, double distance)
    {
        if (!(t >= 1) || !double.IsFinite(distance)) return this;
        var power = t > 1 && distance > 0 ? Power.With(Math.Log(Math.Log(t)), Math.Log(distance)) : Power;
        return new(Logarithm.With(Math.Log(t), distance), SquareRoot.With(Math.Sqrt(t), distance), power, Logarithm.Points == 0 ? t : From, t);
    }

    /// <summary>The fit so far.</summary>
    /// <returns>The fit, or <see langword="null"/> for fewer than <see cref="DiffusionFit.FewestPoints"/> points or a single t.</returns>
    public DiffusionFit? Fit() =>
        Logarithm.Points >= DiffusionFit.FewestPoints && Logarithm.Fit() is { } logarithm && SquareRoot.Fit() is { } root
            ? new(logarithm, root, Power.Points >= DiffusionFit.FewestPoints ? Power.Fit() : null, From, To)
            : null;
}
