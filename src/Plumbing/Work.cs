using System.Data.Common;
using System.Runtime.CompilerServices;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Npgsql;

namespace Heed.Plumbing;

/// <summary>
/// One actor, one purpose, one transaction, one time. It is the only door to the database,
/// and PostgreSQL itself refuses a row that comes in without an actor and a purpose.
/// </summary>
public sealed class Work(Databases databases, Wake wake) : IAsyncDisposable
{
    private readonly HashSet<string> _wakes = [];
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private Db? _db;
    private bool _refused;
    private bool _unreplicated;
    private Guid? _soughtInVain;

    public Actor Actor { get; private set; } = null!;

    public string Purpose { get; private set; } = null!;

    /// <summary>The transaction's time; it does not move while the work goes on.</summary>
    public Instant Now { get; private set; }

    /// <summary>Grows with every change of bodies, areas, calendars, limits and agreements.</summary>
    public long ReferenceVersion { get; private set; }

    /// <summary>Nothing will be saved.</summary>
    public bool Refused => _refused;

    internal Guid? SoughtInVain => _soughtInVain;

    private Db Rows => _db ??= databases.Context(_connection!, _transaction!);

    /// <summary>Rows this actor may see.</summary>
    public IQueryable<T> All<T>() where T : class => Rows.Set<T>();

    /// <summary>Typed SQL, for sets. Columns are snake_case, members are not.</summary>
    public IQueryable<T> Ask<T>(FormattableString sql) => Rows.Database.SqlQuery<T>(sql);

    /// <summary>One value: what a select of one row and one column answers.</summary>
    public Task<T> One<T>(FormattableString select, CancellationToken stop = default) =>
        Rows.Database.SqlQuery<T>(FormattableStringFactory.Create($"select ({select.Format}) as \"Value\"", select.GetArguments())).SingleAsync(stop);

    /// <summary>A statement for a set of rows; answers how many it touched.</summary>
    public Task<int> Do(FormattableString sql, CancellationToken stop = default) => Rows.Database.ExecuteSqlAsync(sql, stop);

    /// <summary>Several statements in one round trip, for the paths where that counts.</summary>
    public NpgsqlBatch Batch() => new(_connection, _transaction);

    /// <summary>Rows in bulk, into a temporary table of this transaction: COPY goes round row security, so what it brought is selected from there.</summary>
    public Task<NpgsqlBinaryImporter> Copy(string copy, CancellationToken stop = default) => _connection!.BeginBinaryImportAsync(copy, stop);

    public void Add<T>(T row) where T : class => Rows.Add(row);

    /// <summary>A rule says no. From here on nothing in this piece of work can be saved.</summary>
    public Refusal Refuse(string field, string message, Citation? because = null, No kind = No.Rule) =>
        Refuse(new Dictionary<string, string[]> { [field] = [message] }, because, kind);

    public Refusal Refuse(IReadOnlyDictionary<string, string[]> errors, Citation? because = null, No kind = No.Rule)
    {
        _refused = true;
        return new(kind, errors, because);
    }

    /// <summary>Not there, or not for this actor: the answer is the same, and a sealed record's owner is told.</summary>
    public Refusal NotFound(Guid id)
    {
        _soughtInVain = id;
        return Refuse("id", "Not found", kind: No.NotFound);
    }

    /// <summary>Records that somebody's rows were shown. Owners: the agencies that may know of it, besides those whose records they were.</summary>
    public Task Look(string what, Guid? subject, IEnumerable<Guid>? owners = null, IEnumerable<Guid>? records = null) =>
        Do($"insert into look (id, at_what, subject_id, owners, records) values ({Ids.Next()}, {what}, {subject}, {owners?.Distinct().ToArray() ?? []}, {records?.Distinct().ToArray() ?? []})");

    /// <summary>After the commit, whoever waits on this topic is woken, in every process.</summary>
    public void Wakes(string topic) => _wakes.Add(topic);

