using System.Diagnostics.CodeAnalysis;

namespace Tracker.Domain;

/// <summary>Which batch a method uses and which of the paper's techniques it switches on. Any combination is allowed.</summary>
/// <param name="LargeBatch"><see langword="true"/> for <c>lb</c>, <see langword="false"/> for <c>sb</c>.</param>
/// <param name="LearningRate"><c>+lr</c>: the learning rate grows with the batch (section 4, equation 7).</param>
/// <param name="GhostBatchNorm"><c>+gbn</c>: Ghost Batch Normalization (section 4, Algorithm 1).</param>
/// <param name="RegimeAdaptation"><c>+ra</c>: as many weight updates as the small batch (section 5).</param>
/// <param name="Noise"><c>+noise</c>: multiplicative gradient noise (section 4).</param>
public sealed record Method(bool LargeBatch, bool LearningRate = false, bool GhostBatchNorm = false, bool RegimeAdaptation = false, bool Noise = false)
{
    /// <summary>The small batch with its own regime, the column SB of the paper's tables.</summary>
    public static Method SmallBatchOnly { get; } = new(LargeBatch: false);

    /// <summary>The columns of the paper's tables: SB, LB, +LR, +GBN, +RA, each with everything that the one before it has.</summary>
    public static IReadOnlyList<Method> TableColumns { get; } =
    [
        SmallBatchOnly,
        new(LargeBatch: true),
        new(LargeBatch: true, LearningRate: true),
        new(LargeBatch: true, LearningRate: true, GhostBatchNorm: true),
        new(LargeBatch: true, LearningRate: true, GhostBatchNorm: true, RegimeAdaptation: true),
    ];

    private static readonly string[] s_columnTitles = ["SB", "LB", "+LR", "+GBN", "+RA"];

    /// <summary>The index of the table column that this method fills, 0 for SB to 4 for +RA, or <see langword="null"/> for other combinations.</summary>
    public int? TableColumn => TableColumns.Index().Where(c => c.Item == this).Select(c => (int?)c.Index).FirstOrDefault();

    /// <summary>What people read: <c>SB</c>, <c>LB</c>, <c>+LR</c>, <c>+GBN</c>, <c>+RA</c> for the table columns, else the switches, as in <c>LB +GBN</c>.</summary>
    public string Title => TableColumn is { } column ? s_columnTitles[column] : ToString().ToUpperInvariant().Replace("+", " +", StringComparison.Ordinal);

    /// <summary>The titles of the table columns in their order.</summary>
    public static IReadOnlyList<string> ColumnTitles => s_columnTitles;

    /// <summary>The canonical form: <c>sb</c> or <c>lb</c>, then <c>+lr +gbn +ra +noise</c> in this order.</summary>
    public override string ToString() =>
        (LargeBatch ? "lb" : "sb") + (LearningRate ? "+lr" : "") + (GhostBatchNorm ? "+gbn" : "") + (RegimeAdaptation ? "+ra" : "") + (Noise ? "+noise" : "");

    /// <summary>Reads <c>sb</c> or <c>lb</c> followed by any of <c>+lr +gbn +ra +noise</c>, in any order.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="method">The method, when the text is one.</param>
    /// <param name="error">What is wrong with the text, when it is none.</param>
    /// <returns>Whether the text is a method.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out Method? method, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        method = null;
        error = null;
        var parts = text.Split('+');
        if (parts[0] is not ("sb" or "lb"))
        {
            error = $"'{text}' is not a method: expected 'sb' or 'lb', followed by any of +lr, +gbn, +ra, +noise.";
            return false;
        }
        var result = new Method(parts[0] == "lb");
        foreach (var part in parts.Skip(1))
        {
            var next = part switch
            {
                "lr" => result with { LearningRate = true },
                "gbn" => result with { GhostBatchNorm = true },
                "ra" => result with { RegimeAdaptation = true },
                "noise" => result with { Noise = true },
                _ => null,
            };
            if (next is null || next == result)
            {
                error = next is null
                    ? $"'{text}' names the unknown technique '+{part}': expected any of +lr, +gbn, +ra, +noise."
                    : $"'{text}' names '+{part}' twice.";
                return false;
            }
            result = next;
        }
        method = result;
        return true;
    }
}
