using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Heed.Site.People;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Access;

/// <summary>
/// A restricted and a sealed record of a council's register, and nobody at all, tried through every door. Of what is sealed each answer is that which nobody's would be, to whoever is not on its list:
/// in its status, its headers and its words, but for the words that were brought to the door. Of what is restricted there is no word of what it says.
/// </summary>
public sealed partial class DoorTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private const string Map = "id=number,given=forename,family=surname,aliases=alias,born=dob,nhs=nhs,address=house,locality=town,postcode=postcode";

    /// <param name="Given">Given, family and born are what somebody at the door may know; the rest is the record's alone.</param>
    private sealed record Subject(string Tier, string Given, string Family, string Born, string Number, string Nhs, string Alias, string House, string Town, string Postcode)
    {
        public string Row => $"{Number},{Given},{Family},{Alias},{Born},{Nhs},{House},{Town},{Postcode}\n";

        public string[] Own => [Number, Nhs, Alias, House, Town];

        public Guid Record { get; set; }

        public Guid Person { get; set; }
    }

    // Names that are like no others': what is near to one of them would be found for that one alone.
    private readonly Subject _sealed = new("sealed", "Perpetua", "Nightjarholt", "2014-02-19", "QX-771", "4010232137", "Zebedeecanary", "41 Canarybird Row", "Canarytown", "TS20 9ZZ");
    private readonly Subject _restricted = new("restricted", "Ermintrude", "Finchwharf", "2013-07-23", "VZ-662", "9434765919", "Dougalcanary", "17 Finchbird Row", "Finchtown", "TS20 9YY");
    private readonly Subject _nobody = new("nobody", "Thomasina", "Sparrowgate", "2014-03-19", "WJ-553", "9434765870", "Briancanary", "23 Sparrowbird Row", "Sparrowtown", "TS20 9XX");

    /// <summary>A partner whom nothing of it concerns (three of them), a worker and a manager of the council whose record it is.</summary>
    public static TheoryData<string> Outside => ["thirlwell", "holroyd", "sharma", "mensah", "ramsey", "khalid"];

    public async ValueTask InitializeAsync()
    {
        if (await site.Row<long>("select count(*) from import") == 0)
        {
            await Keep(_sealed, _restricted);
            foreach (var s in new[] { _sealed, _restricted })
            {
                await site.Administer("insert into reader (source_record_id, practitioner_id, reason) select id, $2, 'Needs to know' from source_record where number = $1", s.Number, site.Practitioner("whelan"));
                await site.Administer("insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during) select gen_random_uuid(), id, $2, $3, $4, tstzrange(heed_now() - interval '9 days', null) from source_record where number = $1",
                    s.Number, site.Agency("norton-stockton"), site.Practitioner("whelan"), site.Team("norton-stockton-front-door"));
            }
        }
        foreach (var s in new[] { _sealed, _restricted })
        {
            s.Record = await site.Row<Guid>("select id from source_record where number = $1", s.Number);
            s.Person = await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", s.Record);
        }
        (_nobody.Record, _nobody.Person) = (Guid.CreateVersion7(), Guid.CreateVersion7());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Of a council's register, with their tiers.</summary>
    private async Task Keep(params Subject[] subjects)
    {
        var register = site.Services.GetRequiredService<Register>();
        var (kept, wrong) = await register.Keep(new("register.csv", Encoding.UTF8.GetBytes("number,forename,surname,alias,dob,nhs,house,town,postcode\n" + string.Concat(subjects.Select(s => s.Row))), "norton-stockton", Map));
        Assert.Null(wrong);
        await register.Resolve(kept!.Import);
        foreach (var s in subjects)
        {
            await site.Administer($"update source_record set tier = '{s.Tier}', tier_reason = 'Canaryreason' where number = $1", s.Number);
        }
    }

    [GeneratedRegex("z?[0-9a-f]{31,32}(?![0-9a-f])|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|CfDJ8[A-Za-z0-9_-]+|nonce-?=?\"?[A-Za-z0-9+/=]+|[0-9a-f]{64}|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}|\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|\\d\\d:\\d\\d(:\\d\\d)?")]
    private static partial Regex Passing();

    /// <summary>What an answer gives away: its status, the names of its headers, where it sends and all its words, without what changes from one asking to the next and what was brought to the door.</summary>
    private static async Task<string> Gives(HttpResponseMessage answer, Subject subject)
    {
        var text = $"{(int)answer.StatusCode} {string.Join(' ', answer.Headers.Concat(answer.Content.Headers).Select(h => h.Key).Order())} {answer.Headers.Location}\n{await answer.Content.ReadAsStringAsync()}";
        return Plain(text, subject);
    }

    private static string Plain(string text, Subject subject)
    {
        foreach (var (word, place) in new[] { (subject.Given, "given"), (subject.Family, "family"), (subject.Number, "number"), (subject.Nhs, "nhs"), (subject.Postcode, "postcode"), (subject.Born, "born"), (InWords(subject.Born), "born") })
        {
            text = Regex.Replace(text, Regex.Escape(word), place, RegexOptions.IgnoreCase);
        }
        return Passing().Replace(Regex.Replace(text, $"(DOOR|FILE)-{subject.Tier}", "$1"), "*");

        static string InWords(string day) => NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value.ToString("d MMMM uuuu", System.Globalization.CultureInfo.GetCultureInfo("en-GB"));
    }

    private Task<long> Alerts() => site.Row<long>("select count(*) from alert where source_record_id = $1", _sealed.Record);

    private static string Report(string reference, Subject subject) => TestSite.Report(reference, r =>
    {
        var child = r["people"]![0]!.AsObject();
        (child["givenNames"], child["familyName"], child["born"]) = (subject.Given, subject.Family, subject.Born);
        child["identifiers"] = new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = subject.Nhs });
        // Nobody and nothing in common with the other reports: what differs is the record that is kept from sight.
        child["addresses"]![0]!["lines"]![0] = $"3 {subject.Given} Street";
        child.Remove("school");
        child.Remove("relationships");
        r["people"]!.AsArray().RemoveAt(1);
    });

    [Theory, MemberData(nameof(Outside))]
    public async Task No_page_of_a_sealed_record_is_there_and_its_owner_hears_of_whoever_tried(string who)
    {
        using var client = await site.SignedIn(who);
        var link = await site.Row<Guid>("select id from link where source_record_id = $1 and undone_at is null", _sealed.Record);
        foreach (var (door, there) in new[]
        {
            ("/children/{0}", _sealed.Person), ("/children/{0}", _sealed.Record), ("/links/{0}", link), ("/matches/{0}", _sealed.Record), ("/notices/{0}", _sealed.Person), ("/notices/{0}/decide", _sealed.Record),
            ("/reports/{0}", _sealed.Record), ("/assessments/{0}", _sealed.Person), ("/desk/{0}", _sealed.Record), ("/search/{0}", _sealed.Person), ("/files/{0}", _sealed.Record),
        })
        {
            using var none = await client.GetAsync(string.Format(null, door, Guid.CreateVersion7()), TestContext.Current.CancellationToken);
            var before = await Alerts();
            using var shut = await client.GetAsync(string.Format(null, door, there), TestContext.Current.CancellationToken);
            Assert.True(shut.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden, $"{door}: {shut.StatusCode}");
            Assert.Equal(await Gives(none, _nobody), await Gives(shut, _sealed));
            if (shut.StatusCode == HttpStatusCode.NotFound && door is "/children/{0}" or "/links/{0}")
            {
                Assert.Equal(before + 1, await Alerts());
            }
        }
    }

    [Theory]
    [InlineData("tees-valley-police")]
    [InlineData("levenside")]
    [InlineData("norton-stockton")]
    public async Task No_API_has_a_sealed_record(string agency)
    {
        using var system = site.System(agency);
        foreach (var door in new[] { "/api/people/{0}", "/api/notices/{0}", "/api/notices/{0}/decision", "/api/reports/{0}", "/api/clocks/{0}", "/api/files/{0}" })
        {
            foreach (var there in new[] { _sealed.Person, _sealed.Record })
            {
                using var none = await system.GetAsync(string.Format(null, door, Guid.CreateVersion7()), TestContext.Current.CancellationToken);
                using var shut = await system.GetAsync(string.Format(null, door, there), TestContext.Current.CancellationToken);
                Assert.Equal(await Gives(none, _nobody), await Gives(shut, _sealed));
            }
        }
    }

    private static IEnumerable<string> Terms(Subject s) => [s.Family, $"{s.Given} {s.Family}", $"{s.Given} {s.Family} {s.Born}", $"{s.Given} {s.Family} 2014", s.Number, s.Nhs, $"{s.Family} {s.Postcode}", s.Postcode];

    [Theory, MemberData(nameof(Outside))]
    public async Task Searching_finds_of_a_sealed_record_what_it_finds_of_nobody_and_of_a_restricted_one_only_that_it_is_there(string who)
    {
        using var client = await site.SignedIn(who);
        foreach (var (sought, nobody, hushed) in Terms(_sealed).Zip(Terms(_nobody), Terms(_restricted)))
        {
            Assert.Equal(await Page(nobody, _nobody), await Page(sought, _sealed));
            await Page(hushed, _restricted);
        }

        async Task<string> Page(string terms, Subject subject)
        {
            using var sent = await TestSite.Post(client, "/search", ("Terms", terms));
            var first = await Gives(sent, subject);
            if (sent.Headers.Location is not { } there)
            {
                return first;
            }
            using var page = await client.GetAsync(there, TestContext.Current.CancellationToken);
            // Number and NHS number were brought along; what else the record says was not.
            Says(subject, await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), $"{who} searching", terms);
            return Brought(terms, first + await Gives(page, subject));
        }

        static string Brought(string terms, string text) => text.Replace(terms, "terms", StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("tees-valley-police")]
    [InlineData("norton-stockton")]
    public async Task Searching_by_API_is_no_other_door(string agency)
    {
        using var system = site.System(agency);
        foreach (var (sought, nobody) in Terms(_sealed).Zip(Terms(_nobody)))
        {
            using var none = await system.PostAsJsonAsync("/api/searches", new { terms = nobody }, TestContext.Current.CancellationToken);
            using var shut = await system.PostAsJsonAsync("/api/searches", new { terms = sought }, TestContext.Current.CancellationToken);
            Assert.Equal(await Gives(none, _nobody), await Gives(shut, _sealed));
        }
    }

    /// <summary>What a record alone says stands in no answer, unless it was brought to the door.</summary>
    private static void Says(Subject subject, string text, string where, string brought = "") => Assert.All(subject.Own.Append("Canaryreason").Where(w => !brought.Contains(w, StringComparison.Ordinal)),
        word => Assert.False(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"{where}: \"{word}\""));

    [Fact]
    public async Task A_report_that_names_whom_a_council_has_sealed_goes_its_way_as_one_of_a_stranger_and_of_whom_it_restricts_says_no_more_than_it_brought()
    {
        var before = await Alerts();
        var about = new Dictionary<Subject, Guid>();
        foreach (var s in new[] { _nobody, _sealed, _restricted })
        {
            about[s] = await site.Received(Report($"DOOR-{s.Tier}", s));
            await site.Settle();
        }
        Assert.True(await Alerts() > before, "The owner of the sealed record does not hear that a report seems to be about it");
        using var police = await site.SignedIn("thirlwell");
        using var worker = await site.SignedIn("ramsey");
        using var manager = await site.SignedIn("khalid");
        using var system = site.System("tees-valley-police");
        var person = new Dictionary<Subject, Guid>();
        var notice = new Dictionary<Subject, Guid>();
        foreach (var (s, report) in about)
        {
            person[s] = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1 and m.ordinal = 0", report);
            notice[s] = await site.NoticeTo("norton-stockton", report);
        }
        Assert.NotEqual(_sealed.Person, person[_sealed]);
        foreach (var (client, door, ids) in new[]
        {
            (system, "/api/reports/{0}", about), (system, "/api/people/{0}", person), (police, "/reports/{0}", about), (police, "/children/{0}", person), (police, "/desk/{0}", about),
            (worker, "/notices/{0}", notice), (worker, "/notices/{0}/decide", notice), (worker, "/children/{0}", person), (manager, "/notices/{0}", notice), (manager, "/notices/{0}/decide", notice), (manager, "/children/{0}", person),
        })
        {
            var given = new Dictionary<Subject, string>();
            foreach (var s in ids.Keys)
            {
                using var answer = await client.GetAsync(string.Format(null, door, ids[s]), TestContext.Current.CancellationToken);
                Says(s, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), door, s.Nhs);
                given[s] = await Gives(answer, s);
            }
            Assert.Equal(given[_nobody], given[_sealed]);
        }
        foreach (var (client, door) in new[] { (worker, "/"), (manager, "/"), (worker, "/matches"), (manager, "/matches"), (police, "/matches"), (worker, "/mistakes"), (manager, "/mistakes"), (police, "/reports"), (police, "/desk"), (manager, "/clocks"), (manager, "/looks") })
        {
            var text = await client.GetStringAsync(door, TestContext.Current.CancellationToken);
            Says(_sealed, text, door, _sealed.Nhs);
            Says(_restricted, text, door, _restricted.Nhs);
        }
        // Who may join two records comes to the sealed one by no match, and no list counts one.
        foreach (var who in new[] { "ramsey", "khalid", "thirlwell" })
        {
            Assert.Equal(0, await site.Works.As(site.Who(who), "A test", work => work.One<long>($"select count(*) from possible_match where {_sealed.Record} in (source_record_id, other_id)")));
        }
    }

    [Fact]
    public async Task A_file_of_incidents_that_names_them_is_answered_as_any_file_is()
    {
        var given = new Dictionary<Subject, string>();
        foreach (var s in new[] { _nobody, _sealed, _restricted })
        {
            using var content = new StringContent($"Incident No,Incident type,Date,Time,Summary,Grade,Postcode,Role,Forename,Surname,DOB,NHS number\nFILE-{s.Tier},Domestic Abuse,18/11/2026,11:40,Shouting,Medium,TS20 2AB,child,{s.Given},{s.Family},{s.Born},{s.Nhs}\nFILE-{s.Tier}-b,burglary,,,x,,,child,{s.Given},{s.Family},{s.Born},{s.Nhs}\n", Encoding.UTF8, "text/csv");
            using var police = site.System("tees-valley-police");
            using var answer = await police.PostAsync("/api/files", content, TestContext.Current.CancellationToken);
            var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("import").GetProperty("id").GetGuid();
            await site.Settle();
            var all = await Gives(answer, s);
            foreach (var door in new[] { $"/api/files/{id}", $"/api/files/{id}/refused" })
            {
                using var then = await police.GetAsync(door, TestContext.Current.CancellationToken);
                Says(s, await then.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), door, s.Nhs);
                all += await Gives(then, s);
            }
            given[s] = all;
        }
        Assert.Equal(given[_nobody], given[_sealed]);
        Assert.Equal(given[_nobody], given[_restricted]);
    }

    [Fact]
    public async Task Another_agencys_register_that_names_them_is_told_the_same_of_whom_nobody_holds()
    {
        var register = site.Services.GetRequiredService<Register>();
        var told = new Dictionary<Subject, string>();
        foreach (var s in new[] { _nobody, _sealed })
        {
            var (kept, wrong) = await register.Keep(new("theirs.csv", Encoding.UTF8.GetBytes($"number,forename,surname,alias,dob,nhs,house,town,postcode\nLV-{s.Number},{s.Given},{s.Family},,{s.Born},{s.Nhs},1 {s.Given} Street,Thornaby,TS17 1AA\n"), "levenside", Map));
            Assert.Null(wrong);
            var summary = await register.Resolve(kept!.Import);
            var person = await site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.import_id = $1", kept.Import);
            using var theirs = site.System("levenside");
            using var page = await theirs.GetAsync($"/api/people/{person}", TestContext.Current.CancellationToken);
            Says(s, await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), "their own record", $"LV-{s.Number} {s.Nhs}");
            told[s] = $"{summary.Linked} {summary.New} {await Gives(page, s)}";
        }
        Assert.Equal(told[_nobody], told[_sealed]);
    }

    [Fact]
    public async Task The_officers_form_offers_nobody_whom_the_force_itself_has_sealed_or_restricted()
    {
        var register = site.Services.GetRequiredService<Register>();
        var (kept, _) = await register.Keep(new("force.csv", Encoding.UTF8.GetBytes("number,forename,surname,alias,dob,nhs,house,town,postcode\nPC-SEALED,Hepzibah,Lockedaway,,2014-02-19,,8 Hushbird Row,Hushtown,TS20 9WW\nPC-RESTR,Hepzibah,Nearlylocked,,2014-02-19,,9 Hushbird Row,Hushtown,TS20 9WW\nPC-OPEN,Hepzibah,Notlocked,,2014-02-19,,7 Openbird Row,Opentown,TS20 9WW\n"), "tees-valley-police", Map));
        await register.Resolve(kept!.Import);
        foreach (var (number, tier) in new[] { ("PC-SEALED", "sealed"), ("PC-RESTR", "restricted") })
        {
            await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'Canaryreason' where number = $1", number);
        }
        using var desk = await site.SignedIn("thirlwell");
        var draft = (await TestSite.Post(desk, "/reports/drafts")).Headers.Location!.ToString().Replace("/what", "", StringComparison.Ordinal);
        Assert.Contains("PC-OPEN", await Offered("Notlocked"));
        Assert.Equal(await Offered("Nonesuch"), await Offered("Lockedaway"));
        Assert.Equal(await Offered("Nonesuch"), await Offered("Nearlylocked"));
        // Whoever writes the number into the form by hand gets nothing for it.
        var chosen = await (await TestSite.Post(desk, $"{draft}/people/p1?child=true", ("Person.GivenNames", "Hepzibah"), ("Person.Unborn", "false"), ("Choose", "PC-SEALED"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Hushbird", chosen, StringComparison.OrdinalIgnoreCase);

        async Task<string> Offered(string family)
        {
            var page = await (await TestSite.Post(desk, $"{draft}/people/p1?child=true", ("Person.GivenNames", "Hepzibah"), ("Person.FamilyName", family), ("Person.Unborn", "false"), ("Do", "find"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new HtmlParser().ParseDocument(page).QuerySelector("#known")?.TextContent.Replace(family, "family", StringComparison.Ordinal) ?? "";
        }
    }

    [Fact]
    public async Task Whose_work_it_is_finds_and_opens_both()
    {
        using var owner = await site.SignedIn("whelan");
        foreach (var s in new[] { _sealed, _restricted })
        {
            var before = await Alerts();
            var sent = await TestSite.Post(owner, "/search", ("Terms", $"{s.Given} {s.Family} {s.Born}"));
            Assert.Contains(s.Person.ToString(), await owner.GetStringAsync(sent.Headers.Location, TestContext.Current.CancellationToken));
            Assert.Contains(s.House, await owner.GetStringAsync($"/children/{s.Person}", TestContext.Current.CancellationToken));
            Assert.Equal(before, await Alerts());
        }
    }

    [Theory, MemberData(nameof(Outside))]
    public async Task A_restricted_record_is_not_found_by_less_than_says_who_it_is(string who)
    {
        // Of whom no other test sends a report: with one, the council would find the child by that.
        var alone = new Subject("restricted", "Clementina", "Wagtailmere", "2012-05-17", "AL-441", "", "Harriercanary", "31 Wagtailbird Row", "Wagtailtown", "TS20 9VV");
        await Keep(alone);
        using var client = await site.SignedIn(who);
        foreach (var (terms, enough) in new[]
        {
            (alone.Family, false), ($"{alone.Given} {alone.Family}", false), ($"{alone.Family} {alone.Postcode}", false), ($"{alone.Given} {alone.Family} 1999", false), (alone.Postcode, false),
            ($"{alone.Given} {alone.Family} {alone.Born}", true), (alone.Number, true),
        })
        {
            using var sent = await TestSite.Post(client, "/search", ("Terms", terms));
            // That it is there at all is its own council's to know.
            Assert.True((await client.GetStringAsync(sent.Headers.Location, TestContext.Current.CancellationToken)).Contains("A restricted record at", StringComparison.Ordinal) == (enough && who is ("ramsey" or "khalid")), $"{who}: {terms}");
        }
    }

    [Fact]
    public async Task The_live_bar_counts_no_notice_that_may_not_be_opened_and_says_nothing_of_what_is_not_there()
    {
        async Task<string> First(HttpClient client, string door)
        {
            using var page = new StreamReader(await client.GetStreamAsync(door, TestContext.Current.CancellationToken));
            while (await page.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.StartsWith("data:", StringComparison.Ordinal))
                {
                    return line;
                }
            }
            return "nothing";
        }
        // Of whom no other test reads or sends anything.
        var (anyone, quiet) = (_nobody with { Given = "Philippa", Family = "Starlingford", Born = "2012-10-03", Nhs = "4000000209" }, new Subject("restricted", "Georgiana", "Plovercombe", "2011-12-05", "LB-331", "4000000217", "Weatherbycanary", "5 Ploverbird Row", "Plovertown", "TS20 9UU"));
        await Keep(quiet);
        const string Bar = "/live/worklist?since=2026-01-01T00:00:00Z";
        using var worker = await site.SignedIn("ramsey");
        using var manager = await site.SignedIn("whelan");
        using var police = await site.SignedIn("thirlwell");
        static int Count(string data) => JsonDocument.Parse(data["data:".Length..]).RootElement.GetProperty("count").GetInt32();
        var (before, managers) = (Count(await First(worker, Bar)), Count(await First(manager, Bar)));
        var open = await site.Received(Report("LIVE-open", anyone));
        await site.Settle();
        Assert.Equal((before + 1, managers + 1), (Count(await First(worker, Bar)), Count(await First(manager, Bar))));
        var hushed = await site.Received(Report("LIVE-restricted", quiet));
        await site.Settle();
        Assert.Equal("restricted", await site.Row<string>("select tier from notice where id = $1", await site.NoticeTo("norton-stockton", hushed)));
        Assert.Equal((before + 1, managers + 2), (Count(await First(worker, Bar)), Count(await First(manager, Bar))));
        // A correction of what she may not open is no news to her.
        var again = JsonNode.Parse(Report("LIVE-restricted", quiet))!.AsObject();
        (again["version"], again["supersedes"], again["supersessionReason"]) = (2, 1, "The grade was wrong");
        await site.Received(again.ToJsonString());
        await site.Settle();
        var none = await First(worker, $"/live/notices/{Guid.CreateVersion7()}");
        Assert.Equal(none, await First(worker, $"/live/notices/{await site.NoticeTo("norton-stockton", hushed)}"));
        Assert.NotEqual(none, await First(manager, $"/live/notices/{await site.NoticeTo("norton-stockton", hushed)}"));
        Assert.Equal(await First(police, $"/live/reports/{Guid.CreateVersion7()}"), await First(police, $"/live/reports/{_sealed.Record}"));
        Assert.NotEqual(await First(police, $"/live/reports/{Guid.CreateVersion7()}"), await First(police, $"/live/reports/{open}"));
    }
}
