using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Emergency;
using Heed.Site.People;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Emergency;

/// <summary>A council's restricted record of a child whom the police know too: opened for an hour by a detective, seen by its owner, reviewed by somebody else.</summary>
public sealed class EmergencyTests(TestSite site) : IClassFixture<TestSite>
{
    /// <summary>A child of the council's register and of a police report, with the register's record at this tier. The place is one of the record's own.</summary>
    private async Task<(Guid Person, Guid Record)> Child(string name, string nhs, string tier, string? sensitivity = null)
    {
        await site.TimeIs(Cluster.Usual);
        var register = site.Services.GetRequiredService<Register>();
        var (kept, wrong) = await register.Keep(new($"{name}.csv", Encoding.UTF8.GetBytes($"number,forename,surname,dob,nhs,house,postcode\nN-{name},Emergence,{name},2015-03-09,{nhs},9 {name}canary Lane,TS20 9ZZ\n"), "norton-stockton", "id=number,given=forename,family=surname,born=dob,nhs=nhs,address=house,postcode=postcode"));
        Assert.Null(wrong);
        await register.Resolve(kept!.Import);
        var record = await site.Row<Guid>("select id from source_record where number = $1", $"N-{name}");
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'A test' where id = $1 and $2 <> 'open'", record, tier);
        if (sensitivity is not null)
        {
            await site.Administer("update mention set address_sensitivity = $2 where source_record_id = $1", record, sensitivity);
        }
        await site.Received(TestSite.Report($"E/{name}", r =>
        {
            var child = r["people"]![0]!.AsObject();
            (child["givenNames"], child["familyName"], child["born"]) = ("Emergence", name, "2015-03-09");
            child["identifiers"] = new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = nhs });
            child.Remove("school");
        }));
        await site.Settle();
        return (await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", record), record);
    }

    private Task<(Guid? Child, Refusal? No)> Opens(string who, Guid child, int? hit = null, bool proved = true, string? why = "danger", string? words = "He is at the door") =>
        site.Works.As(site.Who(who), "A test", work => Open.Handle(new(child, hit, why, words, proved), work, site.Bodies));

    private Task<bool> Sees(string who, Guid record) => site.Works.As(site.Who(who), "A test", work => work.One<bool>($"select exists (select 1 from source_record where id = {record})"));

    private Task<Refusal?> Reviews(string who, Guid id, bool? justified = true, string? words = "The child was at risk that night") => site.Works.As(site.Who(who), "A test", work => Review.Handle(new(id, justified, words), work));

    private Task<Guid> Of(Guid child) => site.Row<Guid>("select id from emergency_access where person_id = $1", child);

    private async Task<HttpClient> Proved(string who, Guid child)
    {
        var client = await site.SignedIn(who);
        var again = $"/sign-in/again?purpose={Uri.EscapeDataString(Open.Purpose(child, null))}&then={Uri.EscapeDataString($"/emergency-access/child/{child}")}";
        Assert.Equal($"/emergency-access/child/{child}", (await TestSite.Post(client, again)).Headers.Location?.ToString());
        return client;
    }

    [Fact]
    public async Task A_detective_proves_who_they_are_says_why_and_has_the_child_for_an_hour()
    {
        var (child, record) = await Child("Alderway", "9434765919", "restricted");
        using var detective = await site.SignedIn("holroyd");
        var page = await detective.GetStringAsync($"/children/{child}");
        Assert.Contains("holds something restricted", page);
        Assert.Contains($"/emergency-access/child/{child}", page);
        Assert.DoesNotContain("Alderwaycanary", page);
        Assert.Contains("moj-interruption-card", await detective.GetStringAsync($"/emergency-access/child/{child}"));

        using var proved = await Proved("holroyd", child);
        var opened = await TestSite.Post(proved, $"/emergency-access/child/{child}", ("Why", "danger"), ("Words", "The father is at the door with a knife"));
        Assert.Equal($"/children/{child}", opened.Headers.Location?.ToString());
        page = await proved.GetStringAsync($"/children/{child}");
        Assert.Contains("Alderwaycanary", page);
        Assert.Contains("You have this open in an emergency", page);
        // Nobody else of the force has it.
        Assert.False(await Sees("gilchrist", record));
        // Once more is a conflict and no "not there"; the page before it leads to what is open.
        Assert.Equal(No.Conflict, (await Opens("holroyd", child)).No!.Kind);
        Assert.Equal($"/children/{child}", (await proved.GetAsync($"/emergency-access/child/{child}")).Headers.Location?.ToString());

        var id = await Of(child);
        Assert.Equal(1, await site.Row<long>("select count(*) from look where emergency_id = $1 and $2 = any (records) and owners @> array[$3]::uuid[]", id, record, site.Agency("norton-stockton")));
        Assert.Equal(site.Team("norton-stockton-information"), await site.Row<Guid>("select team_id from mailbox_item where subject_id = $1 and agency_id = $2", id, site.Agency("norton-stockton")));
        Assert.Equal(Instant.FromUtc(2026, 11, 26, 0, 0), await site.Row<Instant>("select c.due_at from clock c join emergency_access e on e.clock_id = c.id where e.id = $1", id));

        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(59));
        Assert.True(await Sees("holroyd", record));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(61));
        Assert.False(await Sees("holroyd", record));
        Assert.DoesNotContain("Alderwaycanary", await proved.GetStringAsync($"/children/{child}"));
        Assert.True(await site.Services.GetRequiredService<Lapse>().Round() > 0);
        Assert.Equal("lapsed", await site.Row<string>("select ended_how from emergency_access where id = $1 and ended_at = until", id));
        Assert.Equal(1, await site.Row<long>("select count(*) from change where on_table = 'emergency_access' and row_id = $1", id));
    }

    [Fact]
    public async Task What_a_search_says_is_not_ours_to_open_is_opened_by_its_place_in_that_search_and_by_no_id()
    {
        var (child, record) = await Child("Birchmoor", "9434765870", "restricted");
        var found = await site.Works.As(site.Who("ramsey"), "A test", async work => (await Search.Handle("Emergence Birchmoor 2015-03-09", work)).Item1!);
        var hit = Assert.Single(found.Hits, h => h.Held is not null);
        Assert.Null(hit.Given);
        Assert.Equal(No.NotFound, (await Opens("ramsey", record)).No!.Kind);
        // Another's search, and a place that is not in it.
        Assert.Equal(No.NotFound, (await Opens("bielecki", found.Id, hit.Held)).No!.Kind);
        Assert.Equal(No.NotFound, (await Opens("ramsey", found.Id, 99)).No!.Kind);
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(61));
        Assert.Equal(No.NotFound, (await Opens("ramsey", found.Id, hit.Held)).No!.Kind);
        await site.TimeIs(Cluster.Usual);
        Assert.Equal(child, (await Opens("ramsey", found.Id, hit.Held)).Child);
        Assert.True(await Sees("ramsey", record));
    }

    [Fact]
    public async Task What_is_sealed_is_not_there_to_be_opened()
    {
        var (child, record) = await Child("Cedarhulme", "4010232137", "sealed");
        using var detective = await site.SignedIn("holroyd");
        var reported = await site.Row<Guid>("select l.person_id from report r join mention m on m.report_id = r.id and m.ordinal = 0 join link l on l.source_record_id = m.source_record_id and l.undone_at is null where r.reference = 'E/Cedarhulme'");
        Assert.DoesNotContain("emergency-access/child", await detective.GetStringAsync($"/children/{reported}"));
        var nobody = await detective.GetAsync($"/emergency-access/child/{Guid.CreateVersion7()}");
        var hidden = await detective.GetAsync($"/emergency-access/child/{record}");
        var known = await detective.GetAsync($"/emergency-access/child/{reported}");
        var whose = await detective.GetAsync($"/emergency-access/child/{child}");
        Assert.All([nobody, hidden, known, whose], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal(2, await site.Row<long>("select count(*) from alert where source_record_id = $1 and what = 'Somebody tried to open a sealed record'", record));
        Assert.Equal((No.NotFound, No.NotFound), ((await Opens("holroyd", child)).No!.Kind, (await Opens("holroyd", reported)).No!.Kind));

        // Sealed while it is open: closed at once.
        var (other, restricted) = await Child("Dogwoodly", "9434765803", "restricted");
        Assert.Equal(other, (await Opens("holroyd", other)).Child);
        Assert.True(await Sees("holroyd", restricted));
        await site.Administer("update source_record set tier = 'sealed' where id = $1", restricted);
        Assert.False(await Sees("holroyd", restricted));
    }

    [Fact]
    public async Task Of_a_child_of_whom_something_is_sealed_too_the_rest_is_opened_and_who_sealed_it_hears_nothing()
    {
        var (child, record) = await Child("Hawthorne", "4000000225", "restricted");
        var theirs = await site.Received(TestSite.Report("E/Hawthorne-b", r =>
        {
            var same = r["people"]![0]!.AsObject();
            (same["givenNames"], same["familyName"], same["born"]) = ("Emergence", "Hawthorne", "2015-03-09");
            same["identifiers"] = new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = "4000000225" });
            same.Remove("school");
        }), "tees-university-hospitals");
        await site.Settle();
        var hidden = await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 'child'", theirs);
        Assert.Equal(child, await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", hidden));
        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'A test' where id = $1", hidden);
        Assert.Equal(child, (await Opens("holroyd", child)).Child);
        var opened = await site.Row<Guid[]>("select records from emergency_access where person_id = $1", child);
        Assert.Contains(record, opened);
        // Its owner would learn from an item that somebody thinks this child is theirs; whoever opens it, from the list of whom it told, that there is more.
        Assert.DoesNotContain(hidden, opened);
        Assert.Equal(["norton-stockton", "tees-valley-police"], await site.Rows<string>("select a.key from emergency_access e cross join unnest(e.owners) o join agency a on a.id = o where e.person_id = $1 order by 1", child));
        Assert.Equal(0, await site.Row<long>("select count(*) from mailbox_item where kind = 'emergency' and agency_id = $1", site.Agency("tees-university-hospitals")));
    }

    [Fact]
    public async Task Where_a_child_is_hidden_is_not_opened()
    {
        var (child, record) = await Child("Elmsworth", "9434765811", "restricted", "refuge");
        Assert.Equal(child, (await Opens("holroyd", child)).Child);
        using var detective = await site.SignedIn("holroyd");
        var page = await detective.GetStringAsync($"/children/{child}");
        Assert.Contains("N-Elmsworth", page);
        Assert.DoesNotContain("Elmsworthcanary", page);
        Assert.DoesNotContain("TS20 9ZZ", page);
        Assert.False(await site.Works.As(site.Who("holroyd"), "A test", work => work.One<bool>($"select exists (select 1 from mention where source_record_id = {record})")));
    }

    [Fact]
    public async Task An_emergency_opens_and_changes_nothing()
    {
        var (child, record) = await Child("Firthdale", "9434765838", "restricted");
        Assert.Equal(child, (await Opens("thirlwell", child)).Child);
        var link = await site.Row<Guid>("select id from link where source_record_id = $1 and undone_at is null", record);
        Assert.True(await site.Works.As(site.Who("thirlwell"), "A test", work => work.One<bool>($"select exists (select 1 from link where id = {link})")));
        Assert.Equal(No.NotFound, (await site.Works.As(site.Who("thirlwell"), "A test", work => Part.Handle(new(link, "They are two"), work)))!.Kind);
    }

    [Fact]
    public async Task Each_refusal_says_its_rule()
    {
        var (child, _) = await Child("Gorsehill", "9434765846", "restricted");
        foreach (var (no, field) in new[] { (await Opens("holroyd", child, proved: false), "proved"), (await Opens("holroyd", child, why: "curious"), "why"), (await Opens("holroyd", child, words: " "), "words") })
        {
            Assert.Equal((field, "Data Protection Act 2018, Schedule 8, paragraph 4"), (no.No!.Field, no.No.Because?.ToString()));
        }
        // Both at once: there is no time to be sent back twice.
        Assert.Equal(["why", "words"], (await Opens("holroyd", child, why: "curious", words: " ")).No!.Errors.Keys);
        // A proof for one child is none for another, and none after five minutes.
        var (other, _) = await Child("Hazelgrave", "9434765854", "restricted");
        using var proved = await Proved("holroyd", child);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await proved.PostAsJsonAsync("/api/emergency-access", new { child = other, why = "danger", words = "Now" })).StatusCode);
        await site.Administer("update session set proved_at = now() - interval '5 minutes 1 second' where practitioner_id = $1", site.Practitioner("holroyd"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await proved.PostAsJsonAsync("/api/emergency-access", new { child, why = "danger", words = "Now" })).StatusCode);
        Assert.Equal(0, await site.Row<long>("select count(*) from emergency_access where person_id = any ($1)", new[] { child, other }));
        // A key is nobody who can prove anything; a school is told by telephone.
        using var system = site.System("tees-valley-police");
        Assert.Equal(HttpStatusCode.Forbidden, (await system.PostAsJsonAsync("/api/emergency-access", new { child, why = "danger", words = "Now" })).StatusCode);
        using var school = await site.SignedIn("norton-primary-lead");
        Assert.Equal(HttpStatusCode.Forbidden, (await school.GetAsync($"/emergency-access/child/{child}")).StatusCode);
    }

    [Fact]
    public async Task Whoever_opens_it_twice_at_once_opens_it_once()
    {
        var (child, _) = await Child("Ivybridge", "9434765862", "restricted");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Opens("holroyd", child)));
        Assert.Single(answers, a => a.Child == child);
        Assert.All(answers.Where(a => a.No is not null), a => Assert.True(a.No!.Kind is No.Conflict or No.NotFound));
        Assert.Equal(1, await site.Row<long>("select count(*) from emergency_access where person_id = $1", child));
        Assert.Equal(1, await site.Row<long>("select count(*) from clock c where limit_key = 'emergency-access.review' and exists (select 1 from emergency_access e where e.clock_id = c.id and e.person_id = $1)", child));
        Assert.Equal(await site.Row<long>("select count(*) from emergency_access"), await site.Row<long>("select count(*) from clock where limit_key = 'emergency-access.review'"));
    }

    [Fact]
    [Heed.Statute.Proves("emergency-access.review")]
    public async Task Somebody_else_of_the_agency_reviews_it_in_time_and_whoever_opened_it_is_told()
    {
        var (child, _) = await Child("Juniperton", "9434765897", "restricted");
        Assert.Equal(child, (await Opens("holroyd", child)).Child);
        var id = await Of(child);
        // The owner's reviewer sees it and does not review it; another agency's sees nothing.
        Assert.Equal((true, true, false), (await Lists("verma"), await Lists("pemberton"), await Lists("castellano")));
        // Where the owner's people look first it stands, until they have read of it; nobody's own agency is told of itself.
        const string News = "in an emergency";
        using var owner = await site.SignedIn("verma");
        using var own = await site.SignedIn("pemberton");
        Assert.Contains(News, await owner.GetStringAsync("/"));
        foreach (var (agency, reader) in new[] { ("norton-stockton", owner), ("tees-valley-police", own) })
        {
            foreach (var one in await site.Rows<Guid>("select id from emergency_access where $1 = any (owners) and agency_id <> $1", site.Agency(agency)))
            {
                await reader.GetStringAsync($"/emergency-access/{one}");
            }
            Assert.DoesNotContain(News, await reader.GetStringAsync("/"));
        }
        Assert.Equal(No.NotFound, (await Reviews("verma", id))!.Kind);
        Assert.Equal("justified", (await Reviews("pemberton", id, justified: null))!.Field);
        Assert.Equal("words", (await Reviews("pemberton", id, words: ""))!.Field);
        Assert.Equal(["justified", "words"], (await Reviews("pemberton", id, justified: null, words: ""))!.Errors.Keys);
        await site.Administer("insert into post (practitioner_id, team_id, role) values ($1, $2, 'privacy-reviewer')", site.Practitioner("holroyd"), site.Team("tees-valley-police-information"));
        Assert.Contains("Nobody reviews what they opened themselves", (await Reviews("holroyd", id))!.Message);

        // Unreviewed: breached, and climbed to who is above.
        var clock = await site.Row<Guid>("select clock_id from emergency_access where id = $1", id);
        await site.TimeIs(Instant.FromUtc(2026, 11, 26, 10, 0));
        await site.Settle();
        Assert.Equal("breached", await site.Row<string>("select state from clock where id = $1", clock));
        Assert.True(await site.Row<bool>("select climbed_to is not null from clock where id = $1", clock));
        using (var reviewer = await site.SignedIn("pemberton"))
        {
            Assert.Matches("[0-9]+ of them late", await reviewer.GetStringAsync("/emergency-access"));
            // The page that is shown again with what is missing was looked at too.
            const string Looked = "select count(*) from look where at_what = 'emergency access' and subject_id = $1 and actor = $2";
            var refused = await TestSite.Post(reviewer, $"/emergency-access/{id}", ("Justified", "false"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("There is a problem", await refused.Content.ReadAsStringAsync());
            Assert.Equal(2, await site.Row<long>(Looked, id, site.Practitioner("pemberton")));
            Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(reviewer, $"/emergency-access/{id}", ("Justified", "false"), ("Words", "There was time to ask"))).StatusCode);
        }
        Assert.Equal("met-late", await site.Row<string>("select state from clock where id = $1", clock));
        Assert.Equal(No.Conflict, (await Reviews("pemberton", id))!.Kind);
        using var detective = await site.SignedIn("holroyd");
        Assert.Contains("Your emergency access has been reviewed", await detective.GetStringAsync("/"));
        Assert.Contains("Not justified", await detective.GetStringAsync("/emergency-access"));
        Assert.DoesNotContain("Your emergency access has been reviewed", await detective.GetStringAsync("/"));
        await site.TimeIs(Cluster.Usual);

        Task<bool> Lists(string who) => site.Works.As(site.Who(who), "A test", async work => (await Opened.Read(work)).Any(l => l.Id == id));
    }

    [Fact]
    public async Task A_school_whose_record_it_is_learns_of_it_where_its_lead_looks_first_and_who_looked()
    {
        var (child, _) = await Child("Larkspurton", "4000000217", "restricted");
        var held = Guid.CreateVersion7();
        await site.Administer("insert into source_record (id, agency_id, tier, tier_reason) values ($1, $2, 'restricted', 'A test')", held, site.Agency("norton-primary"));
        await site.Administer("insert into link (id, source_record_id, person_id, rules, verdict, reason) values (gen_random_uuid(), $1, $2, 'a test', 'same', 'A test')", held, child);
        Assert.Equal(child, (await Opens("holroyd", child)).Child);
        using var lead = await site.SignedIn("norton-primary-lead");
        Assert.Contains("Another agency opened a child", await lead.GetStringAsync("/"));
        Assert.Contains("Beth Holroyd", await lead.GetStringAsync("/emergency-access"));
        Assert.Contains("Beth Holroyd", await lead.GetStringAsync($"/emergency-access/{await Of(child)}"));
        Assert.DoesNotContain("Another agency opened", await lead.GetStringAsync("/"));
        await site.Works.As(site.Who("holroyd"), "A test", async work =>
        {
            await work.Look("child", child, records: [held]);
            return true;
        });
        Assert.Contains("Beth Holroyd", await lead.GetStringAsync("/looks"));
    }

    [Fact]
    public async Task Two_reviewers_at_once_say_it_once()
    {
        var (child, _) = await Child("Kestrelby", "9434765900", "restricted");
        Assert.Equal(child, (await Opens("holroyd", child)).Child);
        var id = await Of(child);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Reviews("pemberton", id, words: $"{i}")));
        Assert.Single(answers, no => no is null);
        Assert.Equal(1, await site.Row<long>("select count(*) from change where on_table = 'emergency_access' and row_id = $1 and after ->> 'reviewed_at' is not null", id));
    }

    [Theory]
    [InlineData("insert into emergency_access (id, person_id, records, owners, why, words) select gen_random_uuid(), gen_random_uuid(), array[gen_random_uuid()], array[]::uuid[], 'danger', 'x'")]
    [InlineData("update emergency_access set until = until + interval '1 day'")]
    [InlineData("update emergency_access set justified = true, reviewed_at = now(), reviewed_by = me(), review = 'x'")]
    [InlineData("delete from emergency_access")]
    public async Task Nobody_writes_it_but_by_its_functions(string sql) =>
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => site.Works.As(site.Who("pemberton"), "A test", async work =>
        {
            await using var batch = work.Batch();
            batch.BatchCommands.Add(new(sql));
            return await batch.ExecuteNonQueryAsync();
        }))).SqlState);
}
