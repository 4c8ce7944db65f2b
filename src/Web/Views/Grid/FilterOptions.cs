using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Views.Grid;

/// <summary>What a filter can go on with.</summary>
public static class FilterOptions
{
    private const int Most = 12;
    private const int MostValues = 20;

    /// <summary>What may stand at the caret, the likeliest first; values come from the runs.</summary>
    public static async Task<IReadOnlyList<FilterOption>> AtAsync(
        string text, int caret, IReadOnlyList<RunField> fields, IRunSearch search, CancellationToken cancellationToken)
    {
        var completion = FilterCompletion.At(text, caret, fields.Select(field => field.Name));
        if (completion.ValuesOf is { } field)
        {
            try
            {
                completion = completion.With(await search.ValuesAsync(field.Name, completion.Typed, MostValues, cancellationToken));
            }
            catch (Exception exception) when (exception is FilterException || TransientErrors.IsTransient(exception))
            {
                // Where the search takes too long, or there is no database, there are the values that every installation knows.
                return Options(completion, text);
            }
        }
        return Options(completion, text);
    }

    private static IReadOnlyList<FilterOption> Options(FilterCompletion completion, string text) =>
    [
        .. completion.Suggestions.Where(suggestion => suggestion.Text != completion.Typed).Take(Most).Select(suggestion =>
        {
            var (after, caret) = completion.Take(text, suggestion);
            return new FilterOption(suggestion.Text, suggestion.Detail, text, after, caret) { Begun = completion.Typed.Length > 0 };
        }),
    ];
}
