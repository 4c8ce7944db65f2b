using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Tracker.Domain;

namespace Tracker.Web.Api;

/// <summary>A sweep specification as the body of a request.</summary>
public sealed record SpecificationBody(SweepSpec Sweep) : IEndpointParameterMetadataProvider
{
    /// <exception cref="SpecificationException">The specification has faults.</exception>
    public static async ValueTask<SpecificationBody?> BindAsync(HttpContext context) => new(SpecReader.ReadSweep(await RequestText.ReadAsync(context)));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(SweepSpecification)));
}
