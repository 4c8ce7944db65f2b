namespace Tracker.Domain;

/// <summary>What the values of a field are, as far as filters go.</summary>
public enum FilterKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Texts.</summary>
    Text,

    /// <summary>Moments.</summary>
    Time,

    /// <summary>Several texts at once: = is true when one of them is equal, != when none is.</summary>
    Texts,

    /// <summary>Texts, which compare with numbers as numbers where they are some: parameters that are none of the product's own.</summary>
    Any,
}

/// <summary>Where a field's values are.</summary>
public enum FilterEntity
{
    /// <summary>In the run itself: one of <see cref="FilterFields.All"/>.</summary>
    Run,

    /// <summary>The latest value of a metric.</summary>
    Metric,

    /// <summary>A parameter: a setting of the product's own runs, or what a program outside calls so.</summary>
    Parameter,

    /// <summary>A tag that is written <c>KEY=VALUE</c>.</summary>
    Tag,
}

/// <summary>Something by which runs can be filtered and sorted.</summary>
/// <param name="Entity">Where its values are.</param>
/// <param name="Key">Its name there.</param>
/// <param name="Kind">What its values are.</param>
public sealed record FilterField(FilterEntity Entity, string Key, FilterKind Kind)
{
    /// <summary>What people call it.</summary>
    public string Title { get; init; } = Key;

    /// <summary>Heading under which it is offered.</summary>
    public string Group { get; init; } = FilterFields.Run;

    /// <summary>Values that it can have, where these are known.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether it can have no others than <see cref="Words"/>.</summary>
    public bool Closed { get; init; }

    /// <summary>Whether it is understood and not offered: what other trackers' programs ask for.</summary>
    public bool Hidden { get; init; }

    /// <summary>Whether it is a setting of the run, which <c>params.</c> finds too.</summary>
    public bool IsSetting => Group == FilterFields.Setting;

    /// <summary>Its name in filters, quoted where it must be.</summary>
    public string Name => FilterText.Of(this);

    /// <inheritdoc />
    public bool Equals(FilterField? other) => other is not null && Entity == other.Entity && Key == other.Key;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Entity, Key);

    /// <inheritdoc />
    public override string ToString() => Name;

    /// <summary>A metric.</summary>
    /// <param name="key">Its name.</param>
    public static FilterField Metric(string key) => new(FilterEntity.Metric, key, FilterKind.Number) { Group = FilterFields.Metrics };

    /// <summary>A parameter.</summary>
    /// <param name="key">Its name.</param>
    public static FilterField Parameter(string key) => new(FilterEntity.Parameter, key, FilterKind.Any) { Group = FilterFields.Setting };

    /// <summary>A tag with a value.</summary>
    /// <param name="key">Its name.</param>
    public static FilterField Tag(string key) => new(FilterEntity.Tag, key, FilterKind.Text);
}
