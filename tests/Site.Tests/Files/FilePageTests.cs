using System.Net;
using System.Text;
using AngleSharp.Html.Parser;

namespace Heed.Site.Tests.Files;

public sealed class FilePageTests(TestSite site) : IClassFixture<TestSite>
{
    private static Task<HttpResponseMessage> Bring(HttpClient client, string csv) => Bring(client, Encoding.UTF8.GetBytes(csv));

    /// <param name="csv">Null where no file is chosen.</param>
    private static async Task<HttpResponseMessage> Bring(HttpClient client, byte[]? csv)
    {
        var token = new HtmlParser().ParseDocument(await client.GetStringAsync("/files")).QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
        if (csv is not null)
        {
            form.Add(new ByteArrayContent(csv), "File", "night.csv");
        }
        return await client.PostAsync("/files", form);
    }

    [Fact]
    public async Task A_file_is_looked_at_mapped_sent_and_followed_and_nothing_goes_in_before_it_is_sent()
    {
        using var client = await site.SignedIn("thirlwell");
        var brought = await Bring(client, "Ref,Type,Wann,Summary,Forename,Surname,DOB\nPG/1,neglect,18/11/2026 11:40,Seen alone,Ella,Probe,03/02/2018\nPG/2,burglary,18/11/2026 11:40,Seen alone,Rose,Probe,03/02/2018\n");
        var page = brought.Headers.Location!.ToString();
        var asked = await client.GetStringAsync(page);
        Assert.Contains("The map names no column for occurred", asked);
        Assert.DoesNotContain("Send what can be sent", asked);
        var means = new[] { "reference", "kind", "occurred", "summary", "given", "family", "born" };
        var mapped = await TestSite.PostTo(client, page, $"{page}?handler=Map", [.. means.Select(m => ("Means", m))]);
        page = mapped.Headers.Location!.ToString();
        var preview = new HtmlParser().ParseDocument(await client.GetStringAsync(page));
        Assert.Contains("1 reports can be sent; 1 cannot", preview.Body!.TextContent);
        Assert.Contains("Ella Probe, born 3 February 2018", preview.Body.TextContent);
        Assert.Contains("Line 3, kind", preview.Body.TextContent);
        Assert.Equal(0, await site.Row<long>("select count(*) from report where reference like 'PG/%'"));
        var send = preview.QuerySelector("form[action$='handler=Send']")!;
        var sent = await TestSite.PostTo(client, page, send.GetAttribute("action")!, ("map", send.QuerySelector("input[name=map]")!.GetAttribute("value")!));
        var import = sent.Headers.Location!.ToString();
        var waiting = await client.GetStringAsync(import);
        Assert.Contains("1 of 2 reports are done", waiting);
        Assert.Contains("See how far it is now", waiting);
        await site.Settle();
        var done = await client.GetStringAsync(import);
        Assert.Contains("2 of 2 reports are done", done);
        Assert.DoesNotContain("See how far it is now", done);
        Assert.Contains("\"PG/2\",\"burglary\"", await client.GetStringAsync($"{import}?handler=Refused"));
        Assert.Equal("thirlwell", await site.Row<string>("select p.key from report r join practitioner p on p.id = r.recorded_by where r.reference = 'PG/1'"));
        // The same headings again: the map is there.
        var next = await Bring(client, "Ref,Type,Wann,Summary,Forename,Surname,DOB\nPG/3,neglect,18/11/2026 11:40,Seen alone,Ella,Probe,03/02/2018\n");
        Assert.Contains("As your agency said last time", await client.GetStringAsync(next.Headers.Location!));
    }

