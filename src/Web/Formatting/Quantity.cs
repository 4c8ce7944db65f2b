namespace Tracker.Web.Formatting;

/// <summary>A number as it is shown: the digits, and the unit that is drawn quieter beside them (empty if it has none).</summary>
public readonly record struct Quantity(string Digits, string Unit = "")
{
    /// <summary>What stands where there is no number (yet).</summary>
    public static readonly Quantity None = new("–");

    public override string ToString() => Unit.Length == 0 ? Digits : $"{Digits} {Unit}";
}
