using Microsoft.OpenApi;

namespace Tracker.Web.Api;

/// <summary>The OpenAPI document and the page that shows it.</summary>
public static class ApiDocument
{
    public const string Path = "/openapi/v1.json";
    private const string SchemeName = "token";
    private const string PagePath = "/docs";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true && description.HttpMethod != HttpMethods.Head;
        options.AddOperationTransformer<OperationText>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Tracker", Version = "v1",
                Description = "Sweeps, runs, metrics and tables of large-batch training. Authenticate with `Authorization: Bearer TOKEN`; "
                    + "tokens are made under Settings or with `POST /api/v1/tokens`. Errors are RFC 9457 problem details with a stable type; 400 has the faults of each field in errors. "
                    + "Accuracies are fractions from 0 to 1 unless their name ends in Percent. Times are in UTC.",
            };
            // The address depends on how the server is reached; clients use the one that they fetched the document from.
            document.Servers?.Clear();
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token, such as trk_…" },
            };
            document.Security = [new() { [new OpenApiSecuritySchemeReference(SchemeName, document)] = [] }];
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    /// <summary>Serves the page; comes before authorization, since who writes a client reads it before having an account.</summary>
    public static void UseApiDocs(this WebApplication app) => app.UseSwaggerUI(o =>
    {
        o.RoutePrefix = PagePath.TrimStart('/');
        o.DocumentTitle = "Tracker API";
        o.SwaggerEndpoint(Path, "v1");
        o.InjectStylesheet("../css/docs.css");
    });
}
