using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Tracker.Storage;

namespace Tracker.Migrations;

/// <summary>Accounts and tokens.</summary>
[DbContext(typeof(TrackerDbContext)), Migration("0001_users")]
public sealed class Users : SqlMigration;
