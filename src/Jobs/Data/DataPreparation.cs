using Tracker.Domain;
using Tracker.Jobs.Child;
using Tracker.Training;

namespace Tracker.Jobs.Data;

/// <summary>Sees to it that a run's data set is there before it is trained: downloads it where that is possible and allowed.</summary>
/// <param name="find">Finds the package of a data set.</param>
/// <param name="limits">How patient a download is.</param>
/// <param name="clock">Time.</param>
internal sealed class DataPreparation(Func<string, DatasetPackage?> find, DownloadLimits limits, TimeProvider clock)
{
    /// <summary>Downloads what is missing; tells the run's page.</summary>
    /// <returns>Why the run cannot be trained, if it cannot.</returns>
    public async Task<string?> PrepareAsync(string dataset, string dataDirectory, bool mayDownload, IRunSink sink, CancellationToken cancellationToken)
    {
        if (find(dataset) is not { } package) return null;
        var missing = package.SourceIn(dataDirectory).Locate().Where(f => f.Path is null).Select(f => f.Name).ToList();
        if (missing.Count == 0) return null;
        var what = $"{package.Title} is not on this host: {DataListing.Names(missing)} {(missing.Count == 1 ? "is" : "are")} missing in {dataDirectory}.";
        if (!package.CanBeDownloaded) return $"{what} {package.Instructions}";
        if (!mayDownload) return $"{what} Downloads are forbidden on this host. To get it: Tracker.Jobs data get {package.Name} --data {dataDirectory}, or data import {package.Name} PATH.";
        sink.Event(EventLevel.Info, $"{what} It is downloaded ({package.DownloadBytes / 1e6:0.0} MB). Terms: {package.Terms}");
        using var downloader = new Downloader(limits);
        try
        {
            await new DatasetInstaller(dataDirectory, downloader, new EventReport(sink), clock).GetAsync(package, cancellationToken);
            return null;
        }
        catch (Exception e) when (e is DownloadException or DataException or IOException or UnauthorizedAccessException)
        {
            return $"{e.Message} To get it by other means: Tracker.Jobs data import {package.Name} PATH --data {dataDirectory}.";
        }
    }
}

/// <summary>Trains after the data set was made available.</summary>
/// <param name="inner">What trains.</param>
/// <param name="preparation">Makes the data set available.</param>
internal sealed class PreparingTrainer(ITrainer inner, DataPreparation preparation) : ITrainer
{
    public TrainingEnd Train(TrainingOrder order, IRunSink sink, CancellationToken stop)
    {
        try
        {
            var fault = preparation.PrepareAsync(order.Spec.Dataset, order.DataDirectory, order.MayDownload, sink, stop).GetAwaiter().GetResult();
            return fault is null ? inner.Train(order, sink, stop) : new(ExitCodes.BadData, Message: fault);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new(ExitCodes.Stopped);
        }
    }
}
