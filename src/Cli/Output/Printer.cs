using System.Text.Json;
using Spectre.Console;

namespace Tracker.Cli.Output;

/// <summary>Writes results to standard output, for people or as JSON, and everything else to standard error.</summary>
internal sealed class Printer(Surroundings around, bool json, bool color)
{
    /// <summary>Wide enough that what is read by programs is neither wrapped nor cut.</summary>
    private const int NoLimit = 100_000;

    /// <summary>Whether results are for programs.</summary>
    public bool Json => json;

    /// <summary>Whether something can be drawn in place.</summary>
    public bool IsTerminal => around.OutputIsTerminal && !json;

    public (int Width, int Height) Size => around.Size();

    /// <summary>A line for people.</summary>
    public void Line(string text = "") => around.Out.WriteLine(text);

    /// <summary>A document of its own.</summary>
    public void Document(JsonElement element) => around.Out.WriteLine(Api.Json.Document(element));

    /// <summary>One of many documents, each on a line.</summary>
    public void JsonLine(JsonElement element)
    {
        around.Out.WriteLine(Api.Json.Line(element));
        around.Out.Flush();
    }

    /// <summary>What is no result: progress, hints, warnings.</summary>
    public void Note(string text) => around.Error.WriteLine(text);

    public void Table(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<Cell>> rows)
    {
        var table = new Table { Border = IsTerminal ? TableBorder.Simple : TableBorder.None, UseSafeBorder = false };
        foreach (var (column, isLast) in columns.Select((c, i) => (c, i == columns.Count - 1)))
        {
            var made = new TableColumn(new Text(column.Title, IsTerminal ? new Style(decoration: Decoration.Bold) : Style.Plain)) { NoWrap = !IsTerminal };
            if (column.Right) made.RightAligned();
            if (!IsTerminal) made.Padding = new Padding(0, 0, isLast ? 0 : 2, 0);
            table.AddColumn(made);
        }
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(Format.Plain(cell.Text), new Style(cell.Color))));
        Write(table);
    }

    /// <summary>Names and values, one pair a line.</summary>
    public void Facts(params IReadOnlyList<(string Name, Cell Value)> facts)
    {
        var told = facts.Where(f => f.Value.Text.Length > 0).ToList();
        var width = told.Count == 0 ? 0 : told.Max(f => f.Name.Length);
        foreach (var (name, value) in told) Line($"{name.PadRight(width)}  {Format.Plain(value.Text)}");
    }

    /// <summary>A console that draws on standard output.</summary>
    public IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(around.Out),
            Ansi = IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = IsTerminal && color ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        (console.Profile.Width, console.Profile.Height) = IsTerminal ? Size : (NoLimit, NoLimit);
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private void Write(Table table)
    {
        if (IsTerminal)
        {
            Console().Write(table);
            return;
        }
        var text = new StringWriter();
        new Printer(new Surroundings
        {
            In = around.In, Out = text, Error = around.Error, OpenOutput = around.OpenOutput, Variable = around.Variable, Network = around.Network, ReadSecret = around.ReadSecret,
        }, json: false, color: false).Console().Write(table);
        foreach (var line in text.ToString().TrimEnd('\n').Split('\n')) Line(line.TrimEnd());
    }
}
