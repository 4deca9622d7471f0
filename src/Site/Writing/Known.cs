using Heed.Plumbing;
using Heed.Plumbing.Gov;
using Heed.Site.People;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace Heed.Site.Writing;

/// <summary>Whom the force knows already by the name that is being typed: through the search of everybody, which records it. Choosing one gives the mention the force's own record number.</summary>
public static class Known
{
    public sealed record Record(string Number, string? Given, string? Family, LocalDate? Born, string? Sex, string? Address, string? Locality, string? Postcode, string? Sensitivity);

    /// <summary>Null where too little was typed to look by, and for a script that looks too often: a refusal here would lose what the form holds.</summary>
    public static async Task<IReadOnlyList<Record>?> Find(Someone typed, Work work)
    {
        var terms = $"{typed.GivenNames} {typed.FamilyName} {(typed.Born.Date is { } born ? NodaTime.Text.LocalDatePattern.Iso.Format(born) : "")}".Trim();
        if (terms.Length is < 3 or > 200 || Search.Read(terms, work) is not { Any: true } read || read.Words.Sum(w => w.Length) + read.Born.Length < 2 || await Search.TooOften(work))
        {
            return null;
        }
        var (found, _) = await Search.Handle(terms, work);
        var people = found?.Hits.Select(h => h.Person).OfType<Guid>().Take(8).ToArray() ?? [];
        return await Records(work, people, null);
    }

    public static async Task<Record?> Chosen(string number, Work work) => (await Records(work, null, number)).FirstOrDefault();

    private static async Task<IReadOnlyList<Record>> Records(Work work, Guid[]? people, string? number) => await work.Ask<Record>($"""
        select distinct on (s.id) s.number, m.given, m.family, m.born, m.sex, m.address, m.locality, m.postcode, m.address_sensitivity as sensitivity
          from source_record s join mention m on m.source_record_id = s.id join link l on l.source_record_id = s.id and l.undone_at is null
         where s.agency_id = {work.Actor.Agency} and s.number is not null and (s.number = {number} or l.person_id = any ({people})) order by s.id, m.recorded_at desc
        """).ToListAsync();

    /// <summary>What the officer typed stands; what they left empty comes from the record.</summary>
    public static void Take(this Someone someone, Record record)
    {
        someone.RecordNumber = record.Number;
        someone.GivenNames = string.IsNullOrWhiteSpace(someone.GivenNames) ? record.Given : someone.GivenNames;
        someone.FamilyName = string.IsNullOrWhiteSpace(someone.FamilyName) ? record.Family : someone.FamilyName;
        someone.Born = someone.Born.IsEmpty ? TypedDate.Of(record.Born) : someone.Born;
        someone.Sex ??= record.Sex;
        if (someone.Home is null && record.Address is not null)
        {
            (someone.Home, someone.Line, someone.Locality, someone.Postcode, someone.Sensitivity) = ("other", record.Address, record.Locality, record.Postcode, record.Sensitivity);
        }
    }
}
