using Heed.Matching;
using Heed.Plumbing;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.People;

/// <summary>
/// Whom the notices of a school name. It is shown less than all of a report, so that <c>find_people</c> has nobody for it: it finds by what stands in its notices, and by nothing else that is known of a child.
/// There are as many as a school is told in its years, and each is compared as it is spelt.
/// </summary>
internal static class Pupils
{
    public static async Task<IEnumerable<Search.Found>> Find(Search.Terms read, Work work)
    {
        if (work.Actor.AgencyKind != "school")
        {
            return [];
        }
        var told = await work.Ask<Told>($"select notice, person, record, agency, given, family, born, tier from told_pupils()").ToListAsync();
        return told.DistinctBy(t => (t.Given, t.Family, t.Born)).Select(t => Fitting(t, read)).OfType<Search.Found>();
    }

    private static Search.Found? Fitting(Told told, Search.Terms read)
    {
        var born = WrittenDate.Parse(told.Born).Date;
        var names = Names.Words($"{told.Given} {told.Family}").ToList();
        var words = read.Words.Select(word => names.Select(name => Like(name, word)).DefaultIfEmpty(Likes.No).Max()).ToList();
        var dated = born is { } day && read.Born.Contains(day);
        if (words.Count == 0 ? !dated : !words.TrueForAll(w => w > Likes.No) && !(dated && read.Born.Length <= Search.FewDates && words.Exists(w => w > Likes.No)))
        {
            return null;
        }
        var exactly = dated && read.Born[0] == born;
        string?[] why = [dated ? exactly ? "born" : "born-near" : null, words.Count == 0 ? null : words.Min() switch { Likes.Same => "name", Likes.Near => "name-near", Likes.Sounds => "name-sounds", _ => null }];
        return new(told.Person, told.Record, told.Agency, told.Given, told.Family, [], born, null, null, true, told.Tier, told.Agency, [.. why.OfType<string>()], 1,
            (float)((dated ? exactly ? 30 : 15 : 0) + (words.Count == 0 ? 0 : words.Average(w => 40 * (int)w / (double)Likes.Same))), told.Notice);
    }

    private enum Likes { No, Sounds, Near, Same }

    private static Likes Like(string name, string word) =>
        name == word ? Likes.Same
        : name.StartsWith(word, StringComparison.Ordinal) || Likeness.JaroWinkler(name, word) >= Search.LikeEnough ? Likes.Near
        : Likeness.Sound(name) == Likeness.Sound(word) ? Likes.Sounds
        : Likes.No;

    private sealed record Told(Guid Notice, Guid? Person, Guid Record, string Agency, string? Given, string? Family, string? Born, string Tier);
}