    internal async Task<bool> Begin(NpgsqlDataSource source, Identity identity, string purpose, CancellationToken stop)
    {
        _connection = await source.OpenConnectionAsync(stop);
        _connection.Notice += Noticed;
        _transaction = await _connection.BeginTransactionAsync(stop);
        await using var enter = new NpgsqlCommand(identity.Enter, _connection, _transaction);
        enter.Parameters.Add(new() { Value = identity.Proof });
        enter.Parameters.Add(new() { Value = purpose });
        await using var row = await enter.ExecuteReaderAsync(stop);
        if (!await row.ReadAsync(stop) || row.IsDBNull(0))
        {
            return false;
        }
        Actor = new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetGuid(4), row.GetString(5), row.GetString(6),
            row.GetFieldValue<string[]>(7), row.GetFieldValue<string[]>(8), row.GetFieldValue<Guid[]>(9), row.GetFieldValue<Guid[]>(10), row.GetString(11));
        Now = row.GetFieldValue<Instant>(12);
        ReferenceVersion = row.GetInt64(13);
        Purpose = purpose;
        return true;
    }

    /// <summary>
    /// Saves what was added and commits; nothing if refused. Takes no token: a cancelled commit is not a rollback.
    /// A commit that may not have reached the standby is unknown, not done.
    /// </summary>
    internal async Task Commit()
    {
        if (_refused)
        {
            await _transaction!.DisposeAsync();
            return;
        }
        if (_db is not null)
        {
            await _db.SaveChangesAsync(CancellationToken.None);
        }
        await _transaction!.CommitAsync(CancellationToken.None);
        if (_unreplicated)
        {
            throw new OutcomeUnknown();
        }
        foreach (var topic in _wakes)
        {
            wake.Up(topic);
        }
    }

    private void Noticed(object sender, NpgsqlNoticeEventArgs notice) =>
        _unreplicated |= notice.Notice.SqlState == "01000" && notice.Notice.MessageText.Contains("synchronous replication", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (_db is not null)
        {
            await _db.DisposeAsync();
        }
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }
        if (_connection is not null)
        {
            _connection.Notice -= Noticed;
            await _connection.DisposeAsync();
        }
    }
}

/// <summary>The commit happened here and may not have happened on the standby: the caller must ask again.</summary>
public sealed class OutcomeUnknown() : DbException("The outcome of the commit is unknown");

/// <summary>Opens work: for a request (the Door) and for what runs by itself (jobs, sweeps, commands).</summary>
public sealed class Works(Databases databases, Wake wake)
{
    /// <summary>Does one piece of work as the program itself, on the worker's rights.</summary>
    public Task<T> AsWorker<T>(string purpose, Func<Work, Task<T>> act, CancellationToken stop = default) =>
        As(databases.Worker, Identity.Of(Databases.Heed), purpose, act, stop);

    /// <summary>Does one piece of work as somebody, on the pages' rights.</summary>
    public Task<T> As<T>(Identity who, string purpose, Func<Work, Task<T>> act, CancellationToken stop = default) => As(databases.App, who, purpose, act, stop);

    /// <summary>One more piece of work of whoever was refused, for the same purpose, once the locks of the refused one are let go.</summary>
    internal async Task<T> After<T>(Work refused, Func<Work, Task<T>> act)
    {
        await refused.Commit();
        return await As(Identity.Of(refused.Actor.Id), refused.Purpose, act);
    }

    private async Task<T> As<T>(NpgsqlDataSource source, Identity who, string purpose, Func<Work, Task<T>> act, CancellationToken stop)
    {
        await using var work = new Work(databases, wake);
        if (!await work.Begin(source, who, purpose, stop))
        {
            throw new NobodyThere();
        }
        var answer = await act(work);
        await work.Commit();
        return answer;
    }
}

/// <summary>No practitioner of this identity has a post now.</summary>
public sealed class NobodyThere() : Exception("Nobody with a post stands behind this identity");
