using System.Net;
using System.Text;
using AngleSharp.Html.Parser;

namespace Heed.Site.Tests.Files;

public sealed class FilePageTests(TestSite site) : IClassFixture<TestSite>
{
    private static async Task<HttpResponseMessage> Bring(HttpClient client, string csv)
    {
        var token = new HtmlParser().ParseDocument(await client.GetStringAsync("/files")).QuerySelector("main input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "File", "night.csv" } };
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
    public async Task Whoever_may_not_import_comes_to_none_of_the_pages()
    {
        using var client = await site.SignedIn("ramsey");
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/files")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/files/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/files/sent/{Guid.NewGuid()}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync($"/files/sent/{Guid.NewGuid()}?handler=Refused")).StatusCode);
    }
}
