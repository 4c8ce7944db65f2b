using Spectre.Console;

namespace Tracker.Cli.Output;

/// <summary>A text in a table, with a colour that it has on terminals.</summary>
internal readonly record struct Cell(string Text, Color? Color = null)
{
    public static implicit operator Cell(string? text) => new(text ?? "");

    /// <summary>A state of a run, a sweep or a host.</summary>
    public static Cell State(string state) => new(state, state switch
    {
        "Succeeded" or "Up" => Spectre.Console.Color.Green,
        "Failed" or "Lost" => Spectre.Console.Color.Red,
        "Running" or "Starting" => Spectre.Console.Color.Blue,
        "Paused" or "Draining" or "Silent" => Spectre.Console.Color.Yellow,
        "Cancelled" or "Stopped" => Spectre.Console.Color.Grey,
        _ => null,
    });
}

/// <summary>A column of a table.</summary>
internal readonly record struct Column(string Title, bool Right = false)
{
    public static implicit operator Column(string title) => new(title);

    public static Column Number(string title) => new(title, Right: true);
}