    [Fact]
    public async Task A_broken_file_is_refused_on_the_page_with_its_line()
    {
        using var client = await site.SignedIn("thirlwell");
        var answer = await Bring(client, "Ref,Type\nX,\"neg");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("begins at line 2", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task No_file_and_one_that_is_too_large_are_refused_on_the_page_in_words()
    {
        using var client = await site.SignedIn("thirlwell");
        foreach (var (csv, says) in new (byte[]?, string)[] { (null, "Choose a file"), (new byte[Site.Files.FileBody.MostBytes + 1], "A file has at most 36 MiB") })
        {
            var answer = await Bring(client, csv);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains(says, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_map_that_lacks_something_or_is_another_agencys_and_a_file_that_is_nobodys_send_nothing()
    {
        using var client = await site.SignedIn("thirlwell");
        var page = (await Bring(client, "Ref,Type,Occurred,Summary,Surname,DOB\nPM/1,neglect,18/11/2026 11:40,Seen alone,Probe,03/02/2018\n")).Headers.Location!.ToString();
        var lacking = (await TestSite.PostTo(client, page, $"{page}?handler=Map", ("Means", "reference"), ("Means", "kind"))).Headers.Location!.ToString();
        Assert.Contains("The map names no column for occurred, summary", await client.GetStringAsync(lacking));
        // The button is not on that page; whoever presses it all the same is led back to what is missing.
        var sent = await TestSite.PostTo(client, page, $"{page}?handler=Send", ("map", lacking[^36..]));
        Assert.Equal(lacking, sent.Headers.Location!.ToString());
        var theirs = Guid.CreateVersion7();
        await site.Administer("insert into column_map (id, agency_id, map) select $1, $2, map || '[[\"school\",\"Nowhere\"]]' from column_map limit 1", theirs, site.Agency("hartmoor"));
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(client, page, $"{page}?handler=Send", ("map", theirs.ToString()))).StatusCode);
        Assert.DoesNotContain("Nowhere", await client.GetStringAsync($"{page}?map={theirs}"));
        var nobodys = $"/files/{Guid.CreateVersion7()}";
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(nobodys)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(client, page, $"{nobodys}?handler=Map", ("Means", "reference"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await TestSite.PostTo(client, page, $"{nobodys}?handler=Send", ("map", lacking[^36..]))).StatusCode);
        Assert.Equal(0, await site.Row<long>("select count(*) from file_import i join incoming_file f on f.id = i.file_id where f.id = $1", Guid.Parse(page[^36..])));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/files/sent/{Guid.CreateVersion7()}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/files/sent/{Guid.CreateVersion7()}?handler=Refused")).StatusCode);
    }

    /// <summary>Kept by hand through the year: a mark in front, empty lines, a column without a heading, spaces, days in three ways, and one time that nobody can read.</summary>
    [Fact]
    public async Task A_file_that_somebody_keeps_by_hand_is_understood_and_what_cannot_be_read_is_said_by_its_line()
    {
        using var client = await site.SignedIn("thirlwell");
        var page = (await Bring(client, "\uFEFFRef ; Type ; Date ; Time ;; Circumstances ; Child name ; DOB\r\n\r\nHAND/1;Neglect; 3/11/2026 ;9:05;x; \"No coat; \"\"cold\"\" she said\" ;Ella Probe;3/2/2018\r\nHAND/2;missing;17.11.2026;22:40;;Not home;Sián O'Probe;2012-10-09\nHAND/3;missing;17/11/26;half ten;;Not home;Una Probe;\n;;;;;;;\r\n")).Headers.Location!.ToString();
        var preview = new HtmlParser().ParseDocument(await client.GetStringAsync(page));
        Assert.Contains("2 reports can be sent; 1 cannot", preview.Body!.TextContent);
        Assert.Contains("Line 5, occurred", preview.Body.TextContent);
        Assert.DoesNotContain("nothing says what they are", preview.Body.TextContent);
        var send = preview.QuerySelector("form[action$='handler=Send']")!;
        await TestSite.PostTo(client, page, send.GetAttribute("action")!, ("map", send.QuerySelector("input[name=map]")!.GetAttribute("value")!));
        await site.Settle();
        Assert.Equal(["HAND/1 2026-11-03 09:05 No coat; \"cold\" she said", "HAND/2 2026-11-17 22:40 Not home"],
            await site.Rows<string>("select reference || ' ' || to_char(lower(occurred) at time zone 'Europe/London', 'YYYY-MM-DD HH24:MI') || ' ' || (content ->> 'summary') from report where reference like 'HAND/%' order by 1"));
        Assert.Equal(["Ella Probe 2018-02-03", "Sián O'Probe 2012-10-09"], await site.Rows<string>("select concat_ws(' ', m.given, m.family, m.born) from mention m join report r on r.id = m.report_id where r.reference like 'HAND/%' order by 1"));
    }

    [Fact]
    public async Task The_page_says_before_it_is_sent_which_columns_are_left_out()
    {
        using var client = await site.SignedIn("thirlwell");
        var page = (await Bring(client, "Ref,Type,Date,Time,Circumstances,Child name,Shoe size\r\nHAND/7,Neglect,3/11/2026,9:05,No coat,Ella Probe,12\r\n")).Headers.Location!.ToString();
        Assert.Contains("nothing says what they are: Shoe size.", await client.GetStringAsync(page));
    }

    [Fact]
    public async Task Whoever_may_not_import_comes_to_none_of_the_pages()
    {
        using var client = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/files")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/files/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/files/sent/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/files/sent/{Guid.NewGuid()}?handler=Refused")).StatusCode);
    }
}
