using Heed.Plumbing;
using Npgsql;
using NodaTime;
using NpgsqlTypes;

namespace Heed.Site.Demo;

/// <summary>What every part of the demonstration stands on: the bodies by the generator's keys, the owner's way into the database, and the time there.</summary>
public sealed class Ground(Databases databases, Instant now)
{
    /// <summary>The demonstration's own now: where its past ends.</summary>
    public Instant Now => now;

    public Dictionary<string, Guid> Agencies { get; } = [];

    public Dictionary<string, Guid> Teams { get; } = [];

    public Dictionary<string, Guid> Practitioners { get; } = [];

    /// <summary>Key by agency key: given to the agency's system, known in the database by its hash only.</summary>
    public Dictionary<string, string> Keys { get; } = [];

    public Identity Who(string practitioner) => Identity.Of(Practitioners[practitioner]);

    public static Guid New(Dictionary<string, Guid> ids, string key) => ids[key] = Ids.Next();

    /// <summary>One transaction as the database's owner, around row security: for bodies and registers that were there before anybody could act.</summary>
    public async Task AsOwner(string purpose, Func<NpgsqlConnection, Task> put)
    {
        await using var connection = await databases.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Run(connection, "select set_config('app.actor', $1, true), set_config('app.agency', $2, true), set_config('app.purpose', $3, true)", Databases.Heed.ToString(), "00000000-0000-7000-8000-000000000000", purpose);
        await put(connection);
        await transaction.CommitAsync();
    }

    public static async Task Run(NpgsqlConnection connection, string sql, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Moves the database's time; at the demonstration's now it runs on by itself.</summary>
    public async Task TimeIs(Instant at)
    {
        await using var command = databases.Owner.CreateCommand(at == now ? "update time_offset set ahead = '0'" : "update time_offset set ahead = $1 - now()");
        if (at != now)
        {
            command.Parameters.Add(new() { Value = at, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        }
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What the generator planned is within the rules; where it is not, the demonstration says so rather than stand there half made.</summary>
    public static void Allowed(string what, Refusal? no)
    {
        if (no is not null)
        {
            throw new InvalidOperationException($"{what} was refused: {no.Field}: {no.Message}");
        }
    }
}
