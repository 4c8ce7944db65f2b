using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Formatting;

namespace Tracker.Web.Views;

/// <summary>The figures of one network and data set, with captions; those without data say which sweep would make them.</summary>
public sealed class FigureSet
{
    private const int SeedsToPlan = 3;

    private readonly FiguresModel _model;
    private readonly FigureCurves _curves;
    private readonly LeaderboardRow? _small;

    private FigureSet(FiguresModel model) => (_model, _curves, _small) = (model, new(model), model.Small);

    public static IReadOnlyList<FigureGroup> Of(FiguresModel model) => model.Family is null ? [] : new FigureSet(model).Groups();

    private IReadOnlyList<FigureGroup> Groups() =>
    [
        new("Generalization gap", "Figure 1 of the paper (section 1): after the same epochs, the error of a larger batch ends higher.",
        [
            Errors("error-epochs", "Validation error against epochs", With(_model.Of(1)), CurveAxis.Epoch, "Each batch sees the same images."),
            Errors("error-steps", "Validation error against steps", With(_model.Of(1)), CurveAxis.Step, "A large batch makes fewer weight updates in the same epochs."),
        ]),
        new("Weight distance", "Figure 2 of the paper (section 3, equation 4): while the rate is high, ‖w(t) − w(0)‖ grows with the logarithm of the step. Dashed: lines fitted to that phase.",
        [
            Distances("distance-lb", "Weight distance, batch alone", With(_model.Of(1)), 1, "Without the paper’s techniques."),
            Distances("distance-gbn", "Weight distance with rate and ghost batches adapted", With(_model.Of(3)), 3, "+GBN: the rate grows with √(large / small), ghost batch normalization."),
        ]),
        new("Regime adaptation", "Figure 3 of the paper (section 5): with as many weight updates as the small batch has, the gap closes.", Adaptation()),
        new("Against the batch", "What the paper does not draw: what each technique reaches at each batch, and how fast.", Batches()),
    ];

    private List<Figure> Adaptation()
    {
        var without = _model.Of(3);
        var rows = With([.. without.TakeLast(1), .. _model.Of(4)]);
        var curves = new FigureCurves(_model, Method.TableColumns[3]);
        Figure Draw(string id, string title, CurveAxis axis, bool log, string text)
        {
            var complete = _model.Of(4).Count > 0;
            var about = without.Count > 0 ? $"{text} Without it: +GBN at batch {Numbers.Count(without[^1].Settings.Batch)}." : text;
            return Make(id, title, complete ? curves.Errors(rows, axis, log) : null, rows, about, 4, "+RA");
        }
        return
        [
            Draw("adaptation-epochs", "With and without regime adaptation, against epochs", CurveAxis.Epoch, log: true, "+RA takes as many times the epochs as its batch is larger."),
            Draw("adaptation-steps", "With and without regime adaptation, against steps", CurveAxis.Step, log: false, "SB and +RA make about as many steps."),
        ];
    }

    private List<Figure> Batches()
    {
        var target = _model.Board!.Target is { } t ? $"{Numbers.Points(t.Accuracy, 1)} %" : "the target";
        var rows = _model.Rows;
        IReadOnlyList<LeaderboardRow> arrived = [.. rows.Where(row => row.Target.Reached > 0)];
        Figure Draw(string id, string title, Components.Charts.ChartData? data, IReadOnlyList<LeaderboardRow> drawn, string text) =>
            Make(id, title, data, drawn, text, 1, "LB at other batches", mostSeeds: int.MaxValue);
        var reached = $"The first evaluation of at least {target}, over the seeds that reached it; techniques that never did are missing.";
        return
        [
            Draw("batch-accuracy", "Accuracy against the batch", BatchFigures.Accuracy(rows), rows, "The runs’ accuracy by their selection rule."),
            Draw("batch-steps", $"Steps to {target} against the batch", BatchFigures.Steps(arrived), arrived, reached),
            Draw("batch-time", $"Time to {target} against the batch", BatchFigures.Time(arrived), arrived, $"{reached} Runs that shared a device are left out."),
        ];
    }

    private Figure Errors(string id, string title, IReadOnlyList<LeaderboardRow> rows, CurveAxis axis, string text) =>
        Make(id, title, rows.Any(row => row.Settings.Method.LargeBatch) ? _curves.Errors(rows, axis) : null, rows, text, 1, "LB");

    private Figure Distances(string id, string title, IReadOnlyList<LeaderboardRow> rows, int column, string text)
    {
        var (data, slopes) = rows.Any(row => row.Settings.Method.LargeBatch) ? _curves.Distances(rows) : (null, []);
        return Make(id, title, data, rows, text, column, Method.TableColumns[column].Title) with { Facts = slopes };
    }

    private List<LeaderboardRow> With(IReadOnlyList<LeaderboardRow> rows) => _small is null ? [.. rows] : [_small, .. rows];

    private Figure Make(string id, string title, Components.Charts.ChartData? data, IReadOnlyList<LeaderboardRow> rows, string text, int column, string lacking, int mostSeeds = FiguresModel.MostSeeds)
    {
        IReadOnlyList<long> runs = [.. rows.SelectMany(row => row.RunIds.Take(mostSeeds))];
        var first = rows.Any(row => row.RunIds.Count > mostSeeds) ? $" (of each row the first {mostSeeds})" : "";
        var caption = data is null ? text : $"{text} Mean ± std over {Seeds(rows, mostSeeds)}{first}, {Numbers.Of(runs.Count, "run")}.";
        var figure = new Figure(id, title, data, caption, runs);
        var like = _small ?? (_model.Rows.Count > 0 ? _model.Rows[0] : null);
        return data is not null || like is null ? figure : figure with
        {
            PlanHref = Addresses.Like(like.RunIds[0], Method.TableColumns[column].ToString(), SeedsToPlan), PlanText = $"Plan {lacking}, {SeedsToPlan} seeds",
        };
    }

    private static string Seeds(IReadOnlyList<LeaderboardRow> rows, int mostSeeds)
    {
        var (least, most) = (rows.Min(row => Math.Min(row.RunIds.Count, mostSeeds)), rows.Max(row => Math.Min(row.RunIds.Count, mostSeeds)));
        return least == most ? Numbers.Of(most, "seed") : $"{least} to {most} seeds";
    }
}
