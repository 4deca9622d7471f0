using System.Text.Json.Serialization;
using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.People;

/// <summary>What stands on a child's page. Everything is derived from mentions that this actor may see.</summary>
/// <param name="Sources">What each agency said of them, newest first.</param>
/// <param name="Family">Whom they are said to be related to.</param>
/// <param name="Household">Of this agency's own records, who is said to live at the same address at the same time.</param>
/// <param name="History">What was reported about them before.</param>
/// <param name="Clocks">What must happen next: up to 50, the soonest first.</param>
/// <param name="Involved">Who has them as their worker, or took a notice about them in the last 60 days.</param>
/// <param name="Cases">Those of this reader's own council, newest first.</param>
public sealed record Child(
    Guid Id, IReadOnlyList<Child.Source> Sources, Family Family, IReadOnlyList<Child.Housemate> Household, History History, IReadOnlyList<Child.OpenClock> Clocks,
    IReadOnlyList<Child.Worker> Involved, IReadOnlyList<Child.Case> Cases)
{
    /// <summary>A case at one of this reader's own councils, with its last assessment.</summary>
    /// <param name="Assessment">By which it is read and closed.</param>
    /// <param name="Agency">Whose it is.</param>
    /// <param name="ClosedAt">Null while it is open.</param>
    /// <param name="ClosedReason">RC1 to RC9, by the children in need census.</param>
    /// <param name="ClosedWords">Why, in the words of whoever closed it.</param>
    public sealed record Case(Guid Assessment, string Agency, Instant OpenedAt, Instant? ClosedAt, string? ClosedReason, string? ClosedWords);

    /// <summary>One mention: what one agency said of this person, and why it is held to be the same one.</summary>
    /// <param name="Record">The number here of the agency's record.</param>
    /// <param name="Agency">Whose record it is.</param>
    /// <param name="Number">The agency's own number of it.</param>
    /// <param name="AlsoKnownAs">Other names that were told.</param>
    /// <param name="BornWritten">The date of birth as it was written, where it could not be understood.</param>
    /// <param name="Sex">F, M or U; null where nobody said.</param>
    /// <param name="Language">The family's, as it was told.</param>
    /// <param name="Nhs">Of a valid NHS number only.</param>
    /// <param name="Upn">Of a valid unique pupil number only.</param>
    /// <param name="Pnc">Of a valid PNC number only.</param>
    /// <param name="Address">The first lines of it; null where it is kept from this reader.</param>
    /// <param name="Locality">Town or village.</param>
    /// <param name="Postcode">As it was written.</param>
    /// <param name="AddressSensitivity">refuge, confidential-placement or confidential: tell it to nobody.</param>
    /// <param name="SchoolName">As it was told, or by its URN.</param>
    /// <param name="SafeContact">How to make contact without danger.</param>
    /// <param name="FromRegister">From a register that was loaded; else from a report.</param>
    /// <param name="Verdict">How this record came to be of this person: new (nobody else fitted), same, or different (parted from another).</param>
    /// <param name="Reason">Why, in the words of the rule or of whoever decided.</param>
    /// <param name="Rules">The version of the rules, or practitioner.</param>
    /// <param name="LinkedAt">When that was decided.</param>
    /// <param name="Link">Names the decision: it can be parted.</param>
    public sealed record Source(
        [property: JsonIgnore] Guid Mention, [property: JsonIgnore] Guid? Report, [property: JsonIgnore] int Ordinal, Guid Record, string Agency, string? Number, string Tier, string? Given, string? Family, string[] AlsoKnownAs, LocalDate? Born, string? BornWritten, LocalDate? Expected, string? Sex, string? Language, string? Nhs, string? Upn, string? Pnc,
        string? Address, string? Locality, string? Postcode, string? AddressSensitivity, string? SchoolName, string? SafeContact, bool IsChild, Instant RecordedAt, bool FromRegister, string Verdict, string Reason, string Rules, Instant LinkedAt, Guid Link)
    {
        /// <summary>Given and family name together.</summary>
        public string Name => $"{Given} {Family}".Trim();
    }

    /// <param name="SourceRecordId">This agency's record of them.</param>
    /// <param name="PersonId">Their own page; null until they are matched.</param>
    public sealed record Housemate(Guid SourceRecordId, Guid? PersonId, string? Given, string? Family, LocalDate? Born, bool IsChild);

    /// <param name="Words">What is owed.</param>
    /// <param name="State">running, warned or breached.</param>
    /// <param name="Agency">Whose it is to do.</param>
    /// <param name="Practitioner">Who has it; null: the team.</param>
    public sealed record OpenClock(Guid Id, string Words, string State, Instant DueAt, string Agency, string Team, string? Practitioner);

    /// <param name="Name">A practitioner.</param>
    /// <param name="Agency">Of theirs.</param>
    /// <param name="Why">allocated, or has a notice about them.</param>
    /// <param name="Since">Since when that is so.</param>
    public sealed record Worker(string Name, string Rank, string Team, string Agency, string Why, Instant? Since);

    public static async Task<Child?> Read(Guid person, Work work)
    {
        var sources = await work.Ask<Source>($"""
            with records as materialized (select s.id, s.number, s.tier, l.verdict, l.reason, l.rules, l.at, l.id as link from link l join source_record s on s.id = l.source_record_id where l.person_id = {person} and l.undone_at is null)
            select m.id as mention, m.report_id as report, m.ordinal, m.source_record_id as record, a.name as agency, r.number, r.tier, m.given, m.family, m.also_known_as, m.born, m.born_written, m.expected, m.sex, m.language, m.nhs, m.upn, m.pnc,
                   m.address, m.locality, m.postcode, m.address_sensitivity, coalesce(m.school_name, (select x.name from agency x where x.kind = 'school' and x.code = m.school_urn)) as school_name, m.safe_contact, m.is_child, m.recorded_at,
                   m.import_id is not null as from_register, r.verdict, r.reason, r.rules, r.at as linked_at, r.link
              from mentions_of({person}) m join records r on r.id = m.source_record_id join agency a on a.id = m.agency_id
             order by m.recorded_at desc, m.id desc
            """).ToListAsync();
        if (sources.Count == 0)
        {
            return null;
        }
        var (mentions, reports, ordinals) = (sources.Select(s => s.Mention).ToArray(), sources.Select(s => s.Report).ToArray(), sources.Select(s => s.Ordinal).ToArray());
        var family = await Family.Read(person, work);
        var household = await HouseholdOf(person, work);
        var clocks = await work.Ask<OpenClock>($"""
            select c.id, c.words, c.state, c.due_at, a.name as agency, t.name as team, p.name as practitioner
              from clock c join agency a on a.id = c.agency_id join team t on t.id = c.team_id left join practitioner p on p.id = c.practitioner_id
             where c.report_id = any ({reports}) and c.stopped_at is null and (c.contact_id is null or exists (select 1 from contact x where x.id = c.contact_id and x.mention_id = any ({mentions})))
             order by c.due_at limit 50
            """).ToListAsync();
        var involved = await work.Ask<Worker>($"""
            select distinct p.name, p.rank, t.name as team, a.name as agency, 'allocated' as why, lower(al.during) as since
              from link l join allocation al on al.source_record_id = l.source_record_id and al.during @> heed_now() join practitioner p on p.id = al.practitioner_id join team t on t.id = al.team_id join agency a on a.id = al.agency_id
             where l.person_id = {person} and l.undone_at is null
            union
            select distinct p.name, p.rank, t.name, a.name, 'has a notice about them', n.taken_at
              from unnest({reports}, {ordinals}) m(report_id, ordinal) join notice n on n.report_id = m.report_id and m.ordinal = any (n.mentions) join practitioner p on p.id = n.taken_by join team t on t.id = n.to_team join agency a on a.id = n.to_agency
             where n.sent_at > heed_now() - interval '60 days'
            """).ToListAsync();
        var history = await History.Read(person, work);
        await work.Look("person", person, records: sources.Select(s => s.Record));
        return new(person, sources, family, household, history, clocks, involved, await CasesOf(person, work));
    }

    /// <summary>The person's cases at this actor's own council, newest first.</summary>
    public static Task<List<Case>> CasesOf(Guid person, Work work) => work.Ask<Case>($"""
        select distinct on (e.id) a.id as assessment, g.name as agency, e.opened_at, e.closed_at, e.closed_reason, e.closed_words
          from link l join episode e on e.source_record_id = l.source_record_id join assessment a on a.episode_id = e.id join agency g on g.id = e.agency_id
         where l.person_id = {person} and l.undone_at is null order by e.id desc, a.began_at desc
        """).ToListAsync();

    /// <summary>The records of a person that this actor may see: none where they may not see the person.</summary>
    public static Task<List<Guid>> RecordsOf(Guid person, Work work) => work.Ask<Guid>($"select source_record_id as \"Value\" from link where person_id = {person} and undone_at is null").ToListAsync();

    /// <summary>Who else is said to live where this person does, by the records of this actor's own agency.</summary>
    public static Task<List<Housemate>> HouseholdOf(Guid person, Work work) =>
        work.Ask<Housemate>($"select distinct on (coalesce(person_id, source_record_id)) source_record_id, person_id, given, family, born, is_child from same_address({person}) order by coalesce(person_id, source_record_id)").ToListAsync();

    /// <summary>What was said of them last.</summary>
    public Source Latest => Sources[0];

    /// <summary>The name most agencies use, the latest where they agree equally.</summary>
    public string Name => Sources.Where(s => s.Name.Length > 0).GroupBy(s => s.Name).OrderByDescending(g => g.Select(s => s.Agency).Distinct().Count()).ThenByDescending(g => g.Max(s => s.RecordedAt)).FirstOrDefault()?.Key ?? "";

    /// <summary>Expected, and nobody has said a birth or a name.</summary>
    public bool IsUnborn => Expected is not null && Born is null && Sources.All(s => string.IsNullOrWhiteSpace(s.Given));

    /// <summary>Some agency tells of them as a child, the unborn included.</summary>
    public bool IsChild => Sources.Any(s => s.IsChild);

    /// <summary>The date that most of the sources say.</summary>
    public LocalDate? Born => Sources.Where(s => s.Born is not null).GroupBy(s => s.Born).OrderByDescending(g => g.Count()).FirstOrDefault()?.Key;

    /// <summary>The day on which they were expected, kept after the birth.</summary>
    public LocalDate? Expected => Sources.Select(s => s.Expected).FirstOrDefault(e => e is not null);

    /// <summary>Every way something is said, with who says it: more than one is an uncertainty that the page shows. Folded says when two are one; the newest stands as it was written.</summary>
    public IReadOnlyList<(string Value, string Agencies)> Said(Func<Source, string?> what, Func<string, string>? folded = null) =>
        [.. Sources.Select(s => (Value: what(s), s.Agency)).Where(s => !string.IsNullOrWhiteSpace(s.Value)).GroupBy(s => folded is null ? s.Value! : folded(s.Value!)).Select(g => (g.First().Value!, string.Join(", ", g.Select(s => s.Agency).Distinct())))];

    /// <summary>What nobody has said: to be asked, and never to be read as none.</summary>
    public IEnumerable<string> Missing()
    {
        if (Said(s => s.Nhs).Count == 0)
        {
            yield return "No NHS number";
        }
        if (Born is null && Expected is null)
        {
            yield return "No date of birth that was understood";
        }
        if (IsChild && Expected is null && Said(s => s.SchoolName).Count == 0)
        {
            yield return "No school or nursery";
        }
        if (Said(s => s.Postcode).Count == 0)
        {
            yield return "No address";
        }
        if (IsChild && !Family.Own.Any(t => t.Kind is "mother" or "father" or "parent"))
        {
            yield return "No parent is named";
        }
        if (IsChild && Family.Own.All(t => t.ParentalResponsibility is null))
        {
            yield return "Nobody has said who has parental responsibility";
        }
        if (IsChild && Expected is null && !History.Entries.Any(e => e.SeenAlone == true))
        {
            yield return "Not seen alone in anything that you may see";
        }
    }
}

/// <summary>What a list of cases is made of: see _Cases.cshtml.</summary>
public sealed record CasesView(IReadOnlyList<Child.Case> Cases, Instant Now);
