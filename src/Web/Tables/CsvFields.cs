using System.Globalization;
using CsvHelper;

namespace Tracker.Web.Tables;

/// <summary>Writes rows of tables as CSV. Numbers go as numbers: only texts can be taken for formulas, and only they are made safe.</summary>
internal static class CsvFields
{
    public static string Write(IEnumerable<string> heads, IEnumerable<IEnumerable<object?>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { Injection = CsvInjection.Escape }, leaveOpen: true))
        {
            csv.WriteRecord([.. heads]);
            foreach (var row in rows)
            {
                foreach (var value in row) Write(csv, value);
                csv.EndRecord();
            }
        }
        return text.ToString();
    }

    private static void Write(CsvWriter csv, object? value)
    {
        switch (value)
        {
            case int whole: csv.WriteField(whole); break;
            case long whole: csv.WriteField(whole); break;
            case double real: csv.WriteField(real); break;
            case DateTime time: csv.WriteField(time, "yyyy-MM-ddTHH:mm:ssZ"); break;
            default: csv.WriteField(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""); break;
        }
    }
}
