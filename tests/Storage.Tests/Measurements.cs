using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Tracker.Storage.Tests;

/// <summary>Listens to the product's meters from now on.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<(string Name, string Tags, double Value)> _found = new();
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Tracker.", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Values of an instrument in order.</summary>
    public IReadOnlyList<double> Of(string name) => [.. _found.Where(m => m.Name == name).Select(m => m.Value)];

    /// <summary>Sums of an instrument's values by its tags' values.</summary>
    public IReadOnlyDictionary<string, double> Sums(string name) =>
        _found.Where(m => m.Name == name).GroupBy(m => m.Tags, m => m.Value).ToDictionary(g => g.Key, g => g.Sum());

    /// <summary>Asks the observable instruments.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = new List<string>();
        foreach (var (_, text) in tags) texts.Add(Convert.ToString(text, CultureInfo.InvariantCulture) ?? "");
        _found.Enqueue((instrument.Name, string.Join(' ', texts), value));
    }
}

/// <summary>Meters belong to the process: nothing else may be measured while these tests are.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeterCollection
{
    public const string Name = "Meters";
}
