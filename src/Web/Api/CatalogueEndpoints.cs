using Microsoft.AspNetCore.Http.HttpResults;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>What specifications can ask for, over REST.</summary>
public static class CatalogueEndpoints
{
    private static readonly MethodsResource s_methods = new(
        [.. Method.TableColumns.Select(m => new MethodResource(m.ToString(), m.Title))],
        [
            new("+lr", "Learning-rate scaling", "The learning rate grows with the square root of the batch (or linearly), so that the covariance of the weight update stays."),
            new("+gbn", "Ghost Batch Normalization", "Batch normalization takes its statistics over ghost batches of the small size."),
            new("+ra", "Regime adaptation", "Trains longer, so that the number of weight updates is that of the small batch."),
            new("+noise", "Multiplicative gradient noise", "Multiplies each sample's gradient with noise of mean 1, so that the covariance is that of the small batch."),
        ]);

    public static void MapCatalogue(this RouteGroupBuilder api)
    {
        var catalogue = api.MapGroup("").WithTags("Catalogue");
        catalogue.MapGet("/networks", Networks);
        catalogue.MapGet("/datasets", Datasets);
        catalogue.MapGet("/methods", Methods);
    }

    /// <summary>List networks</summary>
    /// <remarks>With their defaults and the data sets that fit.</remarks>
    public static Ok<IReadOnlyList<NetworkResource>> Networks() =>
        TypedResults.Ok<IReadOnlyList<NetworkResource>>([.. Catalogue.Networks.Select(NetworkResource.From)]);

    /// <summary>List data sets</summary>
    /// <remarks>With their sizes and classes.</remarks>
    public static Ok<IReadOnlyList<Dataset>> Datasets() => TypedResults.Ok(Catalogue.Datasets);

    /// <summary>List methods</summary>
    /// <remarks>Those of the tables, and the techniques that `lb` can be followed by in any order.</remarks>
    public static Ok<MethodsResource> Methods() => TypedResults.Ok(s_methods);
}
