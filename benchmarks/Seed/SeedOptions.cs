namespace Tracker.Benchmarks.Seed;

/// <summary>How large a seeded database is made, and how long it is watched.</summary>
internal sealed record SeedOptions(int Runs = 10_000, long Points = 50_000_000, double Minutes = 10)
{
    /// <summary>Reads pairs of options and numbers; <see langword="null"/> when one is not understood.</summary>
    public static SeedOptions? Read(IReadOnlyList<string> options)
    {
        var read = new SeedOptions();
        for (var i = 0; i < options.Count; i += 2)
        {
            if (i + 1 == options.Count || !int.TryParse(options[i + 1], out var value) || value < 1) return null;
            switch (options[i])
            {
                case "--runs": read = read with { Runs = value }; break;
                case "--points": read = read with { Points = value }; break;
                case "--minutes": read = read with { Minutes = value }; break;
                default: return null;
            }
        }
        return read;
    }
}
