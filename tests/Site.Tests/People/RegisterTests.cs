using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Heed.Site.Tests.People;

public sealed class RegisterTests(TestSite site, ITestOutputHelper output) : IClassFixture<TestSite>
{
    private const string Map = "id=number,given=forename,family=surname,born=dob,postcode=postcode,address=house+street";
    private const string Header = "number, forename, surname, dob, house, street, postcode\n";
    private const string FebrlMap = "id=rec_id,given=given_name,family=surname,born=date_of_birth,postcode=postcode,locality=suburb,address=street_number+address_1+address_2";

    private Register Register => site.Services.GetRequiredService<Register>();

    [Fact]
    public async Task A_register_becomes_records_mentions_and_residences_of_the_agency_s_own()
    {
        var kept = await Kept(Header + "R1, Ella, Registered, 2018-02-03, 7, Mill Lane, TS20 2AB\nR2, Jack, Registered, 1990-05-06, 7, Mill Lane, TS20 2AB\n");
        await Register.Resolve(kept.Import);
        Assert.Equal(["Ella", "Jack"], await site.Rows<string>("select given from mention where import_id = $1 order by ordinal", kept.Import));
        Assert.Equal([true, false], await site.Rows<bool>("select is_child from mention where import_id = $1 order by ordinal", kept.Import));
        Assert.Equal("7 mill lane", await site.Row<string>("select distinct r.address from residence r join mention m on m.id = r.mention_id where m.import_id = $1 and r.postcode = 'TS202AB'", kept.Import));
        Assert.Equal("norton-stockton/system", await site.Row<string>("select p.key from import i join practitioner p on p.id = i.actor where i.id = $1", kept.Import));
        Assert.Equal(2, await site.Row<long>("select count(*) from link l join mention m using (source_record_id) where m.import_id = $1 and l.verdict = 'new'", kept.Import));
    }

    [Theory]
    [InlineData("number;forename;surname;dob;house;street;postcode\nS1;Ella;Brannigan;03/02/2018;7;Mill Lane, Norton;TS20 2AB\n", ';')]
    [InlineData("number\tforename\tsurname\tdob\thouse\tstreet\tpostcode\nS2\tElla\tBrannigan\t3/2/2018\t7\tMill Lane, Norton\tTS20 2AB\n", '\t')]
    [InlineData("number,forename,surname,dob,house,street,postcode\nS3,Ella,Brannigan,\"03/02/2018 00:00\",7,\"Mill Lane, Norton\",TS20 2AB\n", ',')]
    public void Semicolons_tabs_and_what_Excel_makes_of_a_day_are_understood(string csv, char _)
    {
        var row = Assert.Single(Read(csv).Rows);
        Assert.Equal((new LocalDate(2018, 2, 3), "7 Mill Lane, Norton", "Brannigan"), (row.Born!.Value, row.Address, row.Family));
    }

