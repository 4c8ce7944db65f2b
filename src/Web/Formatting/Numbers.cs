using System.Globalization;

namespace Tracker.Web.Formatting;

/// <summary>Numbers with a unit and a sensible number of digits.</summary>
public static class Numbers
{
    private const string Minus = "−";
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A whole number with thousands apart: 27,430.</summary>
    public static string Count(long value) => Signed(value.ToString("N0", Culture));

    /// <summary>A large number with three significant digits and its magnitude: 1.2 M, 21.4 k, 612.</summary>
    public static Quantity Big(double value)
    {
        if (!double.IsFinite(value))
            return Quantity.None;
        var magnitude = Math.Abs(value);
        (double scale, string suffix) = magnitude switch
        {
            // 999.5 would be rounded to 1000.0 of the smaller magnitude.
            >= 999.5e9 => (1e12, "T"),
            >= 999.5e6 => (1e9, "G"),
            >= 999.5e3 => (1e6, "M"),
            >= 999.5 => (1e3, "k"),
            _ => (1, ""),
        };
        return new(Signed(Trimmed(value / scale)), suffix);
    }

    /// <summary>As <see cref="Big(double)"/>, with a unit after the magnitude: 21.4 k samples/s.</summary>
    public static Quantity Big(double value, string unit)
    {
        var big = Big(value);
        return big == Quantity.None ? big : big with { Unit = big.Unit.Length == 0 ? unit : $"{big.Unit} {unit}" };
    }

    /// <summary>A share of one as a percentage with two decimals, the digits of accuracies: 0.9307 is 93.07.</summary>
    public static string Points(double share, int decimals = 2) =>
        double.IsFinite(share) ? Signed(Percent(share, decimals)) : Quantity.None.Digits;

    /// <summary>
    /// Rounds the decimal number that the share stands for, halves away from zero: 0.85385 · 100 is 85.38499… in binary, and one page
    /// would print 85.38 where another prints 85.39.
    /// </summary>
    private static string Percent(double share, int decimals) => Math.Abs(share) < 1e12
        ? decimal.Round((decimal)share * 100, decimals, MidpointRounding.AwayFromZero).ToString("F" + decimals, Culture)
        : (share * 100).ToString("F" + decimals, Culture);

    /// <summary>An accuracy: 93.07 %.</summary>
    public static Quantity Accuracy(double? share) =>
        share is { } value && double.IsFinite(value) ? new(Points(value), "%") : Quantity.None;

    /// <summary>A difference of two shares in percentage points, always with its sign: +0.04, −1.36.</summary>
    public static string Difference(double shares, int decimals = 2)
    {
        if (!double.IsFinite(shares))
            return Quantity.None.Digits;
        var digits = Percent(Math.Abs(shares), decimals);
        var rounded = double.Parse(digits, Culture);
        return rounded == 0 ? digits : (shares < 0 ? Minus : "+") + digits;
    }

    /// <summary>How much is done, rounded down so that 100 % means the end: 66 %.</summary>
    public static int WholePercent(double share) => (int)Math.Floor(Math.Clamp(share, 0, 1) * 100 + 1e-9);

    /// <summary>A loss, norm or rate with three significant digits, without an exponent where it reads well: 0.400, 1.44, 0.0566, 2.1e-6.</summary>
    public static string Significant(double value, int digits = 3)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : Minus + "∞";
        if (value == 0)
            return "0";
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        if (exponent is < -4 or > 5)
            return Signed(value.ToString("0." + new string('#', digits - 1) + "e0", Culture));
        return Signed(value.ToString("F" + Math.Clamp(digits - 1 - exponent, 0, 10), Culture));
    }

    /// <summary>A setting as it would be typed: 0.1, 0.0001, 0.5657.</summary>
    public static string Setting(double value) => Signed(Math.Round(value, 6, MidpointRounding.ToEven) is var near && (near != 0 || value == 0)
        ? near.ToString("0.######", Culture)
        : value.ToString("0.###e0", Culture));

    /// <summary>A learning rate: three significant digits at most, no zeros behind: 0.1, 0.0566, 2e-5.</summary>
    public static string Rate(double value)
    {
        var digits = Significant(value);
        return digits.Contains('.') && !digits.Contains('e') ? digits.TrimEnd('0').TrimEnd('.') : digits;
    }

    /// <summary>Bytes in decimal units: 5.3 MB.</summary>
    public static Quantity Bytes(long bytes)
    {
        var (value, unit) = (double)bytes switch
        {
            >= 999.5e9 => (bytes / 1e12, "TB"),
            >= 999.5e6 => (bytes / 1e9, "GB"),
            >= 999.5e3 => (bytes / 1e6, "MB"),
            >= 1e3 => (bytes / 1e3, "kB"),
            _ => (bytes, "B"),
        };
        return new(unit == "B" ? Count(bytes) : Trimmed(value), unit);
    }

    /// <summary>"1 run", "3 runs", "27,430 steps".</summary>
    public static string Of(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    private static string Trimmed(double value) => value.ToString(Math.Abs(value) < 99.95 && value % 1 != 0 ? "0.#" : "0", Culture);

    private static string Signed(string digits) => digits.StartsWith('-') ? Minus + digits[1..] : digits;
}
