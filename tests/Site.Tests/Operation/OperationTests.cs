using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Operation;
using Heed.Site.Tests.Access;
using Heed.Site.Tests.Exchange;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Operation;

/// <summary>What whoever runs an installation relies on: health, backup, restore, the doctor, and an installation that is no demonstration.</summary>
public sealed class OperationTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Connection => new NpgsqlConnectionStringBuilder(site.Databases.Owner.ConnectionString).ConnectionString;

    private async Task<(HttpStatusCode, Dictionary<string, string>)> Health()
    {
        using var nobody = site.Nobody();
        var answer = await nobody.GetAsync("/healthz", Stop);
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
        return (answer.StatusCode, said.GetProperty("checks").EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetString()!));
    }

    [Fact]
    public async Task Health_says_what_waits_and_turns_nobody_away_unless_nothing_can_be_accepted()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Settle();
        var (status, checks) = await Health();
        Assert.Equal((HttpStatusCode.OK, "ok", "ok", "ok"), (status, checks["database"], checks["jobs"], checks["clocks"]));
        await site.Received(TestSite.Report("O/1"));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(20));
        (status, checks) = await Health();
        Assert.Equal((HttpStatusCode.OK, "failing"), (status, checks["jobs"]));
        await site.TimeIs(Cluster.Usual + Duration.FromHours(3));
        (_, checks) = await Health();
        Assert.Equal("failing", checks["clocks"]);
        await site.Settle();
        (_, checks) = await Health();
        Assert.Equal(("ok", "ok"), (checks["jobs"], checks["clocks"]));
        await site.Services.GetRequiredService<Heed.Site.Audit.Seal>().Round();
        await site.SignedIn("ramsey").ContinueWith(async r => await (await r).GetAsync("/", Stop)).Unwrap();
        await site.TimeIs(Cluster.Usual + Duration.FromHours(4));
        (_, checks) = await Health();
        Assert.Equal("attention", checks["chain"]);
        await site.Services.GetRequiredService<Heed.Site.Audit.Seal>().Round();
        (_, checks) = await Health();
        Assert.Equal("ok", checks["chain"]);
        await site.Administer("insert into job (id, kind, subject_id, state) values (gen_random_uuid(), 'nothing', gen_random_uuid(), 'stuck')");
        (_, checks) = await Health();
        Assert.Equal("attention", checks["stuck jobs"]);
        await site.Administer("delete from job where kind = 'nothing'");
        await site.Administer("revoke insert on heartbeat from heed_worker");
        (status, checks) = await Health();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "failing"), (status, checks["database"]));
        await site.Administer("grant insert on heartbeat to heed_worker");
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task What_was_found_is_for_whoever_answers_for_the_installation()
    {
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await ramsey.GetAsync("/operation", Stop)).StatusCode);
        using var manager = await site.SignedIn(await site.Row<string>("select p.key from practitioner p join post o on o.practitioner_id = p.id where o.role = 'partnership-manager' limit 1"));
        Assert.Contains("It can be written to", await manager.GetStringAsync("/operation", Stop));
    }

    [Fact]
    public async Task What_failed_for_good_is_a_named_persons_with_a_clock_until_it_is_tried_again_or_left()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Settle();
        await site.Administer("insert into job (id, kind, subject_id, state, attempts, fault) select gen_random_uuid(), 'nobody.does', gen_random_uuid(), 'stuck', 5, 'KeyNotFoundException' from generate_series(1, 3)");
        var stuck = site.Services.GetRequiredService<StuckWork>();
        Assert.Equal((1, 0), (await stuck.Round(Stop), await stuck.Round(Stop)));
        Assert.Equal("Work of the program is stuck: nobody.does ashworth running", await site.Row<string>("select c.words || ' ' || p.key || ' ' || c.state from clock c join practitioner p on p.id = c.practitioner_id where c.limit_key = 'operation.stuck'"));
        var task = await site.Row<Guid>("select id from stuck");
        Assert.True(await site.Row<bool>("select due_at - anchor_at = interval '4 hours' from clock where id = $1", task));
        using var ramsey = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await ramsey.PostAsync($"/api/operation/stuck/{task}/answer", null, Stop)).StatusCode);
        using var manager = await site.SignedIn("ashworth");
        Assert.Contains("Work of the program is stuck", await manager.GetStringAsync("/", Stop));
        Assert.Contains("3 failed at their last attempt", await manager.GetStringAsync("/operation", Stop));
        // Late, it is a breach like any other.
        await site.TimeIs(Cluster.Usual + Duration.FromHours(5));
        await site.Settle();
        Assert.Equal("breached", await site.Row<string>("select state from clock where id = $1", task));
        var (answer, words) = ($"Answer-{task:N}", $"Words-{task:N}");
        Task<HttpResponseMessage> Says(params (string, string)[] said) => TestSite.PostTo(manager, "/operation", $"/operation?task={task}", said);
        Assert.Contains("tried again or left undone", await (await Says((words, "Mended"))).Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Says((answer, "again"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await Says((answer, "again"), (words, "The program was old"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await manager.PostAsJsonAsync($"/api/operation/stuck/{task}/answer", new { answer = "left", words = "x" }, Stop)).StatusCode);
        Assert.Equal((3, "met-late"), (await site.Row<long>("select count(*) from job where kind = 'nobody.does' and state = 'ready' and attempts = 0 and clock_id is null"), await site.Row<string>("select state from clock where id = $1", task)));
        // It was not mended: it is a task again, and may be left with a reason.
        await site.Administer("update job set state = 'stuck' where kind = 'nobody.does'");
        Assert.Equal(1, await stuck.Round(Stop));
        task = await site.Row<Guid>("select id from stuck where answered_at is null");
        Assert.Equal(HttpStatusCode.NoContent, (await manager.PostAsJsonAsync($"/api/operation/stuck/{task}/answer", new { answer = "left", words = "Nobody needs it" }, Stop)).StatusCode);
        Assert.Equal(3, await site.Row<long>("select count(*) from job where kind = 'nobody.does' and state = 'done' and fault is not null"));
        Assert.DoesNotContain("nobody.does", await manager.GetStringAsync("/operation", Stop));
        await site.TimeIs(Cluster.Usual);
    }

    [Fact]
    public async Task A_backup_is_restored_row_for_row_and_a_damaged_one_is_refused_before_it_is_needed()
    {
        await site.TimeIs(Cluster.Usual);
        await site.Received(TestSite.Report("O/2"));
        await site.Settle();
        var folder = Directory.CreateTempSubdirectory("heed-backup").FullName;
        Environment.SetEnvironmentVariable("HEED_CHECK", typeof(Heed.Checking.Invariants).Assembly.Location);
        try
        {
            var to = Path.Combine(folder, "b");
            Assert.Equal(0, await Backup.Take(["--to", to, "--connection", Connection]));
            Assert.Equal(1, await Backup.Take(["--to", to, "--connection", Connection]));
            // Over what is there nothing is restored.
            Assert.Equal(1, await Backup.Restore(["--from", to, "--connection", Connection]));
            var empty = await Empty("restored");
            Assert.Equal(0, await Backup.Restore(["--from", to, "--connection", empty]));
            // What nobody could look at is not said to be unsound, nor sound.
            var check = Environment.GetEnvironmentVariable("HEED_CHECK");
            Environment.SetEnvironmentVariable("HEED_CHECK", Path.Combine(folder, "not-there.dll"));
            Assert.Equal(2, await Backup.Restore(["--from", to, "--connection", await Empty("unchecked")]));
            Environment.SetEnvironmentVariable("HEED_CHECK", check);
            await using (var restored = NpgsqlDataSource.Create(empty))
            await using (var count = restored.CreateCommand("select count(*) from report where reference = 'O/2'"))
            {
                Assert.Equal(1L, await count.ExecuteScalarAsync(Stop));
            }
            // A manifest of another moment: one row more than the dump has.
            var manifest = Path.Combine(to, "manifest.json");
            var said = await File.ReadAllTextAsync(manifest, Stop);
            var (name, rows) = ("report", JsonDocument.Parse(said).RootElement.GetProperty("tables").EnumerateArray().First(t => t.GetProperty("name").GetString() == "report").GetProperty("rows").GetInt64());
            await File.WriteAllTextAsync(manifest, said.Replace($"\"{name}\",\n      \"rows\": {rows}", $"\"{name}\",\n      \"rows\": {rows + 1}"), Stop);
            Assert.Equal(1, await Backup.Restore(["--from", to, "--connection", await Empty("unlike")]));
            await File.WriteAllTextAsync(manifest, said, Stop);
            var dump = Path.Combine(to, "heed.dump");
            var bytes = await File.ReadAllBytesAsync(dump, Stop);
            bytes[^100] ^= 1;
            await File.WriteAllBytesAsync(dump, bytes, Stop);
            Assert.Equal(1, await Backup.Restore(["--from", to, "--connection", await Empty("damaged")]));
            // Rows as they were, and what they say is broken: an agency's system would never collect this notice.
            await site.Administer("delete from webhook_delivery where item_id in (select i.id from mailbox_item i join report r on r.id = i.report_id where r.reference = 'O/2')");
            await site.Administer("delete from mail_owed where item_id in (select i.id from mailbox_item i join report r on r.id = i.report_id where r.reference = 'O/2')");
            await site.Administer("delete from mailbox_item where report_id in (select id from report where reference = 'O/2')");
            var unsound = Path.Combine(folder, "unsound");
            Assert.Equal(0, await Backup.Take(["--to", unsound, "--connection", Connection]));
            Assert.Equal(1, await Backup.Restore(["--from", unsound, "--connection", await Empty("unsound")]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_misspelt_is_not_an_empty_Heed_that_is_well()
    {
        var folder = Directory.CreateTempSubdirectory("heed-none").FullName;
        try
        {
            var (none, to) = (Path.Combine(folder, "misspelt"), Path.Combine(folder, "b"));
            Assert.Equal((1, 1), (await Doctor.Run(["--data", none]), await Backup.Take(["--to", to, "--data", none])));
            Assert.Equal((1, 1), (await Heed.Site.Audit.VerifyCommand.Run(["--data", none]), await Heed.Site.Audit.VerifyCommand.Run(["--data", folder])));
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An empty database of the program's owner.</summary>
    private async Task<string> Empty(string name)
    {
        await using var source = NpgsqlDataSource.Create(site.Cluster.Postgres.Superuser);
        name = $"heed_{name}_{Guid.NewGuid():N}";
        await using var create = source.CreateCommand($"create database {name} owner heed_owner template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'");
        await create.ExecuteNonQueryAsync(Stop);
        return site.Cluster.Postgres.Owner(name);
    }

    [Fact]
    public async Task A_key_ring_that_a_certificate_seals_is_of_no_use_to_whoever_has_the_database_alone()
    {
        await using var own = new TestSite(site.Cluster);
        await own.InitializeAsync();
        await own.Administer("delete from key_ring");
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=heed", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var (file, secret) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Stop);
        await File.WriteAllTextAsync(secret, key.ExportPkcs8PrivateKeyPem(), Stop);
        KeyValuePair<string, string?>[] named = [new("KeyRing:Certificate", file), new("KeyRing:Key", secret)];
        var cookies = new CookieContainer();
        async Task<HttpStatusCode> Home(KeyValuePair<string, string?>[] settings, bool signIn = false)
        {
            var (app, at) = await own.Run(background: false, settings: settings);
            await using var _ = app;
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = at };
            if (signIn)
            {
                await TestSite.Post(client, "/sign-in", ("Practitioner", own.Practitioner("ramsey").ToString()));
            }
            return (await client.GetAsync("/", Stop)).StatusCode;
        }
        Assert.Equal(HttpStatusCode.OK, await Home(named, signIn: true));
        var ring = await own.Rows<string>("select xml from key_ring");
        Assert.NotEmpty(ring);
        Assert.All(ring, xml => Assert.True(xml.Contains("<encryptedSecret") && !xml.Contains("<masterKey")));
        // Another program that has the certificate goes on with that session; one that has only the database does not.
        Assert.Equal(HttpStatusCode.OK, await Home(named));
        Assert.Equal(HttpStatusCode.Redirect, await Home([]));
        File.Delete(file);
        File.Delete(secret);
    }

    [Fact]
    public async Task The_doctor_names_a_database_that_can_lose_what_was_acknowledged()
    {
        var (said, before) = (new StringWriter(), Console.Out);
        Console.SetOut(TextWriter.Synchronized(said));
        int code;
        try
        {
            code = await Doctor.Run(["--connection", Connection]);
        }
        finally
        {
            Console.SetOut(before);
        }
        // The tests' own PostgreSQL is quick and not durable, and a doctor must say so.
        Assert.Equal(1, code);
        Assert.Contains("FAILING  durability", said.ToString());
        Assert.Contains("well     schema", said.ToString());
        Assert.Contains("well     rights", said.ToString());
        Assert.Contains("look     key ring", said.ToString());
    }

    [Fact]
    public async Task A_partnerships_own_installation_begins_with_one_sign_in_and_its_telemetry_names_nobody()
    {
        var connection = await Empty("own");
        await using var collector = await Receiver.Start();
        var port = FreePort();
        var heed = new Uri($"http://127.0.0.1:{port}");
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, "a-secret-of-heed", Stop);
        var (said, before) = (new StringWriter(), Console.Out);
        // The provider's callback has the number that is made here: so it is started after, on a port that is told to both.
        var issuerPort = FreePort();
        Console.SetOut(TextWriter.Synchronized(said));
        try
        {
            Assert.Equal(0, await Run.First(["--agency", "Test Safeguarding Partnership", "--nation", "England", "--issuer", $"http://127.0.0.1:{issuerPort}", "--client", "heed", "--secret-file", secret, "--domain", "partnership.example", "--group", "Business", "--connection", connection]));
        }
        finally
        {
            Console.SetOut(before);
        }
        var callback = said.ToString().Split(Providers.Path)[1][..36];
        await using var provider = OpenIdProvider.Beside(heed, Guid.Parse(callback), issuerPort);
        await provider.Ready();
        using var program = Process.Start(new ProcessStartInfo("dotnet", [typeof(global::Site).Assembly.Location, "run", "--connection", connection, "--address", heed.ToString().TrimEnd('/')])
        {
            RedirectStandardOutput = true,
            Environment = { ["SignIn__AllowPrivateAddresses"] = "true", ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.Replace("/hook", ""), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BSP_SCHEDULE_DELAY"] = "500" },
        })!;
        try
        {
            while (await program.StandardOutput.ReadLineAsync(Stop) is { } line && !line.StartsWith("Heed runs"))
            {
                // Its log comes first.
            }
            _ = program.StandardOutput.ReadToEndAsync(Stop);
            await provider.Has("b-1", new { name = "Beatrice Canary", email = "beatrice@partnership.example", email_verified = true, groups = new[] { "Business" } });
            using var browser = OpenIdProvider.Browser();
            var (where, page) = await provider.SignIn(browser, "b-1", "beatrice@partnership.example", "/sign-in?then=%2Fproviders");
            Assert.Equal((HttpStatusCode.OK, "/providers"), (page.StatusCode, where.AbsolutePath));
            Assert.Contains("Beatrice Canary", await page.Content.ReadAsStringAsync(Stop));
            await browser.GetAsync(new Uri(heed, "/search?text=Canaryname"), Stop);
            bool Told(string what) => collector.All.Any(g => g.Body.Contains(what, StringComparison.Ordinal));
            while (!Told("heed.jobs.waiting") || !Told("enter_by_session"))
            {
                await Task.Delay(100, Stop);
            }
            Assert.DoesNotContain(collector.All, g => g.Body.Contains("canary", StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            program.Kill();
            await program.WaitForExitAsync(Stop);
            File.Delete(secret);
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
