using System.Text.Json;
using Heed.Matching;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Heed.Site.Files;

/// <summary>
/// Sends the reports of a file, some at a time, each as if its sender had sent it by itself. A handful at a time is owed, and the next in the commit that is done with the last:
/// a program that is killed loses nothing, and a file of 100,000 rows stands in nobody's way.
/// </summary>
public sealed class SendFile(Works works, Bodies bodies)
{
    public const string Job = "files.send";
    private const int AtOnce = 48;

    /// <summary>At the same time: a commit waits for the disk, and the next report need not wait with it.</summary>
    private const int Together = 6;

    /// <summary>What is good goes in; what is not waits for nobody. The same file with the same map is the same import.</summary>
    public static async Task<(Guid Import, bool First, Refusal? No)> Begin(Guid id, ColumnMap map, Work work, CancellationToken stop = default)
    {
        if (await IncomingFile.Of(id, work, stop) is not { } file)
        {
            return (default, false, work.NotFound(id));
        }
        var (at, wrong) = map.In(file.Header);
        if ((wrong ?? FileReports.Missing(map)) is { } why)
        {
            return (default, false, work.Refuse("map", why));
        }
        var kept = await Columns.Keep(map, work, stop);
        var import = Ids.Next();
        if (await work.Do($"insert into file_import (id, agency_id, file_id, map_id) values ({import}, {work.Actor.Agency}, {id}, {kept}) on conflict do nothing", stop) == 0)
        {
            return (await work.One<Guid>($"select id from file_import where file_id = {id} and map_id = {kept}", stop), false, null);
        }
        var rows = await file.Rows(work, stop);
        await work.Do($"create temporary table staged_report (id uuid, ordinal int, after int, lines int[], why jsonb) on commit drop", stop);
        await using (var copy = await work.Copy("copy staged_report from stdin (format binary)", stop))
        {
            var ordinal = 0;
            var last = new Dictionary<string, int>();
            foreach (var report in FileReports.Of(file.Header, rows, map, at!, work.Now))
            {
                await copy.StartRowAsync(stop);
                await copy.WriteAsync(Ids.Next(), stop);
                await copy.WriteAsync(ordinal, stop);
                await (report.Said.Reference is { } reference && last.TryGetValue(reference, out var after) ? copy.WriteAsync(after, stop) : copy.WriteNullAsync(stop));
                last[report.Said.Reference ?? ""] = ordinal++;
                await copy.WriteAsync(report.Lines, NpgsqlDbType.Array | NpgsqlDbType.Integer, stop);
                await (report.Wrong.Count == 0 ? copy.WriteNullAsync(stop) : copy.WriteAsync(JsonSerializer.Serialize(report.Wrong), NpgsqlDbType.Jsonb, stop));
            }
            await copy.CompleteAsync(stop);
        }
        await work.Do($"insert into file_report (id, import_id, ordinal, after, lines, state, why) select id, {import}, ordinal, after, lines, case when why is null then 'waiting' else 'refused' end, why from staged_report", stop);
        await Owe(import, -1, work, stop);
        return (import, true, null);
    }

    private static async Task Owe(Guid import, int after, Work work, CancellationToken stop)
    {
        if (await work.Do($"""
            insert into job (id, kind, subject_id) select new_id(), {Job}, id from file_report where import_id = {import} and state = 'waiting' and ordinal > {after} order by ordinal limit 1 on conflict do nothing
            """, stop) > 0)
        {
            work.Wakes(Jobs.Topic);
        }
    }

