using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;
using System.Text.Json.Serialization;
using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Notices;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>A report that somebody is writing. It takes whatever is typed, half-finished as it is: only sending is ever refused.</summary>
public sealed class Draft
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public Guid Id { get; init; }
    public Guid OwnerId { get; init; }
    public Guid AgencyId { get; init; }
    public required string Reference { get; init; }
    [Column(TypeName = "jsonb")] public string Typed { get; set; } = "{}";
    public Instant BegunAt { get; init; }
    public Instant UpdatedAt { get; set; }
    public Guid? ReportId { get; set; }
    public Instant? SentAt { get; set; }

    /// <summary>The version of a report that this one is to take the place of.</summary>
    public Guid? CorrectsId { get; init; }

    public Instant? ThrownAwayAt { get; set; }

    /// <summary>What that version said.</summary>
    [NotMapped] public ReportIn? Was { get; set; }

    public Typed Read() => JsonSerializer.Deserialize<Typed>(Typed, Json)!;

    /// <summary>False where it is more than a report may hold: then what was kept before stands.</summary>
    public bool Keep(Typed typed, Instant now)
    {
        var text = JsonSerializer.Serialize(typed, Json);
        if (text.Length > Parsing.MostBytes)
        {
            return false;
        }
        (Typed, UpdatedAt) = (text, now);
        return true;
    }

    /// <summary>The reference is made here, once: however often this draft is sent, it is one report.</summary>
    public static Draft Begin(Work work)
    {
        var id = Ids.Next();
        var draft = new Draft { Id = id, OwnerId = work.Actor.Id, AgencyId = work.Actor.Agency, Reference = $"F-{id.ToString("N")[20..].ToUpperInvariant()}", BegunAt = work.Now, UpdatedAt = work.Now };
        work.Add(draft);
        return draft;
    }

    /// <summary>A new version of one's agency's own report, begun with what it said; the one that one has begun already, where there is one. Null where it names somebody who is kept from whoever asks.</summary>
    public static async Task<Draft?> Correct(Report report, Work work, Bodies bodies)
    {
        if (await Kept.Any(report.Id, work))
        {
            return null;
        }
        await work.Do($"select pg_advisory_xact_lock(hashtextextended({$"{work.Actor.Id}{report.Id}"}, 2))");
        if (await work.All<Draft>().SingleOrDefaultAsync(d => d.OwnerId == work.Actor.Id && d.CorrectsId == report.Id && d.ReportId == null && d.ThrownAwayAt == null) is { } begun)
        {
            return begun;
        }
        var draft = new Draft { Id = Ids.Next(), OwnerId = work.Actor.Id, AgencyId = work.Actor.Agency, Reference = report.Reference, CorrectsId = report.Id, BegunAt = work.Now, UpdatedAt = work.Now };
        // What was accepted may be kept, however much the form adds to it.
        draft.Typed = JsonSerializer.Serialize(Correcting.Form(Sent(report), await bodies.For(work), work.Now), Json);
        work.Add(draft);
        return draft;
    }

    private static ReportIn Sent(Report report) => Correcting.Keyed(JsonSerializer.Deserialize(report.Content, ReportJson.Default.ReportIn)!);

    /// <summary>One's own, held until this work ends: two pages, or two clicks on Send, come one after the other.</summary>
    public static async Task<Draft?> Open(Guid id, Work work)
    {
        await work.Ask<Guid>($"select id as \"Value\" from draft where id = {id} for update").ToListAsync();
        var draft = await work.All<Draft>().SingleOrDefaultAsync(d => d.Id == id && d.OwnerId == work.Actor.Id && d.ThrownAwayAt == null);
        if (draft is { CorrectsId: { } corrects, ReportId: null })
        {
            if (await work.All<Report>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == corrects) is not { } report || await Kept.Any(corrects, work))
            {
                return null;
            }
            draft.Was = Sent(report);
        }
        return draft;
    }

    /// <summary>A correction that one does not want after all; the report stands as it was. What was never sent at all cannot be thrown away: a child is in it.</summary>
    public bool ThrowAway(Instant now)
    {
        if (CorrectsId is null)
        {
            return false;
        }
        (Typed, ThrownAwayAt, UpdatedAt) = ("{}", now, now);
        return true;
    }

    public static async Task<IReadOnlyList<Draft>> Mine(Work work)
    {
        var kept = await work.Ask<Guid>($"select id as \"Value\" from draft where owner_id = {work.Actor.Id} and report_id is null and exists (select 1 from kept_in(corrects_id))").ToListAsync();
        return await work.All<Draft>().AsNoTracking().Where(d => d.OwnerId == work.Actor.Id && d.ReportId == null && d.ThrownAwayAt == null && !kept.Contains(d.Id)).OrderBy(d => d.BegunAt).ToListAsync();
    }
}
