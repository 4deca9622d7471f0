using Heed.Plumbing;
using Heed.Site.Access;
using Heed.Site.Clocks;
using Heed.Site.People;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>The version that a correction takes the place of: who was told of it, which children they have contacts for, and which record each key stood for.</summary>
public sealed record Corrected(Guid Report, IReadOnlyList<Corrected.Told> Recipients, IReadOnlyList<Corrected.Telephoned> ByHand, IReadOnlyList<Corrected.Was> People)
{
    /// <param name="AgreementKey">With its version: under which they were told.</param>
    /// <param name="Children">Mentions.</param>
    public sealed record Told(Guid Notice, Guid Agency, Guid Team, string AgreementKey, int AgreementVersion, Guid[] Children);

    /// <param name="Done">Somebody has telephoned; else it is still owed.</param>
    public sealed record Telephoned(Guid Notice, Guid Agency, bool Done);

    /// <summary>Somebody whom the corrected version named.</summary>
    public sealed record Was(Guid Mention, Guid Record, string? Key, string? Given, string? Family, LocalDate? Born)
    {
        /// <summary>The same key with wholly another name, and not the same birth, is somebody else: the child was the mistake. What was blank, or is only spelled otherwise, says nothing against.</summary>
        internal bool IsAnother(Mentioned person) =>
            (Matching.Names.FoldGiven(Given), Matching.Names.FoldGiven(person.Said.GivenNames)) switch
            {
                ({ Length: > 0 } one, { Length: > 0 } other) => Differ(one, other),
                _ => Differ(Matching.Names.FoldFamily(Family), Matching.Names.FoldFamily(person.Said.FamilyName)),
            } && !(Born is not null && Born == person.Born.Date);

        private static bool Differ(string one, string other) => one.Length > 0 && other.Length > 0 && Matching.Likeness.JaroWinkler(one, other) < 0.8;
    }

    /// <summary>Whom this version says anew: by the agency's own number, else by the key.</summary>
    internal Was? Of(Mentioned person, Guid agency) =>
        (person.Said.RecordNumber is { Length: > 0 } number ? People.FirstOrDefault(was => was.Record == SourceRecord.Of(agency, number)) : null)
        ?? (person.Said.Key is { } key ? People.FirstOrDefault(was => was.Key == key && !was.IsAnother(person)) : null);

    internal static async Task<Corrected> Read(Guid report, Work work, CancellationToken stop)
    {
        var (told, byHand) = (new List<Told>(), new List<Telephoned>());
        await using var batch = work.Batch();
        batch.BatchCommands.Add(new("""
            select n.id, n.to_agency, n.to_team, n.agreement_key, n.agreement_version,
                   array(select m.id from said_by_mine(n.report_id) m where m.ordinal = any (n.mentions) and m.is_child)
              from notice n where n.report_id = $1 and n.withheld_because is null and n.kind <> 'withdrawal'
            """) { Parameters = { new() { Value = report } } });
        batch.BatchCommands.Add(new("select id, to_agency, exists (select 1 from telling t where t.notice_id = n.id) from notice n where report_id = $1 and by_hand and kind <> 'withdrawal'") { Parameters = { new() { Value = report } } });
        batch.BatchCommands.Add(new("select id, source_record_id, key, given, family, born from said_by_mine($1)") { Parameters = { new() { Value = report } } });
        await using var row = await batch.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            told.Add(new(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetInt32(4), row.GetFieldValue<Guid[]>(5)));
        }
        await row.NextResultAsync(stop);
        while (await row.ReadAsync(stop))
        {
            byHand.Add(new(row.GetGuid(0), row.GetGuid(1), row.GetBoolean(2)));
        }
        var people = new List<Was>();
        await row.NextResultAsync(stop);
        while (await row.ReadAsync(stop))
        {
            people.Add(new(row.GetGuid(0), row.GetGuid(1), Text(2), Text(3), Text(4), row.IsDBNull(5) ? null : row.GetFieldValue<LocalDate>(5)));
        }
        return new(report, told, byHand, people);

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}

