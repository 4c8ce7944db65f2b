using System.Globalization;
using System.Text;
using CsvHelper;
using Tracker.Storage;

namespace Tracker.Web.Tables;

/// <summary>The audit log as CSV.</summary>
public static class AuditText
{
    public const string MediaType = "text/csv";
    private const int Batch = 1000;
    private static readonly string[] s_heads = ["id", "at", "user", "via", "token", "address", "action", "object", "object_id", "object_name", "before", "after"];

    /// <summary>Writes entries as they are read: however many there are, a thousand are in memory.</summary>
    public static async Task WriteCsvAsync(Stream stream, IAudit audit, AuditFilter filter, long? before, int? limit, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await text.WriteAsync(Lines(csv => csv.WriteRecord(s_heads)));
        var left = limit ?? long.MaxValue;
        while (left > 0)
        {
            var entries = await audit.ReadAsync(filter, (int)Math.Min(left, Batch), before, cancellationToken);
            if (entries.Count == 0) return;
            await text.WriteAsync(Lines(csv =>
            {
                foreach (var entry in entries) csv.WriteRecord(Fields(entry));
            }));
            await text.FlushAsync(cancellationToken);
            (left, before) = (left - entries.Count, entries[^1].Id);
        }
    }

    private static string[] Fields(AuditRecord e) =>
    [
        e.Id.ToString(CultureInfo.InvariantCulture), e.At.UtcDateTime.ToString("o", CultureInfo.InvariantCulture), e.Who.Name, e.Who.Via.ToString(), e.Who.Token ?? "", e.Who.Address ?? "",
        e.Action, e.ObjectKind, e.ObjectId?.ToString(CultureInfo.InvariantCulture) ?? "", e.ObjectName ?? "", e.Before ?? "", e.After ?? "",
    ];

    private static string Lines(Action<CsvWriter> write)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true)) write(csv);
        return text.ToString();
    }
}
