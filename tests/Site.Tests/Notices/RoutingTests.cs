using System.Text.Json.Nodes;
using NodaTime;

namespace Heed.Site.Tests.Notices;

/// <summary>Who is told, from the report's own words, before anybody knows who the child is.</summary>
public sealed class RoutingTests(TestSite site) : IClassFixture<TestSite>
{
    private async Task<List<string>> Told(string reference, Action<JsonObject> change, string agency = "tees-valley-police")
    {
        var report = await site.Received(TestSite.Report(reference, change), agency);
        return await site.Rows<string>("select a.key || case when n.withheld_because is null then '' else ' not told' end from notice n join agency a on a.id = n.to_agency where n.report_id = $1 order by 1", report);
    }

    private static void Home(JsonObject r, string? postcode) => r["people"]![0]!["addresses"]![0]!["postcode"] = postcode;

    private static void Place(JsonObject r, string? postcode) => r["place"]!["address"]!["postcode"] = postcode;

    private static void NoSchool(JsonObject r) => r["people"]![0]!.AsObject().Remove("school");

    [Fact]
    public async Task A_child_who_lives_in_one_council_and_was_found_in_another_is_known_to_both() =>
        Assert.Equal(["hartmoor", "levenside"], await Told("R/1", r => { NoSchool(r); Home(r, "TS17 1AA"); Place(r, "TS24 1AA"); }));

    private static void Homes(JsonObject r, params string[] postcodes) => r["people"]![0]!["addresses"] = new JsonArray([.. postcodes.Select(p => new JsonObject { ["postcode"] = p })]);

    [Fact]
    public async Task Of_a_child_with_homes_in_several_councils_each_is_told() =>
        Assert.Equal(["hartmoor", "levenside"], await Told("R/1/homes", r => { NoSchool(r); Homes(r, "TS17 1AA", "", "TS24 1AA"); Place(r, "TS17 1AA"); }));

    [Fact]
    public async Task Of_a_home_outside_the_partnership_beside_one_within_the_one_is_telephoned_and_the_other_told()
    {
        Assert.Equal(["levenside", "outside not told"], await Told("R/1/outside", r => { NoSchool(r); Homes(r, "TS17 1AA", "YO10 3AB"); Place(r, "TS17 1AA"); }));
        Assert.Equal("YO10 lies outside this partnership: tell the council of YO10 by telephone", await site.Row<string>("select withheld_because from notice n join report r on r.id = n.report_id where r.reference = 'R/1/outside' and n.by_hand"));
    }

    [Fact]
    public async Task Where_the_children_were_found_counts_before_where_it_happened() =>
        Assert.Equal(["hartmoor", "norton-stockton"], await Told("R/2", r => { NoSchool(r); Place(r, "TS17 1AA"); r["place"]!["foundAt"] = new JsonObject { ["postcode"] = "TS24 1AA" }; }));

    [Theory]
    [InlineData("TS21 1AB", "norton-stockton")]
    [InlineData("ts211ab", "norton-stockton")]
    [InlineData("TS21 2AB", "hartmoor")]
    [InlineData(" TS 21-3AB ", "hartmoor")]
    public async Task The_longest_beginning_of_a_postcode_decides(string postcode, string council) =>
        Assert.Equal([council], await Told($"R/3/{postcode}", r => { NoSchool(r); Home(r, postcode); Place(r, postcode); }));

    [Fact]
    public async Task An_unborn_child_lives_where_its_mother_does() =>
        Assert.Equal(["levenside"], await Told("R/4", r =>
        {
            Place(r, "TS17 1AA");
            r["people"] = JsonNode.Parse("""
                [ { "key": "baby", "roles": ["unborn"], "expected": "2027-02-01", "relationships": [{ "kind": "mother", "to": "m" }] },
                  { "key": "m", "roles": ["victim"], "givenNames": "Moira", "familyName": "Probe", "born": "1990-05-06", "addresses": [{ "postcode": "TS17 1AA" }] } ]
                """);
        }));

    [Theory]
    [InlineData("ZZ99 9ZZ")]
    [InlineData("")]
    [InlineData("no fixed abode")]
    [InlineData("💥")]
    public async Task An_address_that_nobody_understands_goes_to_the_lead_council_and_never_nowhere(string postcode) =>
        Assert.Equal(["norton-stockton"], await Told($"R/5/{postcode}", r => { NoSchool(r); Home(r, postcode); Place(r, postcode); }));

    [Fact]
    public async Task No_address_at_all_goes_to_the_lead_council() =>
        Assert.Equal(["norton-stockton"], await Told("R/6", r => { NoSchool(r); r.Remove("place"); r["people"]![0]!.AsObject().Remove("addresses"); }));

