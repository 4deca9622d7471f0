using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Heed.Plumbing;
using Heed.Seed;
using Heed.Site.Access;
using Heed.Site.Audit;
using Heed.Site.Clocks;
using Heed.Site.Demo;
using Heed.Site.People;
using Heed.Site.Referrals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

[assembly: AssemblyFixture(typeof(Heed.Site.Tests.Cluster))]

namespace Heed.Site.Tests;

/// <summary>One real PostgreSQL for the run, with a template that holds the schema and the bodies of a partnership, but nobody's data.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private const string Template = "heed_template";
    private readonly string _folder = Path.Combine("/var/tmp", $"heed-tests-{Environment.ProcessId}");
    private readonly SemaphoreSlim _one = new(1);
    private int _clones;

    public PrivatePostgres Postgres { get; private set; } = null!;

    /// <summary>A Wednesday afternoon in term, in winter: nothing special about it.</summary>
    public static readonly Instant Usual = Instant.FromUtc(2026, 11, 18, 14, 0);

    internal Ground Loaded { get; private set; } = null!;

    public static Partnership Partnership { get; } = Generator.Make(Usual, children: 60);

    public async ValueTask InitializeAsync()
    {
        Postgres = await PrivatePostgres.Start(_folder, forTests: true);
        await Schema.Prepare(Postgres.Superuser, Template);
        await using var databases = new Databases(Postgres.Owner(Template), global::Site.Tables);
        await Schema.Migrate(databases.Owner, typeof(global::Site).Assembly);
        Loaded = new(databases, Usual);
        await LoadBodies.Put(Partnership, Loaded);
    }

    /// <summary>A database of its own for a test class.</summary>
    public async Task<Databases> Clone()
    {
        await _one.WaitAsync();
        try
        {
            NpgsqlConnection.ClearAllPools();
            var name = $"heed_test_{++_clones}";
            await using var source = NpgsqlDataSource.Create(Postgres.Superuser);
            await using var create = source.CreateCommand($"create database {name} owner heed_owner template {Template}");
            await create.ExecuteNonQueryAsync();
            return new(Postgres.Owner(name), global::Site.Tables, pool: 20);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>
/// The real program on a real database, over HTTP on a port of its own. Time stands at <see cref="Cluster.Usual"/> until a test moves it, and runs on from there.
/// Jobs and sweeps run when a test says so (<see cref="Settle"/>); in a <see cref="LiveSite"/> they run by themselves.
/// </summary>
public class TestSite : IAsyncLifetime
{
    private readonly bool _background;
    private WebApplication _app = null!;

    public TestSite(Cluster cluster) => Cluster = cluster;

    protected TestSite(Cluster cluster, bool background) : this(cluster) => _background = background;

    public Databases Databases { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public Works Works => Services.GetRequiredService<Works>();

    public Heed.Site.Access.Bodies Bodies => Services.GetRequiredService<Heed.Site.Access.Bodies>();

    public Cluster Cluster { get; }

    public async ValueTask InitializeAsync()
    {
        Databases = await Cluster.Clone();
        await TimeIs(Cluster.Usual);
        (_app, Address) = await Run(_background);
    }

    /// <summary>One more program on the same database.</summary>
    public async Task<(WebApplication App, Uri Address)> Run(bool background, bool demo = true, string logs = "Critical", params KeyValuePair<string, string?>[] settings)
    {
        var app = global::Site.Build(Databases, "http://127.0.0.1:0", demo, background, logs, settings);
        await app.StartAsync();
        return (app, new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
    }

    /// <summary>An agency's system, by the key of the seed: "tees-valley-police".</summary>
    public HttpClient System(string agency) => new() { BaseAddress = Address, DefaultRequestHeaders = { Authorization = new("Bearer", Cluster.Loaded.Keys[agency]) } };

    /// <summary>Nobody.</summary>
    public HttpClient Nobody() => new() { BaseAddress = Address };

    /// <summary>A practitioner signed in on the pages, by the key of the seed: "ramsey". Keeps cookies, follows no redirect.</summary>
    public async Task<HttpClient> SignedIn(string practitioner)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = Address };
        var answer = await Post(client, "/sign-in", ("Practitioner", Practitioner(practitioner).ToString()));
        return answer.StatusCode is global::System.Net.HttpStatusCode.Redirect or global::System.Net.HttpStatusCode.SeeOther ? client : throw new InvalidOperationException($"Signing in answered {answer.StatusCode}");
    }

    /// <summary>Fills in a form that stands on a page, and sends it there or where it says.</summary>
    public static async Task<HttpResponseMessage> Post(HttpClient client, string page, params (string Name, string Value)[] fields) => await PostTo(client, page, page, fields);

    public static async Task<HttpResponseMessage> PostTo(HttpClient client, string page, string action, params (string Name, string Value)[] fields)
    {
        var token = await Token(client, page);
        return await client.PostAsync(action, new FormUrlEncodedContent([.. fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)), new("__RequestVerificationToken", token)]));
    }

    /// <summary>One page, its form sent several times at once.</summary>
    public static async Task<HttpResponseMessage[]> PostAtOnce(HttpClient client, string page, int times)
    {
        var token = await Token(client, page);
        return await Task.WhenAll(Enumerable.Range(0, times).Select(_ => client.PostAsync(page, new FormUrlEncodedContent([new("__RequestVerificationToken", token)]))));
    }

    private static async Task<string> Token(HttpClient client, string page) =>
        new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await client.GetStringAsync(page)).QuerySelector("main input[name=__RequestVerificationToken]")?.GetAttribute("value")
        ?? throw new InvalidOperationException($"No form of its own on {page}");

    public Guid Agency(string key) => Cluster.Loaded.Agencies[key];

    public Guid Team(string key) => Cluster.Loaded.Teams[key];

    public Guid Practitioner(string key) => Cluster.Loaded.Practitioners[key];

    /// <summary>Whoever acts, without a page: for actions called directly.</summary>
    public Identity Who(string practitioner) => Identity.Of(Practitioner(practitioner));

    public async Task TimeIs(Instant at)
    {
        await using var command = Databases.Owner.CreateCommand("update time_offset set ahead = $1 - now()");
        command.Parameters.Add(new() { Value = at });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every job that is owed now and every clock that is due now.</summary>
    public async Task Settle()
    {
        while (await Services.GetRequiredService<Jobs>().Round(default) + await Services.GetRequiredService<Sweep>().Round() > 0)
        {
            // Until nothing moves.
        }
    }

    /// <summary>Until all that is committed now is sealed: a transaction in any other database of the run holds the watermark back for as long as it lasts.</summary>
    public async Task Sealed()
    {
        var seal = Services.GetRequiredService<Seal>();
        while (await seal.Round() + await Row<long>("select count(*) from chainable c where not exists (select 1 from chain_entry e where e.source = c.source and e.row_id = c.row_id)") > 0)
        {
            await Task.Yield();
        }
        await seal.Sign(Duration.Zero);
    }

    /// <summary>Rows as the owner sees them: what is really there.</summary>
    public async Task<List<T>> Rows<T>(string sql, params object[] values)
    {
        await using var command = Databases.Owner.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }
        return rows;
    }

    public async Task<T> Row<T>(string sql, params object[] values) => (await Rows<T>(sql, values)).Single();

    /// <summary>A report in the shape of the sample: a family at an address of Norton's, a child at Norton Primary School.</summary>
    public static string Report(string reference = "T/1", Action<global::System.Text.Json.Nodes.JsonObject>? change = null)
    {
        var report = global::System.Text.Json.Nodes.JsonNode.Parse($$"""
            {
              "reference": "{{reference}}", "kind": "domestic-abuse", "occurredAt": "2026-11-18T11:40:00Z", "knownAt": "2026-11-18T12:00:00Z",
              "place": { "description": "At home", "address": { "lines": ["3 Test Street"], "locality": "Norton", "postcode": "TS20 2AB" } },
              "summary": "Neighbour reported shouting. One child at home.",
              "risk": { "instrument": "DASH", "version": "2009", "grade": "medium", "answers": { "1": "yes" } },
              "people": [
                { "key": "child", "roles": ["child"], "givenNames": "Testa", "familyName": "Probe", "born": "2018-02-03", "sex": "F",
                  "addresses": [{ "lines": ["3 Test Street"], "locality": "Norton", "postcode": "TS20 2AB" }],
                  "relationships": [{ "kind": "mother", "to": "mother" }], "school": { "name": "Norton Primary School", "urn": "111555" }, "ownWords": "I heard it.", "seen": true, "seenAlone": false },
                { "key": "mother", "roles": ["victim", "carer"], "givenNames": "Moira", "familyName": "Probe", "born": "1990-05-06", "sex": "F" }
              ],
              "reporter": { "name": "PC 1 Test", "team": "Response", "shift": "days" }
            }
            """)!.AsObject();
        change?.Invoke(report);
        return report.ToJsonString();
    }

    /// <summary>Sends a report once, whatever is answered.</summary>
    public Task<HttpResponseMessage> Offer(string json, string agency = "tees-valley-police") => System(agency).PostAsync("/api/reports", new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Sends a report as a force's system does: told to come again, it waits as long as it was told and does.</summary>
    public async Task<HttpResponseMessage> Send(string json, string agency = "tees-valley-police")
    {
        while (true)
        {
            var answer = await Offer(json, agency);
            if (answer is not { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } wait })
            {
                return answer;
            }
            await Task.Delay(wait);
        }
    }

    /// <summary>A report that must be accepted: its id.</summary>
    public async Task<Guid> Received(string json, string agency = "tees-valley-police")
    {
        var answer = await Send(json, agency);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return global::System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("id").GetGuid();
    }

    /// <summary>The notice of a report to an agency.</summary>
    public Task<Guid> NoticeTo(string agency, Guid report) => Row<Guid>("select id from notice where report_id = $1 and to_agency = $2", report, Agency(agency));

    /// <summary>Reads what was known before and decides on it, as the page does: accepts as a referral, unless the test says otherwise.</summary>
    public async Task<Refusal?> Decides(string practitioner, Guid contact, Func<Decide.Command, Decide.Command>? but = null)
    {
        var notice = await Row<Guid>("select notice_id from contact where id = $1", contact);
        var considered = await Works.As(Who(practitioner), "Reading what was known before", work => Consider.Handle(notice, work, Bodies));
        var asked = new Decide.Command(contact, considered?.Children.Single(c => c.Contact.ContactId == contact).Shown, "referral", "child-in-need", "Accepted", ParentsTold: true, Next: "assessment");
        return await Works.As(Who(practitioner), "Deciding", work => Decide.Handle(but?.Invoke(asked) ?? asked, work, Bodies));
    }

    /// <summary>What an administrator does by hand: as the owner, in the program's name, for its change log wants a name.</summary>
    public async Task Administer(string sql, params object[] values)
    {
        await using var connection = await Databases.Owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var enter = new NpgsqlCommand("select enter('00000000-0000-7000-8000-000000000001', 'A test')", connection, transaction);
        await enter.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    /// <summary>A statement as somebody, of which nothing is kept: the one value that it answers, how many rows it touched, or how it was refused.</summary>
    public Task<string> Says(string who, string sql, params object[] values) => Works.As(Who(who), "A test of who sees what", async work =>
    {
        try
        {
            await using var batch = work.Batch();
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values)
            {
                command.Parameters.Add(new() { Value = value });
            }
            batch.BatchCommands.Add(command);
            return sql.StartsWith("select", StringComparison.Ordinal) ? (await batch.ExecuteScalarAsync())?.ToString() ?? "" : $"{await batch.ExecuteNonQueryAsync()}";
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
        finally
        {
            work.Refuse("test", "Nothing of this is kept");
        }
    });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Databases.DisposeAsync();
    }
}

/// <summary>The program as it runs: jobs, sweeps and waking by themselves.</summary>
public sealed class LiveSite(Cluster cluster) : TestSite(cluster, background: true);