    [Fact]
    public void UTF_8_is_read_with_and_without_a_mark_and_what_is_not_UTF_8_as_Windows_1252_with_a_note()
    {
        const string csv = Header + "U1, Zoë, Łukasz-Brontë, 2018-02-03, 7, Mill Lane, TS20 2AB\n";
        Assert.Equal("Zoë", Read(Encoding.UTF8.GetBytes(csv)).Rows[0].Given);
        var marked = Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(csv)]);
        Assert.Equal(("U1", "Zoë"), (marked.Rows[0].Number, marked.Rows[0].Given));
        Assert.Empty(marked.Notes);
        var old = Read(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(csv.Replace("Ł", "O’")));
        Assert.Equal(("Zoë", "O’ukasz-Brontë"), (old.Rows[0].Given, old.Rows[0].Family));
        Assert.Contains("Windows-1252", Assert.Single(old.Notes));
    }

    [Theory]
    [InlineData("31/02/2019", "there is no day 31 in month 2 of 2019")]
    [InlineData("3/2/18", "the year has two digits")]
    [InlineData("2031-01-01", "lies in the future")]
    [InlineData("", "Blank")]
    public async Task A_date_that_is_impossible_or_blank_never_loses_the_row(string born, string why)
    {
        var kept = await Kept(Header + $"D{born}, Ella, Brannigan, {born}, 7, Mill Lane, TS20 2AB\n");
        Assert.Equal(born.Length == 0 ? null : born, (await site.Rows<object>("select born_written from mention where import_id = $1 and born is null", kept.Import)).Single() as string);
        Assert.Equal([(2, "born")], (await site.Rows<int>("select line from import_refusal where import_id = $1", kept.Import)).Select(l => (l, "born")));
        var said = await site.Row<string>("select why from import_refusal where import_id = $1 and field = 'born'", kept.Import);
        Assert.Contains(why, said);
        Assert.Equal((born.Length == 0 ? 0 : 1, born.Length == 0 ? 1 : 0), (kept.File.DatesImpossible, kept.File.DatesBlank));
    }

    [Fact]
    public void A_day_on_which_nobody_can_be_expected_is_kept_as_it_was_written_and_explained()
    {
        var (file, _) = RegisterFile.Of(Encoding.UTF8.GetBytes("number,surname,due\nE1,Brannigan,31/12/9999\nE2,Brannigan,01/02/2023\n"), "id=number,family=surname,expected=due", new(2026, 11, 18));
        Assert.Equal([(null, "31/12/9999", true), (new LocalDate(2023, 2, 1), null, true)], file!.Rows.Select(r => (r.Expected, r.BornWritten, r.IsChild)));
        Assert.Equal([new(2, "expected", "Kept as written and not understood: lies more than a year ahead")], file.Explained);
    }

    [Fact]
    public void A_quote_within_a_value_that_does_not_begin_with_one_is_a_letter_of_it()
    {
        var file = Read(Header + "Q1, El\"la, Brannigan, 2018-02-03, 7, said \"halt\" loudly, TS20 2AB\nQ2, \"Ja\"\"ck\", Brannigan, 2018-02-03, 7, Mill\" Lane, TS20 2AB\nQ3, Rose, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB\n");
        Assert.Equal([("El\"la", "7 said \"halt\" loudly"), ("Ja\"ck", "7 Mill\" Lane"), ("Rose", "7 Mill Lane")], file.Rows.Select(r => (r.Given, r.Address)));
        Assert.Empty(file.Explained);
    }

    [Fact]
    public async Task A_row_is_refused_where_nobody_could_be_known_by_it_or_it_cannot_be_kept_and_each_is_explained_without_its_values()
    {
        var kept = await Kept(Header + $"""
            N1, Ella, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB
            ,,,2018-02-03,7,Mill Lane,TS20 2AB

            N1, Jack, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB
            N4, {new string('x', 301)}, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB
            N5, El{'\0'}la, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB
            N6, Ella, Brannigan, 2018-02-03, 7, Mill Lane, Norton, TS20 2AB
            N7, "Ella
            May", Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB
            , Rose,,,,,
            N9
            """);
        Assert.Equal((9, 4, 5), (kept.File.Read, kept.File.Rows.Count, kept.File.Refused));
        Assert.Equal([(3, "row"), (5, "id"), (6, "given"), (7, "given"), (8, "row"), (11, "born"), (12, "born")], kept.File.Explained.Select(e => (e.Line, e.Field)));
        Assert.Equal("Line 2 has this number already", kept.File.Explained[1].Why);
        Assert.DoesNotContain(kept.File.Explained, e => e.Why.Contains("Jack") || e.Why.Contains("xxx") || e.Why.Contains("Ella"));
        Assert.Equal(7, await site.Row<long>("select count(*) from import_refusal where import_id = $1", kept.Import));
        Assert.Equal((9, 4, 5), (await site.Row<int>("select rows_read from import where id = $1", kept.Import), await site.Row<int>("select rows_kept from import where id = $1", kept.Import), await site.Row<int>("select rows_refused from import where id = $1", kept.Import)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n\n", "empty")]
    [InlineData(Header, "no rows")]
    [InlineData("number,forename,surname,dob,house,street\nQ1,a,b,,,\n", "no column \"postcode\"")]
    [InlineData(Header + "Q1, \"Ella, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB\nQ2, Jack, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB\n", "line 2")]
    [InlineData(Header + "Q1, Ella, Brannigan, 2018-02-03, 7, \"Mill\" Lane, TS20 2AB\n", "line 2")]
    [InlineData(Header + "Q1, Ella, Brannigan, 2018-02-03, 7, \"The \"\"Mill\"\" Lane\", TS20 2AB\nQ2, \"Ja\nck\", Brannigan, 2018-02-03, 7, \"Mill\" Lane, TS20 2AB\n", "line 3")]
    public async Task A_broken_file_is_an_error_that_says_where_and_nothing_of_it_is_imported(string csv, string says)
    {
        var before = await site.Row<long>("select count(*) from mention");
        var (kept, wrong) = await Register.Keep(new("broken.csv", Encoding.UTF8.GetBytes(csv), "norton-stockton", Map), TestContext.Current.CancellationToken);
        Assert.Null(kept);
        Assert.Contains(says, wrong);
        Assert.DoesNotContain("Ella", wrong);
        Assert.Equal(before, await site.Row<long>("select count(*) from mention"));
        Assert.Equal(0, await site.Row<long>("select count(*) from import where file_name = 'broken.csv'"));
    }

    [Theory]
    [InlineData("nowhere", Map, "No agency")]
    [InlineData("norton-stockton", "number=id", "none of ours")]
    [InlineData("norton-stockton", "id=number,id=forename", "twice")]
    [InlineData("norton-stockton", "id", "not ours=theirs")]
    [InlineData("norton-stockton", "", "map is empty")]
    public async Task A_map_or_an_agency_that_is_not_there_is_said(string agency, string map, string says)
    {
        var (kept, wrong) = await Register.Keep(new("x.csv", Encoding.UTF8.GetBytes(Header + "A,b,c,,,,\n"), agency, map), TestContext.Current.CancellationToken);
        Assert.Null(kept);
        Assert.Contains(says, wrong);
    }

    [Fact]
    public async Task The_same_file_with_the_same_map_is_the_same_import_and_a_number_known_before_is_the_same_record()
    {
        var csv = Header + "K1, Ella, Brannigan, 2018-02-03, 7, Mill Lane, TS20 2AB\n";
        var first = await Kept(csv);
        await Register.Resolve(first.Import);
        var again = await Kept(csv);
        Assert.Equal((first.Import, true), (again.Import, again.Before));
        var later = await Kept(csv.Replace("7, Mill", "9, Mill"), agency: "Norton and Stockton Council");
        var summary = await Register.Resolve(later.Import);
        Assert.Equal(1, summary.Known);
        var record = SourceRecord.Of(site.Agency("norton-stockton"), "K1");
        Assert.Equal(["7 Mill Lane", "9 Mill Lane"], await site.Rows<string>("select address from mention where source_record_id = $1 order by recorded_at, ordinal, id", record));
        Assert.Equal(1, await site.Row<long>("select count(*) from link where source_record_id = $1", record));
    }

    [Fact]
    public async Task An_import_that_was_killed_before_it_knew_who_is_who_goes_on_in_any_program()
    {
        var kept = await Kept(Header + "L1, Killed, Halfway, 2018-02-03, 7, Mill Lane, TS20 2AB\nL2, Killed, Halfway, 2018-02-03, 7, Mill Lane, TS20 2AB\n");
        Assert.Equal(0, await site.Row<long>("select count(*) from link l join mention m using (source_record_id) where m.import_id = $1", kept.Import));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(6));
        await site.Settle();
        // Two rows of one file that are the same person: the second finds what the first made.
        Assert.Equal(["new", "same"], await site.Rows<string>("select l.verdict from link l join mention m using (source_record_id) where m.import_id = $1 order by m.ordinal", kept.Import));
        Assert.Equal(1, await site.Row<long>("select count(distinct l.person_id) from link l join mention m using (source_record_id) where m.import_id = $1", kept.Import));
    }

    [Fact]
    public async Task A_number_that_fails_its_check_is_kept_as_written_and_links_nobody()
    {
        var (file, _) = RegisterFile.Of(Encoding.UTF8.GetBytes("nhs,who,local\n943 476 5919,\"BRANNIGAN, Ella May\",77\n9434765918,Ella May Brannigan,78\n"), "nhs=nhs,full_name=who,other=local", new(2026, 11, 18));
        Assert.Equal(["9434765919", null], file!.Rows.Select(r => r.Nhs));
        Assert.All(file.Rows, r => Assert.Equal(("Ella May", "brannigan"), (r.Given, r.Family!.ToLowerInvariant())));
        Assert.Equal([("nhs", "9434765918"), ("local", "78")], file.Rows[1].Identifiers);
        Assert.Equal((3, "nhs"), (Assert.Single(file.Explained).Line, file.Explained[0].Field));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task FEBRL_4_goes_in_whole_and_reports_about_its_people_all_reach_a_team_with_a_clock()
    {
        var folder = Data();
        Assert.SkipWhen(folder is null, "shared/data/matching is not beside this tree");
        var clock = global::System.Diagnostics.Stopwatch.StartNew();
        var (kept, wrong) = await Register.Keep(new("febrl4a.csv", await File.ReadAllBytesAsync(Path.Combine(folder!, "febrl4a.csv")), "norton-stockton", FebrlMap));
        Assert.Null(wrong);
        Assert.Equal((5000, 5000, 0), (kept!.File.Read, kept.File.Rows.Count, kept.File.Refused));
        Assert.Equal((94, 0), (kept.File.DatesBlank, kept.File.DatesImpossible));
        output.WriteLine($"Kept after {clock.Elapsed.TotalSeconds:0.0} s");
        var summary = await Register.Resolve(kept.Import);
        output.WriteLine($"Known after {clock.Elapsed.TotalSeconds:0.0} s: {summary}");
        Assert.Equal(5000, summary.Linked + summary.New);
        Assert.Equal(5000, await site.Row<long>("select count(*) from mention where import_id = $1", kept.Import));
        Assert.Equal(5000, await site.Row<long>("select count(*) from residence r join mention m on m.id = r.mention_id where m.import_id = $1", kept.Import));

        var rows = File.ReadLines(Path.Combine(folder!, "febrl4b.csv")).Skip(1).Select(l => l.Split(',', StringSplitOptions.TrimEntries)).Where((_, i) => i % 16 == 0).Take(300).ToList();
        Assert.Equal(300, rows.Count);
        var reports = new Dictionary<string, Guid>();
        foreach (var cells in rows)
        {
            var answer = await site.Send(AsReport(cells));
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            reports[cells[0]] = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        }
        await site.Settle();

        // Everyone of them, as somebody of the front door sees it: once, with a contact and a clock that runs.
        var council = site.Agency("norton-stockton");
        var seen = await site.Works.As(site.Who("ramsey"), "Seeing what came", work => work.Ask<Seen>($"""
            select n.report_id as report, count(distinct n.id)::int as notices, count(distinct c.id)::int as contacts, count(distinct k.id) filter (where k.contact_id = c.id and k.state = 'running')::int as clocks
              from notice n left join contact c on c.notice_id = n.id left join clock k on k.notice_id = n.id where n.to_agency = {council} and n.withheld_because is null group by n.report_id
            """).ToListAsync());
        Assert.Equal(reports.Values.Order(), seen.Select(s => s.Report).Where(reports.ContainsValue).Order());
        Assert.All(seen.Where(s => reports.ContainsValue(s.Report)), s => Assert.Equal((1, 1, 1), (s.Notices, s.Contacts, s.Clocks)));
        Assert.Equal(300, await site.Row<long>("select count(*) from report where id = any ($1)", reports.Values.ToArray()));

        var (linked, right, listed) = (0, 0, 0);
        foreach (var (number, report) in reports)
        {
            var original = SourceRecord.Of(council, number.Replace("dup-0", "org"));
            var record = await site.Row<Guid>("select source_record_id from mention where report_id = $1", report);
            var with = await site.Rows<Guid>("select s.id from link l join link o on o.person_id = l.person_id and o.undone_at is null join source_record s on s.id = o.source_record_id where l.source_record_id = $1 and l.undone_at is null and s.agency_id = $2", record, council);
            linked += with.Count > 0 ? 1 : 0;
            right += with.Contains(original) ? 1 : 0;
            listed += (await site.Rows<int>("select 1 from possible_match where source_record_id = $1 and other_id = $2", record, original)).Count;
        }
        output.WriteLine($"{reports.Count} reports: {linked} linked to a record of the register, {right} of them to the right one; {listed} more listed for review beside the right one");
        Assert.Equal(linked, right);
        Assert.InRange(linked, 110, 300);
    }

    private sealed record Seen(Guid Report, int Notices, int Contacts, int Clocks);

    private static string AsReport(string[] cells)
    {
        string? Or(int at) => cells[at].Length > 0 ? cells[at] : null;
        return new JsonObject
        {
            ["reference"] = $"FEBRL/{cells[0]}", ["kind"] = "child-concern", ["occurredAt"] = "2026-11-18T11:40:00Z", ["knownAt"] = "2026-11-18T12:00:00Z", ["summary"] = "Concern about this person.",
            ["people"] = new JsonArray(new JsonObject
            {
                ["key"] = "p", ["roles"] = new JsonArray("child"), ["givenNames"] = Or(1), ["familyName"] = Or(2), ["born"] = Or(9), ["recordNumber"] = cells[0],
                ["addresses"] = new JsonArray(new JsonObject { ["lines"] = new JsonArray($"{cells[3]} {cells[4]}", cells[5]), ["locality"] = Or(6), ["postcode"] = Or(7) }),
            }),
        }.ToJsonString();
    }

    private static RegisterFile Read(string csv) => Read(Encoding.UTF8.GetBytes(csv));

    private static RegisterFile Read(byte[] csv) => RegisterFile.Of(csv, Map, new(2026, 11, 18)) is ({ } file, _) ? file : throw new InvalidOperationException();

    private async Task<Register.Kept> Kept(string csv, string agency = "norton-stockton")
    {
        var (kept, wrong) = await Register.Keep(new("register.csv", Encoding.UTF8.GetBytes(csv), agency, Map));
        Assert.Null(wrong);
        return kept!;
    }

    private static string? Data()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var data = Path.Combine(folder, "shared", "data", "matching");
            if (Directory.Exists(data))
            {
                return data;
            }
        }
        return null;
    }
}
