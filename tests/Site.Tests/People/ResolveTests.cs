using System.Text.Json.Nodes;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Heed.Site.Tests.People;

/// <summary>Who a child is: linked, listed or new; never merged, never guessed, and undone with nothing lost.</summary>
public sealed class ResolveTests(TestSite site) : IClassFixture<TestSite>
{
    private static readonly string[] First = ["Ada", "Bea", "Cleo", "Dora", "Edna", "Fay", "Gwen", "Hope", "Ivy", "Jo", "Kay", "Lena", "Mia", "Nell"];

    /// <summary>One child, alone, with a name of its own for each test.</summary>
    private static string Child(string reference, string given, string family, string born = "2016-03-04", string? nhs = null, string? number = null, Action<JsonObject>? change = null) => TestSite.Report(reference, r =>
    {
        r["people"] = new JsonArray(new JsonObject
        {
            ["key"] = "c", ["roles"] = new JsonArray("child"), ["givenNames"] = given, ["familyName"] = family, ["born"] = born, ["recordNumber"] = number,
            ["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray("9 Lone Row"), ["postcode"] = "TS20 2AB" }),
            ["identifiers"] = nhs is null ? null : new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = nhs }),
        });
        change?.Invoke(r);
    });

    /// <summary>A number whose check digit is right.</summary>
    private static string Nhs(int seed)
    {
        for (var n = 400_000_000 + seed * 97; ; n++)
        {
            var digits = $"{n}";
            var check = 11 - digits.Select((d, i) => (d - '0') * (10 - i)).Sum() % 11;
            if (check != 10)
            {
                return $"{digits}{(check == 11 ? 0 : check)}";
            }
        }
    }

    private async Task<Guid> Settled(string json, string agency = "tees-valley-police")
    {
        var report = await site.Received(json, agency);
        await site.Settle();
        Assert.Equal(["done"], await site.Rows<string>("select distinct state from job where subject_id = $1", report));
        return report;
    }

    private Task<Guid> Person(Guid report) => site.Row<Guid>("select l.person_id from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = $1", report);

    private Task<Guid> Record(Guid report) => site.Row<Guid>("select source_record_id from mention where report_id = $1", report);

    [Fact]
    public async Task One_number_makes_one_child_of_two_agencies_records()
    {
        var a = await Settled(Child("P/1a", First[0], "Quill", nhs: Nhs(1)));
        var b = await Settled(Child("P/1b", First[0], "Quillfeather", nhs: Nhs(1)), "tees-university-hospitals");
        Assert.Equal(await Person(a), await Person(b));
        Assert.Equal(["new", "same"], await site.Rows<string>("select verdict from link where person_id = $1 order by 1", await Person(a)));
        Assert.Equal(1, await site.Row<long>("select count(*) from link where person_id = $1 and comparison is not null and rules = 'weights/2' and compared_with is not null", await Person(a)));
    }

    [Fact]
    public async Task A_whole_name_with_a_whole_date_of_birth_is_enough_a_near_one_is_for_a_person_to_decide()
    {
        var a = await Settled(Child("P/2a", "Beatrix", "Thistlewood"));
        var b = await Settled(Child("P/2b", "Beatrix", "Thistlewood"));
        Assert.Equal(await Person(a), await Person(b));
        var near = await Settled(Child("P/2c", "Beatrix", "Thistlewood", born: "2016-04-03"));
        Assert.NotEqual(await Person(a), await Person(near));
        Assert.NotEqual(0, await site.Row<long>("select count(*) from possible_match where source_record_id = $1 and state = 'open'", await Record(near)));
    }

    [Fact]
    public async Task An_unborn_child_that_two_agencies_report_is_put_before_a_person_by_its_mothers_name()
    {
        var police = await Settled(Unborn("P/unborn/1", "2027-02-01"));
        var hospital = await Settled(Unborn("P/unborn/2", "2027-02-11"), "tees-university-hospitals");
        Assert.Equal("mother's name is the same and the birth dates or expected dates fit", await site.Row<string>("select reason from possible_match where source_record_id = $1 and other_id = $2 and state = 'open'", await Baby(hospital), await Baby(police)));
        // Another pregnancy is another child.
        var later = await Settled(Unborn("P/unborn/3", "2027-09-20"));
        Assert.Equal(0, await site.Row<long>("select count(*) from possible_match where $1 in (source_record_id, other_id)", await Baby(later)));

        Task<Guid> Baby(Guid report) => site.Row<Guid>("select source_record_id from mention where report_id = $1 and is_child", report);
        static string Unborn(string reference, string expected) => TestSite.Report(reference, r => r["people"] = JsonNode.Parse($$"""
            [ { "key": "baby", "roles": ["unborn"], "expected": "{{expected}}", "relationships": [{ "kind": "mother", "to": "m" }], "addresses": [{ "postcode": "TS20 2AB" }] },
              { "key": "m", "roles": ["victim"], "givenNames": "Philomena", "familyName": "Eastgate", "born": "1996-03-04" } ]
            """));
    }

    [Theory]
    [InlineData("31/12/9999", "lies more than a year ahead", null)]
    [InlineData("2027-11-19", "lies more than a year ahead", null)]
    [InlineData("2027-11-18", null, "2027-11-18")]
    [InlineData("2025-11-17", "lies more than a year before what is reported", null)]
    [InlineData("2025-11-18", null, "2025-11-18")]
    public async Task A_day_on_which_nobody_can_be_expected_is_kept_as_written_and_says_so_and_the_mother_is_found(string expected, string? why, string? kept)
    {
        var answer = await site.Send(TestSite.Report($"P/never/{expected}", r => r["people"] = JsonNode.Parse($$"""
            [ { "key": "baby", "roles": ["unborn"], "expected": "{{expected}}", "relationships": [{ "kind": "mother", "to": "m" }] }, { "key": "m", "roles": ["victim"], "givenNames": "Perpetua", "familyName": "Nevermore", "born": "1996-03-04" } ]
            """)));
        var receipt = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(why is null ? [] : [("people[0].expected", $"Kept as written and not used to link: {why}")], receipt["notes"]!.AsArray().Select(n => ((string)n!["field"]!, (string)n["words"]!)));
        var report = (Guid)receipt["id"]!;
        await site.Settle();
        Assert.Equal(["done"], await site.Rows<string>("select distinct state from job where subject_id = $1", report));
        Assert.Equal((kept ?? "", true), (await site.Row<string>("select coalesce(expected::text, '') from mention where report_id = $1 and key = 'baby'", report), await site.Row<bool>("select is_child from mention where report_id = $1 and key = 'baby'", report)));
        Assert.Equal(expected, await site.Row<string>("select content -> 'people' -> 0 ->> 'expected' from report where id = $1", report));
    }

    [Theory]
    [InlineData(9999, 12, 31)]
    [InlineData(-9998, 1, 1)]
    public void No_date_that_a_calendar_has_stops_the_linking(int year, int month, int day) =>
        Assert.NotEmpty(Names.BlockingKeys(new() { Expected = new(year, month, day), MotherName = "Perpetua Nevermore" }));

    [Fact]
    public async Task An_unborn_child_is_put_before_a_person_wherever_its_mother_is_one_person_whatever_her_name()
    {
        var hospital = await Settled(Unborn("P/mother/1", "Carrow", "1996-03-04", Nhs(31)), "tees-university-hospitals");
        var police = await Settled(Unborn("P/mother/2", "Westlake", "1996-03-04", Nhs(31)));
        Assert.Equal(["the mother is one person, and the birth dates or expected dates fit"], await Reason(police, hospital));
        // Known to be one only once a person has said so.
        var later = await Settled(Unborn("P/mother/3", "Westlake", "1996-04-03", null));
        Assert.Empty(await Reason(later, hospital));
        var mothers = await site.Row<Guid>("select p.id from possible_match p join mention m on m.source_record_id = p.source_record_id and m.key = 'm' join mention o on o.source_record_id = p.other_id where m.report_id = $1 and o.report_id = $2", later, police);
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Deciding", work => DecideMatch.Handle(new(mothers, true, "Her midwife says so"), work)));
        await site.Settle();
        Assert.Equal(["the mother is one person, and the birth dates or expected dates fit"], await Reason(later, hospital));

        Task<List<string>> Reason(Guid one, Guid other) => site.Rows<string>("select p.reason from possible_match p join mention m on m.source_record_id = p.source_record_id and m.is_child join mention o on o.source_record_id = p.other_id and o.is_child where m.report_id in ($1, $2) and o.report_id in ($1, $2)", one, other);
        static string Unborn(string reference, string family, string born, string? nhs) => TestSite.Report(reference, r => r["people"] = JsonNode.Parse($$"""
            [ { "key": "baby", "roles": ["unborn"], "expected": "2027-02-1{{reference[^1]}}", "relationships": [{ "kind": "mother", "to": "m" }], "addresses": [{ "postcode": "TS20 2AB" }] },
              { "key": "m", "roles": ["victim"], "givenNames": "Zenobia", "familyName": "{{family}}", "born": "{{born}}" {{(nhs is null ? "" : $$""", "identifiers": [{ "type": "nhs", "value": "{{nhs}}" }]""")}} } ]
            """));
    }

    [Fact]
    public async Task Who_moved_and_is_called_otherwise_now_is_found_by_what_was_said_before()
    {
        static void Moved(JsonObject r) => (r["people"]![0]!["familyName"], r["people"]![0]!["addresses"]) = ("Elsewhere", JsonNode.Parse("""
            [ { "lines": ["3 Mill Road"], "postcode": "TS18 9ZZ" }, { "lines": ["44 Hidden Row"], "postcode": "TS26 8AA", "sensitivity": "refuge" }, { "lines": ["5 Second Street"], "postcode": "TS19 1AB" } ]
            """));
        var before = await Settled(Child("P/17a", "Wilhelmina", "Faraway", number: "MOVED-1"));
        var now = await Settled(Child("P/17b", "Wilhelmina", "Faraway", number: "MOVED-1", change: Moved));
        var hospital = await Settled(Child("P/17c", "Wilhelmina", "Faraway", change: r => r["people"]![0]!.AsObject().Remove("born")), "tees-university-hospitals");
        Assert.Equal("a name that one of them also goes by and postcode are the same, and a date of birth is missing", await site.Row<string>("select reason from possible_match where source_record_id = $1 and other_id = $2", await Record(hospital), await Record(now)));
        // Read by who may see every mention whose words it holds: here all three.
        Assert.Equal(3, await site.Row<long>("select count(*) from possible_match p join mention m on m.id = any (p.compared) where p.source_record_id = $1 and m.report_id in ($2, $3, $4)", await Record(hospital), before, now, hospital));
        // All places but the one that is kept from those who may read the rest of the report.
        Assert.Equal("TS18 9ZZ, TS191AB, TS20 2AB", await site.Row<string>("select f ->> 'b' from possible_match, jsonb_array_elements(comparison) f where source_record_id = $1 and f ->> 'field' = 'postcode'", await Record(hospital)));
    }

    [Fact]
    public async Task A_twin_whom_a_report_names_beside_the_other_is_weighed_as_the_other()
    {
        static void Twins(JsonObject r)
        {
            var twin = r["people"]![0]!.DeepClone();
            (twin["key"], twin["givenNames"], twin["relationships"]) = ("t", "Lotte", new JsonArray(new JsonObject { ["kind"] = "twin", ["to"] = "c" }));
            r["people"]![0]!["relationships"] = new JsonArray(new JsonObject { ["kind"] = "twin", ["to"] = "t" });
            r["people"]!.AsArray().Add(twin);
        }
        var both = await Settled(Child("P/18a", "Lotta", "Gemini", change: Twins));
        var one = await Settled(Child("P/18b", "Lotte", "Gemini"), "tees-university-hospitals");
        var (lotta, lotte) = (await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 'c'", both), await site.Row<Guid>("select source_record_id from mention where report_id = $1 and key = 't'", both));
        Assert.Equal(await Person(one), await site.Row<Guid>("select person_id from link where source_record_id = $1 and undone_at is null", lotte));
        Assert.Equal(["one is named as the other's brother or sister"], await site.Rows<string>("select f ->> 'why' from possible_match p, jsonb_array_elements(comparison) f where p.source_record_id = $1 and p.other_id = $2 and f ->> 'field' = 'siblings' and (f ->> 'weight')::float < -5", await Record(one), lotta));
        // Her sister's words stand in it too, and keep it from whoever was not told of her.
        Assert.Equal(1, await site.Row<long>("select count(*) from possible_match p join mention m on m.id = any (p.compared) where p.source_record_id = $1 and p.other_id = $2 and m.source_record_id = $3", await Record(one), lotta, lotte));
    }

    [Fact]
    public async Task Where_two_children_fit_nobody_is_chosen()
    {
        // Two of one name and birthday, kept apart by their sex; a third of whom it was not said.
        await Settled(Child("P/3a", "Clementine", "Oakapple", born: "2015-06-17", change: r => r["people"]![0]!["sex"] = "F"));
        await Settled(Child("P/3b", "Clementine", "Oakapple", born: "2015-06-17", change: r => r["people"]![0]!["sex"] = "M"));
        Assert.Equal(2, await site.Row<long>("select count(distinct l.person_id) from mention m join link l on l.source_record_id = m.source_record_id join report r on r.id = m.report_id where r.reference in ('P/3a', 'P/3b')"));
        var both = await Settled(Child("P/3c", "Clementine", "Oakapple", born: "2015-06-17"));
        Assert.Equal(1, await site.Row<long>("select count(*) from link where person_id = $1", await Person(both)));
        Assert.Equal("More than one person known fits", await site.Row<string>("select reason from link where source_record_id = $1", await Record(both)));
        Assert.Equal(2, await site.Row<long>("select count(*) from possible_match where source_record_id = $1", await Record(both)));
    }

    [Fact]
    public async Task What_may_never_be_linked_is_refused_by_the_database_itself_also_through_a_third_record()
    {
        var old = await Settled(Child("P/4a", "Dorothea", "Formerly", nhs: Nhs(5)));
        var person = await Person(old);
        var now = await site.Received(Child("P/4b", "Edith", "Nowadays", number: "ADOPTED-1", nhs: Nhs(6)));
        await site.Settle();
        await site.Administer("insert into never_link (one, other, reason) values (least($1, $2), greatest($1, $2), 'Adopted')", await Record(old), await Record(now));
        await site.Administer("update link set undone_at = heed_now(), undone_by = me(), undone_reason = 'A test' where source_record_id = $1", await Record(now));
        var record = await Record(now);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => Link(record, person));
        Assert.Equal("HD001", refused.SqlState);

        // A third record that fits the old identity, and a report under the new one's number that says the same: not linked, not listed, and nothing is stuck.
        await Settled(Child("P/4c", "Dorothea", "Formerly", nhs: Nhs(5)));
        await Settled(Child("P/4d", "Dorothea", "Formerly", nhs: Nhs(5), number: "ADOPTED-1"));
        Assert.Equal(0, await site.Row<long>("select count(*) from link where person_id = $1 and source_record_id = $2 and undone_at is null", person, await Record(now)));
        Assert.Equal(0, await site.Row<long>("select count(*) from possible_match where $1 in (source_record_id, other_id)", await Record(now)));
    }

    [Fact]
    public async Task A_barrier_between_what_is_linked_stands_only_after_they_are_parted()
    {
        var a = await Settled(Child("P/5a", "Florence", "Barred", nhs: Nhs(7)));
        var b = await Settled(Child("P/5b", "Florence", "Barred", nhs: Nhs(7)));
        var (one, other) = (await Record(a), await Record(b));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => site.Administer("insert into never_link (one, other, reason) values (least($1, $2), greatest($1, $2), 'Adopted')", one, other));
        Assert.Equal("HD001", refused.SqlState);
    }

    [Fact]
    public async Task Of_two_links_at_once_that_may_not_stand_together_one_is_refused()
    {
        for (var round = 0; round < 5; round++)
        {
            var one = await Record(await Settled(Child($"P/6a{round}", "Grace", $"Twain{(char)('a' + round)}", born: "2010-01-01")));
            var other = await Record(await Settled(Child($"P/6b{round}", "Hester", $"Parted{(char)('a' + round)}", born: "2011-02-02")));
            var person = await Person(await Settled(Child($"P/6c{round}", "Iris", $"Third{(char)('a' + round)}", born: "2012-03-03")));
            await site.Administer("update link set undone_at = heed_now(), undone_by = me(), undone_reason = 'A test' where source_record_id in ($1, $2)", one, other);
            await site.Administer("insert into never_link (one, other, reason) values (least($1, $2), greatest($1, $2), 'Adopted')", one, other);
            var tries = await Task.WhenAll(Try(one, person), Try(other, person));
            Assert.Single(tries, t => t == "HD001");
        }

        async Task<string?> Try(Guid record, Guid person)
        {
            try
            {
                await Link(record, person);
                return null;
            }
            catch (PostgresException refused)
            {
                return refused.SqlState;
            }
        }
    }

    [Fact]
    public async Task A_barrier_and_a_link_that_are_made_at_once_wait_for_each_other_and_only_one_stands()
    {
        foreach (var barrierFirst in new[] { true, false })
        {
            var one = await Record(await Settled(Child($"P/13a{barrierFirst}", "Ottilie", barrierFirst ? "Fencea" : "Fenceb", born: "2010-01-01")));
            var report = await Settled(Child($"P/13b{barrierFirst}", "Petra", barrierFirst ? "Hedgea" : "Hedgeb", born: "2011-02-02"));
            var (other, person) = (await Record(report), await Person(report));
            await site.Administer("update link set undone_at = heed_now(), undone_by = me(), undone_reason = 'A test' where source_record_id = $1", one);
            var barrier = $"insert into never_link (one, other, reason) values (least('{one}'::uuid, '{other}'), greatest('{one}'::uuid, '{other}'), 'Adopted')";
            var link = $"insert into link (id, source_record_id, person_id, rules, verdict, reason) values (gen_random_uuid(), '{one}', '{person}', 'by hand', 'same', 'A test')";
            await using var first = await Entered();
            await using var second = await Entered();
            await using var transaction = await first.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await Run(first, barrierFirst ? barrier : link);
            var waits = Run(second, barrierFirst ? link : barrier);
            // Until it has come to where it waits, or has gone past.
            while (!waits.IsCompleted && await site.Row<long>("select cardinality(pg_blocking_pids($1))::bigint", second.ProcessID) == 0)
            {
                await Task.Yield();
            }
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            Assert.Equal("HD001", (await Assert.ThrowsAsync<PostgresException>(() => waits)).SqlState);
            if (barrierFirst)
            {
                // Nor by standing up again what was undone.
                await site.Administer("insert into link (id, source_record_id, person_id, rules, verdict, reason, undone_at, undone_reason) values (gen_random_uuid(), $1, $2, 'by hand', 'same', 'A test', heed_now(), 'A test')", one, person);
                Assert.Equal("HD001", (await Assert.ThrowsAsync<PostgresException>(() => site.Administer("update link set undone_at = null, undone_reason = null where source_record_id = $1 and person_id = $2", one, person))).SqlState);
            }
        }

        async Task<NpgsqlConnection> Entered()
        {
            var connection = await site.Databases.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await Run(connection, "select set_config('app.actor', '00000000-0000-7000-8000-000000000001', false), set_config('app.agency', '00000000-0000-7000-8000-000000000000', false), set_config('app.purpose', 'A test', false)");
            return connection;
        }

        static async Task Run(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Two_who_are_barred_and_a_third_who_fits_both_in_one_report_are_not_joined_by_the_third()
    {
        var police = site.Agency("tees-valley-police");
        var (old, now) = (SourceRecord.Of(police, "BARRED-1"), SourceRecord.Of(police, "BARRED-2"));
        await site.Administer("insert into source_record (id, agency_id, number) values ($1, $3, 'BARRED-1'), ($2, $3, 'BARRED-2')", old, now, police);
        await site.Administer("insert into never_link (one, other, reason) values (least($1, $2), greatest($1, $2), 'Adopted')", old, now);
        var report = await Settled(Child("P/14", "Rosalind", "Threefold", nhs: Nhs(14), number: "BARRED-1", change: r =>
        {
            var child = r["people"]![0]!;
            foreach (var (key, number) in new[] { ("third", null), ("other", "BARRED-2") })
            {
                var again = child.DeepClone();
                (again["key"], again["recordNumber"]) = (key, number);
                r["people"]!.AsArray().Add(again);
            }
        }));
        Assert.Equal(2, await site.Row<long>("select count(distinct l.person_id) from mention m join link l using (source_record_id) where m.report_id = $1", report));
        Assert.Equal(2, await site.Row<long>("select count(distinct person_id) from link where source_record_id in ($1, $2)", old, now));
        // Nor is the one listed for the other while it is nobody's.
        await site.Administer("update link set undone_at = heed_now(), undone_by = me(), undone_reason = 'A test' where source_record_id in ($1, $2)", old, now);
        await Settled(Child("P/14b", "Rosalind", "Threefold", nhs: Nhs(14), number: "BARRED-1"));
        Assert.Equal(0, await site.Row<long>("select count(*) from possible_match where $1 in (source_record_id, other_id) and $2 in (source_record_id, other_id)", old, now));
    }

    [Fact]
    public async Task A_sealed_record_is_never_linked_by_a_rule_whichever_came_first_and_its_owner_is_told()
    {
        var first = await Settled(Child("P/7a", "Jemima", "Sealed", nhs: Nhs(8)));
        await site.Administer("update source_record set tier = 'sealed', tier_reason = 'A test' where id = $1", await Record(first));
        var second = await Settled(Child("P/7b", "Jemima", "Sealed", nhs: Nhs(8)));
        Assert.NotEqual(await Person(first), await Person(second));
        Assert.Equal(0, await site.Row<long>("select count(*) from possible_match where $1 in (source_record_id, other_id)", await Record(first)));
        Assert.Equal(1, await site.Row<long>("select count(*) from alert where source_record_id = $1 and agency_id = $2", await Record(first), site.Agency("tees-valley-police")));

        // The sealed one comes second.
        await Settled(Child("P/7c", "Kezia", "Sealed", nhs: Nhs(9)));
        await site.Administer("insert into source_record (id, agency_id, number, tier, tier_reason) values ($1, $2, 'SEALED-2', 'sealed', 'A test')", Heed.Site.People.SourceRecord.Of(site.Agency("tees-valley-police"), "SEALED-2"), site.Agency("tees-valley-police"));
        var late = await Settled(Child("P/7d", "Kezia", "Sealed", nhs: Nhs(9), number: "SEALED-2"));
        Assert.Equal(1, await site.Row<long>("select count(*) from link where person_id = $1", await Person(late)));
        Assert.Equal(0, await site.Row<long>("select count(*) from possible_match where $1 in (source_record_id, other_id)", await Record(late)));
    }

    [Fact]
    public async Task Undoing_a_link_sends_everything_back_by_itself()
    {
        var a = await Settled(Child("P/8a", "Lavinia", "Undone", nhs: Nhs(10)));
        var b = await Settled(Child("P/8b", "Lavinia", "Undone", nhs: Nhs(10)), "tees-university-hospitals");
        var person = await Person(a);
        Assert.Equal(2, await Mentions());
        await site.Administer("update link set undone_at = heed_now(), undone_by = me(), undone_reason = 'Two children' where source_record_id = $1", await Record(b));
        Assert.Equal(1, await Mentions());
        Assert.Equal(1, await site.Row<long>("select count(*) from mention where report_id = $1", b));
        Assert.Equal(1, await site.Row<long>("select count(*) from change where on_table = 'link' and after ->> 'undone_reason' = 'Two children'"));
        // And nothing links it again by itself in the next breath, but a decision can.
        await Link(await Record(b), person);
        Assert.Equal(2, await Mentions());

        Task<long> Mentions() => site.Row<long>("select count(*) from link l join mention m on m.source_record_id = l.source_record_id where l.person_id = $1 and l.undone_at is null", person);
    }

    [Fact]
    public async Task Two_programs_that_meet_one_child_at_once_make_one_person()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => site.Received(Child($"P/9/{i}", "Millicent", "Crowd", nhs: Nhs(11)), i % 2 == 0 ? "tees-valley-police" : "tees-university-hospitals")));
        var (other, _) = await site.Run(background: false);
        await using (other)
        {
            await Task.WhenAll(All(site.Services.GetRequiredService<Jobs>()), All(other.Services.GetRequiredService<Jobs>()), All(other.Services.GetRequiredService<Jobs>()));
        }
        Assert.Equal(1, await site.Row<long>("select count(distinct l.person_id) from mention m join link l on l.source_record_id = m.source_record_id and l.undone_at is null where m.report_id = any ($1)", reports));
        Assert.Equal(24, await site.Row<long>("select count(*) from job where subject_id = any ($1) and state = 'done' and attempts = 1", reports));

        static async Task All(Jobs jobs)
        {
            while (await jobs.Round(default) > 0)
            {
                // Until nothing is owed.
            }
        }
    }

    [Fact]
    public async Task Two_works_that_stand_at_the_same_child_at_the_same_moment_make_one_person()
    {
        var reports = new[] { await site.Received(Child("P/16a", "Tabitha", "Moment", nhs: Nhs(16))), await site.Received(Child("P/16b", "Tabitha", "Moment", nhs: Nhs(16)), "tees-university-hospitals") };
        await using var held = await site.Databases.Owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await held.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("lock table blocking_key in share mode", held);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var resolving = reports.Select(report => site.Works.AsWorker("A test", async work =>
        {
            await site.Services.GetRequiredService<Resolve>().Handle([report], work, default);
            return 0;
        })).ToList();
        // Until both wait; one that is through has failed, and nobody would come to wait in its place.
        while (!resolving.Any(one => one.IsCompleted) && await site.Row<long>("select count(*) from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0") < 2)
        {
            await Task.Yield();
        }
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(resolving);
        Assert.Equal(await Person(reports[0]), await Person(reports[1]));
    }

    [Fact]
    public async Task Reports_that_name_the_same_two_people_the_other_way_round_do_not_wait_for_each_other()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => site.Received(TestSite.Report($"P/10/{i}", r =>
        {
            var two = new[] { ("Nellie", "Reverse"), ("Octavia", "Reverse") }.Select((n, j) => (JsonNode)new JsonObject { ["key"] = $"{j}", ["roles"] = new JsonArray("child"), ["givenNames"] = n.Item1, ["familyName"] = n.Item2, ["born"] = $"201{j}-05-05" });
            r["people"] = new JsonArray([.. i % 2 == 0 ? two : two.Reverse()]);
        }))));
        var (other, _) = await site.Run(background: false);
        await using (other)
        {
            await Task.WhenAll(new[] { site.Services, other.Services, other.Services }.Select(s => s.GetRequiredService<Jobs>().Round(default)));
        }
        await site.Settle();
        Assert.Equal(0, await site.Row<long>("select count(*) from job where subject_id = any ($1) and (attempts > 1 or fault is not null)", reports));
    }

    [Fact]
    public async Task An_open_cases_contact_goes_to_its_worker_who_can_decide_it_and_stop_its_clock_even_when_another_took_the_notice()
    {
        var before = await Settled(Child("P/11a", "Philippa", "Opencase", nhs: Nhs(12)));
        await site.Administer("insert into allocation (id, source_record_id, agency_id, practitioner_id, team_id, during) values (gen_random_uuid(), $1, $2, $3, $4, tstzrange(null, null))",
            await Record(before), site.Agency("norton-stockton"), site.Practitioner("appiah"), site.Team("norton-stockton-assessment"));
        var report = await site.Received(Child("P/11b", "Philippa", "Opencase", nhs: Nhs(12)));
        var notice = await site.NoticeTo("norton-stockton", report);
        Assert.Null(await site.Works.As(site.Who("ramsey"), "Taking a notice", work => Heed.Site.Notices.Take.Handle(new(notice), work)));
        await site.Settle();
        var contact = await site.Row<Guid>("select id from contact where notice_id = $1", notice);
        Assert.Equal(site.Practitioner("appiah"), await site.Row<Guid>("select worker_id from contact where id = $1", contact));
        Assert.Null(await site.Decides("appiah", contact));
        Assert.Equal("met", await site.Row<string>("select state from clock where contact_id = $1 and limit_key = 'referral.decision'", contact));
        Assert.Equal(1, await site.Row<long>("select count(*) from referral where contact_id = $1", contact));
        // Where nobody took the notice, the clock is the worker's too.
        var untaken = await Settled(Child("P/11c", "Philippa", "Opencase", nhs: Nhs(12)));
        Assert.Equal([site.Practitioner("appiah")], await site.Rows<Guid>("select practitioner_id from clock where report_id = $1 and contact_id is not null", untaken));
    }

    [Fact]
    public async Task A_notice_about_a_child_whose_record_its_recipient_restricts_becomes_restricted_there()
    {
        var before = await Settled(Child("P/15a", "Quilla", "Ownrestricted", nhs: Nhs(15)));
        var own = Guid.NewGuid();
        await site.Administer("insert into source_record (id, agency_id, tier, tier_reason) values ($1, $2, 'restricted', 'A colleague''s child')", own, site.Agency("norton-stockton"));
        await Link(own, await Person(before));
        var report = await Settled(Child("P/15b", "Quilla", "Ownrestricted", nhs: Nhs(15)));
        Assert.Equal(["open", "restricted"], await site.Rows<string>("select tier from notice where report_id in ($1, $2) order by sent_at", before, report));
        Assert.Equal(0, await site.Works.As(site.Who("ramsey"), "A test", work => work.One<long>($"select count(*) from notice where report_id = {report}")));
    }

    [Fact]
    public async Task A_council_can_decide_on_a_child_whose_record_the_sender_restricts_at_home()
    {
        await site.Administer("insert into source_record (id, agency_id, number, tier, tier_reason) values ($1, $2, 'RESTRICTED-1', 'restricted', 'A test')", Heed.Site.People.SourceRecord.Of(site.Agency("tees-valley-police"), "RESTRICTED-1"), site.Agency("tees-valley-police"));
        var report = await Settled(Child("P/12", "Quenby", "Restricted", number: "RESTRICTED-1"));
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", report);
        Assert.Null(await site.Decides("ramsey", contact));
        Assert.Equal(1, await site.Row<long>("select count(*) from referral where contact_id = $1", contact));
    }

    private Task Link(Guid record, Guid person) => site.Administer("insert into link (id, source_record_id, person_id, rules, verdict, reason) values (gen_random_uuid(), $1, $2, 'by hand', 'same', 'A test')", record, person);
}
