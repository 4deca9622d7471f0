using System.Net;
using System.Net.Http.Json;
using Heed.Site.People;

namespace Heed.Site.Tests.People;

/// <summary>Anything one knows finds somebody one may know of, and says why; nothing finds anybody else.</summary>
public sealed class SearchTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        if (await site.Row<long>("select count(*) from report where reference = 'F/1'") == 0)
        {
            await site.Received(TestSite.Report("F/1", r =>
            {
                var child = r["people"]![0]!;
                (child["givenNames"], child["familyName"], child["born"]) = ("Zoë Anneliese", "Quillfeather-Brown", "2015-03-04");
                child["identifiers"] = System.Text.Json.Nodes.JsonNode.Parse("""[{ "type": "nhs", "value": "999 000 0018" }]""");
                child["recordNumber"] = "CYP-77123";
            }));
            await site.Settle();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IReadOnlyList<Search.Hit>> Found(string who, string terms)
    {
        var (result, no) = await site.Works.As(site.Who(who), "Searching", work => Search.Handle(terms, work));
        Assert.Null(no);
        return result!.Hits;
    }

    [Theory]
    [InlineData("quillfeather", "name")]
    [InlineData("Zoe Quillfeather", "name")]
    [InlineData("brown zoe", "name")]
    [InlineData("quilfether", "name-near")]
    [InlineData("anneliese 4/3/2015", "name born")]
    [InlineData("2015-04-03 quillfeather", "name born-near")]
    [InlineData("Quillfeather 1 January 2015", "name born-near")]
    [InlineData("Quillfeather 2015", "name born-near")]
    [InlineData("Zoe 4 March 2015", "name born")]
    [InlineData("TS20 2AB quillfeather", "name postcode")]
    [InlineData("zoe ts20", "name postcode")]
    [InlineData("9990000018", "number")]
    [InlineData("999 000 0018", "number")]
    [InlineData("cyp-77123", "number")]
    public async Task What_one_knows_finds_the_child_and_says_why(string terms, string why)
    {
        var hit = Assert.Single(await Found("ramsey", terms), h => h.Family == "Quillfeather-Brown");
        Assert.Equal(why.Split(' ').Order(), hit.Why.Order());
        Assert.NotNull(hit.Person);
    }

    [Theory]
    [InlineData("31/12/9999")]
    [InlineData("9999-12-31")]
    [InlineData("31 December 9999")]
    [InlineData("1 January 9999 quillfeather")]
    [InlineData("1 January 0001")]
    [InlineData("9999-01-01")]
    [InlineData("1850-01-01")]
    public async Task A_date_that_nobody_was_born_on_finds_nobody_and_is_no_error(string terms)
    {
        using var police = site.System("tees-valley-police");
        Assert.Equal(HttpStatusCode.OK, (await police.PostAsJsonAsync("/api/searches", new { terms }, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("NP-TV-100234", "number")]
    [InlineData("TVP/NOM/100235", "number")]
    [InlineData("TV-EY-1", "number")]
    [InlineData("C100237", "number")]
    [InlineData("6 Apr 2019 Eyestone", "born name")]
    [InlineData("Eyestone 6 APRIL 2019", "born name")]
    [InlineData("6th april 2019 Eyestone", "born name")]
    [InlineData("06-Apr-2019 Eyestone", "born name")]
    [InlineData("06/04/19 eyestone", "born name")]
    [InlineData("6.4.19 eyestone", "born name")]
    [InlineData("4/6/19 eyestone", "born-near name")]
    public async Task A_force_finds_its_own_by_the_number_as_it_writes_it_and_by_a_date_as_a_hand_does(string terms, string why)
    {
        if (await site.Row<long>("select count(*) from report where reference = 'NP/EY-77 a'") == 0)
        {
            await site.Received(TestSite.Report("NP/EY-77 a", r => r["people"] = new System.Text.Json.Nodes.JsonArray([.. new[] { "NP-TV-100234", "TVP/NOM/100235", "TV-EY-1", "C100237" }.Select((number, i) => (System.Text.Json.Nodes.JsonNode)new System.Text.Json.Nodes.JsonObject
            {
                ["key"] = $"c{i}", ["roles"] = new System.Text.Json.Nodes.JsonArray("child"), ["givenNames"] = new[] { "Una", "Dua", "Tria", "Quarta" }[i], ["familyName"] = i == 0 ? "Eyestone" : $"Otherwise{i}", ["born"] = i == 0 ? "2019-04-06" : $"201{i}-09-22", ["recordNumber"] = number,
            })])));
            await site.Settle();
        }
        var hit = Assert.Single(await Found("thirlwell", terms), h => why == "number" || h.Family == "Eyestone");
        Assert.Equal(why.Split(' ').Order(), hit.Why.Order());
    }

    [Theory]
    [InlineData("06/04/21", "2021-04-06")]
    [InlineData("06/04/35", "1935-04-06")]
    [InlineData("31/02/21", null)]
    [InlineData("6 Foo 2019", null)]
    [InlineData("21/100237C", null)]
    public void A_year_of_two_digits_is_a_date_where_it_can_be_one_and_the_likelier_century_first(string terms, string? first)
    {
        var read = Search.Read(terms, new NodaTime.LocalDate(2026, 11, 18));
        Assert.Equal(first, read.Born.Length > 0 && first is not null ? NodaTime.Text.LocalDatePattern.Iso.Format(read.Born[0]) : null);
        Assert.Equal(first is null, read.Numbers.Length > 0 || read.Words.Length > 0);
        Assert.True(read.Born.Length <= Search.FewDates || first is null);
    }

    [Fact]
    public async Task A_reference_finds_the_report_of_ones_own_agency_and_no_others()
    {
        await site.Received(TestSite.Report("OCC 2026/ZZ-418"));
        var report = await site.Received(TestSite.Report("OCC 2026/ZZ-418", r => (r["version"], r["supersedes"], r["supersessionReason"], r["summary"]) = (2, 1, "A name was wrong", "As it was")));
        using var desk = await site.SignedIn("thirlwell");
        var page = await desk.GetStringAsync((await TestSite.Post(desk, "/search", ("Terms", "occ 2026/zz-418"))).Headers.Location, TestContext.Current.CancellationToken);
        Assert.Contains($"href=\"/reports/{report}\"", page);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync($"/reports/{report}", TestContext.Current.CancellationToken)).StatusCode);
        using var council = await site.SignedIn("ramsey");
        Assert.DoesNotContain("/reports/", await council.GetStringAsync((await TestSite.Post(council, "/search", ("Terms", "OCC 2026/ZZ-418"))).Headers.Location, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_script_that_searches_name_after_name_is_refused_by_page_and_API_and_found_in_what_is_kept()
    {
        Task Earlier(string who, int many, string ago) => site.Administer($"insert into search (id, actor, agency_id, purpose, terms, found, held, at) select gen_random_uuid(), id, agency_id, 'A script', 'Name ' || n, '{{}}', '{{}}', heed_now() - interval '{ago}' from practitioner cross join generate_series(1, {many}) n where key = $1", who);
        await Earlier("mutasa", 60, "61 seconds");
        await Earlier("mutasa", 59, "10 seconds");
        await site.Administer("update practitioner set can_sign_in = true where key in ('mutasa', 'sharma')");
        using var script = await site.SignedIn("mutasa");
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(script, "/search", ("Terms", "Nobody Atall"))).StatusCode);
        var no = await TestSite.Post(script, "/search", ("Terms", "Nobody Atall"));
        Assert.Equal(HttpStatusCode.TooManyRequests, no.StatusCode);
        Assert.Contains("nobody looks for children so fast by hand", await no.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        // A colleague is not held back by it, and a system only by ten times as many.
        using var colleague = await site.SignedIn("sharma");
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.Post(colleague, "/search", ("Terms", "Nobody Atall"))).StatusCode);
        using var system = site.System("levenside");
        await Earlier("levenside/system", 599, "10 seconds");
        Assert.Equal(HttpStatusCode.OK, (await system.PostAsJsonAsync("/api/searches", new { terms = "Nobody Atall" }, TestContext.Current.CancellationToken)).StatusCode);
        var refused = await system.PostAsJsonAsync("/api/searches", new { terms = "Nobody Atall" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("UK GDPR, Article 5(1)(f)", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nobody_finds_what_was_never_shared_with_their_agency()
    {
        Assert.NotEmpty(await Found("thirlwell", "quillfeather"));
        Assert.Empty(await Found("sharma", "quillfeather"));
        Assert.Empty(await Found("neasham", "999 000 0018"));
        Assert.Empty(await Found("norton-grange-lead", "quillfeather"));
        Assert.Empty(await Found("templeton", "quillfeather"));
    }

    /// <summary>The school was told of its pupil, and not what the police know: it finds nobody by what they know.</summary>
    [Theory]
    [InlineData("quillfeather", "name")]
    [InlineData("zoe brown", "name")]
    [InlineData("Zoey Quilfeather", "name-near")]
    [InlineData("kwilfether", "name-sounds")]
    [InlineData("zoe 4/3/2015", "born name")]
    [InlineData("3/4/2015", "born-near")]
    [InlineData("zoe 2015", "born-near name")]
    [InlineData("999 000 0018", null)]
    [InlineData("TS20 2AB", null)]
    [InlineData("cyp-77123", null)]
    [InlineData("moira", null)]
    [InlineData("tilly oxenbridge", null)]
    [InlineData("somebody 4/3/2015", null)]
    public async Task A_school_finds_the_pupils_of_its_own_notices_by_what_these_say_of_them(string terms, string? why)
    {
        var hit = (await Found("norton-primary-lead", terms)).SingleOrDefault(h => h.Family == "Quillfeather-Brown");
        Assert.Equal(why, hit is null ? null : string.Join(' ', hit.Why.Order()));
        Assert.True(hit is null or { Person: null, PostcodeStart: null, Held: null, Also: [] });
        var report = await site.Row<Guid>("select id from report where reference = 'F/1'");
        Assert.Equal(why is null ? null : await site.NoticeTo("norton-primary", report), hit?.Notice);
    }

    [Fact]
    public async Task A_school_comes_from_its_search_to_the_notice_and_both_are_recorded_and_what_is_held_from_its_lead_is_not_found()
    {
        var report = await site.Received(TestSite.Report("F/14", r =>
        {
            (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"]) = ("Heldegard", "Nightjarrow");
            r["people"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse("""{ "key": "him", "roles": ["suspect"], "givenNames": "Gavin", "familyName": "Caretaker", "worksAt": { "name": "Norton Primary School", "urn": "111555" } }"""));
        }));
        await site.Settle();
        using var lead = await site.SignedIn("norton-primary-lead");
        var answer = await TestSite.Post(lead, "/search", ("Terms", "quillfeather"));
        var page = await lead.GetStringAsync(answer.Headers.Location, TestContext.Current.CancellationToken);
        var notice = await site.NoticeTo("norton-primary", await site.Row<Guid>("select id from report where reference = 'F/1'"));
        Assert.Contains($"href=\"/notices/{notice}\"", page);
        Assert.Empty(await Found("norton-primary-lead", "heldegard"));
        Assert.DoesNotContain("TS20", page);
        Assert.Contains("Quillfeather-Brown", await lead.GetStringAsync($"/notices/{notice}", TestContext.Current.CancellationToken));
        var id = Guid.Parse(answer.Headers.Location!.ToString()[^36..]);
        Assert.Equal(1, await site.Row<long>("select count(*) from search q join link l on l.person_id = q.found[1] and l.undone_at is null join mention m on m.source_record_id = l.source_record_id where q.id = $1 and q.actor = $2 and cardinality(q.found) = 1 and q.held = '{}' and m.family = 'Quillfeather-Brown'", id, site.Practitioner("norton-primary-lead")));
        Assert.True(await site.Row<bool>("select exists (select 1 from look where subject_id = $1 and at_what = 'search' and $2 = any (owners))", id, site.Agency("tees-valley-police")));
        Assert.Equal(await site.NoticeTo("norton-primary", report), Assert.Single(await Found("norton-primary-deputy", "heldegard")).Notice);

        var record = await site.Row<Guid>("select source_record_id from mention where family = 'Quillfeather-Brown' and report_id = (select id from report where reference = 'F/1')");
        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'An adopted child' where id = $1", record);
        Assert.DoesNotContain(await Found("norton-primary-lead", "quillfeather"), h => h.Family == "Quillfeather-Brown");
        await site.Administer("update source_record set tier = 'open', tier_reason = null where id = $1", record);
    }

    [Fact]
    public async Task Whoever_is_found_by_another_name_is_shown_with_it_and_not_with_others()
    {
        await site.Received(TestSite.Report("F/4", r =>
        {
            var child = r["people"]![0]!;
            (child["givenNames"], child["familyName"], child["born"]) = ("Persephone", "Vandermeer", "2012-01-09");
            child["alsoKnownAs"] = System.Text.Json.Nodes.JsonNode.Parse("""["Tilly Oxenbridge", "Zoë Vandermeer"]""");
        }));
        await site.Settle();
        string[] Also(IReadOnlyList<Search.Hit> hits) => Assert.Single(hits, h => h.Family == "Vandermeer").Also;
        Assert.Equal(["Tilly Oxenbridge"], Also(await Found("ramsey", "oxenbrige")));
        Assert.Equal(["Zoë Vandermeer"], Also(await Found("ramsey", "zoe vandermeer")));
        Assert.Empty(Also(await Found("ramsey", "vandermeer")));
        using var ramsey = await site.SignedIn("ramsey");
        var answer = await TestSite.Post(ramsey, "/search", ("Terms", "tilly oxen"));
        Assert.Contains("also known as Tilly Oxenbridge", await ramsey.GetStringAsync(answer.Headers.Location, TestContext.Current.CancellationToken));
        // A restricted record is said to be there, and by none of its names.
        await site.Administer("update source_record set tier = 'restricted', tier_reason = 'A test' where id = (select source_record_id from mention where family = 'Vandermeer')");
        Assert.Empty(Assert.Single(await Found("thirlwell", "tilly oxenbridge 2012-01-09"), h => h.Tier == "restricted").Also);
    }

    [Theory]
    [InlineData("Ella Hart", true)]
    [InlineData("hart ella", true)]
    [InlineData("Hart 2/9/2016", true)]
    [InlineData("hart", true)]
    [InlineData("Ella Hurst", false)]
    [InlineData("Muhammad Smyth", true)]
    [InlineData("Mohamed Smithe", true)]
    public async Task A_name_that_sounds_like_what_was_typed_is_found_and_says_so(string terms, bool found)
    {
        if (await site.Row<long>("select count(*) from report where reference = 'F/12'") == 0)
        {
            foreach (var (reference, given, family) in new[] { ("F/12", "Ella-Mae", "Heart"), ("F/13", "Mohammed", "Smith") })
            {
                await site.Received(TestSite.Report(reference, r => (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = (given, family, "2016-09-02")));
            }
            await site.Settle();
        }
        var hit = (await Found("ramsey", terms)).SingleOrDefault(h => h.Family is "Heart" or "Smith");
        Assert.Equal(found, hit is not null);
        Assert.True(hit is null || hit.Why.Contains(hit.Family is "Heart" && terms.Contains('2', StringComparison.Ordinal) ? "born" : hit.Family is "Heart" || terms.StartsWith("Mu", StringComparison.Ordinal) ? "name-sounds" : "name-near"), string.Join(' ', hit?.Why ?? []));
    }

    [Fact]
    public async Task A_child_who_is_not_born_is_shown_with_the_day_on_which_they_are_expected()
    {
        await site.Received(TestSite.Report("F/11", r => r["people"]!.AsArray().Add(System.Text.Json.Nodes.JsonNode.Parse("""{ "key": "unborn", "roles": ["unborn"], "familyName": "Marchborn", "expected": "2027-03-03", "relationships": [{ "kind": "mother", "to": "mother" }] }"""))));
        await site.Settle();
        var hit = Assert.Single(await Found("ramsey", "marchborn"));
        Assert.Equal((null, new NodaTime.LocalDate(2027, 3, 3)), (hit.Born, hit.Expected));
        using var ramsey = await site.SignedIn("ramsey");
        var answer = await TestSite.Post(ramsey, "/search", ("Terms", "marchborn 3/3/2027"));
        var page = await ramsey.GetStringAsync(answer.Headers.Location, TestContext.Current.CancellationToken);
        Assert.Contains("Unborn child Marchborn", page);
        Assert.Contains("expected 3 March 2027", page);
        Assert.DoesNotContain("date of birth not known", page);
    }

    private async Task Fled()
    {
        if (await site.Row<long>("select count(*) from report where reference = 'F/5'") > 0)
        {
            return;
        }
        string Fled(string reference, string given, string postcode, string locality, string? nhs) => TestSite.Report(reference, r =>
        {
            var child = r["people"]![0]!.AsObject();
            (child["recordNumber"], child["givenNames"], child["familyName"], child["born"]) = ("FLED-1", given, "Harkaway", "2011-06-07");
            child["addresses"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["lines"] = new System.Text.Json.Nodes.JsonArray("3 Test Street"), ["locality"] = locality, ["postcode"] = postcode });
            (r["place"]!["address"]!["locality"], r["place"]!["address"]!["postcode"]) = (locality, postcode);
            child["identifiers"] = nhs is null ? null : new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "nhs", ["value"] = nhs });
            child.Remove("school");
        });
        await site.Received(Fled("F/5", "Philippa", "TS20 2AB", "Norton", "999 000 0026"));
        await site.Received(Fled("F/6", "Newname", "TS26 8AA", "Hartmoor", null));
        await site.Settle();
    }

    [Fact]
    public async Task A_new_name_that_was_told_to_another_council_is_not_shown_to_the_one_that_knew_the_old()
    {
        await Fled();
        Assert.Equal(("Philippa", "TS20"), Assert.Single(await Found("ramsey", "harkaway"), h => h.Family == "Harkaway") is var hit ? (hit.Given, hit.PostcodeStart) : default);
        Assert.Equal("Newname", Assert.Single(await Found("thirlwell", "harkaway"), h => h.Family == "Harkaway").Given);
    }

    /// <summary>Who fled was known here by one name, and there by another: what was typed finds nothing that it was not told to whoever types.</summary>
    [Theory]
    [InlineData("hartmoor", "newname", true)]
    [InlineData("hartmoor", "newname harkaway", true)]
    [InlineData("hartmoor", "philippa harkaway", false)]
    [InlineData("hartmoor", "philippa 7/6/2011", false)]
    [InlineData("hartmoor", "philippa TS26 8AA", false)]
    [InlineData("hartmoor", "harkaway TS20 2AB", null)]
    [InlineData("hartmoor", "7/6/2011 TS20 2AB", false)]
    [InlineData("hartmoor", "999 000 0026", false)]
    [InlineData("norton-stockton", "philippa", true)]
    [InlineData("norton-stockton", "999 000 0026", true)]
    [InlineData("norton-stockton", "philippa TS26 8AA", null)]
    [InlineData("norton-stockton", "newname", false)]
    [InlineData("norton-stockton", "newname harkaway", false)]
    [InlineData("norton-stockton", "newname 7/6/2011", false)]
    [InlineData("norton-stockton", "newname TS20 2AB", false)]
    [InlineData("norton-stockton", "7/6/2011 TS26 8AA", false)]
    [InlineData("tees-valley-police", "philippa TS26 8AA", true)]
    public async Task A_hit_rests_on_what_its_seeker_was_told(string agency, string terms, bool? found)
    {
        await Fled();
        using var council = site.System(agency);
        var result = (await (await council.PostAsJsonAsync("/api/searches", new { terms }, TestContext.Current.CancellationToken)).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(TestContext.Current.CancellationToken)).GetProperty("hits");
        var why = result.EnumerateArray().Where(h => h.GetProperty("family").GetString() == "Harkaway").Select(h => h.GetProperty("why").EnumerateArray().Select(w => w.GetString()).ToList()).SingleOrDefault();
        // Null: found by the rest of what was typed, and nothing said of a postcode that was told to others.
        Assert.Equal(found != false, why is not null);
        Assert.Equal(found is true && terms.Contains("TS", StringComparison.Ordinal), why?.Contains("postcode") == true);

        using var page = await site.SignedIn(agency switch { "hartmoor" => "neasham", "norton-stockton" => "ramsey", _ => "thirlwell" });
        var answer = await TestSite.Post(page, "/search", ("Terms", terms));
        Assert.Equal(found != false, (await page.GetStringAsync(answer.Headers.Location, TestContext.Current.CancellationToken)).Contains("Harkaway", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_place_that_is_kept_confidential_finds_nobody()
    {
        await site.Received(TestSite.Report("F/7", r =>
        {
            var child = r["people"]![0]!.AsObject();
            (child["recordNumber"], child["givenNames"], child["familyName"], child["born"]) = ("HID-1", "Isolde", "Hartbright", "2012-08-09");
            child["addresses"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["lines"] = new System.Text.Json.Nodes.JsonArray("1 Test House"), ["postcode"] = "TS20 9ZZ", ["sensitivity"] = "refuge" });
        }));
        await site.Settle();
        Assert.Contains(await Found("thirlwell", "isolde"), h => h.Family == "Hartbright" && h.PostcodeStart is null);
        Assert.Empty(await Found("thirlwell", "TS20 9ZZ"));
        Assert.DoesNotContain("postcode", Assert.Single(await Found("thirlwell", "isolde TS20 9ZZ"), h => h.Family == "Hartbright").Why);
    }

    [Fact]
    public async Task A_restricted_report_of_ones_own_agency_is_said_to_be_there_to_whoever_knows_whom_they_seek_and_its_words_are_no_ones()
    {
        foreach (var (reference, given, restricted) in new[] { ("F/8", "Leopoldine", false), ("F/9", "Wilhelmina", true) })
        {
            await site.Received(TestSite.Report(reference, r =>
            {
                (r["people"]![0]!["recordNumber"], r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = ("RES-1", given, "Summerscale", "2013-02-03");
                r["sensitivity"] = restricted ? "restricted" : "open";
            }));
        }
        await site.Received(TestSite.Report("F/10", r =>
        {
            (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"], r["sensitivity"]) = ("Theodora", "Thistlewood", "2013-04-05", "restricted");
        }));
        await site.Settle();
        // A custody sergeant reaches what is their team's; the record itself is open.
        Assert.Equal("Leopoldine", Assert.Single(await Found("cairns", "summerscale"), h => h.Family == "Summerscale").Given);
        Assert.DoesNotContain(await Found("cairns", "wilhelmina"), h => h.Family == "Summerscale");
        Assert.Empty(await Found("cairns", "thistlewood"));
        Assert.Equal((null, null), Assert.Single(await Found("cairns", "theodora thistlewood 2013-04-05"), h => h.Tier == "restricted") is var hit ? (hit.Person, hit.Given) : default);
    }

    [Theory]
    [InlineData("record")]
    [InlineData("report")]
    public async Task What_is_restricted_is_said_to_be_there_in_each_agency_that_was_told_of_it_and_in_no_other(string restricted)
    {
        var (given, family, born) = restricted == "report" ? ("Araminta", "Hushabye", "2013-06-07") : ("Isadora", "Quietwater", "2014-08-09");
        var report = await site.Received(TestSite.Report($"F/HUSH-{restricted}", r =>
        {
            (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = (given, family, born);
            r["sensitivity"] = restricted == "report" ? "restricted" : "open";
        }));
        await site.Settle();
        var record = await site.Row<Guid>("select source_record_id from mention where family = $1", family);
        if (restricted == "record")
        {
            await site.Administer("update source_record set tier = 'restricted', tier_reason = 'A colleague''s family' where id = $1", record);
        }
        // A social worker of the council that was told, to whom the notice is not given; a custody sergeant of the force that told.
        foreach (var who in new[] { "ramsey", "cairns" })
        {
            Assert.Empty(await Found(who, family));
            var hit = Assert.Single(await Found(who, $"{given} {family} {born}"), h => h.Tier == "restricted");
            Assert.Equal((null, null, null, null, null, "Tees Valley Police", 1), (hit.Person, hit.Given, hit.Family, hit.Born, hit.PostcodeStart, hit.Agency, hit.Held));
            Assert.NotEmpty(hit.Ask);
        }
        using var ramsey = await site.SignedIn("ramsey");
        var page = await ramsey.GetStringAsync((await TestSite.Post(ramsey, "/search", ("Terms", $"{given} {family} {born}"))).Headers.Location, TestContext.Current.CancellationToken);
        Assert.Contains("A restricted record at Tees Valley Police", page);
        Assert.Contains("Open it in an emergency", page);
        Assert.Empty(await Found("neasham", $"{given} {family} {born}"));

        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'An adopted child' where id = $1", record);
        Assert.Empty(await Found("ramsey", $"{given} {family} {born}"));
        await site.Administer("update source_record set tier = 'open', tier_reason = null where id = $1", record);
        await site.Administer("update report set tier = 'sealed' where id = $1", report);
        Assert.Empty(await Found("cairns", $"{given} {family} {born}"));
    }

    [Theory]
    [InlineData("restricted", "Restricted")]
    [InlineData("sealed", "Sealed")]
    public async Task Of_what_is_kept_from_a_front_door_somebody_who_may_read_it_is_whom_to_ask(string tier, string tag)
    {
        var (given, family) = ("Rosamund", $"Kept{tier}");
        await site.Received(TestSite.Report($"ASK/{tier}", r => (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = (given, family, "2014-07-08")), "norton-stockton");
        await site.Settle();
        var record = await site.Row<Guid>("select source_record_id from mention where family = $1", family);
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'A parent works at the front door' where id = $1", record);
        foreach (var reader in new[] { "khalid", "appiah" })
        {
            await site.Administer("insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, 'Needs to know')", record, site.Practitioner(reader));
        }
        var asks = (await site.Row<string>("select name from practitioner where key = 'khalid'")) + ", ";
        // One who may read it and has nothing of this child to work on; she is not told to ask herself.
        Assert.StartsWith(asks, Assert.Single(await Found("appiah", family), h => h.Family == family).Ask);
        await site.Administer("update practitioner set can_sign_in = true where key = 'appiah'");
        using var appiah = await site.SignedIn("appiah");
        var page = await appiah.GetStringAsync((await TestSite.Post(appiah, "/search", ("Terms", family))).Headers.Location, TestContext.Current.CancellationToken);
        Assert.Equal(tag, new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page).QuerySelector(".heed-found .govuk-tag--red")!.TextContent.Trim());
        var others = await Found("ramsey", $"{given} {family} 2014-07-08");
        if (tier == "sealed")
        {
            Assert.Empty(others);
        }
        else
        {
            Assert.StartsWith(asks, Assert.Single(others, h => h.Tier == "restricted").Ask);
        }
    }

    [Fact]
    public async Task A_record_of_ones_own_agency_that_is_anothers_work_is_a_line_with_whom_to_ask()
    {
        await site.Received(TestSite.Report("F/2", r => (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = ("Ottoline", "Farquharson", "2014-07-08")), "norton-stockton");
        await site.Settle();
        // The assessment team was given nothing of this child.
        var hit = Assert.Single(await Found("appiah", "farquharson"), h => h.Family == "Farquharson");
        Assert.Null(hit.Person);
        Assert.Contains("Front door", hit.Ask);
    }

    [Fact]
    public async Task A_restricted_record_is_said_to_be_there_to_whoever_knows_whom_they_seek_and_a_sealed_one_is_not()
    {
        await site.Received(TestSite.Report("F/3", r => { (r["people"]![0]!["givenNames"], r["people"]![0]!["familyName"], r["people"]![0]!["born"]) = ("Hyacinth", "Restrepo", "2013-05-06"); r["people"]![0]!["recordNumber"] = "R-3"; }));
        await site.Settle();
        var record = await site.Row<Guid>("select source_record_id from mention where family = 'Restrepo'");
        await site.Administer("update source_record set tier = 'restricted', tier_reason = 'A colleague''s family' where id = $1", record);
        Assert.DoesNotContain(await Found("thirlwell", "restrepo"), h => h.Tier == "restricted");
        var hit = Assert.Single(await Found("thirlwell", "hyacinth restrepo 2013-05-06"), h => h.Tier == "restricted");
        Assert.Equal((null, null, null, null, null), (hit.Person, hit.Given, hit.Family, hit.Born, hit.PostcodeStart));
        Assert.Empty(hit.Why);

        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'An adopted child' where id = $1", record);
        foreach (var terms in new[] { "restrepo", "hyacinth restrepo 2013-05-06", "R-3" })
        {
            Assert.DoesNotContain(await Found("thirlwell", terms), h => h.Tier != "open" || h.Family == "Restrepo");
        }
        Assert.Equal(2, await site.Row<long>("select count(*) from alert where source_record_id = $1 and what = 'Somebody searched for a sealed record'", record));
        await site.Administer("insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, 'Her worker')", record, site.Practitioner("hewitt"));
        Assert.Contains(await Found("hewitt", "restrepo"), h => h.Family == "Restrepo" && h.Person is not null);
    }

    [Fact]
    public async Task Each_search_is_recorded_with_whom_it_showed_and_its_words_stand_in_no_address()
    {
        using var ramsey = await site.SignedIn("ramsey");
        var answer = await TestSite.Post(ramsey, "/search", ("Terms", "Quillfeather"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Matches("^/search/[0-9a-f-]{36}$", answer.Headers.Location!.ToString());
        Assert.Contains("Quillfeather-Brown", await ramsey.GetStringAsync(answer.Headers.Location, TestContext.Current.CancellationToken));
        var id = Guid.Parse(answer.Headers.Location.ToString()[^36..]);
        Assert.Equal("Quillfeather", await site.Row<string>("select terms from search where id = $1 and actor = $2 and cardinality(found) = 1", id, site.Practitioner("ramsey")));
        Assert.True(await site.Row<long>("select count(*) from look where subject_id = $1 and at_what = 'search' and $2 = any (owners)", id, site.Agency("tees-valley-police")) >= 1);
        // Another's search is not there.
        using var bielecki = await site.SignedIn("whelan");
        Assert.Equal(HttpStatusCode.NotFound, (await bielecki.GetAsync(answer.Headers.Location, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("q")]
    [InlineData("!!! ???")]
    public async Task What_says_nothing_is_refused(string terms)
    {
        using var police = site.System("tees-valley-police");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await police.PostAsJsonAsync("/api/searches", new { terms }, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("'; drop table mention; --")]
    [InlineData("%' or '1'='1")]
    [InlineData("\\ quillfeather \\\\ %L %s")]
    [InlineData("١٢٣٤٥ 𝕼𝖚𝖎𝖑𝖑")]
    public async Task Hostile_words_are_words(string terms)
    {
        using var police = site.System("tees-valley-police");
        Assert.True((int)(await police.PostAsJsonAsync("/api/searches", new { terms }, TestContext.Current.CancellationToken)).StatusCode is 200 or 422);
    }
}
