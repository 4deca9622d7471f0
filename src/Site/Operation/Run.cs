using Heed.Plumbing;

namespace Heed.Site.Operation;

/// <summary>./heed run: the site for a partnership, on the database that was named. Nobody is invented here, and nobody chooses who to be.</summary>
public static class Run
{
    public static async Task<int> Serve(string[] args)
    {
        var address = args.Option("--address") ?? Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://127.0.0.1:5080";
        await using var here = await Installation.Of(args);
        here.Postgres?.Mind();
        if (here.Super is { } super)
        {
            await Plumbing.Schema.Prepare(super, "heed");
        }
        await using var databases = new Databases(here.Owner, global::Site.Tables);
        await Plumbing.Schema.Migrate(databases.Owner, typeof(global::Site).Assembly);
        if (here.Postgres is not null && await IsDemonstration(databases))
        {
            Console.Error.WriteLine("This folder holds a demonstration. A partnership's own goes into another: --data DIR.");
            return 1;
        }
        await using var app = global::Site.Build(databases, address, demo: false, logs: "Information");
        if (app.Services.GetRequiredService<Access.Encryption>().IsInTheOpen)
        {
            Console.Error.WriteLine($"At {address} others would read along. Listen on https (Kestrel__Certificates__Default__Path), or on 127.0.0.1, or name the proxies that encrypt: Proxy__Addresses__0=ADDRESS.");
            return 1;
        }
        app.Services.GetRequiredService<OperationSettings>().DataFolder = Directory.Exists(here.Folder) ? here.Folder : ".";
        await app.StartAsync();
        Console.WriteLine($"Heed runs at {address}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<bool> IsDemonstration(Databases databases)
    {
        await using var command = databases.Owner.CreateCommand("select exists (select 1 from practitioner where can_sign_in)");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>./heed first: the first agency with its sign-in, by whose group its people are business managers and set all the rest on pages.</summary>
    public static async Task<int> First(string[] args)
    {
        string[] needed = ["--agency", "--nation", "--issuer", "--client", "--secret-file", "--domain", "--group"];
        if (needed.FirstOrDefault(n => args.Option(n) is null) is { } lacks)
        {
            Console.Error.WriteLine($"first {string.Join(' ', needed.Select(n => n + " …"))} [--connection … | --data DIR]: {lacks} is missing");
            return 2;
        }
        string Of(string name) => args.Option(name)!;
        await using var here = await Installation.Of(args);
        if (here.Super is { } super)
        {
            await Plumbing.Schema.Prepare(super, "heed");
        }
        await using var databases = new Databases(here.Owner, global::Site.Tables);
        await Plumbing.Schema.Migrate(databases.Owner, typeof(global::Site).Assembly);
        await using var quiet = global::Site.Build(databases, "http://127.0.0.1:0", demo: false, background: false);
        var (agency, team, provider) = (Ids.Next(), Ids.Next(), Ids.Next());
        var secret = quiet.Services.GetRequiredService<Access.Providers>().Protect((await File.ReadAllTextAsync(Of("--secret-file"))).Trim());
        await using var connection = await databases.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        async Task<object?> Do(string sql, params object[] values)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection, transaction);
            foreach (var value in values)
            {
                command.Parameters.Add(new() { Value = value });
            }
            return await command.ExecuteScalarAsync();
        }
        if ((bool)(await Do("select exists (select 1 from provider where during @> heed_now())"))!)
        {
            Console.Error.WriteLine("There is a sign-in already: whoever is business manager by it adds the others on /providers.");
            return 1;
        }
        await Do("select (enter($1, 'Setting up the installation')).actor", Databases.Heed);
        await Do("insert into agency (id, key, name, kind, nation) values ($1, 'partnership', $2, 'council', $3)", agency, Of("--agency"), Of("--nation"));
        await Do("insert into team (id, key, agency_id, name, function) values ($1, 'partnership-business', $2, 'Partnership business', 'business')", team, agency);
        await Do("insert into provider (id, agency_id, name, issuer, client_id, secret) values ($1, $2, 'Own sign-in', $3, $4, $5)", provider, agency, Of("--issuer"), Of("--client"), secret);
        await Do("insert into provider_domain (domain, provider_id) values ($1, $2)", Of("--domain").ToLowerInvariant(), provider);
        await Do("insert into group_post (provider_id, agency_id, group_name, team_id, role) values ($1, $2, $3, $4, 'partnership-manager')", provider, agency, Of("--group"), team);
        await transaction.CommitAsync();
        Console.WriteLine($"Set up. At the provider, allow the address of your Heed followed by {Access.Providers.Path}{provider}. Then ./heed run, and whoever is in the group signs in as business manager: /administration says what is not set yet.");
        return 0;
    }
}
