using Microsoft.AspNetCore.Components;

namespace Tracker.Web.Identity;

/// <summary>The sign-in page: rendered on the server, works without a script.</summary>
public sealed partial class SignInPage
{
    [Parameter, EditorRequired]
    public required Content Shown { get; set; }

    [Parameter, EditorRequired]
    public required string FieldName { get; set; }

    [Parameter, EditorRequired]
    public required string FieldValue { get; set; }

    private string? DescribedBy => Shown.Error is null ? null : "error";

    private string ExternalAction => string.IsNullOrEmpty(Shown.ReturnUrl)
        ? AccountRoutes.External
        : $"{AccountRoutes.External}?{AccountRoutes.ReturnUrl}={Uri.EscapeDataString(Shown.ReturnUrl)}";

    private string Action => string.IsNullOrEmpty(Shown.ReturnUrl)
        ? AccountRoutes.SignIn
        : $"{AccountRoutes.SignIn}?{AccountRoutes.ReturnUrl}={Uri.EscapeDataString(Shown.ReturnUrl)}";

    /// <summary>What a rendering of the page shows.</summary>
    public sealed record Content(string? ReturnUrl, string? Name, string? Error)
    {
        /// <summary>The provider that people may sign in with as well.</summary>
        public string? Provider { get; init; }
    }
}
