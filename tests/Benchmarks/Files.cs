using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Heed.Benchmarks;

/// <summary>A force's export, a row for each person of an incident, until its last report has gone out; beside COPY of the same bytes into a table of text.</summary>
internal static class Files
{
    private static readonly string[] Columns =
        ["reference", "kind", "occurred", "known", "summary", "grade", "address", "locality", "postcode", "number", "role", "given", "family", "born", "sex", "home", "home_locality", "home_postcode"];

    public static async Task Run(Machine machine, Table table, int rows)
    {
        var (text, people, reports) = Export(machine, rows);
        var bytes = Encoding.UTF8.GetBytes(text);
        Console.WriteLine($"A file of {people:N0} rows, {reports:N0} reports, {bytes.Length / 1024 / 1024.0:0.0} MiB …");
        var clock = Stopwatch.StartNew();
        await machine.Do($"create table copied ({string.Join(", ", Columns.Select(c => $"\"{c}\" text"))})");
        await using (var connection = await machine.Super.OpenConnectionAsync())
        {
            await using var copy = await connection.BeginTextImportAsync("copy copied from stdin (format csv, header)");
            await copy.WriteAsync(text);
        }
        var copied = clock.Elapsed.TotalSeconds;
        using var police = machine.Police();
        police.Timeout = Timeout.InfiniteTimeSpan;
        clock.Restart();
        using var body = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var answer = await police.PostAsync($"/api/files?map={Uri.EscapeDataString(string.Join(',', Columns.Select(c => $"{c}={c}")))}", body);
        var import = (await Json(answer)).GetProperty("import").GetProperty("id").GetGuid();
        var taken = clock.Elapsed.TotalSeconds;
        JsonElement last;
        do
        {
            await Task.Delay(500);
            last = (await Json(await police.GetAsync($"/api/files/{import}"))).GetProperty("import");
        }
        while (last.GetProperty("waiting").GetInt32() > 0);
        var sent = clock.Elapsed.TotalSeconds;
        if (last.GetProperty("sent").GetInt32() != reports || last.GetProperty("rows").GetInt32() != people || await machine.Row<long>("select count(*) from copied") != people)
        {
            throw new InvalidOperationException($"Of {reports} reports in {people} rows: {last}");
        }
        clock.Restart();
        using var again = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        await Json(await police.PostAsync($"/api/files?map={Uri.EscapeDataString(string.Join(',', Columns.Select(c => $"{c}={c}")))}", again));
        var replayed = clock.Elapsed.TotalSeconds;
        string Rate(double seconds) => $"{(people / seconds).ToString("N0", CultureInfo.InvariantCulture)} rows/s";
        string Share(double seconds) => $"{(100 * copied / seconds).ToString("0.0", CultureInfo.InvariantCulture)} % of COPY; {seconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
        table.Add($"a file of {people:N0} rows: COPY of the same bytes", Rate(copied), "", null);
        table.Add("  read, checked and kept (the API's answer)", Rate(taken), "", null, Share(taken));
        table.Add("  until its last report has gone out", Rate(sent), "", null, $"{Share(sent)}; {(reports / sent).ToString("0", CultureInfo.InvariantCulture)} reports/s, each a whole intake");
        table.Add("  the same file again", Rate(replayed), "", null, "nothing more goes in");
    }

    private static (string Text, int People, int Reports) Export(Machine machine, int rows)
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append('\n');
        var (people, reports) = (0, 0);
        foreach (var json in machine.Reports(rows, seed: 71))
        {
            if (people >= rows)
            {
                break;
            }
            var said = JsonDocument.Parse(json).RootElement;
            var place = said.GetProperty("place").GetProperty("address");
            reports++;
            foreach (var person in said.GetProperty("people").EnumerateArray())
            {
                people++;
                var home = person.TryGetProperty("addresses", out var homes) && homes.GetArrayLength() > 0 ? homes[0] : default;
                text.AppendJoin(',', new[]
                {
                    Of(said, "reference"), Of(said, "kind"), Of(said, "occurredAt"), Of(said, "knownAt"), Of(said, "summary"), said.TryGetProperty("risk", out var risk) ? Of(risk, "grade") : "",
                    Line(place), Of(place, "locality"), Of(place, "postcode"), Of(person, "recordNumber"), person.GetProperty("roles")[0].GetString()!, Of(person, "givenNames"), Of(person, "familyName"), Of(person, "born"), Of(person, "sex"),
                    Line(home), Of(home, "locality"), Of(home, "postcode"),
                }.Select(cell => $"\"{cell.Replace("\"", "\"\"")}\"")).Append('\n');
            }
        }
        return (text.ToString(), people, reports);

        static string Of(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        static string Line(JsonElement address) => address.ValueKind == JsonValueKind.Object && address.TryGetProperty("lines", out var lines) && lines.GetArrayLength() > 0 ? lines[0].GetString()! : "";
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"Answered {answer.StatusCode}: {text}");
    }
}