/// <summary>All that one report causes, before it is written: mentions, notices, contacts, clocks.</summary>
public sealed class Outgoing
{
    /// <param name="Corrects">The mention of the same person in the version before.</param>
    public sealed record MentionOut(Mentioned Person, Guid Mention, Guid Record, Guid? Corrects);

    public sealed record NoticeOut(Guid Id, string Kind, Guid Agency, Team? Team, string Why, short[] Mentions, string? Shown, Agreement? Agreement, string? WithheldBecause, Guid? Supersedes, bool ByHand = false, Guid? HeldFor = null, string[]? HeldFrom = null);

    public sealed record ContactOut(Guid Id, Guid Notice, Guid Mention, Guid Agency, Guid Team);

    public List<MentionOut> Mentions { get; } = [];

    public List<NoticeOut> Notices { get; } = [];

    public List<ContactOut> Contacts { get; } = [];

    public List<NewClock> Clocks { get; } = [];

    public static Outgoing Of(Understood report, Guid id, IReadOnlyList<Route> routes, Corrected? corrected, Snapshot bodies, Work work)
    {
        var outgoing = new Outgoing();
        outgoing.Mentions.AddRange(report.People.Select(p => Mention(p, work.Actor.Agency, corrected?.Of(p, work.Actor.Agency))));
        foreach (var route in routes)
        {
            outgoing.Tell(report, route, corrected?.Recipients.FirstOrDefault(r => r.Agency == route.Agency), corrected?.ByHand.FirstOrDefault(r => r.Agency == route.Agency), bodies, work);
        }
        foreach (var gone in corrected?.Recipients.Where(r => !routes.Any(route => route.Told && route.Agency == r.Agency)) ?? [])
        {
            outgoing.Withdraw(report, gone, bodies, work);
        }
        foreach (var gone in corrected?.ByHand.Where(r => r.Done && !routes.Any(route => route.Agency == r.Agency)) ?? [])
        {
            outgoing.Notices.Add(new(Ids.Next(), "withdrawal", gone.Agency, null, "They were told of this by mistake", [], null, null, "They were told by telephone, and must be told in the same way that it is withdrawn", gone.Notice, ByHand: true));
        }
        outgoing.OweTelephoning(bodies, work);
        outgoing.SenderKeptItsTime(report, bodies, work);
        return outgoing;
    }

    private void Tell(Understood report, Route route, Corrected.Told? before, Corrected.Telephoned? telephoned, Snapshot bodies, Work work)
    {
        if (!route.Told)
        {
            // Someone who was told before and may not be now gets a withdrawal instead: one notice for each recipient.
            if (before is null)
            {
                Notices.Add(new(Ids.Next(), telephoned?.Done == true ? "correction" : "notice", route.Agency, null, route.Why, route.Mentions, null, route.Agreement, route.WithheldBecause, telephoned?.Notice, route.ByHand));
            }
            return;
        }
        // A correction goes to the team that has what it corrects.
        var team = before is not null && bodies.Teams.TryGetValue(before.Team, out var has) ? has : route.Team!;
        var notice = new NoticeOut(Ids.Next(), before is null ? "notice" : "correction", route.Agency, team, route.Why, route.Mentions, Disclosure.Of(report, route), route.Agreement, null, before?.Notice, HeldFor: route.HeldFor, HeldFrom: route.HeldFrom);
        Notices.Add(notice);
        var kind = bodies.Agencies[route.Agency].Kind;
        if (kind == "school")
        {
            Clock(Start.Reading(bodies, route.Agency, team.Id, work.Now) is { } reading ? reading with { HeldFor = route.HeldFor } : null, notice.Id);
        }
        else
        {
            Clock(Start.Acknowledgement(bodies, route.Agency, team.Id, work.Now, report.Urgent), notice.Id);
        }
        if (kind != "council")
        {
            return;
        }
        foreach (var child in Mentions.Where(m => m.Person.IsChild && route.Mentions.Contains(m.Person.Ordinal)))
        {
            // A child whom the corrected version named already has a contact, and its clock runs on: a correction does not buy time.
            if (child.Corrects is { } was && before?.Children.Contains(was) == true)
            {
                continue;
            }
            var contact = new ContactOut(Ids.Next(), notice.Id, child.Mention, route.Agency, team.Id);
            Contacts.Add(contact);
            Clock(Start.Decision(bodies, route.Agency, team.Id, work.Now), notice.Id, contact.Id);
        }
    }

