namespace Tracker.Jobs.Hosting;

/// <summary>Who this host is in the database.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Instance">This process of it.</param>
internal sealed record HostIdentity(long Id, string Name, string Instance);
