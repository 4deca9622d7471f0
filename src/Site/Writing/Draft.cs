using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;
using System.Text.Json.Serialization;
using Heed.Plumbing;
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

    public Typed Read() => JsonSerializer.Deserialize<Typed>(Typed, Json)!;

    /// <summary>False where it is more than a report may hold: then what was kept before stands.</summary>
    public bool Keep(Typed typed, Instant now)
    {
        var text = JsonSerializer.Serialize(typed, Json);
        if (text.Length > Notices.Parsing.MostBytes)
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

    /// <summary>One's own, held until this work ends: two pages, or two clicks on Send, come one after the other.</summary>
    public static async Task<Draft?> Open(Guid id, Work work)
    {
        await work.Ask<Guid>($"select id as \"Value\" from draft where id = {id} for update").ToListAsync();
        return await work.All<Draft>().SingleOrDefaultAsync(d => d.Id == id && d.OwnerId == work.Actor.Id);
    }

    public static async Task<IReadOnlyList<Draft>> Mine(Work work) =>
        await work.All<Draft>().AsNoTracking().Where(d => d.OwnerId == work.Actor.Id && d.ReportId == null).OrderBy(d => d.BegunAt).ToListAsync();
}