    private void Withdraw(Understood report, Corrected.Told gone, Snapshot bodies, Work work)
    {
        // It ends a disclosure: under the agreement that the disclosure was made under, in force still or not.
        var agreement = bodies.Agreements.Single(a => a.Key == gone.AgreementKey && a.Version == gone.AgreementVersion);
        var notice = new NoticeOut(Ids.Next(), "withdrawal", gone.Agency, bodies.Teams[gone.Team], "You were told of this by mistake", [], Disclosure.Withdrawn(report), agreement, null, gone.Notice);
        Notices.Add(notice);
        Clock(Start.Acknowledgement(bodies, gone.Agency, gone.Team, work.Now), notice.Id);
    }

    /// <summary>How long the sender took, measured from the incident and from when it knew, met or late, in the open.</summary>
    private void SenderKeptItsTime(Understood report, Snapshot bodies, Work work)
    {
        if (work.Actor.AgencyKind != "police" || Desk(bodies, work) is not { } desk || report.Version > 1)
        {
            return;
        }
        foreach (var notice in Notices.Where(n => n.WithheldBecause is null || n.ByHand))
        {
            Instant? told = notice.ByHand ? null : work.Now;
            var clock = bodies.Agencies[notice.Agency].Kind switch
            {
                "council" => Start.CouncilTold(bodies, work.Actor.Agency, desk.Id, report.OccurredUntil ?? report.Occurred, told),
                "school" => Start.SchoolTold(bodies, work.Actor.Agency, desk.Id, notice.Agency, report.Known, told),
                _ => null,
            };
            Clock(clock, notice.Id);
        }
    }

    /// <summary>Whom Heed cannot tell is on the worklist of the sender's own desk until somebody has.</summary>
    private void OweTelephoning(Snapshot bodies, Work work)
    {
        foreach (var notice in Notices.Where(n => n.ByHand))
        {
            Clock(Desk(bodies, work) is { } desk ? Start.ByTelephone(bodies, work.Actor.Agency, desk.Id, bodies.Agencies[notice.Agency].Name, work.Now) : null, notice.Id);
        }
    }

    private static Team? Desk(Snapshot bodies, Work work) => bodies.TeamOf(work.Actor.Agency, "mash-desk", "response", "safeguarding", "front-door");

    private void Clock(NewClock? clock, Guid notice, Guid? contact = null)
    {
        if (clock is not null)
        {
            Clocks.Add(clock with { Notice = notice, Contact = contact });
        }
    }

    /// <summary>It belongs to the agency's record with its number, else to the one that it corrects, else to one of its own.</summary>
    private static MentionOut Mention(Mentioned person, Guid agency, Corrected.Was? was) =>
        new(person, Ids.Next(), person.Said.RecordNumber is { Length: > 0 } number ? SourceRecord.Of(agency, number) : was?.Record ?? Ids.Next(), was?.Mention);

    public Receipt Receipt(Understood report, Guid id, Snapshot bodies, Work work) => new(
        id, report.Reference, report.Version, report.Kind, work.Now, Convert.ToHexStringLower(report.Hash),
        [.. Notices.Select(n => new Receipt.Sent(n.Id, bodies.Agencies[n.Agency].Name, n.Team?.Name, n.Kind, n.Why, n.Agreement?.Basis, n.WithheldBecause, n.ByHand, null, n.WithheldBecause is null ? work.Now : null, null, null, null, null, []))],
        null, [.. report.Notes, .. Routing.Unknown(report, bodies)]);
}
