namespace Tracker.Storage.Database;

/// <summary>Notes that two people edit at the same time.</summary>
internal static class NotesConflict
{
    /// <summary>Refuses a change that began from other notes than there are now.</summary>
    /// <param name="former">What it began from; <see langword="null"/> when it does not matter.</param>
    /// <param name="present">What there is now, locked.</param>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void Check(string? former, string present)
    {
        if (former is not null && former != present)
            throw new InvalidOperationException("Somebody changed these notes while you edited them, so yours were not saved.");
    }
}
