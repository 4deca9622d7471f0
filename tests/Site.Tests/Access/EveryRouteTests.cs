using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Heed.Plumbing;
using Heed.Site.Administration;
using Heed.Site.Audit;
using Heed.Site.Exchange;
using Heed.Site.People;
using Heed.Site.Tests.Exchange;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Heed.Site.Tests.Access;

/// <summary>
/// The door test: every route and call that the program has, as every role of every agency that it permits with the number of everything there is, and once as every other. Each report and record has a word of its own in every field; what may
/// be read is worked out from the notices that the agreements caused, and any other such word in any answer fails; in an e-mail any word at all, and what was destroyed wherever it stands.
/// </summary>
/// <remarks>
/// The pages come to a mention by functions with their owner's rights (<c>seen</c>, <c>history_of</c>, <c>find_people</c>) or through a row that is secured itself (a report, a notice, a contact). By row security on
/// mentions alone stands what is in question of two records, each as it was last told to whoever reads: /matches, and the doubts beside a history. For that <see cref="Moved"/> has a child of whom another council was told something new.
/// </remarks>
public sealed partial class EveryRouteTests(TestSite site) : IClassFixture<TestSite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="Word">In every field of it. Owner: whose it is. Report: where it came as one.</param>
    private sealed record Planted(string Word, string Owner, string Tier, Guid? Report);

    private sealed record Somebody(string Key, string Agency, string Role, string Reach, HttpClient Client, IReadOnlyCollection<string> Permits, bool IsSystem);

    private async Task<Planted> Reported(string word, string from, string locality, string postcode, string? reference = null, int version = 1)
    {
        var id = await site.Received(TestSite.Report(reference ?? $"REF-{word}", r =>
        {
            if (version > 1)
            {
                (r["version"], r["supersedes"], r["supersessionReason"]) = (version, version - 1, "It was another street");
            }
            (r["summary"], r["place"]!["description"]) = ($"{word} was there", $"By {word}");
            (r["place"]!["address"]!["lines"]![0], r["place"]!["address"]!["locality"], r["place"]!["address"]!["postcode"]) = ($"1 {word} Street", locality, postcode);
            foreach (var person in r["people"]!.AsArray().Select(p => p!.AsObject()))
            {
                (person["givenNames"], person["familyName"], person["ownWords"]) = ($"{person["givenNames"]}{word}", word, word);
                person["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray($"1 {word} Street"), ["locality"] = locality, ["postcode"] = postcode });
                person.Remove("school");
            }
            r["reporter"]!["name"] = $"PC {word}";
        }), from);
        return new(word, from, "open", id);
    }

    private async Task<Planted> Registered(string word, string council, string tier, string? file = null)
    {
        var register = site.Services.GetRequiredService<Register>();
        var (kept, wrong) = await register.Keep(new(file ?? $"{word}.csv", Encoding.UTF8.GetBytes($"number,forename,surname,dob,house,town,postcode\n{word}-1,Given{word},{word},2015-03-0{word.Length % 9 + 1},1 {word} Street,{word},TS20 9{word[^1]}{word[^2]}\n"), council, "id=number,given=forename,family=surname,born=dob,address=house,locality=town,postcode=postcode"));
        Assert.Null(wrong);
        await register.Resolve(kept!.Import);
        await site.Administer("update source_record set tier = $2, tier_reason = case when $2 <> 'open' then 'Because of ' || $3 end where number = $1", $"{word}-1", tier, word);
        return new(word, council, tier, null);
    }

    /// <summary>Of two records of a force it is in question whether they are one child; what was said of one of them since, another council alone was told.</summary>
    private async Task<Planted[]> Moved()
    {
        async Task<Planted> Said(string word, string given, string born, string number, string locality, string postcode) => new(word, "tees-valley-police", "open", await site.Received(TestSite.Report($"REF-{word}", r =>
        {
            (r["place"]!["address"]!["locality"], r["place"]!["address"]!["postcode"]) = (locality, postcode);
            r["people"] = new JsonArray(new JsonObject
            {
                ["key"] = "child", ["roles"] = new JsonArray("child"), ["givenNames"] = given, ["familyName"] = "Halvorsen", ["born"] = born, ["recordNumber"] = number, ["ownWords"] = word,
                ["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray($"1 {word} Street"), ["locality"] = locality, ["postcode"] = postcode }),
            });
        })));
        Planted[] said =
        [
            await Said("Quilstayed", "Ingeborg", "2011-01-02", "MOVED-1", "Norton", "TS20 2AB"), await Said("Quilmoved", "Sigrun Quilmoved", "2016-03-05", "MOVED-1", "Hartmoor", "TS26 8AA"),
            await Said("Quilnear", "Sigrun", "2016-03-04", "MOVED-2", "Norton", "TS20 2AB"),
        ];
        await site.Settle();
        Assert.Equal(1, await site.Row<long>("select count(*) from possible_match p join source_record a on a.id = p.source_record_id join source_record b on b.id = p.other_id where p.state = 'open' and a.number || b.number in ('MOVED-1MOVED-2', 'MOVED-2MOVED-1')"));
        return said;
    }

    /// <summary>
    /// A council's record, and a force's report of which the council was told and on which it decided, are destroyed by two at each once their time is over, with who looked, searched and changed. Until then a manager reads it.
    /// </summary>
    private async Task<Planted> Destroyed(string word)
    {
        await Registered(word, "norton-stockton", "open", "gone.csv");
        var reported = await Reported(word, "tees-valley-police", "Norton", "TS20 2AB");
        await site.Settle();
        var record = await site.Row<Guid>($"select id from source_record where number = '{word}-1'");
        var person = await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", record);
        await site.Administer("update source_record set tier_reason = $2 where id = $1", record, $"Because of {word}");
        await site.Administer("update source_record set tier_reason = null where id = $1", record);
        await site.Works.As(site.Who("khalid"), $"Reading for {word}", work => Child.Read(person, work));
        await site.Works.As(site.Who("khalid"), $"Searching for {word}", work => Search.Handle($"Given{word} {word}", work));
        foreach (var contact in await site.Rows<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", reported.Report!))
        {
            Assert.Null(await site.Decides("ramsey", contact, d => d with { Decision = "no-further-action", Next = null, Reason = $"Nothing of {word}" }));
        }
        Assert.Superset(new HashSet<string> { "change", "look", "search", "report", "mention", "notice", "contact", "source_record", "index_line", "name_word" }, (await Holding(word)).ToHashSet());
        using (var manager = await site.SignedIn("khalid"))
        {
            Assert.Contains(word, await manager.GetStringAsync($"/children/{person}/looks", Stop));
        }
        await site.Sealed();
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromDays(36 * 366));
        foreach (var (number, asks, agrees) in new[] { (record, "verma", "khalid"), (await site.Row<Guid>("select source_record_id from mention where report_id = $1 and ordinal = 0", reported.Report!), "pemberton", "hewitt") })
        {
            var (asked, no) = await site.Works.As(site.Who(asks), "A test", work => Destroying.Ask(number, "Its time is over", work));
            Assert.Null(no);
            Assert.Null(await site.Works.As(site.Who(agrees), "A test", work => Destroying.Agree(asked!.Value, work)));
        }
        await site.TimeIs(Cluster.Usual);
        // Of each record, of the report and of whoever was told a tombstone stands.
        Assert.Equal(["notice", "record", "report"], await site.Rows<string>("select distinct what from tombstone order by 1"));
        Assert.True(await site.Row<bool>("select exists (select 1 from tombstone where what = 'notice' and to_agency = $1 and agreement_key is not null)", site.Agency("norton-stockton")));
        return new(word, "nobody", "destroyed", null);
    }

    /// <summary>The tables of which any row has this word anywhere.</summary>
    private Task<List<string>> Holding(string word) => site.Rows<string>("""
        select table_name::text from information_schema.tables
         where table_schema = 'public' and table_type = 'BASE TABLE' and query_to_xml(format('select 1 from %I x where x::text ilike %L limit 1', table_name, '%' || $1 || '%'), false, true, '')::text like '%<row%' order by 1
        """, word);

    /// <summary>Every e-mail that is owed now, sent and read again.</summary>
    private async Task<int> Mailed(SmtpServer smtp, IReadOnlyList<Planted> planted)
    {
        var sent = await site.Services.GetRequiredService<Mail>().Round(Stop);
        for (var i = 0; i < sent; i++)
        {
            var (_, text) = await smtp.Next();
            using var raw = new MemoryStream(Encoding.UTF8.GetBytes(text));
            using var mail = await MimeMessage.LoadAsync(raw, Stop);
            var said = $"{text} {mail.Subject} {mail.TextBody} {mail.HtmlBody}";
            Assert.Contains("Something waits", said);
            Assert.All(planted, p => Assert.DoesNotContain(p.Word, said, StringComparison.OrdinalIgnoreCase));
        }
        return sent;
    }

    [Fact]
    public async Task Nobody_reads_through_any_route_what_no_agreement_gives_their_agency()
    {
        await site.TimeIs(Cluster.Usual);
        await using var smtp = await SmtpServer.Start(site);
        await site.Administer("insert into team_address (id, agency_id, address) select id, agency_id, key || '@example.org' from team");
        List<Planted> planted =
        [
            await Reported("Quillonna", "tees-valley-police", "Norton", "TS20 2AB"), await Reported("Quilhart", "tees-valley-police", "Hartmoor", "TS26 8AA"), await Reported("Quilleven", "tees-valley-police", "Thornaby Mills", "TS17 6AA"),
            await Registered("Wexopen", "norton-stockton", "open"), await Registered("Wexrestr", "norton-stockton", "restricted"), await Registered("Wexseal", "norton-stockton", "sealed"), await Registered("Wexhart", "hartmoor", "open"),
            // Told to the wrong council, which is left with a reference and nothing else.
            await Reported("Quilwrong", "tees-valley-police", "Thornaby Mills", "TS17 6AA", "REF-CORRECTED"), await Reported("Quilright", "tees-valley-police", "Hartmoor", "TS26 8AA", "REF-CORRECTED", version: 2),
            .. await Moved(), await Destroyed("Vanished"),
        ];
        await site.Settle();
        var mails = await Mailed(smtp, planted);
        // Something of every kind: late, decided, under review, undelivered.
        await site.TimeIs(Cluster.Usual + NodaTime.Duration.FromHours(3));
        await site.Settle();
        // Some of every kind: as many of each as there are reports and records.
        var ids = await site.Rows<string>("""
            select id::text || ' ' || kind from (
                select id, kind, row_number() over (partition by kind order by id) as n from (
                    select id, 'report' as kind from report union select id, 'notice ' || (select key from agency where id = to_agency) from notice union select id, 'record' from source_record where number like 'Wex%'
                     union select l.person_id, 'known' from link l join source_record s on s.id = l.source_record_id where s.number like 'Wex%' union select l.person_id, 'reported' from link l join mention m on m.source_record_id = l.source_record_id where m.report_id is not null
                     union select id, 'clock ' || limit_key from clock union select id, 'contact' from contact union select id, 'item' from mailbox_item union select p.id, 'known' from possible_match p join source_record s on s.id = p.source_record_id where s.number like 'MOVED%' union select id, 'link' from link) x) y
             where n <= case when kind in ('report', 'known', 'record') or kind like 'notice%' then 7 else 2 end
            """);
        var kinds = ids.Select(line => line.Split(' ', 2)).GroupBy(line => line[1], line => line[0]).ToDictionary(kind => kind.Key, kind => kind.ToArray());
        var people = await People();
        var opens = new ConcurrentDictionary<(string Door, string Kind), bool>();
        var (asked, answered, leaks, read) = (0, 0, new ConcurrentBag<string>(), new ConcurrentDictionary<(string, string), bool>());
        var doors = await Doors(site.Services);
        Assert.True(doors.Count > 100, $"{doors.Count} doors only");
        var allowed = new Dictionary<string, HashSet<string>>();
        foreach (var who in people)
        {
            allowed[who.Key] = await Allowed(who, planted);
        }
        // One or two of every kind at every door; then all the others at each door that opened to anybody for one of that kind. Whoever's posts do not permit what is behind a door is turned away before any number is read: once shows it.
        await AskAll((door, permitted) => !door.Path.Contains('{') || !permitted ? [("", kinds["report"][0])] : kinds.SelectMany(kind => kind.Value.Take(First(kind.Value)).Select(id => (kind.Key, id))));
        await AskAll((door, permitted) => !door.Path.Contains('{') || !permitted ? [] : kinds.Where(kind => opens.ContainsKey((door.Path, kind.Key))).SelectMany(kind => kind.Value.Skip(First(kind.Value)).Select(id => (kind.Key, id))));

        static int First(string[] ids) => ids.Length > 2 ? 2 : 1;

        Task AskAll(Func<(string Method, string Path, string? Permit), bool, IEnumerable<(string Kind, string Id)>> numbers) => Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = Stop }, async (who, stop) =>
        {
            foreach (var door in doors.Where(d => who.IsSystem == d.Path.StartsWith("/api")))
            {
                var permitted = door.Permit is null || who.Permits.Contains(door.Permit);
                foreach (var (kind, id) in numbers(door, permitted))
                {
                    await Ask(who, door.Method, door.Path, kind, Parameter().Replace(door.Path, id), permitted, stop);
                }
            }
        });

        async Task Ask(Somebody who, string method, string door, string kind, string path, bool permitted, CancellationToken stop)
        {
            using var request = new HttpRequestMessage(new(method), path);
            if (method != "GET")
            {
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            }
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using var answer = await who.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            Interlocked.Increment(ref asked);
            if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                return;
            }
            var said = $"{answer.Headers} {answer.Content.Headers} {await answer.Content.ReadAsStringAsync(stop)}";
            Assert.True((int)answer.StatusCode < 500, $"{method} {path} as {who.Key}: {answer.StatusCode}");
            Assert.True(permitted || answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{method} {path} as {who.Key}, whose posts do not permit it: {answer.StatusCode}");
            if (answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref answered);
                opens[(door, kind)] = true;
            }
            foreach (var p in planted.Where(p => said.Contains(p.Word, StringComparison.OrdinalIgnoreCase)))
            {
                read[(who.Agency, p.Word)] = true;
                if (!allowed[who.Key].Contains(p.Word))
                {
                    leaks.Add($"{who.Role} of {who.Agency} reads {p.Word} at {method} {Number().Replace(path, "{id}")}");
                }
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{doors.Count} doors, {people.Count} people and systems of {people.Select(p => p.Role).Distinct().Count()} roles, {asked} asked, {answered} answered, {mails += await Mailed(smtp, planted)} e-mails");
        Assert.Empty(leaks.Distinct().Order());
        Assert.True(await site.Row<bool>("select bool_or(withdrawn_at is not null) and bool_or(kind = 'withdrawal') from notice where to_agency = $1", site.Agency("levenside")), "Nothing was withdrawn");
        Assert.True(mails > 0, "No e-mail was sent");
        // What two destroyed stands in no row and in no export, whoever asks.
        Assert.Empty(await Holding("Vanished"));
        await using (var connection = await site.Databases.Owner.OpenConnectionAsync(Stop))
        {
            using var export = new StringWriter();
            await Verify.Export(connection, export);
            Assert.All(planted, p => Assert.DoesNotContain(p.Word, export.ToString(), StringComparison.OrdinalIgnoreCase));
        }
        // What may be read is: the test would see a word if it were there.
        foreach (var (agency, word) in new[] { ("norton-stockton", "Quillonna"), ("hartmoor", "Quilhart"), ("levenside", "Quilleven"), ("tees-valley-police", "Quilhart"), ("norton-stockton", "Wexopen"), ("hartmoor", "Wexhart"), ("hartmoor", "Quilmoved"), ("norton-stockton", "Quilnear") })
        {
            Assert.True(read.ContainsKey((agency, word)), $"{agency} read nothing of {word} anywhere");
        }
    }

    /// <summary>One of every role at every agency, and every agency's system.</summary>
    private async Task<List<Somebody>> People()
    {
        var keys = await site.Rows<string>("""
            select distinct on (a.key, o.role) p.key || ' ' || a.key || ' ' || o.role || ' ' || r.reach from practitioner p join agency a on a.id = p.agency_id join post o on o.practitioner_id = p.id and o.during @> heed_now() join role r on r.key = o.role
             where not p.is_system and p.during @> heed_now() and a.key in ('tees-valley-police', 'norton-stockton', 'hartmoor', 'levenside') or r.key in ('partnership-manager', 'inspector', 'vetting-clerk', 'safeguarding-lead', 'health-practitioner') and p.during @> heed_now()
             order by a.key, o.role, p.key
            """);
        var people = new List<Somebody>();
        foreach (var line in keys.Select(k => k.Split(' ')))
        {
            await site.Administer("update practitioner set can_sign_in = true where key = $1", line[0]);
            people.Add(new(line[0], line[1], line[2], line[3], await site.SignedIn(line[0]), await Permits(line[0]), false));
        }
        foreach (var agency in new[] { "tees-valley-police", "norton-stockton", "hartmoor", "levenside" })
        {
            people.Add(new($"{agency}/system", agency, "system", "agency", site.System(agency), await Permits($"{agency}/system"), true));
        }
        return people;

        Task<List<string>> Permits(string key) => site.Rows<string>("select distinct unnest(r.permits) from practitioner p join post o on o.practitioner_id = p.id and o.during @> heed_now() join role r on r.key = o.role where p.key = $1", key);
    }

    /// <summary>By the agreements: an agency reads what it sent, what a notice that stands shows it, and its own records as their tier says; a role without reach reads nothing of anybody.</summary>
    private async Task<HashSet<string>> Allowed(Somebody who, List<Planted> planted)
    {
        var may = new HashSet<string>();
        foreach (var p in who.Reach == "none" ? [] : planted)
        {
            var own = p.Owner == who.Agency && p.Tier == "open";
            if (own || p.Report is { } report && await site.Row<bool>("select exists (select 1 from notice where report_id = $1 and to_agency = $2 and kind <> 'withdrawal' and withheld_because is null and withdrawn_at is null)", report, site.Agency(who.Agency)))
            {
                may.Add(p.Word);
            }
        }
        return may;
    }

    /// <summary>Every route, and the permit that it asks for; null where it is open to all.</summary>
    internal static async Task<List<(string Method, string Path, string? Permit)>> Doors(IServiceProvider services)
    {
        var doors = new List<(string, string, string?)>();
        foreach (var route in services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().DistinctBy(r => (r.RoutePattern.RawText, string.Join(',', r.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))))
        {
            var path = "/" + route.RoutePattern.RawText!.TrimStart('/');
            if (path.StartsWith("/sign-") || path.StartsWith("/assets") || path.Contains("{*") || path.Contains("openapi") || path.Contains("api-reference"))
            {
                continue;
            }
            var page = route.Metadata.GetMetadata<PageActionDescriptor>() is { } described ? await services.GetRequiredService<PageLoader>().LoadAsync(described, route.Metadata) : null;
            var permit = page is null ? route.Metadata.GetMetadata<PermitAttribute>()
                : page.HandlerMethods.FirstOrDefault(h => h.HttpMethod == "Get")?.MethodInfo.GetCustomAttribute<PermitAttribute>() ?? page.ModelTypeInfo!.GetCustomAttribute<PermitAttribute>();
            doors.AddRange((route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method, path, permit?.Name)));
        }
        return doors;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    internal static partial Regex Parameter();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Number();
}
