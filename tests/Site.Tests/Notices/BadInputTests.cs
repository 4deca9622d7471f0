using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Heed.Site.Tests.Architecture;

namespace Heed.Site.Tests.Notices;

/// <summary>Whatever is sent is kept to the letter or refused by field: never a failure, never half of it.</summary>
public sealed class BadInputTests(TestSite site) : IClassFixture<TestSite>
{
    private static readonly string[] TextFields =
    [
        "summary", "occurredPrecision", "place.description", "place.address.locality", "place.address.postcode", "place.address.uprn", "place.address.lines.0", "risk.instrument", "risk.note", "risk.answers.1", "actions.0",
        "people.0.givenNames", "people.0.familyName", "people.0.born", "people.0.alsoKnownAs.0", "people.0.formerNames.0", "people.0.language", "people.0.ownWords", "people.0.safeContact", "people.0.parentsTold",
        "people.0.phone", "people.0.email", "people.0.recordNumber", "people.0.roles.1", "people.0.school.name", "people.0.school.urn", "people.0.addresses.0.lines.0", "people.0.addresses.0.postcode",
        "people.0.identifiers.0.type", "people.0.identifiers.0.value", "people.0.statements.0.words", "people.0.relationships.0.kind", "reporter.name", "reporter.team", "reporter.shift",
    ];

    private static JsonObject Full(string reference) => JsonNode.Parse(TestSite.Report(reference, r =>
    {
        r["actions"] = new JsonArray("Spoke to the neighbour");
        var child = r["people"]![0]!;
        child["alsoKnownAs"] = new JsonArray("T");
        child["formerNames"] = new JsonArray("U");
        child["roles"] = new JsonArray("child", "witness");
        child["identifiers"] = new JsonArray(new JsonObject { ["type"] = "nhs", ["value"] = "1" });
        child["statements"] = new JsonArray(new JsonObject { ["basis"] = "fact", ["words"] = "x" });
    }))!.AsObject();

    private static void Set(JsonNode report, string path, string value)
    {
        var parts = path.Split('.');
        var at = report;
        foreach (var part in parts[..^1])
        {
            at = int.TryParse(part, out var i) && at is JsonArray ? at[i]! : at[part] ??= new JsonObject();
        }
        if (at is JsonArray list)
        {
            list[int.Parse(parts[^1])] = value;
        }
        else
        {
            at[parts[^1]] = value;
        }
    }

    private static string? Read(JsonElement at, string path)
    {
        foreach (var part in path.Split('.'))
        {
            if (at.ValueKind == JsonValueKind.Array)
            {
                at = at[int.Parse(part)];
            }
            else if (!at.TryGetProperty(part, out at))
            {
                return null;
            }
        }
        return at.GetString();
    }

