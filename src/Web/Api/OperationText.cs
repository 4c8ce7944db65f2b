using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Tracker.Web.Api;

/// <summary>Adds to each operation what all of its kind have: examples, headers, and the problems of every request.</summary>
public sealed class OperationText(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    private readonly ExampleWriter _examples = new(json.Value.SerializerOptions);

    /// <summary>Every operation answers this to a parameter that it does not have.</summary>
    private static readonly ProblemDetails s_invalid = Problem.Invalid([new("limti", "Unknown parameter 'limti'.")]).ProblemDetails;

    private static readonly Dictionary<string, string> s_files = new(StringComparer.Ordinal)
    {
        ["text/csv"] = "id,network,batch,accuracy\r\n17,f1,4096,0.912\r\n", ["text/markdown"] = "| network | SB | LB |\n| --- | --- | --- |\n", ["application/x-tex"] = "\\begin{tabular}{lrr}\n",
        ["text/plain"] = "2026-03-01T12:00:00.000Z 1 info epoch 3 of 10\n", ["application/jsonl"] = "{\"id\":17,\"network\":\"f1\",\"batch\":4096}\n",
        ["text/event-stream"] = "event: run\ndata: {\"id\":17,\"state\":\"Running\"}\n\n",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        AddProblem(operation, context, 400);
        if (string.Equals(context.Description.HttpMethod, HttpMethods.Post, StringComparison.Ordinal) && !metadata.OfType<SecretAnswer>().Any())
        {
            AddHeader(operation, RepeatedRequests.KeyHeader, "A new key of 1 to 255 characters for each request. The same request with the same key within 24 hours is answered again and changes nothing more.");
            AddProblem(operation, context, 409);
            AddProblem(operation, context, 422);
        }
        if (operation.RequestBody is not null)
        {
            AddProblem(operation, context, 413);
            AddProblem(operation, context, 415);
        }
        if (operation.Responses?.ContainsKey("412") == true) AddHeader(operation, "If-Match", "The ETag of what is to be changed, as it was read. 412, and no change, if it was edited since.");
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p is { In: ParameterLocation.Path, Description: null }))
            parameter.Description = $"The {parameter.Name} of the {Noun(context.Description.RelativePath ?? "", parameter.Name!)}.";
        AddExamples(operation, context, metadata);
        return Task.CompletedTask;
    }

    private void AddExamples(OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> metadata)
    {
        if (metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType is { } request)
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? []) content.Example ??= _examples.Of(request);
        }
        foreach (var (status, response) in operation.Responses ?? [])
        {
            var type = context.Description.SupportedResponseTypes.FirstOrDefault(t => t.StatusCode.ToString(CultureInfo.InvariantCulture) == status)?.Type;
            foreach (var (media, content) in response.Content ?? new Dictionary<string, OpenApiMediaType>()) content.Example ??= Example(media, status, type);
        }
    }

    private JsonNode? Example(string media, string status, Type? type) => media switch
    {
        Problem.MediaType when status == "400" => JsonSerializer.SerializeToNode(s_invalid, s_invalid.GetType(), json.Value.SerializerOptions),
        Problem.MediaType => JsonSerializer.SerializeToNode(Problem.Of(int.Parse(status, CultureInfo.InvariantCulture)).ProblemDetails, json.Value.SerializerOptions),
        "application/json" => type is null ? null : _examples.Of(type),
        _ => s_files.TryGetValue(media, out var text) ? text : "the bytes of the file",
    };

    private static void AddProblem(OpenApiOperation operation, OpenApiOperationTransformerContext context, int status)
    {
        operation.Responses ??= new();
        var key = status.ToString(CultureInfo.InvariantCulture);
        if (operation.Responses.ContainsKey(key)) return;
        operation.Responses[key] = new OpenApiResponse
        {
            Description = ReasonPhrases.GetReasonPhrase(status),
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { [Problem.MediaType] = new() { Schema = new OpenApiSchemaReference(status == StatusCodes.Status400BadRequest ? nameof(HttpValidationProblemDetails) : nameof(ProblemDetails), context.Document) } },
        };
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
    }

    /// <summary>The address names what a parameter is of: <c>runs/{id}</c>.</summary>
    private static string Noun(string path, string parameter)
    {
        var parts = path.Split('/');
        var at = Array.FindIndex(parts, p => p.StartsWith($"{{{parameter}", StringComparison.Ordinal));
        return at > 0 ? parts[at - 1].TrimEnd('s') : "object";
    }
}
