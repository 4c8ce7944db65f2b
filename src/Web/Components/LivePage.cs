using Microsoft.AspNetCore.Components;
using Tracker.Storage;
using Tracker.Web.Formatting;
using Tracker.Web.Live;

namespace Tracker.Web.Components;

/// <summary>A page that shows one read model and follows its changes.</summary>
/// <typeparam name="TModel">What it shows; immutable.</typeparam>
public abstract class LivePage<TModel> : ComponentBase, IDisposable where TModel : class
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);
    private const string PersistedKey = "model";

    private LiveSubscription? _subscription;
    private PersistingComponentStateSubscription _persisting;
    private ITimer? _refresh;
    private object? _shown;
    private object? _options;
    private int _newestLoad;
    private bool _disposed;
    private string? _trouble;
    private string? _refusal;

    [Inject]
    public required LiveHub Hub { get; set; }

    [Inject]
    public required PageAttention Attention { get; set; }

    [Inject]
    public required Handoff Handoff { get; set; }

    [Inject]
    public required PersistentComponentState Persisted { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [CascadingParameter]
    public required ViewerTime Viewer { get; set; }

    /// <summary>What the page shows; <see langword="null"/> before the first load and when there is no such thing.</summary>
    protected TModel? Model { get; private set; }

    /// <summary>Why what is shown may be old, or what an action could not do; the latter stays until the next action, however often the page loads anew.</summary>
    protected string? Notice => _refusal ?? _trouble;

    /// <summary>What the page is about: when it changes, the model is loaded anew.</summary>
    protected abstract object Key { get; }

    /// <summary>What else the load depends on: when it changes, the present model stays until the new one is there.</summary>
    protected virtual object? Options => null;

    /// <summary>Shortest time between two loads; it is longer while many pages are open.</summary>
    protected virtual TimeSpan Pace => LiveHub.Pace;

    /// <summary>Loads the model; <see langword="null"/> when there is no such thing.</summary>
    protected abstract Task<TModel?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Whether a change may alter what is shown. Runs on the listener's thread.</summary>
    protected abstract bool Concerns(Change change);

    /// <summary>Changes may have been missed: what follows loads everything. Runs on the listener's thread or the page's.</summary>
    protected virtual void Missed()
    {
    }

    /// <summary>Called after each load, before rendering.</summary>
    protected virtual void Loaded(TModel model)
    {
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Equals(_shown, Key))
        {
            await FollowOptionsAsync();
            return;
        }
        var first = _shown is null;
        (_shown, _options) = (Key, Options);
        Model = null;
        _refusal = null;
        if (!RendererInfo.IsInteractive)
            _persisting = Persisted.RegisterOnPersisting(PersistAsync);
        else if (first && Persisted.TryTakeFromJson<Guid>(PersistedKey, out var key) && Handoff.Take<TModel>(key) is { } carried)
            Show(carried);

        if (RendererInfo.IsInteractive && first)
        {
            // Before the load: a change in between is then seen twice rather than never.
            Attention.Turned += AttentionTurned;
            Follow();
        }
        if (Model is null)
            await ReloadAsync(CancellationToken.None);
    }

    /// <summary>Loads and shows the newest state, or says why it cannot; what never was there is "not found".</summary>
    protected async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var load = ++_newestLoad;
        try
        {
            var model = await LoadAsync(cancellationToken);
            // Another load has begun since, perhaps for another address: what it finds counts.
            if (load != _newestLoad || _disposed)
                return;
            _trouble = model is null && Model is not null ? "This was deleted. What is shown is how it was." : null;
            if (model is not null)
                Show(model);
            else if (Model is null)
                Navigation.NotFound();
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            if (load != _newestLoad || _disposed)
                return;
            _trouble = Model is null
                ? "The database does not answer. This page appears when it does."
                : $"The database does not answer. This is how things were at {Viewer.Seconds(Viewer.Now)}.";
        }
    }

    /// <summary>Does what a button asks for and shows the outcome; a refusal is said on the page.</summary>
    protected async Task ActAsync(Func<CancellationToken, Task> action)
    {
        _refusal = null;
        try
        {
            await action(CancellationToken.None);
            await ReloadAsync(CancellationToken.None);
        }
        catch (Exception exception) when (TransientErrors.IsTransient(exception))
        {
            _refusal = "The database does not answer, so nothing was done. Try again in a moment.";
        }
        catch (InvalidOperationException refusal)
        {
            _refusal = refusal.Message;
        }
        // The button may be a child's, whose events render the child alone.
        if (!_disposed)
            StateHasChanged();
    }

    /// <summary>Says that what is shown is not all, until the page has loaded anew.</summary>
    protected void Warn(string trouble) => _trouble = trouble;

    public void Dispose()
    {
        _disposed = true;
        Attention.Turned -= AttentionTurned;
        Unfollow();
        _persisting.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Follow()
    {
        if (_subscription is not null || !Attention.Watched)
            return;
        var subscription = Hub.Subscribe(change => Concerns(change), cancellationToken => InvokeAsync(() => FollowAsync(cancellationToken)), () => Later(Pace, Hub.PresentPace), Missed);
        _refresh = Clock.CreateTimer(_ => subscription.Nudge(), null, RefreshInterval, RefreshInterval);
        _subscription = subscription;
    }

    private void Unfollow()
    {
        _subscription?.Dispose();
        _refresh?.Dispose();
        (_subscription, _refresh) = (null, null);
    }

    private void AttentionTurned(object? sender, EventArgs args) => _ = InvokeAsync(() =>
    {
        if (_disposed)
            return;
        if (!Attention.Watched)
        {
            Unfollow();
            return;
        }
        Follow();
        // What happened while nobody looked.
        Missed();
        _subscription?.Nudge();
    });

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private async Task FollowOptionsAsync()
    {
        if (Equals(_options, Options))
            return;
        _options = Options;
        await ReloadAsync(CancellationToken.None);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var started = Clock.GetTimestamp();
        await ReloadAsync(cancellationToken);
        if (!_disposed)
            StateHasChanged();
        // A page that is slow to load (thousands of runs) follows less often, so that it takes a third of its time at most.
        var rest = Clock.GetElapsedTime(started) * 2 - Pace;
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest < LongestRest ? rest : LongestRest, Clock, cancellationToken);
    }

    private Task PersistAsync()
    {
        if (Model is not null)
            Persisted.PersistAsJson(PersistedKey, Handoff.Put(Model));
        return Task.CompletedTask;
    }

    /// <summary>Shows a model: what was loaded, or the present one with something else in it.</summary>
    protected void Show(TModel model)
    {
        Model = model;
        Loaded(model);
    }
}
