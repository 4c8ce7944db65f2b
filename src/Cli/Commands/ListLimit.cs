using System.CommandLine;

namespace Tracker.Cli.Commands;

/// <summary>How much of a list is wanted.</summary>
internal sealed class ListLimit
{
    private const int Standard = 50;
    private readonly Option<int> _limit = new("--limit", "-n") { Description = $"At most so many; {Standard} when left out.", DefaultValueFactory = _ => Standard };
    private readonly Option<bool> _all = new("--all") { Description = "All of them." };

    public ListLimit() => _limit.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number < 1) result.AddError("Expected --limit of 1 or more.");
    });

    public IReadOnlyList<Option> Options => [_limit, _all];

    /// <returns><see langword="null"/> for all.</returns>
    public int? Of(Session session) => session.Get(_all) ? null : session.Get(_limit);
}
