using Heed.Plumbing;
using Heed.Statute;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>
/// A record whose time is over is destroyed whole: with its reports, what anybody was told of them and did upon it, and who looked. Asked for by one, agreed to by another; a tombstone of each stays, and the
/// chain stays whole. What stands in the way, and what goes, is the database's to say: <c>0015_destroying.sql</c>.
/// </summary>
public static class Destroying
{
    public const int Most = 100;

    /// <summary>Kept no longer than necessary: which is how long its retention class says.</summary>
    private static readonly Citation Storage = new("UK GDPR", "Article 5(1)(e)");

    /// <summary>What stands in the way of destroying a record.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kept = new Dictionary<string, string>
    {
        ["early"] = "Its time is not over, or something of it is still under way",
        ["held"] = "A legal hold stands on it: nothing of it is destroyed while that stands",
        ["shared"] = "A report about it is about somebody too whose own time is not over, or who is held: it goes when the last of them may",
    };

    /// <param name="Record">The number of the record here; nobody's name.</param>
    /// <param name="Number">The agency's own number of it; null where it has none.</param>
    /// <param name="Class">Its retention class, in words.</param>
    /// <param name="Until">When its time was over.</param>
    /// <param name="StandsInTheWay">held or shared; null where it may be destroyed.</param>
    /// <param name="Reports">How many reports about it would go, in all their versions.</param>
    /// <param name="Told">How many notices of them, to any agency, would go with them.</param>
    public sealed record Line(Guid Record, string? Number, string Class, Instant Until, string? StandsInTheWay, int Reports, int Told);

    /// <param name="Number">The agency's own number of the record; null where it has none.</param>
    /// <param name="Words">Why, as whoever asked wrote it.</param>
    /// <param name="Record">The number of the record here.</param>
    public sealed record Asked(Guid Id, Guid Record, string? Number, string Rule, string Words, Instant AskedAt, string AskedBy, Guid AskerId);

    /// <param name="Records">Those who were known by the same reports alone went with it.</param>
    /// <param name="Told">Which agencies had been told, each with how many notices and when the first and the last was sent.</param>
    /// <param name="Words">Why, as whoever asked wrote it.</param>
    /// <param name="AgreedBy">Who agreed, whereupon it was destroyed.</param>
    /// <param name="At">When it was destroyed.</param>
    /// <param name="Reports">How many, in all their versions.</param>
    public sealed record Gone(Guid Id, string Rule, string Words, string AskedBy, string AgreedBy, Instant At, int Records, int Reports, string[] Told);

    /// <param name="From">Whose report it was.</param>
    /// <param name="SentAt">When this agency was told.</param>
    /// <param name="Notice">The number that the notice had.</param>
    public sealed record Lost(Guid Notice, string From, Instant SentAt, Instant DestroyedAt, string Rule);

    /// <summary>The agency's own whose time is over and of which nobody has asked yet, the longest over first.</summary>
    public static async Task<IReadOnlyList<Line>> Over(Work work) => await work.Ask<Line>($"select record, number, class, until, kept as stands_in_the_way, reports, told from records_over({Most})").ToListAsync();

    public static async Task<IReadOnlyList<Asked>> Waiting(Work work) => await work.Ask<Asked>($"""
        select q.id, q.subject_id as record, q.number, q.rule, q.words, q.asked_at, p.name as asked_by, p.id as asker_id from purge q join practitioner p on p.id = q.asked_by where q.outcome is null order by q.asked_at
        """).ToListAsync();

    /// <summary>What the agency destroyed, newest first.</summary>
    public static async Task<IReadOnlyList<Gone>> Done(Work work) => await work.Ask<Gone>($"""
        select q.id, q.rule, q.words, a.name as asked_by, b.name as agreed_by, q.decided_at as at, (select count(*)::int from tombstone t where t.purge_id = q.id and t.what = 'record') as records, (select count(*)::int from tombstone t where t.purge_id = q.id and t.what = 'report') as reports,
               array(select format('%s: %s, %s', g.name, count(*), concat_ws(' – ', to_char(min(t.at) at time zone 'Europe/London', 'FMDD FMMonth YYYY'), nullif(to_char(max(t.at) at time zone 'Europe/London', 'FMDD FMMonth YYYY'), to_char(min(t.at) at time zone 'Europe/London', 'FMDD FMMonth YYYY'))))
                       from tombstone t join agency g on g.id = t.to_agency where t.purge_id = q.id and t.what = 'notice' and t.agreement_key is not null group by g.name order by g.name) as told
          from purge q join practitioner a on a.id = q.asked_by join practitioner b on b.id = q.decided_by where q.outcome = 'destroyed' order by q.decided_at desc limit {Most}
        """).ToListAsync();

    /// <summary>What this agency was told and whoever told has destroyed since, newest first.</summary>
    public static async Task<IReadOnlyList<Lost>> ToldToUs(Work work) => await work.Ask<Lost>($"""
        select t.id as notice, a.name as "from", t.at as sent_at, t.destroyed_at, t.rule from tombstone t join agency a on a.id = t.agency_id
         where t.what = 'notice' and t.to_agency = {work.Actor.Agency} and t.agency_id <> t.to_agency and t.agreement_key is not null order by t.destroyed_at desc, t.id limit {Most}
        """).ToListAsync();

    public static async Task<(Guid?, Refusal?)> Ask(Guid record, string? words, Work work)
    {
        if (!words.Says())
        {
            return (null, work.Refuse("purgeWords", "Say in up to 2,000 characters why nothing of it is needed any more; name nobody", Storage));
        }
        var id = Ids.Next();
        return await work.One<string>($"select ask_purge({id}, {record}, {words.Trim()})") switch
        {
            "done" => (id, null),
            "asked" => (null, work.Refuse("purgeWords", "Somebody has asked for it already", Storage, No.Conflict)),
            var why => (null, StandsInTheWay(why, "purgeWords", record, work)),
        };
    }

    public static async Task<Refusal?> Agree(Guid id, Work work) => await work.One<string>($"select agree_purge({id})") switch
    {
        "done" => null,
        "own" => work.Refuse("purge", "Nobody agrees to what they asked for themselves: destroying takes two", Storage),
        "decided" => Decided(work),
        var why => StandsInTheWay(why, "purge", id, work),
    };

    public static async Task<Refusal?> LetGo(Guid id, Work work) => await work.One<string>($"select drop_purge({id})") switch { "done" => null, "decided" => Decided(work), _ => work.NotFound(id) };

    private static Refusal Decided(Work work) => work.Refuse("purge", "It has been destroyed or let go already", Storage, No.Conflict);

    private static Refusal StandsInTheWay(string why, string field, Guid id, Work work) => Kept.TryGetValue(why, out var words) ? work.Refuse(field, words, Storage) : work.NotFound(id);
}