    private Task<HttpResponseMessage> SendBytes(byte[] body, string type = "application/json") =>
        site.System("tees-valley-police").PostAsync("/api/reports", new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } });

    /// <summary>A refusal says by field why, in problem details, and does not say the value back.</summary>
    private static async Task Refused(HttpResponseMessage answer, int status, string? field = null, string? never = null)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var errors = JsonDocument.Parse(text).RootElement.GetProperty("errors");
        Assert.NotEmpty(errors.EnumerateObject());
        if (field is not null)
        {
            Assert.Contains(errors.EnumerateObject(), e => e.Name.Contains(field));
        }
        if (never is not null)
        {
            Assert.DoesNotContain(never, text);
        }
    }

    [Fact]
    public async Task Every_naughty_string_through_every_text_field_comes_back_to_the_letter_or_is_refused_by_field()
    {
        var list = SliceTests.Above(AppContext.BaseDirectory).Select(d => Path.Combine(d, "node_modules/big-list-of-naughty-strings/blns.json")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(list is null, "npm ci brings the list");
        var naughty = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(list!, TestContext.Current.CancellationToken))!;
        Assert.True(naughty.Length > 400);
        using var police = site.System("tees-valley-police");
        using var council = site.System("norton-stockton");
        var sent = 0;
        // Each report carries one string in every field, so that 461 reports are 16,000 cases.
        await Parallel.ForAsync(0, naughty.Length, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken }, async (i, stop) =>
        {
            var fields = TextFields.ToList();
            HttpResponseMessage answer;
            for (var tries = 0; ; tries++)
            {
                var report = Full($"N/{i}/{tries}");
                foreach (var field in fields)
                {
                    Set(report, field, naughty[i]);
                }
                answer = await police.PostAsync("/api/reports", new StringContent(report.ToJsonString(), Encoding.UTF8, "application/json"), stop);
                if (answer.StatusCode != HttpStatusCode.UnprocessableEntity)
                {
                    break;
                }
                // What was refused is named, every field of it; without those fields the rest is taken.
                var errors = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop)).RootElement.GetProperty("errors").EnumerateObject().Select(e => e.Name.Replace("[", ".").Replace("]", "")).ToList();
                Assert.All(errors, e => Assert.Contains(fields, f => f == e || f.StartsWith(e + ".")));
                Assert.True(tries < 3, $"String {i}: {string.Join(", ", errors)}");
                fields.RemoveAll(f => errors.Any(e => f == e || f.StartsWith(e + ".")));
            }
            Assert.True(answer.StatusCode == HttpStatusCode.Created, $"String {i}: {(int)answer.StatusCode}");
            var receipt = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop)).RootElement;
            var notice = await site.Row<Guid>("select n.id from notice n join agency a on a.id = n.to_agency where n.report_id = $1 and a.key = 'norton-stockton'", receipt.GetProperty("id").GetGuid());
            var shown = await council.GetAsync($"/api/notices/{notice}", stop);
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
            var read = JsonDocument.Parse(await shown.Content.ReadAsStringAsync(stop)).RootElement.GetProperty("shown");
            foreach (var field in fields)
            {
                Assert.Equal(naughty[i], Read(read, field));
            }
            Interlocked.Increment(ref sent);
        });
        Assert.Equal(naughty.Length, sent);
        // And the matcher, which reads all of them as names, dates, numbers and addresses, chokes on none.
        await site.Settle();
        Assert.Equal([], await site.Rows<string>("select distinct kind || ' ' || coalesce(fault, '') from job where state <> 'done'"));
    }

    [Theory]
    [InlineData("summary", 20_000)]
    [InlineData("people.0.givenNames", 300)]
    [InlineData("people.0.ownWords", 10_000)]
    [InlineData("people.0.email", 300)]
    [InlineData("reporter.name", 200)]
    [InlineData("risk.answers.1", 2_000)]
    public async Task A_text_may_be_this_long_and_not_one_longer(string field, int most)
    {
        var report = Full($"B/long/{field}");
        Set(report, field, new string('é', most));
        await site.Received(report.ToJsonString());
        Set(report, field, new string('é', most + 1));
        Set(report, "reference", $"B/longer/{field}");
        await Refused(await site.Send(report.ToJsonString()), 422, field.Split('.')[^1] == "1" ? "risk.answers" : field.Split('.')[^1]);
    }

    [Fact]
    public async Task No_text_field_takes_the_character_that_no_text_can_hold()
    {
        foreach (var field in TextFields.Append("reference").Append("supersessionReason").Append("people.0.key").Append("people.0.expected").Append("risk.version"))
        {
            var report = Full($"B/nul/{field}");
            Set(report, field, "a\0b");
            var answer = await site.Send(report.ToJsonString());
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{field}: {(int)answer.StatusCode}");
        }
    }

    public static TheoryData<string, int, byte[]> Malformed => new()
    {
        { "nothing", 400, [] },
        { "null", 400, "null"u8.ToArray() },
        { "a list", 400, "[]"u8.ToArray() },
        { "a text", 400, "\"report\""u8.ToArray() },
        { "half", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/half")[..200]) },
        { "two reports", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/two") + TestSite.Report("B/two")) },
        { "lone high surrogate", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/sur").Replace("Testa", "T\\ud83d")) },
        { "lone low surrogate", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/sur").Replace("Testa", "T\\ude00x")) },
        { "lone surrogate in a name", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/sur").Replace("\"1\"", "\"\\ud83d\"")) },
        { "lone surrogate in a member", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/sur").Replace("\"summary\"", "\"\\ud83d\"")) },
        { "bytes that are not UTF-8", 400, [.. Encoding.UTF8.GetBytes(TestSite.Report("B/utf").Split("Testa")[0]), 0xC3, 0x28, .. Encoding.UTF8.GetBytes(TestSite.Report("B/utf").Split("Testa")[1])] },
        { "Windows-1252", 400, Encoding.Latin1.GetBytes(TestSite.Report("B/1252").Replace("\\u", "").Replace("Testa", "Zoë")) },
        { "UTF-16", 400, Encoding.Unicode.GetBytes(TestSite.Report("B/16")) },
        { "UTF-16 with its mark", 400, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(TestSite.Report("B/16"))] },
        { "nested ten thousand deep", 400, Encoding.UTF8.GetBytes("{\"people\":" + new string('[', 10_000) + new string(']', 10_000) + "}") },
        { "nested ten thousand deep in an unknown member", 400, Encoding.UTF8.GetBytes("{\"x\":" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000) + "}") },
        { "a member twice", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/dup").Replace("\"kind\":\"domestic-abuse\"", "\"kind\":\"domestic-abuse\",\"kind\":\"missing\"")) },
        { "an answer twice", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/dup").Replace("\"answers\":{\"1\":\"yes\"}", "\"answers\":{\"1\":\"yes\",\"1\":\"no\"}")) },
        { "an unknown member", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/unknown", r => r["sumary"] = "x")) },
        { "an unknown member of a person", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/unknown", r => r["people"]![0]!["nickname"] = "x")) },
        { "a number for a text", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/kind", r => r["summary"] = 7)) },
        { "a text for a number", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/kind", r => r["version"] = "1")) },
        { "half a version", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/kind", r => r["version"] = 1.5)) },
        { "a huge version", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/kind").Insert(1, "\"version\":99999999999999999999,")) },
        { "a text for people", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/kind", r => r["people"] = "two")) },
        { "a list for a person", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/kind", r => r["people"] = new JsonArray(new JsonArray()))) },
        { "NaN", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/nan").Insert(1, "\"version\":NaN,")) },
        { "a comment", 400, Encoding.UTF8.GetBytes(TestSite.Report("B/comment").Insert(1, "/* x */")) },
        { "null people", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/null", r => r["people"] = null)) },
        { "a null person", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/null", r => r["people"]!.AsArray().Add(null))) },
        { "no people", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/none", r => r["people"] = new JsonArray())) },
        { "too many people", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/many", r => r["people"] = new JsonArray([.. Enumerable.Range(0, 61).Select(_ => new JsonObject { ["roles"] = new JsonArray("child") })]))) },
        { "one key for two", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/key", r => r["people"]![1]!["key"] = "child")) },
        { "related to nobody", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/rel", r => r["people"]![0]!["relationships"]![0]!["to"] = "nobody")) },
        { "a null relationship", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/rel", r => r["people"]![0]!["relationships"] = new JsonArray(null, null))) },
        { "a null identifier", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/id", r => r["people"]![0]!["identifiers"] = new JsonArray(null, null))) },
        { "a null statement", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/st", r => r["people"]![0]!["statements"] = new JsonArray(null, null))) },
        { "a blank reference", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/x", r => r["reference"] = " \t")) },
        { "version 0", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/v", r => r["version"] = 0)) },
        { "an unknown kind", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/k", r => r["kind"] = "gossip")) },
        { "sealed", 422, Encoding.UTF8.GetBytes(TestSite.Report("B/s", r => r["sensitivity"] = "sealed")) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_no_report_is_refused_by_field_and_not_said_back(string what, int status, byte[] body)
    {
        Assert.NotEmpty(what);
        await Refused(await SendBytes(body), status, never: "Neighbour");
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_each_by_its_own_path()
    {
        var answer = await site.Send(TestSite.Report("B/all", r =>
        {
            (r["sumary"], r["kind"], r["summary"], r["occurredAt"]) = ("x", "gossip", 7, "yesterday");
            (r["people"]![0]!["nickname"], r["people"]![0]!["sex"], r["people"]![1]!["seen"]) = ("x", "Q", "yes");
            r["risk"]!["answers"]!["1"] = 4;
        }));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("errors");
        Assert.Equal(["kind", "occurredAt", "people[0].nickname", "people[0].sex", "people[1].seen", "risk.answers", "sumary", "summary"], errors.EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.StartsWith("Not of the kind", errors.GetProperty("summary")[0].GetString());
        Assert.Equal(0, await site.Row<long>("select count(*) from report_key where reference = 'B/all'"));
    }

    [Theory]
    [InlineData("{\"reference\": \"B/cut\", \"kind\":", "ends, at line 1")]
    [InlineData("{\"reference\": \"B/cu", "ends, at line 1")]
    [InlineData("{\"reference\" \"B/cut\"}", "Not JSON at line 1")]
    [InlineData("", "The body is empty")]
    public async Task What_was_cut_off_is_said_to_be_cut_off_and_not_something_else(string body, string why) =>
        Assert.Contains(why, await (await SendBytes(Encoding.UTF8.GetBytes(body))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("2026-11-18T15:00:00Z")]
    [InlineData("2999-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59-18:00")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("-9998-01-01T00:00:00+18:00")]
    [InlineData("1899-12-31T23:59:59Z")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-11-18T25:00:00Z")]
    [InlineData("2026-11-18T10:00:00")]
    [InlineData("18/11/2026 10:00")]
    [InlineData("yesterday")]
    [InlineData("1e9")]
    public async Task A_time_that_is_none_is_refused_whichever_of_the_four_it_is(string time)
    {
        foreach (var field in new[] { "occurredAt", "occurredUntil", "knownAt", "recordedAt" })
        {
            await Refused(await site.Send(TestSite.Report($"B/time/{time}", r => r[field] = time)), 422, field);
        }
    }

    [Fact]
    public async Task What_begins_with_a_byte_order_mark_is_read()
    {
        Assert.Equal(HttpStatusCode.Created, (await SendBytes([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(TestSite.Report("B/bom"))])).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendBytes(Encoding.UTF8.GetBytes(TestSite.Report("B/bom")))).StatusCode);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_with_or_without_its_length()
    {
        var large = Encoding.UTF8.GetBytes(TestSite.Report("B/large", r => r["summary"] = new string('x', 300 * 1024)));
        await Refused(await SendBytes(large), 413);
        var endless = new HttpRequestMessage(HttpMethod.Post, "/api/reports") { Content = new StreamContent(new MemoryStream(new byte[1024 * 1024])) { Headers = { ContentType = new("application/json") } } };
        endless.Headers.TransferEncodingChunked = true;
        endless.Headers.ExpectContinue = false;
        await Refused(await site.System("tees-valley-police").SendAsync(endless, TestContext.Current.CancellationToken), 413);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=windows-1252")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task What_says_it_is_something_else_is_not_read(string type) => Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendBytes(Encoding.UTF8.GetBytes(TestSite.Report("B/type")), type)).StatusCode);

    [Theory]
    [InlineData("31/02/2018")]
    [InlineData("2018-13-45")]
    [InlineData("about three")]
    [InlineData("2027-01-01")]
    [InlineData("0001-01-01")]
    [InlineData("2018")]
    public async Task A_birthday_that_cannot_be_is_kept_as_written_with_a_note_and_the_report_is_taken(string born)
    {
        var answer = await site.Send(TestSite.Report($"B/born/{born}", r => r["people"]![0]!["born"] = born));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var receipt = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(born, await site.Row<string>("select born_written from mention where report_id = $1 and ordinal = 0", receipt.GetProperty("id").GetGuid()));
        if (born is "31/02/2018" or "2018-13-45" or "2027-01-01")
        {
            Assert.Contains("people[0].born", receipt.GetProperty("notes").ToString());
            Assert.DoesNotContain(born, receipt.GetProperty("notes").ToString());
            Assert.Null((await site.Rows<object>("select born from mention where report_id = $1 and ordinal = 0", receipt.GetProperty("id").GetGuid())).Single() as NodaTime.LocalDate?);
        }
    }

    [Theory]
    [InlineData("{\"decision\":\"referral\",\"reason\":\"a\\u0000b\"}")]
    [InlineData("{\"decision\":\"referral\",\"reason\":\"x\",\"parentsTold\":false,\"parentsNotToldBecause\":\"a\\u0000b\"}")]
    [InlineData("{\"decision\":\"referral\",\"reason\":\"a\\ud83d\"}")]
    [InlineData("{\"decision\":\"\\ud83d\",\"reason\":\"a\"}")]
    [InlineData("{\"decision\":7}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[[[[")]
    public async Task A_decision_that_is_none_is_refused_and_never_a_failure(string body)
    {
        var report = await site.Received(TestSite.Report($"B/decision/{body.GetHashCode()}"));
        var contact = await site.Row<Guid>("select c.id from contact c join notice n on n.id = c.notice_id where n.report_id = $1", report);
        var answer = await site.System("norton-stockton").PostAsync($"/api/contacts/{contact}/decision", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.InRange((int)answer.StatusCode, 400, 422);
        Assert.Equal(0, await site.Row<long>("select count(*) from contact where id = $1 and decision is not null", contact));
    }

    [Theory]
    [InlineData("-1", 200)]
    [InlineData("0", 200)]
    [InlineData("2147483647", 200)]
    [InlineData("100000000", 200)]
    [InlineData("99999999999", 400)]
    [InlineData("two", 400)]
    public async Task A_page_that_is_none_is_empty_or_refused(string page, int status) =>
        Assert.Equal(status, (int)(await site.System("tees-valley-police").GetAsync($"/api/reports?page={page}", TestContext.Current.CancellationToken)).StatusCode);
}
