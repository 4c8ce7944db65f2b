using Tracker.Domain;
using Tracker.Storage;

namespace Tracker.Web.Components.Parts;

/// <summary>How a technique is drawn on every page: its name, colour class and place among the series.</summary>
/// <param name="Name">As in the tables' heads: SB, LB, +LR, +GBN, +RA; other combinations spelled out.</param>
/// <param name="Css">Class that sets its colour and dash.</param>
/// <param name="Series">Number of its colour, 1 to 8.</param>
/// <param name="Dash">Dash pattern in pixels, empty for a whole line.</param>
public sealed record Technique(string Name, string Css, int Series, IReadOnlyList<double> Dash)
{
    public static readonly Technique Sb = new("SB", "t-sb", 1, []);
    public static readonly Technique Lb = new("LB", "t-lb", 2, []);
    public static readonly Technique Lr = new("+LR", "t-lr", 3, [9, 4]);
    public static readonly Technique Gbn = new("+GBN", "t-gbn", 4, [2.5, 4]);
    public static readonly Technique Ra = new("+RA", "t-ra", 5, []);

    /// <summary>The five columns of the paper's tables.</summary>
    public static readonly IReadOnlyList<Technique> Columns = [Sb, Lb, Lr, Gbn, Ra];

    /// <summary>How a method is drawn.</summary>
    public static Technique Of(Method method) => method.TableColumn is { } column ? Columns[column] : Other(method);

    /// <summary>How the method of runs is drawn; where a program outside stated none that the product has, by its own words.</summary>
    public static Technique Of(ExperimentSettings settings) =>
        settings.HasMethod ? Of(settings.Method) : new(settings.Outside!, $"t-s{Further(settings.Outside!)}", Further(settings.Outside!), []);

    private static Technique Other(Method method)
    {
        // A combination outside the paper's columns takes one of the three colours that no column uses, always the same one.
        var series = Further(method.ToString());
        return new(method.Title, $"t-s{series}", series, []);
    }

    private static int Further(string name) => 6 + (int)(Hash(name) % 3);

    /// <summary>The same in every process, unlike that of string: a colour follows from it.</summary>
    public static uint Hash(string text) => text.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u);
}
