using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>The three logins: owner for migrations and loading, app for pages and API, worker for what runs by itself.</summary>
public sealed class Databases : IAsyncDisposable
{
    /// <summary>The program as an actor: matching, routing and clocks act under this practitioner's id.</summary>
    public static readonly Guid Heed = new("00000000-0000-7000-8000-000000000001");

    private readonly DbContextOptions<Db> _options;
    private readonly Tables _tables;

    public Databases(string ownerConnection, Tables tables, int pool = 60)
    {
        Owner = Source(ownerConnection, null, 8);
        App = Source(ownerConnection, "heed_app", pool);
        Worker = Source(ownerConnection, "heed_worker", 12);
        _tables = tables;
        _options = new DbContextOptionsBuilder<Db>().UseNpgsql(npgsql => npgsql.UseNodaTime()).UseSnakeCaseNamingConvention().Options;
    }

    public NpgsqlDataSource Owner { get; }

    internal NpgsqlDataSource App { get; }

    internal NpgsqlDataSource Worker { get; }

    internal Db Context(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        var db = new Db(_options, _tables);
        db.Database.SetDbConnection(connection);
        db.Database.UseTransaction(transaction);
        return db;
    }

    // Cancellation Timeout=-1: a cancel during a commit leaves it done here and unreplicated, and looking done.
    // Two seconds for a connection, and on the pages' side for a lock: whoever waits is better told to come again than left to wait.
    private static NpgsqlDataSource Source(string owner, string? login, int pool)
    {
        var connection = new NpgsqlConnectionStringBuilder(owner)
        {
            MaxPoolSize = pool,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            CancellationTimeout = -1,
            IncludeErrorDetail = false,
            NoResetOnClose = true,
            // A report's statements in one packet: each one more is a call of the system and wakes PostgreSQL for a part of the work.
            WriteBufferSize = 64 * 1024,
            TargetSessionAttributes = null,
        };
        if (login is not null)
        {
            (connection.Username, connection.Timeout) = (login, 2);
        }
        if (login is "heed_app")
        {
            connection.Options = $"{connection.Options} -c lock_timeout=2s".Trim();
        }
        var source = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        source.UseNodaTime();
        return source.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Worker.DisposeAsync();
        await Owner.DisposeAsync();
    }
}
