using Heed.Plumbing;
using Npgsql;

namespace Heed.Site.Operation;

/// <summary>./heed doctor: what an administrator would look at, each in words with what to do. Ends with 1 where something is failing.</summary>
public static class Doctor
{
    public static async Task<int> Run(string[] args)
    {
        if (Installation.IsMissing(args))
        {
            return 1;
        }
        await using var here = await Installation.Of(args);
        await using var databases = new Databases(here.Owner, global::Site.Tables);
        var checks = new List<Check>();
        try
        {
            await using var connection = await databases.Owner.OpenConnectionAsync();
            checks.Add(await Schema(connection));
            checks.Add(await Rights(connection));
            checks.Add(await Durable(connection));
            if (checks[0].State != State.Failing)
            {
                await using var quiet = global::Site.Build(databases, "http://127.0.0.1:0", demo: false, background: false);
                quiet.Services.GetRequiredService<OperationSettings>().DataFolder = Directory.Exists(here.Folder) ? here.Folder : ".";
                checks.AddRange(await quiet.Services.GetRequiredService<Condition>().Checks());
                checks.Add(await SignIn(connection));
                checks.Add(await Ring(connection));
                checks.Add(quiet.Services.GetRequiredService<Access.Encryption>().IsOn ? new("encryption", State.Ok, "By the proxies that are named") : new("encryption", State.Attention, "No proxy that encrypts is named (Proxy__Addresses__0): unless Heed itself listens on https, cookies and keys go in the open"));
                checks.Add(quiet.Services.GetRequiredService<Exchange.ExchangeSettings>() is { Smtp.Host.Length: > 0 } set ? set.Address.Length > 0 ? new("e-mail", State.Ok, "A server is set") : new("e-mail", State.Attention, "A server is set, and not where people find Heed (Exchange__Address): an e-mail has no link") : new("e-mail", State.Attention, "No server is set (Exchange__Smtp__Host): no team hears by e-mail that something waits"));
            }
        }
        catch (NpgsqlException failed)
        {
            checks.Add(new("database", State.Failing, $"It cannot be reached ({failed.GetType().Name}). Give ConnectionStrings__Heed or --connection, or --data for the private one"));
        }
        foreach (var check in checks)
        {
            Console.WriteLine($"{(check.State switch { State.Ok => "well   ", State.Attention => "look   ", _ => "FAILING" })}  {check.Name,-12}  {check.Words}");
        }
        return checks.Any(c => c.State == State.Failing) ? 1 : 0;
    }

    private static async Task<Check> Schema(NpgsqlConnection connection)
    {
        try
        {
            var missing = await Plumbing.Schema.Missing(connection, typeof(global::Site).Assembly);
            return missing.Count == 0 ? new("schema", State.Ok, "As this version has it") : new("schema", State.Failing, $"Not applied here: {string.Join(", ", missing)}. It is applied when the site starts");
        }
        catch (SchemaChanged changed)
        {
            return new("schema", State.Failing, changed.Message);
        }
    }

    /// <summary>Row security holds only against whoever is not above it.</summary>
    private static async Task<Check> Rights(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("""
            select coalesce((select string_agg(rolname, ', ') from pg_roles where rolname in ('heed_owner', 'heed_app', 'heed_worker') and (rolsuper or rolbypassrls)), ''),
                   coalesce((select string_agg(relname, ', ') from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relrowsecurity and not relforcerowsecurity), '')
            """, connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        var (above, unforced) = (row.GetString(0), row.GetString(1));
        return above == "" && unforced == "" ? new("rights", State.Ok, "No login of the program stands above row security") : new("rights", State.Failing, $"Row security does not hold: {above} {unforced}".Trim());
    }

    /// <summary>What was acknowledged must outlive a power cut.</summary>
    private static async Task<Check> Durable(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select string_agg(name || ' = ' || setting, ', ') from pg_settings where (name, setting) in (('fsync', 'off'), ('synchronous_commit', 'off'), ('full_page_writes', 'off'))", connection);
        return await command.ExecuteScalarAsync() is string off ? new("durability", State.Failing, $"What was acknowledged can be lost in a power cut: {off}") : new("durability", State.Ok, "What is acknowledged is on the disk");
    }

    private static async Task<Check> SignIn(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select (select count(*) from provider where during @> heed_now()), (select count(*) from provider p where p.during @> heed_now() and not exists (select 1 from group_post g where g.provider_id = p.id and g.during @> heed_now()))", connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return row.GetInt64(0) == 0 ? new("sign-in", State.Attention, "No agency's sign-in is set: outside the demonstration nobody can sign in. A business manager sets it on /providers; the first by ./heed first")
            : row.GetInt64(1) > 0 ? new("sign-in", State.Attention, $"{row.GetInt64(1)} of {row.GetInt64(0)} give nobody a post: no group is set") : new("sign-in", State.Ok, $"{row.GetInt64(0)} set");
    }

    /// <summary>A backup has the ring and what it seals, side by side.</summary>
    private static async Task<Check> Ring(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select count(*) from key_ring where xml not like '%<encryptedSecret%'", connection);
        return await command.ExecuteScalarAsync() is 0L ? new("key ring", State.Ok, "No key of it can be read from the database alone")
            : new("key ring", State.Attention, "Keys of it stand in the clear in the database: whoever reads a backup can be anybody, and reads providers' secrets. Name a certificate that lies elsewhere (KeyRing__Certificate, KeyRing__Key); each key made before stays as it is for its 90 days");
    }
}
