using System.Net;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Seed;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.Exchange;
using Heed.Site.People;
using Heed.Statute;
using NodaTime;

namespace Heed.Site.Demo;

/// <summary>The demo: a private PostgreSQL under a data folder, a fictional partnership anchored on today, and the site.</summary>
public static class Serve
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public sealed record AgencyLine(string Name, string Kind, string ApiKey);

    public sealed record PersonLine(string Name, string Role, string Agency);

    public static async Task<int> Run(string[] args)
    {
        var port = args.Option("--port") ?? "5080";
        var data = Path.GetFullPath(args.Option("--data") ?? ".heed");
        var address = $"http://127.0.0.1:{port}";
        var said = Path.Combine(data, "demo.json");
        // Whoever waits for the file waits for this start, not for the last one.
        var before = File.Exists(said) ? JsonSerializer.Deserialize<DemoFile>(await File.ReadAllTextAsync(said), Json) : null;
        if (before is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(data, "demo.last.json"), JsonSerializer.Serialize(before, Json));
            File.Delete(said);
        }
        else if (File.Exists(Path.Combine(data, "demo.last.json")))
        {
            before = JsonSerializer.Deserialize<DemoFile>(await File.ReadAllTextAsync(Path.Combine(data, "demo.last.json")), Json);
        }
        Console.WriteLine("Starting a private PostgreSQL …");
        await using var postgres = await PrivatePostgres.Start(data);
        postgres.Mind();
        // An agency's endpoint that takes every connection and never answers; on this machine, where no webhook goes but a demonstration's.
        using var hangs = new TcpListener(IPAddress.Loopback, 0);
        hangs.Start();
        var (databases, made) = await Ready(postgres, before, new($"http://{hangs.LocalEndpoint}/heed"), happens: !args.Contains("--no-week"));
        await using var _ = databases;
        await using var app = global::Site.Build(databases, address, demo: true);
        var exchange = app.Services.GetRequiredService<ExchangeSettings>();
        (exchange.AllowPrivateAddresses, exchange.Address) = (true, address);
        app.Services.GetRequiredService<Operation.OperationSettings>().DataFolder = data;
        var described = made is null
            ? before! with { Address = address }
            : new DemoFile(address, made.Value.Day, [.. made.Value.Agencies], [.. made.Value.People]);
        await app.StartAsync();
        await File.WriteAllTextAsync(said, JsonSerializer.Serialize(described, Json));
        Console.WriteLine($"Heed runs at {address}");
        Console.WriteLine("Sign in there as one of:");
        foreach (var person in described.People)
        {
            Console.WriteLine($"  {person.Name,-18} {person.Role,-34} {person.Agency}");
        }
        Console.WriteLine($"API keys of the agencies are in {Path.GetRelativePath(Directory.GetCurrentDirectory(), said)}; the API is described at {address}/api-reference");
        Console.WriteLine("Everybody here is invented. Ctrl+C stops the site and its PostgreSQL.");
        await app.WaitForShutdownAsync();
        File.Move(said, Path.Combine(data, "demo.last.json"), overwrite: true);
        return 0;
    }

    public sealed record DemoFile(string Address, string? MadeFor, IReadOnlyList<AgencyLine> Agencies, IReadOnlyList<PersonLine> People);

    /// <summary>The demo's database, made new when there is none or when it was made for another day: a demo's week is anchored on today.</summary>
    private static async Task<(Databases, (string Day, IEnumerable<AgencyLine> Agencies, IEnumerable<PersonLine> People)?)> Ready(PrivatePostgres postgres, DemoFile? before, Uri hangs, bool happens)
    {
        var now = await TimeOf(postgres);
        var today = NodaTime.Text.LocalDatePattern.Iso.Format(WorkingCalendar.DateIn(now));
        if (before?.MadeFor == today && await Open(postgres) is { } standing)
        {
            return (standing, null);
        }
        Console.WriteLine(before is null ? "Making a fictional partnership for today …" : "The demo was made for another day, or by another version: making it again for today …");
        await Schema.Drop(postgres.Superuser, "heed");
        var databases = (await Open(postgres))!;
        var seed = Generator.Make(now);
        await using var quiet = global::Site.Build(databases, "http://127.0.0.1:0", demo: true, background: false);
        var services = quiet.Services;
        var load = new Load(databases, services.GetRequiredService<Works>(), services.GetRequiredService<Jobs>(), services.GetRequiredService<Sweep>(), services.GetRequiredService<Resolve>(), services.GetRequiredService<Access.Bodies>(), services.GetRequiredService<Access.Secrets>());
        var keys = await load.Everything(seed, now, hangs, happens, line => Console.WriteLine($"  {line}"));
        await services.GetRequiredService<Undelivered>().Round();
        var names = seed.Agencies.ToDictionary(a => a.Key, a => a);
        return (databases, (today, keys.Select(k => new AgencyLine(names[k.Key].Name, names[k.Key].Kind.ToString().ToLowerInvariant(), k.Value)),
            await WhoMaySignIn(services.GetRequiredService<Works>())));
    }

    /// <summary>As the sign-in page offers them: some come with a scene of the demonstration, and not with the seed.</summary>
    public static async Task<IReadOnlyList<PersonLine>> WhoMaySignIn(Works works) => [.. (await SignInModel.Offered(works)).Select(p => new PersonLine(p.Name, p.Role, p.Agency))];

    /// <summary>The database with its schema as it is now; null where it was made by another version of a file that is applied already.</summary>
    private static async Task<Databases?> Open(PrivatePostgres postgres)
    {
        await Schema.Prepare(postgres.Superuser, "heed");
        var databases = new Databases(postgres.Owner("heed"), global::Site.Tables);
        try
        {
            await Schema.Migrate(databases.Owner, typeof(global::Site).Assembly);
            return databases;
        }
        catch (SchemaChanged)
        {
            await databases.DisposeAsync();
            return null;
        }
    }

    private static async Task<Instant> TimeOf(PrivatePostgres postgres)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(postgres.Superuser);
        await using var time = source.CreateCommand("select extract(epoch from now())::float8");
        return Instant.FromUnixTimeSeconds((long)(double)(await time.ExecuteScalarAsync())!);
    }
}
