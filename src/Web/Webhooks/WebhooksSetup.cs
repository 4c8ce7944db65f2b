using Tracker.Web.Hosting;

namespace Tracker.Web.Webhooks;

public static class WebhooksSetup
{
    /// <summary>Registers what makes and sends webhooks.</summary>
    public static void AddWebhooks(this IServiceCollection services, Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.AddSingleton(settings.Webhooks);
        services.AddSingleton(new WebhookLinks(settings.PublicUrl));
        services.AddSingleton<IHostNames, SystemHostNames>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookConnection>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookUrls>();
        services.AddSingleton<WebhookDesk>();
        services.AddHostedService<WebhookDelivery>();
    }
}
