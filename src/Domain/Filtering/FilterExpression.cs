namespace Tracker.Domain;

/// <summary>How a filter compares a field with one value.</summary>
public enum FilterOperator
{
    /// <summary><c>=</c>.</summary>
    Equal,

    /// <summary><c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>&lt;</c>.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>LIKE</c>: % stands for any characters, _ for any one.</summary>
    Like,

    /// <summary><c>ILIKE</c>: the same whatever the case of letters.</summary>
    ILike,

    /// <summary><c>RLIKE</c>: a POSIX regular expression matches somewhere in the text.</summary>
    RLike,
}

/// <summary>
/// A filter, understood: every field is known and every value is of the field's kind. A comparison is false for a run that lacks the field;
/// NOT turns false into true, so a filter and its negation share all runs between them.
/// </summary>
public abstract record FilterExpression
{
    /// <summary>The filter as text, which reads back as an equal expression.</summary>
    public sealed override string ToString() => FilterText.Of(this);
}

/// <summary>Both hold.</summary>
/// <param name="Left">One.</param>
/// <param name="Right">The other.</param>
public sealed record FilterAnd(FilterExpression Left, FilterExpression Right) : FilterExpression;

/// <summary>At least one holds.</summary>
/// <param name="Left">One.</param>
/// <param name="Right">The other.</param>
public sealed record FilterOr(FilterExpression Left, FilterExpression Right) : FilterExpression;

/// <summary>It does not hold.</summary>
/// <param name="Inner">What does not hold.</param>
public sealed record FilterNot(FilterExpression Inner) : FilterExpression;

/// <summary>A field compares with a value.</summary>
/// <param name="Field">The field.</param>
/// <param name="Operator">How.</param>
/// <param name="Value">The value, of the field's kind.</param>
public sealed record FilterComparison(FilterField Field, FilterOperator Operator, FilterValue Value) : FilterExpression;

/// <summary>A field is one of several values.</summary>
/// <param name="Field">The field.</param>
/// <param name="Values">The values, of the field's kind; at least one.</param>
/// <param name="Negated">Whether it is none of them instead.</param>
public sealed record FilterMembership(FilterField Field, IReadOnlyList<FilterValue> Values, bool Negated) : FilterExpression
{
    /// <inheritdoc />
    public bool Equals(FilterMembership? other) =>
        other is not null && Field == other.Field && Negated == other.Negated && Values.SequenceEqual(other.Values);

    /// <inheritdoc />
    public override int GetHashCode() => Values.Aggregate(HashCode.Combine(Field, Negated), HashCode.Combine);
}

/// <summary>A run has a field, or lacks it.</summary>
/// <param name="Field">The field.</param>
/// <param name="Missing">Whether the run lacks it.</param>
public sealed record FilterPresence(FilterField Field, bool Missing) : FilterExpression;

/// <summary>What a field is compared with.</summary>
public abstract record FilterValue
{
    /// <summary>The value as a filter writes it.</summary>
    public sealed override string ToString() => FilterText.Of(this);
}

/// <summary>A number.</summary>
/// <param name="Value">The number; finite.</param>
public sealed record FilterNumber(double Value) : FilterValue;

/// <summary>A text.</summary>
/// <param name="Value">The text.</param>
public sealed record FilterString(string Value) : FilterValue;

/// <summary>A moment.</summary>
/// <param name="Value">The moment.</param>
public sealed record FilterTime(DateTimeOffset Value) : FilterValue;

/// <summary>A moment that lies this long before the present.</summary>
/// <param name="Value">How long; whole seconds.</param>
public sealed record FilterAge(TimeSpan Value) : FilterValue;