    [Fact]
    public async Task A_report_without_a_child_is_told_to_nobody_and_says_why()
    {
        Assert.Equal(["norton-stockton not told"], await Told("R/7", r => { NoSchool(r); r["people"] = JsonNode.Parse("""[{ "roles": ["victim"], "givenNames": "Moira", "born": "1990-05-06" }]"""); }));
        Assert.Equal("No child is mentioned in this report", await site.Row<string>("select withheld_because from notice n join report r on r.id = n.report_id where r.reference = 'R/7'"));
        Assert.Equal(0, await site.Row<long>("select count(*) from contact c join notice n on n.id = c.notice_id join report r on r.id = n.report_id where r.reference = 'R/7'"));
    }

    [Theory]
    [InlineData("childInHousehold")]
    [InlineData("childrenPresent")]
    public async Task A_child_whom_nobody_named_is_told_by_telephone(string said)
    {
        var reference = $"R/7/{said}";
        Assert.Equal(["norton-stockton not told"], await Told(reference, r => { NoSchool(r); r[said] = "yes"; r["people"] = JsonNode.Parse("""[{ "roles": ["victim"], "givenNames": "Moira", "born": "1990-05-06" }]"""); }));
        Assert.True(await site.Row<bool>("select by_hand from notice n join report r on r.id = n.report_id where r.reference = $1", reference));
        Assert.Equal("running", await site.Row<string>("select c.state from clock c join report r on r.id = c.report_id where r.reference = $1 and c.limit_key = 'notification.by-telephone'", reference));
    }

    [Fact]
    public async Task Somebody_of_seventeen_is_a_child_whatever_the_form_called_them() =>
        Assert.Equal(["norton-stockton"], await Told("R/8", r => { NoSchool(r); r["people"] = JsonNode.Parse("""[{ "roles": ["suspect"], "givenNames": "Nearly", "born": "2008-11-19" }]"""); }));

    [Fact]
    public async Task On_the_eighteenth_birthday_nobody_is_a_child_any_more() =>
        Assert.Equal(["norton-stockton not told"], await Told("R/9", r => { NoSchool(r); r["people"] = JsonNode.Parse("""[{ "roles": ["suspect"], "givenNames": "Just", "born": "2008-11-18" }]"""); }));

    [Fact]
    public async Task A_school_is_told_of_domestic_abuse_only_and_the_decision_not_to_tell_it_stands_with_its_reason()
    {
        Assert.Equal(["norton-primary not told", "norton-stockton"], await Told("R/10", r => r["kind"] = "neglect"));
        Assert.StartsWith("Schools are told by rule of domestic abuse only", await site.Row<string>("select withheld_because from notice n join report r on r.id = n.report_id where r.reference = 'R/10' and withheld_because is not null"));
    }

    [Fact]
    public async Task A_schools_own_report_goes_to_its_council_and_not_back_to_the_school() =>
        Assert.Equal(["norton-stockton"], await Told("R/11", _ => { }, "norton-primary"));

    [Fact]
    public async Task Without_an_agreement_nothing_is_shared_and_the_reason_stands()
    {
        await site.Administer("update agreement set during = tstzrange(null, now() - interval '100 years') where key = 'health-to-council'");
        try
        {
            Assert.Equal(["norton-stockton not told"], await Told("R/12", NoSchool, "tees-university-hospitals"));
            Assert.Equal("No sharing agreement in force covers this", await site.Row<string>("select withheld_because from notice n join report r on r.id = n.report_id where r.reference = 'R/12'"));
        }
        finally
        {
            await site.Administer("update agreement set during = tstzrange(null, null) where key = 'health-to-council'");
        }
        Assert.Equal(["norton-stockton"], await Told("R/13", NoSchool, "tees-university-hospitals"));
    }

    [Fact]
    public async Task The_school_has_until_its_own_next_day_starts_and_the_calendar_of_that_school_says_when()
    {
        // A Friday evening: the next school day is Monday.
        await site.TimeIs(Instant.FromUtc(2026, 11, 20, 19, 0));
        await site.Received(TestSite.Report("R/14", r => { r["occurredAt"] = "2026-11-20T18:00:00Z"; r["knownAt"] = "2026-11-20T18:30:00Z"; }));
        var starts = await site.Row<LocalTime>("select starts from school_year where school_id = $1 and during @> date '2026-11-23'", site.Agency("norton-primary"));
        var due = await site.Row<Instant>("select c.due_at from clock c join report r on r.id = c.report_id where r.reference = 'R/14' and c.limit_key = 'school.notice-read'");
        Assert.Equal(new LocalDate(2026, 11, 23).At(starts), due.InZone(Statute.WorkingCalendar.London).LocalDateTime);
        await site.TimeIs(Cluster.Usual);
    }
}
