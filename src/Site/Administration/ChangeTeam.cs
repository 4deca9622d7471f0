using Heed.Plumbing;
using Heed.Site.Access;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>What a team is called, when it is open and at which number it is rung. Clocks that run keep the team that they have.</summary>
public static class ChangeTeam
{
    /// <param name="Opens">London, on working days; both null: it never closes.</param>
    public sealed record Command(Guid Team, string? Name, LocalTime? Opens, LocalTime? Closes, string? Telephone);

    public static async Task<Refusal?> Handle(Command ask, Snapshot bodies, Work work)
    {
        if (await Rota.Mine(ask.Team, bodies, work) is not { } team)
        {
            return work.NotFound(ask.Team);
        }
        var errors = new Errors();
        if (!ask.Name.Says(200))
        {
            errors["teamName"] = ["Enter in up to 200 characters what the team is called"];
        }
        else if (bodies.Teams.Values.Any(t => t.Id != team.Id && t.AgencyId == team.AgencyId && string.Equals(t.Name, ask.Name.Trim(), StringComparison.OrdinalIgnoreCase)))
        {
            errors["teamName"] = ["Another team of this agency is called so already"];
        }
        if (ask.Opens is null != ask.Closes is null || ask.Opens >= ask.Closes)
        {
            errors["opens"] = ["Enter when it opens and, later on the same day, when it closes, such as 08:30 and 17:00; neither where it never closes"];
        }
        else if (ask.Opens is not null && bodies.Teams.Values.FirstOrDefault(t => t.CoveredById == team.Id) is { } covered)
        {
            errors["opens"] = [$"It answers while {covered.Name} is closed: who covers another never closes"];
        }
        else if (ask.Opens is not null && team is { Opens: null, CoveredById: null } && bodies.Agencies[team.AgencyId].Kind != "school")
        {
            errors["opens"] = ["Name first who answers while it is closed, or nobody would"];
        }
        var telephone = string.IsNullOrWhiteSpace(ask.Telephone) ? null : ask.Telephone.Trim();
        if (telephone is not null && (telephone.Length > 40 || telephone.Count(char.IsAsciiDigit) < 3 || telephone.Any(c => !char.IsAsciiLetterOrDigit(c) && !" +()-.,".Contains(c))))
        {
            errors["telephone"] = ["Enter a telephone number, such as 01632 960 001 or 01632 960 001 ext 4"];
        }
        if (errors.Count > 0)
        {
            return work.Refuse(errors);
        }
        await work.Do($"update team set name = {ask.Name!.Trim()}, opens = {ask.Opens}, closes = {ask.Closes}, telephone = {telephone} where id = {team.Id}");
        return null;
    }
}
