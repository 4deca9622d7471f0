using System.Security.Cryptography;
using Heed.Plumbing;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NpgsqlTypes;

namespace Heed.Site.Files;

/// <summary>A file of incidents comes in: whole or not at all, and nothing goes out of it yet.</summary>
public sealed record IncomingFile(Guid Id, string FileName, string Separator, string[] Header, string[] Notes)
{
    public static async Task<(Guid File, Refusal? No)> Handle(string name, byte[] bytes, Work work, CancellationToken stop = default)
    {
        var hash = SHA256.HashData(bytes);
        if (await work.Ask<Guid>($"""select id as "Value" from incoming_file where agency_id = {work.Actor.Agency} and hash = {hash}""").ToListAsync(stop) is [var before])
        {
            return (before, null);
        }
        var (file, wrong) = CsvFile.Of(bytes);
        wrong ??= !file!.Whole ? $"The file ends in the middle of line {file.Rows[^1].Line}: it was cut. Nothing was imported" : file.Header.Concat(file.Rows.SelectMany(r => r.Cells)).Any(c => c.Contains('\0')) ? "The file holds the character U+0000, which no text can: save it as UTF-8" : null;
        if (wrong is not null)
        {
            return (default, work.Refuse("file", wrong));
        }
        var id = Ids.Next();
        // Of two who bring the same file at once the later finds the earlier one's.
        if (await work.Do($"""
            insert into incoming_file (id, agency_id, file_name, hash, separator, header, notes) values ({id}, {work.Actor.Agency}, {name[..Math.Min(name.Length, 200)]}, {hash}, {file!.Delimiter.ToString()}, {file.Header}, {file.Notes.ToArray()}) on conflict do nothing
            """, stop) == 0)
        {
            return (await work.One<Guid>($"select id from incoming_file where agency_id = {work.Actor.Agency} and hash = {hash}", stop), null);
        }
        await work.Do($"create temporary table staged_row (line int, cells text[]) on commit drop", stop);
        await using (var copy = await work.Copy("copy staged_row from stdin (format binary)", stop))
        {
            foreach (var (line, cells) in file.Rows)
            {
                await copy.StartRowAsync(stop);
                await copy.WriteAsync(line, stop);
                await copy.WriteAsync(cells, NpgsqlDbType.Array | NpgsqlDbType.Text, stop);
            }
            await copy.CompleteAsync(stop);
        }
        await work.Do($"insert into file_row (file_id, line, cells) select {id}, line, cells from staged_row", stop);
        return (id, null);
    }

    public static async Task<IncomingFile?> Of(Guid id, Work work, CancellationToken stop = default) =>
        await work.Ask<IncomingFile>($"select id, file_name, separator, header, notes from incoming_file where id = {id}").FirstOrDefaultAsync(stop);

    public async Task<List<(int Line, string[] Cells)>> Rows(Work work, CancellationToken stop = default) =>
        [.. (await work.Ask<Written>($"select line, cells from file_row where file_id = {Id} order by line").ToListAsync(stop)).Select(r => (r.Line, r.Cells))];

    internal sealed record Written(int Line, string[] Cells);
}
