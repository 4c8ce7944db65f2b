using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Tracker.Domain;
using Tracker.Storage;
using Tracker.Web.Views;

namespace Tracker.Web.Api;

/// <summary>Which leaderboard to read, and how.</summary>
public sealed class LeaderboardParameters
{
    [Description("Name of the network; required.")]
    [FromQuery(Name = "network")]
    public string? Network { get; init; }

    [Description("Name of the data set; required.")]
    [FromQuery(Name = "dataset")]
    public string? Dataset { get; init; }

    [Description("Only rows with so many training images; the largest part that has results when left out.")]
    [FromQuery(Name = "trainExamples")]
    public int? TrainExamples { get; init; }

    [Description("Rows of all parts of the data.")]
    [FromQuery(Name = "allParts")]
    public bool? AllParts { get; init; }

    [Description("The accuracy whose reaching is timed, from 0 to 1; when left out, the mean of SB minus one standard deviation, rounded down to a tenth of a point.")]
    [FromQuery(Name = "target")]
    public double? Target { get; init; }

    [Description("Whether the seconds of runs that shared a device count.")]
    [FromQuery(Name = "shared")]
    public bool? Shared { get; init; }

    [Description("Only rows of this method, such as lb+lr+gbn (a plus sign in a URL is written %2B).")]
    [FromQuery(Name = "method")]
    public string? Method { get; init; }

    [Description("Only rows with this batch.")]
    [FromQuery(Name = "batch")]
    public int? Batch { get; init; }

    [Description("Only rows that this user had a run of.")]
    [FromQuery(Name = "owner")]
    public string? Owner { get; init; }

    [Description("mean, technique, batch, seeds, difference, best, steps, time, training, speed, who or when; with a minus sign before it descending. -mean when left out.")]
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    [Description("Id of the row that others are compared with.")]
    [FromQuery(Name = "baseline")]
    public string? Baseline { get; init; }

    /// <exception cref="SpecificationException">A value is none that there can be.</exception>
    public (LeaderboardQuery Query, LeaderboardChoice Choice) Read()
    {
        var fault = "";
        // An unescaped plus sign arrives as a space.
        var isMethod = Domain.Method.TryParse(Method?.Replace(' ', '+') ?? "sb", out var method, out var error);
        if (!isMethod) fault = error!;
        var order = string.IsNullOrEmpty(Sort) ? LeaderboardOrder.Default : LeaderboardOrder.Parse(Sort);
        new Checks()
            .Require("network", !string.IsNullOrEmpty(Network), "Required.")
            .Require("dataset", !string.IsNullOrEmpty(Dataset), "Required.")
            .Require("target", Target is null or (> 0 and <= 1), $"Expected a share above 0 and up to 1, found {Target}.")
            .Require("method", isMethod, fault)
            .Require("sort", order is not null, $"Expected one of {string.Join(", ", Enum.GetNames<LeaderboardColumn>().Select(name => name.ToLowerInvariant()))}, with a minus sign before it or not, found '{Sort}'.")
            .Throw();
        return (
            new(Network!, Dataset!) { TrainExamples = TrainExamples, AllParts = AllParts is true, Target = Target, SharedSeconds = Shared is true },
            new(Method is null ? null : method!.ToString(), Batch, Owner, order!, Baseline));
    }

    /// <summary>Refuses names that nobody knows. Programs outside have names of their own: only a board without rows shows that nobody does.</summary>
    /// <exception cref="SpecificationException">There is no such network or data set.</exception>
    public static void RequireKnown(LeaderboardQuery query) => new Checks()
        .Require("network", Catalogue.FindNetwork(query.Network) is not null, $"There is no network '{query.Network}'.")
        .Require("dataset", Catalogue.FindDataset(query.Dataset) is not null, $"There is no data set '{query.Dataset}'.")
        .Throw();
}
