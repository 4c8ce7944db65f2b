using System.Globalization;
using Tracker.Storage;

namespace Tracker.Web.Views;

/// <summary>What curves are drawn against and how, as a page's address says it: x=epoch&amp;logx=1&amp;logy=1&amp;smooth=0.6&amp;group=technique,batch.</summary>
/// <param name="X">Horizontal axis.</param>
/// <param name="LogX">Whether it is logarithmic.</param>
/// <param name="LogY">Whether the vertical axis is.</param>
/// <param name="Smoothing">Weight of what was before in exponential smoothing, 0 to 0.99; 0 is none.</param>
/// <param name="Group">How runs are put together.</param>
public sealed record ChartSettings(CurveAxis X, bool LogX, bool LogY, double Smoothing, RunGrouping Group)
{
    public const double MostSmoothing = 0.99;

    /// <summary>Against steps, nothing logarithmic or smoothed, one curve for runs that differ only in the seed.</summary>
    public static readonly ChartSettings Usual = new(CurveAxis.Step, LogX: false, LogY: false, Smoothing: 0, RunGrouping.Setting);

    /// <summary>How series are asked for: in buckets that suit the axis.</summary>
    public MetricAxis Axis => LogX && X == CurveAxis.Step ? MetricAxis.LogStep : X.Metric();

    /// <summary>Reads the parameters of an address; what is missing or makes no sense is as in <paramref name="otherwise"/>.</summary>
    public static ChartSettings Read(string? x, string? logX, string? logY, double? smooth, string? group, ChartSettings otherwise)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        return new(
            CurveAxes.Read(x, otherwise.X), Flag(logX, otherwise.LogX), Flag(logY, otherwise.LogY),
            smooth is { } weight && double.IsFinite(weight) ? Math.Clamp(weight, 0, MostSmoothing) : otherwise.Smoothing,
            RunGrouping.Read(group, otherwise.Group));
    }

    /// <summary>The parameters, for <c>GetUriWithQueryParameters</c>: those that are as in <paramref name="otherwise"/> are left out.</summary>
    public IReadOnlyDictionary<string, object?> Query(ChartSettings otherwise)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        return new Dictionary<string, object?>
        {
            ["x"] = X == otherwise.X ? null : X.ToString().ToLowerInvariant(),
            ["logx"] = LogX == otherwise.LogX ? null : LogX ? "1" : "0",
            ["logy"] = LogY == otherwise.LogY ? null : LogY ? "1" : "0",
            ["smooth"] = Smoothing == otherwise.Smoothing ? null : Smoothing.ToString("0.##", CultureInfo.InvariantCulture),
            ["group"] = Group == otherwise.Group ? null : Group.ToString(),
        };
    }

    private static bool Flag(string? text, bool otherwise) => text switch
    {
        "1" => true,
        "0" => false,
        _ => otherwise,
    };
}
