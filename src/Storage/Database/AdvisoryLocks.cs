namespace Tracker.Storage.Database;

/// <summary>
/// The numbers of all advisory locks on the database: one for each purpose, since what shares a number waits for what it has nothing to do with.
/// </summary>
public static class AdvisoryLocks
{
    /// <summary>One process at a time repairs runs. Held by the transaction.</summary>
    public const long Repair = 7_266_411_001;

    /// <summary>
    /// One process at a time decides which run goes where. Held by the transaction, and taken before any run's lock; those come before the engine's.
    /// </summary>
    public const long Decision = 7_266_411_002;

    /// <summary>One process at a time removes what retention gives up. Held by the session, for as long as that takes.</summary>
    public const long Retention = 7_266_411_003;

    /// <summary>One process at a time purges the recycle bin. Held by the session, for as long as that takes.</summary>
    public const long Purge = 7_266_411_004;

    /// <summary>
    /// One transaction at a time looks what there is to tell webhooks. Held by the transaction, taken at its commit by the function
    /// <c>lock_webhooks()</c> of the database, which states the same number.
    /// </summary>
    public const long Webhooks = 7_266_411_005;

    /// <summary>One process at a time migrates. Held by the session, for as long as that takes.</summary>
    public const long Migration = 7_266_411_006;

    /// <summary>One process at a time looks whether there is a user yet. Held by the transaction.</summary>
    public const long FirstAdmin = 7_266_411_007;

    /// <summary>First of two numbers, which share no space with the above; the second is the hash of the name of a host that registers.</summary>
    public const int HostName = 7_266_411;
}
