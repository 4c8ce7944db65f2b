namespace Tracker.Web.Views;

/// <summary>What is wrong in a form, and which fields were left, so that nobody is told of errors while still typing.</summary>
public sealed class FormState
{
    private readonly HashSet<string> _left = [];

    public FieldFaults Faults { get; set; } = new([]);

    /// <summary>Whether the form was sent, or comes back as it was: then every error is shown.</summary>
    public bool ShowAll { get; set; }

    public void Leave(string field) => _left.Add(field);

    /// <summary>Begins anew: nothing was left yet.</summary>
    public void Reset()
    {
        _left.Clear();
        ShowAll = false;
    }

    /// <summary>The error to show at a field.</summary>
    public string? Error(string field) => ShowAll || _left.Contains(field) ? Faults[field] : null;
}
