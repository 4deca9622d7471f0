using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.Files;
using Heed.Site.People;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace Heed.Site.Tests.Files;

public sealed class FileTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Header = "Incident No,Incident type,Date,Time,Summary,Grade,Postcode,Role,Forename,Surname,DOB,Home address,Home postcode\n";

    /// <summary>A row as a force's export writes it: a child at an address of Norton's.</summary>
    private static string Row(string reference, string given, string rest = "Probe,03/02/2018,3 Test Street,TS20 2AB", string when = "18/11/2026,11:40", string kind = "Domestic Abuse", string summary = "Neighbour reported shouting") =>
        $"{reference},{kind},{when},{summary},Medium,TS20 2AB,child,{given},{rest}\n";

    private async Task<HttpResponseMessage> Post(byte[] csv, string? map = null, string agency = "tees-valley-police")
    {
        using var content = new ByteArrayContent(csv);
        content.Headers.ContentType = new("text/csv");
        return await site.System(agency).PostAsync("/api/files" + (map is null ? "" : $"?map={Uri.EscapeDataString(map)}"), content);
    }

    private async Task<JsonElement> Taken(string csv, string? map = null, HttpStatusCode status = HttpStatusCode.Created) => await Taken(Encoding.UTF8.GetBytes(csv), map, status);

    private async Task<JsonElement> Taken(byte[] csv, string? map = null, HttpStatusCode status = HttpStatusCode.Created)
    {
        var answer = await Post(csv, map);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static Guid Import(JsonElement answer) => answer.GetProperty("import").GetProperty("id").GetGuid();

    private static List<(int Line, string Field, string Why)> Wrong(JsonElement answer) => [.. answer.GetProperty("wrong").EnumerateArray().Select(w => (w.GetProperty("line").GetInt32(), w.GetProperty("field").GetString()!, w.GetProperty("why").GetString()!))];

    private async Task<string> States(Guid import) => string.Join(' ', await site.Rows<string>("select state from file_report where import_id = $1 order by ordinal", import));

    [Fact]
    public async Task A_column_says_that_somebody_works_at_a_school_and_its_notice_is_held()
    {
        string[] file =
        [
            "Incident No,Incident type,Date,Time,Summary,Postcode,Role,Forename,Surname,DOB,Home postcode,School,School URN,Works at,Workplace URN",
            "A/W,Domestic Abuse,18/11/2026,11:40,Shouting,TS20 2AB,child,Ella,Worker,03/02/2018,TS20 2AB,Norton Primary School,111555,,",
            "A/W,,,,,,suspect,Gavin,Worker,,,,,Norton Primary School,111555", "A/W,,,,,,witness,Una,Worker,,,,,Some school,",
        ];
        await Taken(string.Join('\n', file));
        await site.Settle();
        var report = await site.Row<Guid>("select id from report where reference = 'A/W'");
        Assert.Equal(site.Practitioner("norton-primary-deputy"), await site.Row<Guid?>("select held_for from notice where report_id = $1 and to_agency = $2", report, site.Agency("norton-primary")));
        // By its name alone no school is known: whoever sends is told before they send.
        var header = file[0].Split(',');
        var map = Columns.Guess(header);
        var read = Assert.Single(FileReports.Of(header, file[1..].Select((line, i) => (i + 2, line.Split(','))), map, map.In(header).Item1!, Cluster.Usual));
        Assert.Equal((4, "works_at"), read.Notes.Where(n => n.Why.Contains("URN alone", StringComparison.Ordinal)).Select(n => (n.Line, n.Field)).Single());
    }

    [Fact]
    public async Task Rows_of_one_reference_are_one_report_and_its_notices_are_out_as_if_it_had_been_sent_by_itself()
    {
        var answer = await Taken(Header + Row("A/1", "Ella") + Row("A/2", "Rose") + Row("A/1", "Jack", "Probe,2019-04-05,3 Test Street,TS20 2AB") + "A/1,,,,,,,victim,Moira,Probe,06/05/1990,,\n");
        Assert.Equal((4, 2, 2), (answer.GetProperty("import").GetProperty("rows").GetInt32(), answer.GetProperty("import").GetProperty("reports").GetInt32(), answer.GetProperty("import").GetProperty("waiting").GetInt32()));
        await site.Settle();
        Assert.Equal("sent sent", await States(Import(answer)));
        var report = await site.Row<Guid>("select id from report where reference = 'A/1'");
        Assert.Equal(["Ella", "Jack", "Moira"], await site.Rows<string>("select given from mention where report_id = $1 order by ordinal", report));
        Assert.Equal([true, true, false], await site.Rows<bool>("select is_child from mention where report_id = $1 order by ordinal", report));
        Assert.Equal(Instant.FromUtc(2026, 11, 18, 11, 40), await site.Row<Instant>("select lower(occurred) from report where id = $1", report));
        Assert.Equal(2, await site.Row<long>("select count(*) from contact where notice_id = $1", await site.NoticeTo("norton-stockton", report)));
        Assert.True(await site.Row<long>("select count(*) from clock where report_id = $1", report) > 0);
        Assert.Equal("tees-valley-police/system", await site.Row<string>("select p.key from report r join practitioner p on p.id = r.recorded_by where r.id = $1", report));
        Assert.Equal("medium", await site.Row<string>("select content -> 'risk' ->> 'grade' from report where id = $1", report));
    }

    [Fact]
    public async Task Children_in_columns_are_people_of_their_incident()
    {
        var answer = await Taken("Ref,Type,Incident date,Incident time,Circumstances,Postcode,Forename,Surname,Role,Child 1 forename,Child 1 surname,Child 1 DOB,Child 2 forename,Child 2 surname,Child 2 DOB\nC/1,neglect,18/11/2026 00:00:00,11:40,Seen alone,TS20 2AB,Moira,Probe,carer,Ella,Probe,43134,Jack,Probe,05/04/2019\n");
        await site.Settle();
        Assert.Equal("sent", await States(Import(answer)));
        Assert.Equal(["Moira -", "Ella 2018-02-03", "Jack 2019-04-05"], await site.Rows<string>("select m.given || ' ' || coalesce(born::text, '-') from mention m join report r on r.id = m.report_id where r.reference = 'C/1' order by m.ordinal"));
    }

    [Fact]
    public async Task A_column_that_nothing_is_read_from_is_named_and_headings_that_say_whose_they_are_are_known()
    {
        const string csv = "Ref,Type,Incident date,Incident time,Circumstances,Postcode,Forename of child,Child's surname,DOB of child,Shoe size,\nLEFT/1,neglect,18/11/2026,11:40,Seen alone,TS20 2AB,Ella,Probe,03/02/2018,12,x\n";
        var answer = await Taken(csv);
        await site.Settle();
        Assert.Equal(["Shoe size"], answer.GetProperty("leftOut").EnumerateArray().Select(h => h.GetString()));
        Assert.Equal(["Ella Probe 2018-02-03"], await site.Rows<string>("select concat_ws(' ', m.given, m.family, m.born) from mention m join report r on r.id = m.report_id where r.reference = 'LEFT/1'"));
        var mapped = await Taken(csv, "reference=Ref,kind=Type,occurred=Incident date+Incident time,summary=Circumstances,given=Forename of child");
        Assert.Equal(["Postcode", "Child's surname", "DOB of child", "Shoe size"], mapped.GetProperty("leftOut").EnumerateArray().Select(h => h.GetString()));
        Assert.Contains("\"leftOut\":[\"Postcode\"", await site.System("tees-valley-police").GetStringAsync($"/api/files/{Import(mapped)}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_correction_in_the_same_file_goes_in_after_what_it_corrects_though_several_go_in_at_once()
    {
        string Version(string reference, int version) => $"{reference},{version},{(version > 1 ? $"{version - 1},The grade was wrong" : ",")},domestic-abuse,2026-11-18 11:40,Neighbour reported shouting,child,Rose,Versioned,2018-02-03,3 Test Street,TS20 2AB\n";
        var answer = await Taken("reference,version,supersedes,supersession_reason,kind,occurred,summary,role,given,family,born,home,home_postcode\n"
            + string.Concat(Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(1, 4).Select(v => Version($"V{i}/1", v)))));
        await site.Settle();
        Assert.Equal(string.Join(' ', Enumerable.Repeat("sent", 40)), await States(Import(answer)));
        Assert.Equal(30, await site.Row<long>("select count(*) from report where reference like 'V_/1' and supersedes_id is not null"));
    }

    [Fact]
    public async Task A_bad_row_is_explained_by_line_and_field_and_its_report_waits_whole_while_the_others_go_in()
    {
        var csv = Header + Row("B/1", "Ella") + Row("B/2", "Zacharias") + Row("B/2", "Kunigunde", kind: "burglary") + Row("", "Rose") + Row("B/4", "Ada", when: "31/02/2026,11:40") + Row("B/5", "Tom", when: "18/11/2027,10:00")
            + Row("B/6", new string('x', 301)) + Row("B/7", "Amy", summary: "") + Row("B/8", "Sam", "Probe,31/02/2019,3 Test Street,TS20 2AB") + Row("B/9", "Una", "Probe,03/02/2018,3 Test Street,TS20 2AB,,");
        var answer = await Taken(csv);
        var wrong = Wrong(answer);
        Assert.Equal([(4, "kind"), (5, "reference"), (6, "occurred"), (7, "occurred"), (8, "given"), (9, "summary")], wrong.Select(w => (w.Line, w.Field)));
        Assert.Equal("Line 3 says otherwise of the same incident", wrong[0].Why);
        Assert.DoesNotContain(wrong, w => w.Why.Contains("burglary") || w.Why.Contains("xxx") || w.Why.Contains("Kunigunde"));
        await site.Settle();
        Assert.Equal("sent refused refused refused refused refused refused sent sent", await States(Import(answer)));
        // A birthday never turns a child away.
        Assert.Equal("31/02/2019", await site.Row<string>("select m.born_written from mention m join report r on r.id = m.report_id where r.reference = 'B/8'"));
        Assert.Equal(0, await site.Row<long>("select count(*) from report where reference = 'B/2'"));

        var back = await site.System("tees-valley-police").GetStringAsync($"/api/files/{Import(answer)}/refused");
        var lines = back.TrimStart('\uFEFF').Split("\r\n");
        Assert.EndsWith(",\"why\"", lines[0]);
        Assert.StartsWith("\"B/2\",\"Domestic Abuse\"", lines[1]);
        Assert.EndsWith("\"row: line 4 of the same report is refused, and a report goes in whole or not at all\"", lines[1]);
        Assert.EndsWith("\"kind: Line 3 says otherwise of the same incident\"", lines[2]);

        // Put right, they go in: the column "why" is nobody's.
        var again = await Taken(string.Join("\r\n", [lines[0], .. lines[1..3].Select(l => l.Replace("burglary", "Domestic Abuse"))]));
        await site.Settle();
        Assert.Equal("sent", await States(Import(again)));
    }

    [Fact]
    public async Task What_a_spreadsheet_would_take_for_a_formula_is_given_back_marked_and_comes_back_without_the_mark()
    {
        var answer = await Taken(Header + Row("F/1", "=HYPERLINK(1)", kind: "burglary") + Row("F/2", "@SUM", "+Probe,03/02/2018,-3 Test Street,TS20 2AB", kind: "burglary"));
        var back = await site.System("tees-valley-police").GetStringAsync($"/api/files/{Import(answer)}/refused");
        Assert.Contains("\"'=HYPERLINK(1)\"", back);
        Assert.Contains("\"'@SUM\",\"'+Probe\"", back);
        Assert.Contains("\"'-3 Test Street\"", back);
        await Taken(back.Replace("burglary", "neglect"));
        await site.Settle();
        Assert.Equal(["=HYPERLINK(1)", "@SUM"], await site.Rows<string>("select m.given from mention m join report r on r.id = m.report_id where r.reference like 'F/%' order by reference"));
    }

    [Fact]
    public async Task The_same_file_twice_is_one_import_and_another_file_with_the_same_incident_a_replay()
    {
        var csv = Header + Row("R/1", "Ella");
        var first = await Taken(csv);
        Assert.Equal(Import(first), Import(await Taken(csv, status: HttpStatusCode.OK)));
        await site.Settle();
        Assert.Equal(Import(first), Import(await Taken(csv, status: HttpStatusCode.OK)));
        var more = await Taken(csv + Row("R/2", "Rose"));
        await site.Settle();
        Assert.Equal("again sent", await States(Import(more)));
        Assert.Equal(1, await site.Row<long>("select count(*) from report where reference = 'R/1'"));
        // Other content under the same reference is a conflict, said and not sent.
        var other = await Taken(csv.Replace("shouting", "screaming"));
        await site.Settle();
        Assert.Equal("refused", await States(Import(other)));
        var wrong = Assert.Single(Wrong(await site.System("tees-valley-police").GetFromJsonAsync<JsonElement>($"/api/files/{Import(other)}")));
        Assert.Equal((2, "reference"), (wrong.Line, wrong.Field));
        Assert.Contains("received with other content", wrong.Why);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(Header, "no rows")]
    [InlineData(Header + "H/1,neglect,18/11/2026,11:40,\"cut in the mid", "line 2")]
    [InlineData(Header + "H/1,neglect,18/11/2026,11:40,Whole,,,child,Ella,Probe,,,\nH/2,neglect,18/11/2026,11:40,Cut", "middle of line 3")]
    [InlineData(Header + "H/1,neglect,18/11/2026,11:40,No\0thing,,,child,Ella,Probe,,,\n", "U+0000")]
    public async Task Half_a_file_is_no_file(string csv, string says)
    {
        var before = await site.Row<long>("select count(*) from file_row");
        var answer = await Post(Encoding.UTF8.GetBytes(csv));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync());
        Assert.Equal(before, await site.Row<long>("select count(*) from file_row"));
    }

    [Theory]
    [InlineData("reference=Nothing", "no column")]
    [InlineData("number=Surname", "no column for reference, kind, occurred, summary")]
    [InlineData("nothing=Surname", "none of ours")]
    [InlineData("reference=Incident No,kind=Incident type,occurred=Date+Time,summary=Summary", "no column of a person")]
    public async Task A_map_that_cannot_make_a_report_is_refused_with_what_it_lacks(string map, string says)
    {
        var answer = await Post(Encoding.UTF8.GetBytes(Header + Row("M/1", "Ella")), map);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_map_is_kept_and_offered_again_to_its_agency_alone()
    {
        const string header = "Fall,Art,Wann,Was,Wer,Geboren\n";
        await Taken(header + "K/1,neglect,2026-11-18 11:40,Seen,Ella Probe,03/02/2018\n", "reference=Fall,kind=Art,occurred=Wann,summary=Was,full_name=Wer,born=Geboren");
        await Taken(header + "K/2,neglect,2026-11-18 11:40,Seen,Rose Probe,03/02/2018\n");
        using var content = new StringContent(header + "K/3,neglect,2026-11-18 11:40,Seen,Rose Probe,03/02/2018\n", Encoding.UTF8, "text/csv");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.System("norton-stockton").PostAsync("/api/files", content)).StatusCode);
    }

    [Fact]
    public async Task Whoever_has_no_permit_sends_no_file_and_another_agency_sees_none()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Nobody().PostAsync("/api/files", new StringContent(Header, Encoding.UTF8, "text/csv"))).StatusCode);
        var import = Import(await Taken(Header + Row("P/1", "Ella", kind: "burglary")));
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("norton-stockton").GetAsync($"/api/files/{import}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.System("norton-stockton").GetAsync($"/api/files/{import}/refused")).StatusCode);
        foreach (var table in new[] { "incoming_file", "file_row", "column_map", "file_import", "file_report" })
        {
            Assert.Equal(0, await Seen("ramsey", table));
            Assert.NotEqual(0, await Seen("thirlwell", table));
        }
    }

    private Task<long> Seen(string who, string table) => site.Works.As(site.Who(who), "A test of who sees what", async work =>
    {
        await using var batch = work.Batch();
        batch.BatchCommands.Add(new($"select count(*) from {table}"));
        return (long)(await batch.ExecuteScalarAsync())!;
    });

    [Fact]
    public async Task A_file_is_its_agencys_managers_and_nobody_writes_another_agencys_or_in_anothers_name()
    {
        var import = Import(await Taken(Header + Row("G/1", "Ella") + Row("G/2", "Ella", kind: "burglary")));
        var file = await site.Row<Guid>("select file_id from file_import where id = $1", import);
        var map = await site.Row<Guid>("select map_id from file_import where id = $1", import);
        var allowed = new List<string>();
        foreach (var (table, of) in new[] { ("incoming_file", "id = $1"), ("file_row", "file_id = $1"), ("column_map", "id = $3"), ("file_import", "id = $2"), ("file_report", "import_id = $2") })
        {
            await Must(table is "file_row" or "file_report" ? "2" : "1", "thirlwell", $"select count(*) from {table} where {of}");
            // A manager of another agency; and of the same force somebody with no more than his own.
            await Must("0", "khalid", $"select count(*) from {table} where {of}");
            await Must("0", "cairns", $"select count(*) from {table} where {of}");
            await Must("42501", "thirlwell", $"delete from {table}");
            if (table != "file_report")
            {
                await Must("42501", "thirlwell", $"update {table} set {(table == "file_row" ? "line" : "id")} = null");
            }
        }
        foreach (var (sql, rest) in new[]
        {
            ("insert into incoming_file (id, agency_id, file_name, hash, separator, header, notes{0}) select gen_random_uuid(), {1}, 'x', '', ',', '{{}}', '{{}}'{2}", ""),
            ("insert into column_map (id, agency_id, map{0}) select gen_random_uuid(), {1}, '[1]'{2}", ""),
            ("insert into file_import (id, agency_id, file_id, map_id{0}) select gen_random_uuid(), {1}, f.id, m.id{2}", " from incoming_file f, column_map m where f.id = $1 and m.id = $3"),
        })
        {
            if (rest == "")
            {
                await Must("1", "thirlwell", string.Format(null, sql, "", "my_agency()", rest));
            }
            await Must("42501", "thirlwell", string.Format(null, sql, "", $"'{site.Agency("levenside")}'", rest));
            await Must("42501", "thirlwell", string.Format(null, sql, ", actor", "my_agency()", $", '{site.Practitioner("banerjee")}'{rest}"));
        }
        await Must("42501", "khalid", "insert into file_row (file_id, line, cells) values ($1, 99, '{}')");
        await Must("42501", "khalid", "insert into file_report (id, import_id, ordinal, lines, state) values (gen_random_uuid(), $2, 99, '{}', 'waiting')");
        await Must("0", "khalid", "update file_report set why = '[]'");
        await Must("42501", "thirlwell", "update file_report set lines = '{}'");
        // The worker finds whose turn it is; what stands in the rows is not its to read.
        foreach (var sql in new[] { "select count(*) from incoming_file", "select count(*) from file_row", "select count(*) from column_map" })
        {
            var refused = await Record.ExceptionAsync(() => site.Works.AsWorker("A test", async work =>
            {
                await using var batch = work.Batch();
                batch.BatchCommands.Add(new(sql));
                return await batch.ExecuteScalarAsync();
            }));
            if (refused is not PostgresException { SqlState: "42501" })
            {
                allowed.Add($"worker: {sql}: {refused?.Message ?? "allowed"}");
            }
        }
        // What can never be, whoever writes it.
        foreach (var (code, sql) in new[]
        {
            ("23514", "update file_report set after = ordinal where import_id = $2"), ("23514", "update file_report set state = 'lost' where import_id = $2"), ("23514", "update file_report set state = 'sent', why = null where import_id = $2"),
            ("23514", "update file_report set why = null where import_id = $2"), ("23514", "update file_report set why = '[]', state = 'waiting' where import_id = $2"),
            ("23505", "insert into file_report (id, import_id, ordinal, lines, state) values (gen_random_uuid(), $2, 0, '{}', 'waiting')"),
            ("23505", "insert into file_row (file_id, line, cells) select file_id, line, cells from file_row where file_id = $1"),
            ("23505", "insert into incoming_file (id, agency_id, file_name, hash, separator, header, notes) select gen_random_uuid(), agency_id, file_name, hash, separator, header, notes from incoming_file where id = $1"),
            ("23505", "insert into column_map (id, agency_id, map) select gen_random_uuid(), agency_id, map from column_map where id = $3"),
            ("23505", "insert into file_import (id, agency_id, file_id, map_id) select gen_random_uuid(), agency_id, file_id, map_id from file_import where id = $2"),
        })
        {
            var refused = await Record.ExceptionAsync(() => site.Administer($"with given as (select $1::uuid, $2::uuid, $3::uuid) {sql}", file, import, map));
            if (refused is not PostgresException { SqlState: var said } || said != code)
            {
                allowed.Add($"{sql}: {refused?.Message ?? "allowed"}");
            }
        }
        Assert.True(allowed.Count == 0, string.Join(Environment.NewLine, allowed));

        async Task Must(string answer, string who, string sql)
        {
            if (await site.Says(who, $"{(sql.StartsWith("select", StringComparison.Ordinal) ? $"{sql} and" : $"with given as (select")} ($1::uuid, $2::uuid, $3::uuid) {(sql.StartsWith("select", StringComparison.Ordinal) ? "is not null" : $") {sql}")}", file, import, map) is var said && said != answer)
            {
                allowed.Add($"{who}: {sql}: {said}");
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_no_CSV_or_read_by_anothers_map_is_refused_before_anything_is_kept()
    {
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(new byte[FileBody.MostBytes + 1])).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await site.System("tees-valley-police").PostAsync("/api/files", new StringContent(Header, Encoding.UTF8, "text/plain"))).StatusCode);
        using var unsaid = new ByteArrayContent(Encoding.UTF8.GetBytes(Header + Row("X/0", "Ella")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await site.System("tees-valley-police").PostAsync("/api/files", unsaid)).StatusCode);
        var import = Import(await Taken(Header + Row("X/1", "Ella")));
        var theirs = await site.Row<Guid>("select file_id from file_import where id = $1", import);
        Assert.Equal(No.NotFound, (await site.Works.As(site.Who("khalid"), "Sending a file", work => SendFile.Begin(theirs, Columns.Guess(Header.Trim().Split(',')), work))).No!.Kind);
    }

    [Fact]
    public async Task A_program_that_dies_in_the_middle_loses_nothing_and_another_goes_on()
    {
        var answer = await Taken(Header + string.Concat(Enumerable.Range(0, 100).Select(i => Row($"K{i:000}/1", "Ella"))));
        var (dying, _) = await site.Run(background: false);
        // It sends its first handful and dies while it holds the next: the lease stands, and nothing is done of it.
        await dying.Services.GetRequiredService<Jobs>().Round(default);
        await site.Administer("update job set leased_until = heed_now() + interval '60 seconds', attempts = 1 where kind = 'files.send' and state = 'ready'");
        await site.Administer("update file_report set state = 'waiting', report_id = null where import_id = $1 and ordinal = 47", Import(answer));
        await dying.StopAsync();
        await dying.DisposeAsync();
        Assert.Equal(48, await site.Row<long>("select count(*) from report where reference like 'K___/1'"));
        await site.Settle();
        Assert.Equal(48, await site.Row<long>("select count(*) from report where reference like 'K___/1'"));
        await site.TimeIs(Cluster.Usual + Duration.FromMinutes(2));
        await site.Settle();
        Assert.Equal(100, await site.Row<long>("select count(*) from report where reference like 'K___/1'"));
        Assert.Equal(100, await site.Row<long>("select count(distinct reference) from report where reference like 'K___/1'"));
    }

    [Theory]
    [InlineData("banerjee", "during = tstzrange(lower(during), heed_now())", "has no post now: ")]
    [InlineData("mcateer", "role = 'response-officer'", "has no post now that permits report.import")]
    public async Task Whoever_has_no_post_any_more_sends_nothing_and_that_is_said(string who, string post, string says)
    {
        var file = Encoding.UTF8.GetBytes(Header + Row($"N/{who}", "Ella"));
        var import = await site.Works.As(site.Who(who), "Sending a file", async work =>
        {
            var (id, _) = await IncomingFile.Handle("night.csv", file, work);
            return (await SendFile.Begin(id, Columns.Guess((await IncomingFile.Of(id, work))!.Header), work)).Import;
        });
        await site.Administer($"update post set {post} where practitioner_id = $1", site.Practitioner(who));
        await site.Settle();
        Assert.Equal("refused", await States(import));
        Assert.Contains(says, await site.Row<string>("select why::text from file_report where import_id = $1", import));
        Assert.Equal(0, await site.Row<long>("select count(*) from report where reference = $1", $"N/{who}"));
    }

    [Theory]
    [InlineData("2026-11-18T11:40:00+00:00", "2026-11-18T11:40:00+00:00", null)]
    [InlineData("18/11/2026 11:40", "2026-11-18T11:40:00Z", null)]
    [InlineData("18.7.2026 9:05:30", "2026-07-18T08:05:30Z", null)]
    [InlineData("46344.4861111111", "2026-11-18T11:40:00Z", null)]
    [InlineData("18/11/2026 00:00:00 11:40", "2026-11-18T11:40:00Z", null)]
    [InlineData("18/11/2026", "2026-11-18T00:00:00Z", Site.Files.FileReports.OnThisDay)]
    [InlineData("25/10/2026 01:30", "2026-10-25T00:30:00Z", "the earlier of two: the clocks went back over it")]
    public void A_time_is_read_as_a_spreadsheet_writes_it_by_the_clocks_of_this_country(string written, string time, string? precision) => Assert.Equal((time, precision, null), Site.Files.FileReports.When(written));

    [Theory]
    [InlineData("29/03/2026 01:30", "clocks went forward")]
    [InlineData("18/11/26 11:40", "two digits")]
    [InlineData("18/11/2026 24:40", "Not a time")]
    [InlineData("last night", "Not a time")]
    public void A_time_that_cannot_be_read_is_refused_with_the_reason(string written, string why) => Assert.Contains(why, Site.Files.FileReports.When(written).Why);

    [Theory]
    [InlineData("Missing child", "missing")]
    [InlineData("Concern for a child", "child-concern")]
    [InlineData("Domestic Abuse", "domestic-abuse")]
    public async Task A_kind_may_be_said_in_the_words_of_the_pages(string written, string kind)
    {
        await Taken(Header + Row($"KIND/{kind}", "Ella", kind: written));
        await site.Settle();
        Assert.Equal(kind, await site.Row<string>("select kind from report where reference = $1", $"KIND/{kind}"));
    }

    [Fact]
    public async Task Semicolons_tabs_marks_and_Windows_1252_are_all_the_same_file_of_incidents()
    {
        var csv = Header + Row("W/1", "Zoë");
        foreach (var (bytes, reference) in new (byte[], string)[]
        {
            (CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(csv.Replace(',', ';')), "W/1"), ([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(csv.Replace(',', '\t').Replace("W/1", "W/2").Replace("\n", "\r\n"))], "W/2"),
            (Encoding.UTF8.GetBytes(csv.Replace("W/1", "W/3").Replace("\n", "\r") + Row("W/4", "Ann").TrimEnd()), "W/3"),
        })
        {
            await Taken(bytes);
            await site.Settle();
            Assert.Equal("Zoë", await site.Row<string>("select m.given from mention m join report r on r.id = m.report_id where r.reference = $1", reference));
        }
    }

    /// <summary>One sheet of one night as LibreOffice 7.4 saves it in British English: with commas as UTF-8, and with semicolons as Windows-1252. Quoted line ends, typographic quotes, a column of decimals that nobody asked for.</summary>
    [Fact]
    public async Task What_LibreOffice_saves_is_the_same_night_whichever_way_it_is_saved()
    {
        var first = await Taken(await Sample("libreoffice-comma.csv"));
        await site.Settle();
        Assert.Equal("sent sent", await States(Import(first)));
        Assert.Equal(["LO-1 2026-11-17 22:05 neglect", "LO-2 2026-11-18 00:00 child-concern"],
            await site.Rows<string>("select reference || ' ' || to_char(lower(occurred) at time zone 'Europe/London', 'YYYY-MM-DD HH24:MI') || ' ' || kind from report where reference like 'LO-%' order by 1"));
        Assert.Equal("Zoë said “nobody came”; she was cold, and hungry.\nA second line: \"nothing in the fridge\".", (await site.Row<string>("select content ->> 'summary' from report where reference = 'LO-1'")).ReplaceLineEndings("\n"));
        Assert.Equal(["Renée Müller 1990-12-11 f", "Siân Probe 2019-10-09 t", "Zoë Müller-O’Hara 2018-02-03 t"], await site.Rows<string>("select concat_ws(' ', m.given, m.family, m.born, m.is_child) from mention m join report r on r.id = m.report_id where r.reference like 'LO-%' order by m.given"));
        // The same night saved in the other way holds nothing new: each report is the one that is there, to the letter.
        var second = await Taken(await Sample("libreoffice-semicolon-1252.csv"));
        await site.Settle();
        Assert.Equal("again again", await States(Import(second)));
    }

    private static Task<byte[]> Sample(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Heed.slnx")))
        {
            root = root.Parent!;
        }
        return File.ReadAllBytesAsync(Path.Combine(root.FullName, "tests", "Site.Tests", "Files", name), TestContext.Current.CancellationToken);
    }
}
