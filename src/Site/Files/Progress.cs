using System.Text;
using System.Text.Json;
using Heed.Plumbing;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Files;

/// <summary>How far a file has come, and what is wrong with what could not go in.</summary>
/// <param name="File">The file; read by another map it is another import.</param>
/// <param name="FileName">As it was sent.</param>
/// <param name="At">When it was sent.</param>
/// <param name="Sender">In whose name its reports go in.</param>
/// <param name="Rows">Of the file, without its heading.</param>
/// <param name="Reports">That they make: rows of one reference and version are one.</param>
/// <param name="Waiting">Reports that have not gone in yet.</param>
/// <param name="Sent">Reports that went in.</param>
/// <param name="Again">Reports that had come before, word for word.</param>
/// <param name="Refused">Reports that did not go in, each whole.</param>
/// <param name="RowsRefused">The rows of those.</param>
public sealed record Progress(Guid Id, Guid File, string FileName, Instant At, string Sender, int Rows, int Reports, int Waiting, int Sent, int Again, int Refused, int RowsRefused)
{
    public const int Most = 200;

    public static Task<List<Progress>> Read(Work work, Guid? one = null, CancellationToken stop = default) => work.Ask<Progress>($"""
        select i.id, i.file_id as file, f.file_name, i.at, p.name as sender, coalesce(sum(cardinality(r.lines)), 0)::int as rows, count(r.id)::int as reports, count(r.id) filter (where r.state = 'waiting')::int as waiting,
               count(r.id) filter (where r.state = 'sent')::int as sent, count(r.id) filter (where r.state = 'again')::int as again, count(r.id) filter (where r.state = 'refused')::int as refused,
               coalesce(sum(cardinality(r.lines)) filter (where r.state = 'refused'), 0)::int as rows_refused
          from file_import i join incoming_file f on f.id = i.file_id join practitioner p on p.id = i.actor left join file_report r on r.import_id = i.id
         where i.agency_id = {work.Actor.Agency} and ({one}::uuid is null or i.id = {one}) group by i.id, f.id, p.id order by i.at desc limit 20
        """).ToListAsync(stop);

    public static Task<List<Explained>> Wrong(Guid import, Work work, CancellationToken stop = default) => work.Ask<Explained>($"""
        select x."Line" as line, x."Field" as field, x."Why" as why from file_report r cross join lateral jsonb_to_recordset(r.why) x("Line" int, "Field" text, "Why" text)
         where r.import_id = {import} and r.state = 'refused' order by 1, 2 limit {Most}
        """).ToListAsync(stop);

    /// <summary>The columns that the import's map names for nothing.</summary>
    public static async Task<IReadOnlyList<string>> LeftOut(Guid import, Work work, CancellationToken stop = default)
    {
        var by = await work.Ask<By>($"select f.header, m.map::text as map from file_import i join incoming_file f on f.id = i.file_id join column_map m on m.id = i.map_id where i.id = {import}").SingleAsync(stop);
        return Columns.LeftOut(by.Header, Columns.Read(by.Map));
    }

    private sealed record By(string[] Header, string Map);

    /// <summary>The rows that did not go in, as they were written, each with why: to be put right and sent again.</summary>
    public static async Task<byte[]?> RefusedRows(Guid import, Work work, CancellationToken stop = default)
    {
        if (await work.Ask<Guid>($"""select file_id as "Value" from file_import where id = {import}""").ToListAsync(stop) is not [var id] || await IncomingFile.Of(id, work, stop) is not { } file)
        {
            return null;
        }
        var rows = await work.Ask<Row>($"""
            select w.line, w.cells, r.why::text as why from file_report r join file_row w on w.file_id = {id} and w.line = any (r.lines) where r.import_id = {import} and r.state = 'refused' order by w.line
            """).ToListAsync(stop);
        await work.Look("rows of a file that did not go in", import);
        // With its mark, or Excel reads it as Windows-1252.
        var text = new StringBuilder("\uFEFF");
        Line([.. file.Header, "why"]);
        foreach (var row in rows)
        {
            var why = JsonSerializer.Deserialize<Explained[]>(row.Why)!;
            var own = why.Where(w => w.Line == row.Line).Select(w => $"{w.Field}: {w.Why}").DefaultIfEmpty($"row: line {why[0].Line} of the same report is refused, and a report goes in whole or not at all");
            Line([.. row.Cells, .. Enumerable.Repeat("", Math.Max(0, file.Header.Length - row.Cells.Length)), string.Join("; ", own)]);
        }
        return Encoding.UTF8.GetBytes(text.ToString());

        void Line(string[] cells) => text.AppendJoin(file.Separator, cells.Select(c => $"\"{Formula.On(c).Replace("\"", "\"\"")}\"")).Append("\r\n");
    }

    private sealed record Row(int Line, string[] Cells, string Why);
}
