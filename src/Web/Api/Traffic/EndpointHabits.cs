using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Tracker.Web.Api;

/// <summary>What endpoints have by the kind of their answers: HEAD beside GET, and a limit of time.</summary>
internal static class EndpointHabits
{
    /// <summary>Comes last, when an endpoint has stated all that it states.</summary>
    internal static void Apply(EndpointBuilder endpoint)
    {
        var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().SelectMany(m => m.HttpMethods).ToList();
        var isGet = methods is [var method] && HttpMethods.IsGet(method);
        // An export or an endless stream has nothing to tell without its body; these and files take as long as their readers.
        if (isGet && !Answers(endpoint, IsStream))
        {
            foreach (var old in endpoint.Metadata.OfType<IHttpMethodMetadata>().ToList()) endpoint.Metadata.Remove(old);
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
            if (!Answers(endpoint, t => t == typeof(FileStreamHttpResult))) endpoint.Metadata.Add(ApiTraffic.Patience);
        }
    }

    private static bool Answers(EndpointBuilder endpoint, Func<Type, bool> kind) =>
        endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault() is { } handler && Parts(handler.ReturnType).Any(kind);

    private static bool IsStream(Type type) =>
        type == typeof(PushStreamHttpResult) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ServerSentEventsResult<>));

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsGenericType && !type.IsAssignableTo(typeof(IValueHttpResult)) ? [type, .. type.GetGenericArguments().SelectMany(Parts)] : [type];
}