    /// <summary>The job: this report and those after it. Each is sent in one transaction with its mark, several at a time; a correction comes after what it corrects.</summary>
    public async Task Handle(Guid[] first, Work work, CancellationToken stop)
    {
        var turn = await work.Ask<Turn>($"select r.ordinal, i.id as import, i.actor as sender from file_report r join file_import i on i.id = r.import_id where r.id = {first.Single()}").SingleAsync(stop);
        var reports = await work.Ask<Waiting>($"select id, ordinal, after from file_report where import_id = {turn.Import} and state = 'waiting' and ordinal >= {turn.Ordinal} order by ordinal limit {AtOnce}").ToListAsync(stop);
        var later = reports.ToLookup(r => r.After is { } after && after >= reports[0].Ordinal);
        await Parallel.ForEachAsync(later[false], new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = stop }, async (report, _) => await Try(report.Id, turn.Sender, stop));
        foreach (var report in later[true])
        {
            await Try(report.Id, turn.Sender, stop);
        }
        await Owe(turn.Import, reports.Count == 0 ? turn.Ordinal : reports[^1].Ordinal, work, stop);
    }

    private async Task Try(Guid report, Guid sender, CancellationToken stop)
    {
        string? failed = null;
        try
        {
            failed = await Send(report, sender, stop);
        }
        catch (NobodyThere)
        {
            failed = "Whoever sent this file has no post now: somebody who has sends these rows again";
        }
        catch (Exception fault) when (!stop.IsCancellationRequested && !Problems.AskAgain(fault))
        {
            // One report that fails here does not hold up those after it.
            failed = $"It failed here, and that is not your doing ({fault.GetType().Name}): send this one by itself";
        }
        if (failed is not null)
        {
            await works.AsWorker("Noting a report of a file that could not be sent", noting => Refused(report, "row", failed, noting, stop), stop);
        }
    }

    /// <summary>Answers why it could not even be tried.</summary>
    private async Task<string?> Send(Guid id, Guid sender, CancellationToken stop)
    {
        IReadOnlyDictionary<string, string[]>? errors = null;
        var mayNot = await works.As(Identity.Of(sender), "Sending the reports of a file", async work =>
        {
            if (!work.Actor.May("report.import"))
            {
                return "Whoever sent this file has no post now that permits report.import: somebody who has sends these rows again";
            }
            if (await work.Ask<Given>($"""
                select f.id as file, r.lines, f.header, m.map::text as map from file_report r join file_import i on i.id = r.import_id join incoming_file f on f.id = i.file_id join column_map m on m.id = i.map_id
                 where r.id = {id} and r.state = 'waiting' for update of r
                """).ToListAsync(stop) is not [var given])
            {
                // Another program was here while this one was thought dead.
                return null;
            }
            var rows = await work.Ask<IncomingFile.Written>($"select line, cells from file_row where file_id = {given.File} and line = any ({given.Lines}) order by line").ToListAsync(stop);
            var map = Columns.Read(given.Map);
            var report = FileReports.Of(given.Header, rows.Select(r => (r.Line, r.Cells)), map, map.In(given.Header).Item1!, work.Now).Single();
            var (answer, no) = await Notices.Send.Handle(report.Said, work, bodies, stop);
            if (no is not null)
            {
                errors = no.Errors;
                return null;
            }
            await work.Do($"update file_report set state = {(answer!.First ? "sent" : "again")}, report_id = {answer.Receipt.Id} where id = {id}", stop);
            return null;
        }, stop);
        if (errors is not null)
        {
            await works.AsWorker("Noting a report of a file that a rule refused", noting => Refused(id, errors.First().Key, errors.First().Value[0], noting, stop), stop);
        }
        return mayNot;
    }

    private static Task<int> Refused(Guid id, string field, string why, Work work, CancellationToken stop) => work.Do($"""
        update file_report set state = 'refused', why = jsonb_build_array(jsonb_build_object('Line', lines[1], 'Field', {field}::text, 'Why', {why}::text)) where id = {id} and state = 'waiting'
        """, stop);

    private sealed record Turn(int Ordinal, Guid Import, Guid Sender);

    private sealed record Waiting(Guid Id, int Ordinal, int? After);

    private sealed record Given(Guid File, int[] Lines, string[] Header, string Map);
}
