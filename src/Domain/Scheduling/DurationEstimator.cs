using MathNet.Numerics.Distributions;

namespace Tracker.Domain;

/// <summary>
/// Tells from finished runs how long like ones will take. The spread of the logarithm of the rate is that of the like runs, and the
/// interval is the 80 % prediction interval for one more of them (Student's t).
/// </summary>
public sealed class DurationEstimator
{
    /// <summary>Half the width of the interval of the log-rate is never less: machines differ from day to day.</summary>
    private const double LeastHalfWidth = 0.05;

    /// <summary>Half the width while the spread is unknown, because no two like runs were measured.</summary>
    private const double UnknownHalfWidth = 0.5;

    /// <summary>
    /// Half the width is never more before it is widened: a factor of 4. Student's t has long tails with two runs, and an interval
    /// from no time to years tells less than that little is known.
    /// </summary>
    private static readonly double s_mostHalfWidth = Math.Log(4);

    /// <summary>
    /// Half the width that each doubling between the batch that was measured and the one that is asked for adds; independent errors, so
    /// the squares are added. Rates of the catalogue's networks differ by up to a third from one batch size to the double.
    /// </summary>
    private const double HalfWidthOfDoubling = 0.3;

    /// <summary>An overhead for each step as large as the computation of this many samples: large batches are the faster for it.</summary>
    private const double SamplesPerStep = 64;

    /// <summary>Samples per second of the guess, of the magnitude of a small network on one core.</summary>
    private const double NominalRate = 5000;

    private const double UpperDecile = 0.9;

    private readonly ILookup<(string Network, DeviceClass Device), MeasuredRate> _rates;

    /// <summary>An estimator.</summary>
    /// <param name="rates">What was measured, in any order.</param>
    public DurationEstimator(IReadOnlyList<MeasuredRate> rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        _rates = rates.ToLookup(r => (r.Network, r.Device));
    }

    /// <summary>
    /// Seconds for putting longer runs first where nothing like them was measured. Only the ratio of two guesses for one network means
    /// something: neither the network nor the device is taken into account.
    /// </summary>
    /// <param name="samples">Training samples, all epochs together.</param>
    /// <param name="steps">Weight updates.</param>
    public static double Guess(double samples, long steps) => (samples + SamplesPerStep * steps) / NominalRate;

    /// <summary>
    /// How long a run will take: by the measured batch size that is nearest on a logarithmic scale, on the same data set if that was
    /// measured, else on any. A larger distance in batch size, and another data set, widen the interval.
    /// </summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="dataset">Name of the data set.</param>
    /// <param name="device">Cpu or Cuda.</param>
    /// <param name="batch">Samples in one mini-batch; at least 1.</param>
    /// <param name="samples">Training samples, all epochs together.</param>
    /// <returns>The estimate, or <see langword="null"/> when the network was never measured on such a device.</returns>
    public DurationEstimate? Estimate(string network, string dataset, DeviceClass device, int batch, double samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var (like, sameData) = Like(network, dataset, device);
        if (like.Count == 0) return null;

        var nearest = like.MinBy(r => (Doublings(r.Batch, batch), r.Batch))!.Batch;
        var rate = LogRate.Pooled(like.Where(r => r.Batch == nearest));
        var distance = Doublings(nearest, batch) + (sameData ? 0 : 1);
        var half = double.Hypot(HalfWidth(rate, like), HalfWidthOfDoubling * distance);
        var seconds = samples * Math.Exp(-rate.Mean);
        return new(seconds, seconds * Math.Exp(-half), seconds * Math.Exp(half));
    }

    /// <summary>
    /// The most device memory that like runs took: at the smallest measured batch size that is not smaller, else at the largest.
    /// </summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="dataset">Name of the data set; another one stands in when it was never measured.</param>
    /// <param name="device">Cpu or Cuda.</param>
    /// <param name="batch">Samples in one mini-batch.</param>
    /// <returns>Bytes, or <see langword="null"/> when no memory was measured.</returns>
    public long? PeakMemory(string network, string dataset, DeviceClass device, int batch)
    {
        var known = _rates[(network, device)].Where(r => r.PeakMemoryBytes != null).ToList();
        if (known.Exists(r => r.Dataset == dataset)) known.RemoveAll(r => r.Dataset != dataset);
        if (known.Count == 0) return null;
        var nearest = known.MinBy(r => r.Batch >= batch ? (0, r.Batch) : (1, -r.Batch))!.Batch;
        return known.Where(r => r.Batch == nearest).Max(r => r.PeakMemoryBytes);
    }

    /// <summary>What the estimates of a network rest on, in one sentence for people.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="dataset">Name of the data set.</param>
    /// <param name="device">Cpu or Cuda.</param>
    /// <returns>The sentence, or <see langword="null"/> when the network was never measured on such a device.</returns>
    public string? Basis(string network, string dataset, DeviceClass device)
    {
        var (like, sameData) = Like(network, dataset, device);
        if (like.Count == 0) return null;
        var runs = like.Sum(r => r.Runs);
        var title = Catalogue.FindNetwork(network)?.Title ?? network;
        var models = like.Select(r => r.Model).Where(m => m != MeasuredRate.UnknownModel).Distinct().Order(StringComparer.Ordinal).ToList();
        var place = device == DeviceClass.Cpu ? "cpu" : models.Count == 0 ? "cuda" : string.Join(", ", models);
        var batches = string.Join(", ", like.Select(r => r.Batch).Distinct().Order());
        return $"Measured on {runs} {(runs == 1 ? "run" : "runs")} of {title} on {place} at batch {batches}{(sameData ? "" : ", with another data set")}.";
    }

    private (List<MeasuredRate> Rates, bool SameData) Like(string network, string dataset, DeviceClass device)
    {
        var rates = _rates[(network, device)].ToList();
        var sameData = rates.Exists(r => r.Dataset == dataset);
        if (sameData) rates.RemoveAll(r => r.Dataset != dataset);
        return (rates, sameData);
    }

    /// <summary>Half the width of the interval of one more log-rate.</summary>
    private static double HalfWidth(LogRate rate, List<MeasuredRate> like)
    {
        var (squares, freedom) = (rate.Squares, rate.Runs - 1);
        if (freedom == 0)
        {
            // A single run: its spread is taken to be that of the other batch sizes.
            var batches = like.GroupBy(r => r.Batch).Select(LogRate.Pooled).ToList();
            (squares, freedom) = (batches.Sum(b => b.Squares), batches.Sum(b => b.Runs - 1));
        }

        if (freedom == 0) return UnknownHalfWidth;
        var deviation = Math.Sqrt(squares / freedom * (1 + 1.0 / rate.Runs));
        return Math.Clamp(StudentT.InvCDF(0, 1, freedom, UpperDecile) * deviation, LeastHalfWidth, s_mostHalfWidth);
    }

    private static double Doublings(int from, int to) => Math.Abs(Math.Log2((double)to / from));

    /// <summary>Count, mean and sum of squared deviations of log-rates.</summary>
    private readonly record struct LogRate(int Runs, double Mean, double Squares)
    {
        internal static LogRate Pooled(IEnumerable<MeasuredRate> rates) => rates.Aggregate(default(LogRate), (sum, rate) => sum.With(rate));

        private LogRate With(MeasuredRate rate)
        {
            var runs = Runs + rate.Runs;
            var step = rate.MeanLog - Mean;
            return new(runs, Mean + step * rate.Runs / runs, Squares + rate.SquareLog + step * step * Runs * rate.Runs / runs);
        }
    }
}
