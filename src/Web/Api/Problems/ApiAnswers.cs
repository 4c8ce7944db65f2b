namespace Tracker.Web.Api;

/// <summary>Refuses requests before they reach an endpoint, in the words of the interface that they are for.</summary>
public static class ApiAnswers
{
    /// <summary>Answers with a status: problem details, or what the interface at that address has instead.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string detail) => Problem.Of(status, detail).ExecuteAsync(context);
}
