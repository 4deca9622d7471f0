using Heed.Plumbing;
using Heed.Site.Clocks;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Referrals;

/// <summary>A manager authorises an assessment: what it found, and what comes of it. It stops the clock that the referral started.</summary>
public static class Authorise
{
    public sealed record Command(Guid Assessment, string? Outcome, string? Words);

    public static readonly IReadOnlyDictionary<string, string> Outcomes = new Dictionary<string, string>
    {
        ["child-protection-enquiry"] = "Child protection enquiry (section 47)",
        ["child-in-need"] = "Child in need plan (section 17)",
        ["early-help"] = "Early help",
        ["no-further-action"] = "No further action",
    };

    public static Task<List<Assessment>> Of(IEnumerable<Guid> contacts, Work work) => work.All<Assessment>().AsNoTracking().Where(a => contacts.Contains(a.ContactId)).ToListAsync();

    public static async Task<Refusal?> Handle(Command ask, Work work)
    {
        if (await work.All<Assessment>().FirstOrDefaultAsync(a => a.Id == ask.Assessment) is not { } assessment)
        {
            return work.NotFound(ask.Assessment);
        }
        var errors = new Errors();
        errors.Need(ask.Outcome is not null && Outcomes.ContainsKey(ask.Outcome), "outcome", "Choose what comes of the assessment");
        errors.Need(ask.Words.Says(10_000), "words", "Say in up to 10,000 characters what was found");
        if (errors.Count > 0)
        {
            return work.Refuse(errors, Statute.Referral.Assessment.Source);
        }
        if (await work.Do($"update assessment set authorised_at = {work.Now}, authorised_by = {work.Actor.Id}, outcome = {ask.Outcome}, words = {ask.Words!.Trim()} where id = {assessment.Id} and authorised_at is null") == 0)
        {
            return work.Refuse("outcome", "This assessment has been authorised already; open it again to see by whom", kind: No.Conflict);
        }
        var notice = await work.One<Guid>($"select notice_id from contact where id = {assessment.ContactId}");
        await Stop.Met(work, notice, [Statute.Referral.Assessment.Key], assessment.ContactId);
        work.Wakes($"team:{assessment.TeamId}");
        return null;
    }
}
