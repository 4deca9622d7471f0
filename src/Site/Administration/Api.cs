using System.ComponentModel;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Heed.Site.Administration;

/// <summary>Each of these is what a page does too, by the cookie of a manager's own sign-in: no agency's key has these permits.</summary>
public static class Api
{
    public static void Map(IEndpointRouteBuilder site)
    {
        var api = site.MapGroup("/administration");
        api.MapGet("/agencies", GetAgencies).WithSummary("The agencies of the partnership, with what they were called and who followed them");
        api.MapPost("/agencies", PostAgency).WithSummary("Add an agency, with the team that notices reach first");
        api.MapPost("/agencies/{id:guid}/name", PostName).WithSummary("Say what an agency is called from today on");
        api.MapPost("/agencies/{id:guid}/follower", PostFollower).WithSummary("Say which agency follows another, how and from which day");
        api.MapPost("/agencies/{id:guid}/sessions/end", PostEndAll).WithSummary("End every session of an agency's people but one's own");

        api.MapGet("/people", GetPeople).WithSummary("Who works at an agency, in which team and as what");
        api.MapPost("/people", PostPerson).WithSummary("Somebody joins an agency, with a first post");
        api.MapPost("/people/{id:guid}/posts", PostPost).WithSummary("Give somebody a post, beside those they have or in their place");
        api.MapPost("/people/{id:guid}/posts/end", PostEndPost).WithSummary("End a post now: what they had taken by it goes back to the team");
        api.MapPost("/people/{id:guid}/departure", PostDeparture).WithSummary("Somebody leaves: posts, duty and sessions end now, and what they had goes back");
        api.MapPost("/people/{id:guid}/sessions/end", PostEndSessions).WithSummary("End where somebody is signed in: one session, or all of them");

        api.MapGet("/rotas", GetGaps).WithSummary("Where nobody is on duty while a team must be there, until the end of next week");
        api.MapGet("/rotas/{team:guid}", GetRota).WithSummary("Who is on duty for a team, this week and next, and who is now");
        api.MapPost("/rotas/{team:guid}/turns", PostTurn).WithSummary("Put somebody on duty");
        api.MapPost("/rotas/{team:guid}/turns/end", PostEndTurn).WithSummary("Take somebody off duty: what has begun ends now, what has not is off the rota");
        api.MapPost("/rotas/{team:guid}/route", PostRoute).WithSummary("Say who answers while a team is closed, and where its late clocks climb");
        api.MapPost("/absences", PostAbsence).WithSummary("Somebody is away on whole days");
        api.MapPost("/absences/end", PostEndAbsence).WithSummary("Somebody is back, or does not go");
        api.MapPost("/teams/{id:guid}", PostTeam).WithSummary("Change what a team is called, when it is open and at which number it is rung");

        api.MapGet("/agreements", GetAgreements).WithSummary("The sharing agreements, in every version");
        api.MapGet("/agreements/drafts", GetDrafts).WithSummary("What is drafted of sharing agreements");
        api.MapPost("/agreements/drafts", PostDraft).WithSummary("Draft a sharing agreement, a new version of one, or its end: it holds for nobody until a second person publishes it");
        api.MapPost("/agreements/drafts/{id:guid}/publication", PostPublication).WithSummary("Publish a draft: not whoever wrote it");
        api.MapPost("/agreements/drafts/{id:guid}/drop", PostDropDraft).WithSummary("Let a draft go");

        api.MapGet("/thresholds", GetThresholds).WithSummary("The levels of the partnership's threshold document, in every version");
        api.MapPost("/thresholds", PostThreshold).WithSummary("Set a level of the threshold document, a new version of one, or its end, from a day on");

        api.MapGet("/schools", GetArrangements).WithSummary("What schools have arranged: who has a notice first that names somebody who works there, and when somebody reads");
        api.MapPost("/schools", PostArrangement).WithSummary("Set what a school has arranged");

        api.MapGet("/retention", GetClasses).WithSummary("How long each kind of record is kept, from what and on whose authority");
        api.MapGet("/retention/changes", GetChanges).WithSummary("Changes of that which wait for a second person");
        api.MapPost("/retention/changes", PostChange).WithSummary("Ask for another retention time: it holds once a second person agrees");
        api.MapPost("/retention/changes/{id:guid}/agreement", PostAgreement).WithSummary("Agree to another retention time: not whoever asked");
        api.MapPost("/retention/changes/{id:guid}/drop", PostDropChange).WithSummary("Let a change of retention go");
        api.MapGet("/holds", GetHolds).WithSummary("The agency's legal holds that stand, and those released in the last year");
        api.MapPost("/holds", PostHold).WithSummary("Hold a record: nothing of it is destroyed while that stands");
        api.MapPost("/holds/{id:guid}/release", PostRelease).WithSummary("Release a hold: not whoever placed it");
        api.MapGet("/retention/over", GetOver).WithSummary("The agency's records whose time is over and of which nobody has asked yet").WithDescription("Numbers and counts, nobody's name. What is sealed stands here for its readers alone.");
        api.MapGet("/purges", GetPurges).WithSummary("What waits to be destroyed, what was destroyed, and what this agency was told that whoever told has destroyed since");
        api.MapPost("/purges", PostPurge).WithSummary("Ask that a record whose time is over be destroyed, with all that is kept of it");
        api.MapPost("/purges/{id:guid}/agreement", PostPurgeAgreement).WithSummary("Agree to it: not whoever asked. It is destroyed at once, and certified; a tombstone stays of each record, report and notice");
        api.MapPost("/purges/{id:guid}/drop", PostDropPurge).WithSummary("Let it go: it is kept");
    }

    /// <param name="Id">The number here of what was made.</param>
    public sealed record Made(Guid Id);

    /// <param name="Name">What it is called from today on.</param>
    public sealed record NameIn(string? Name);

    /// <param name="Follower">The agency in its place, of the same kind.</param>
    /// <param name="How">merged, split or transferred; merged and transferred end the first one's own time.</param>
    /// <param name="On">From which day, today or later.</param>
    public sealed record FollowerIn(Guid? Follower, string? How, LocalDate? On);

    /// <param name="Ended">How many sessions.</param>
    public sealed record EndedOut(int Ended);

    /// <param name="Role">The key of the role, such as social-worker.</param>
    /// <param name="Instead">In place of every post they have, which end now.</param>
    /// <param name="Team">Of their own agency.</param>
    public sealed record PostIn(Guid? Team, string? Role, bool Instead);

    /// <param name="Role">The key of the role, such as social-worker.</param>
    /// <param name="Team">By which team they have it.</param>
    public sealed record EndPostIn(Guid Team, string? Role);

    /// <param name="Words">What the manager on duty must know, up to 2,000 characters.</param>
    public sealed record DepartureIn(string? Words);

    /// <param name="Session">Null: all of theirs.</param>
    public sealed record EndSessionsIn(Guid? Session);

    /// <param name="Turns">This week and next.</param>
    /// <param name="Now">Who does the work now, then whom a late clock would climb to, nearest first.</param>
    public sealed record RotaOut(IReadOnlyList<Rota.Turn> Turns, IReadOnlyList<Rota.OnDuty> Now);

    /// <param name="Rung">0 does the work; a late clock climbs to 1, then 2.</param>
    /// <param name="Day">London, the day on which it begins.</param>
    /// <param name="Until">At or before From it is the next day's.</param>
    /// <param name="Person">Who is on duty.</param>
    /// <param name="From">London, such as 08:30.</param>
    public sealed record TurnIn(Guid? Person, int Rung, LocalDate? Day, LocalTime? From, LocalTime? Until);

    /// <param name="From">When it begins, as it was given.</param>
    /// <param name="Person">Whose it is.</param>
    public sealed record EndTurnIn(Guid Person, Instant From);

    /// <param name="CoveredBy">The team that answers while this one is closed; null: nobody.</param>
    /// <param name="Above">The team to which its late clocks climb; null: none.</param>
    public sealed record RouteIn(Guid? CoveredBy, Guid? Above);

    /// <param name="Until">The last day away.</param>
    /// <param name="Why">Up to 200 characters; the rota shows it to nobody.</param>
    /// <param name="Person">Who is away.</param>
    /// <param name="From">The first day away, London.</param>
    public sealed record AbsenceIn(Guid? Person, LocalDate? From, LocalDate? Until, string? Why);

    /// <param name="Opens">London, on working days; both null: it never closes.</param>
    /// <param name="Telephone">At which it is rung while it is open.</param>
    /// <param name="Name">Up to 200 characters.</param>
    /// <param name="Closes">Later on the same day.</param>
    public sealed record TeamIn(string? Name, LocalTime? Opens, LocalTime? Closes, string? Telephone);

    /// <param name="Key">Which agreement it is a new version of; null: a new one.</param>
    /// <param name="Terms">What is agreed, from when and why.</param>
    public sealed record DraftIn(string? Key, Agreements.New Terms);

    /// <param name="Number">The agency's own number of its record of the child.</param>
    /// <param name="Reason">A claim, an inquiry, a review: up to 2,000 characters.</param>
    public sealed record HoldIn(string? Number, string? Reason);

    /// <param name="Words">Why nothing needs it any more, up to 2,000 characters.</param>
    public sealed record ReleaseIn(string? Words);

    /// <param name="Record">The number of the record here, as /retention/over gives it.</param>
    /// <param name="Words">Why nothing of it is needed any more, up to 2,000 characters. They stay: name nobody.</param>
    public sealed record PurgeIn(Guid Record, string? Words);

    /// <param name="Waiting">Asked for, and for a second person to agree to.</param>
    /// <param name="Destroyed">By this agency, newest first.</param>
    /// <param name="ToldToUs">Notices that this agency had, destroyed by whoever sent them.</param>
    public sealed record PurgesOut(IReadOnlyList<Destroying.Asked> Waiting, IReadOnlyList<Destroying.Gone> Destroyed, IReadOnlyList<Destroying.Lost> ToldToUs);

    private static Results<Ok<Made>, ProblemHttpResult> Answer((Guid? Id, Refusal? No) what) => what.No is { } no ? no.AsProblem() : TypedResults.Ok(new Made(what.Id!.Value));

    [Permit("partnership.manage", purpose: "Managing the agencies of the partnership")]
    private static async Task<Ok<IReadOnlyList<Agencies.Line>>> GetAgencies(Work work) => TypedResults.Ok(await Agencies.All(work));

    [Permit("partnership.manage", purpose: "Managing the agencies of the partnership")]
    private static async Task<Results<Ok<Made>, ProblemHttpResult>> PostAgency(Agencies.New body, Work work) => Answer(await Agencies.Add(body, work));

    [Permit("partnership.manage", purpose: "Managing the agencies of the partnership")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostName(Guid id, NameIn body, Work work) => Problems.Answer(await Agencies.Rename(id, body.Name, work));

    [Permit("partnership.manage", purpose: "Managing the agencies of the partnership")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostFollower(Guid id, FollowerIn body, Work work) => Problems.Answer(await Agencies.Follow(id, body.Follower, body.How, body.On, work));

    [Permit("staff.manage", purpose: "Ending all sessions of an agency")]
    private static async Task<Results<Ok<EndedOut>, ProblemHttpResult>> PostEndAll(Guid id, Work work) =>
        (await Staff.Agencies(work)).Any(a => a.Id == id) ? TypedResults.Ok(new EndedOut(await SignedIn.EndAll(id, work))) : work.NotFound(id).AsProblem();

    [Permit("staff.manage", purpose: "Managing who works at an agency")]
    private static async Task<Results<Ok<IReadOnlyList<Staff.Line>>, ProblemHttpResult>> GetPeople([Description("Which agency; absent: one's own")] Guid? agency, Work work) =>
        (await Staff.Agencies(work)).Any(a => a.Id == (agency ?? work.Actor.Agency)) ? TypedResults.Ok(await Staff.Of(agency ?? work.Actor.Agency, work)) : work.NotFound(agency!.Value).AsProblem();

    [Permit("staff.manage", purpose: "Managing who works at an agency")]
    private static async Task<Results<Ok<Made>, ProblemHttpResult>> PostPerson(Staff.Joiner body, Work work) => Answer(await Staff.Join(body, work));

    [Permit("staff.manage", purpose: "Managing who works at an agency")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostPost(Guid id, PostIn body, Work work) => Problems.Answer(await Staff.Give(id, body.Team, body.Role, body.Instead, work));

    [Permit("staff.manage", purpose: "Managing who works at an agency")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostEndPost(Guid id, EndPostIn body, Work work) => Problems.Answer(await Staff.Take(id, body.Team, body.Role ?? "", work));

    [Permit("staff.manage", purpose: "Managing who works at an agency")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostDeparture(Guid id, DepartureIn body, Work work) => Problems.Answer(await Staff.Leave(id, body.Words, work));

    [Permit("staff.manage", purpose: "Ending somebody's sessions")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostEndSessions(Guid id, EndSessionsIn body, Work work) => Problems.Answer(await SignedIn.EndOf(id, body.Session, work));

    [Permit("staff.manage", purpose: "Managing an agency's rotas")]
    private static async Task<Ok<IReadOnlyList<Rota.Gap>>> GetGaps(Work work, Bodies known)
    {
        var mine = (await Staff.Agencies(work)).Select(a => a.Name).ToHashSet();
        return TypedResults.Ok<IReadOnlyList<Rota.Gap>>([.. (await Rota.Gaps(null, await known.For(work), work)).Where(g => mine.Contains(g.Agency))]);
    }

    [Permit("staff.manage", purpose: "Managing an agency's rotas")]
    private static async Task<Results<Ok<RotaOut>, ProblemHttpResult>> GetRota(Guid team, Work work, Bodies known) =>
        await Rota.Mine(team, await known.For(work), work) is null ? work.NotFound(team).AsProblem() : TypedResults.Ok(new RotaOut(await Rota.Turns(team, work), await Rota.Now(team, work)));

    [Permit("staff.manage", purpose: "Managing an agency's rotas")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostTurn(Guid team, TurnIn body, Work work, Bodies known) =>
        Problems.Answer(await Rota.Add(new(team, body.Person, body.Rung, body.Day, body.From, body.Until), await known.For(work), work));

    [Permit("staff.manage", purpose: "Managing an agency's rotas")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostEndTurn(Guid team, EndTurnIn body, Work work, Bodies known) =>
        Problems.Answer(await Rota.TakeOff(team, body.Person, body.From, await known.For(work), work));

    [Permit("staff.manage", purpose: "Managing an agency's rotas")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostRoute(Guid team, RouteIn body, Work work, Bodies known) =>
        Problems.Answer(await Rota.Route(team, body.CoveredBy, body.Above, await known.For(work), work));

    [Permit("staff.manage", purpose: "Managing an agency's rotas")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostAbsence(AbsenceIn body, Work work) => Problems.Answer(await Rota.Away(body.Person, body.From, body.Until, body.Why, work));

    [Permit("staff.manage", purpose: "Managing an agency's rotas")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostEndAbsence(EndTurnIn body, Work work) => Problems.Answer(await Rota.Back(body.Person, body.From, work));

    [Permit("staff.manage", purpose: "Managing an agency's teams")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostTeam(Guid id, TeamIn body, Work work, Bodies known) =>
        Problems.Answer(await ChangeTeam.Handle(new(id, body.Name, body.Opens, body.Closes, body.Telephone), await known.For(work), work));

    [Permit("administration.read", purpose: "Reading the sharing agreements")]
    private static async Task<Ok<IReadOnlyList<Agreements.Version>>> GetAgreements(Work work) => TypedResults.Ok(await Agreements.All(work));

    [Permit("administration.read", purpose: "Reading the sharing agreements")]
    private static async Task<Ok<IReadOnlyList<Agreements.Draft>>> GetDrafts(Work work) => TypedResults.Ok(await Agreements.Drafts(work));

    [Permit("partnership.manage", purpose: "Drafting a sharing agreement")]
    private static async Task<Results<Ok<Made>, ProblemHttpResult>> PostDraft(DraftIn body, Work work) => Answer(await Agreements.Write(body.Key, body.Terms with { Kinds = body.Terms.Kinds ?? [] }, work));

    [Permit("policy.agree", purpose: "Publishing a sharing agreement")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostPublication(Guid id, Work work) => Problems.Answer(await Agreements.Publish(id, work));

    [Permit("partnership.manage", purpose: "Letting a drafted sharing agreement go")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostDropDraft(Guid id, Work work) => Problems.Answer(await Agreements.Drop(id, work));

    [Permit("administration.read", purpose: "Reading the threshold document")]
    private static async Task<Ok<IReadOnlyList<Thresholds.Level>>> GetThresholds(Work work) => TypedResults.Ok(await Thresholds.All(work));

    [Permit("partnership.manage", purpose: "Setting a level of the threshold document")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostThreshold(Thresholds.Command body, Work work) => Problems.Answer(await Thresholds.Set(body, work));

    [Permit("staff.manage", purpose: "Seeing to what schools have arranged")]
    private static async Task<Ok<IReadOnlyList<Arrangements.Line>>> GetArrangements(Work work) => TypedResults.Ok(await Arrangements.All(work));

    [Permit("staff.manage", purpose: "Seeing to what schools have arranged")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostArrangement(Arrangements.Command body, Work work) => Problems.Answer(await Arrangements.Set(body, work));

    [Permit("administration.read", purpose: "Reading how long records are kept")]
    private static async Task<Ok<IReadOnlyList<Keeping.Class>>> GetClasses(Work work) => TypedResults.Ok(await Keeping.Classes(work));

    [Permit("administration.read", purpose: "Reading how long records are kept")]
    private static async Task<Ok<IReadOnlyList<Keeping.Change>>> GetChanges(Work work) => TypedResults.Ok(await Keeping.Waiting(work));

    [Permit("partnership.manage", purpose: "Asking for another retention time")]
    private static async Task<Results<Ok<Made>, ProblemHttpResult>> PostChange(Keeping.Ask body, Work work) => Answer(await Keeping.AskChange(body, work));

    [Permit("policy.agree", purpose: "Agreeing to another retention time")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostAgreement(Guid id, Work work) => Problems.Answer(await Keeping.AgreeChange(id, work));

    [Permit("partnership.manage", purpose: "Letting a change of retention go")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostDropChange(Guid id, Work work) => Problems.Answer(await Keeping.DropChange(id, work));

    [Permit("hold.manage", purpose: "Reading the agency's legal holds")]
    private static async Task<Ok<IReadOnlyList<Keeping.Hold>>> GetHolds(Work work) => TypedResults.Ok(await Keeping.Holds(work));

    [Permit("hold.manage", purpose: "Placing a legal hold")]
    private static async Task<Results<Ok<Made>, ProblemHttpResult>> PostHold(HoldIn body, Work work) => Answer(await Keeping.PlaceHold(body.Number, body.Reason, work));

    [Permit("hold.manage", purpose: "Releasing a legal hold")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostRelease(Guid id, ReleaseIn body, Work work) => Problems.Answer(await Keeping.ReleaseHold(id, body.Words, work));

    [Permit("purge.agree", purpose: "Seeing what is kept no longer")]
    private static async Task<Ok<IReadOnlyList<Destroying.Line>>> GetOver(Work work) => TypedResults.Ok(await Destroying.Over(work));

    [Permit("purge.agree", purpose: "Seeing what is kept no longer")]
    private static async Task<Ok<PurgesOut>> GetPurges(Work work) => TypedResults.Ok(new PurgesOut(await Destroying.Waiting(work), await Destroying.Done(work), await Destroying.ToldToUs(work)));

    [Permit("purge.ask", purpose: "Asking that what is kept no longer be destroyed")]
    private static async Task<Results<Ok<Made>, ProblemHttpResult>> PostPurge(PurgeIn body, Work work) => Answer(await Destroying.Ask(body.Record, body.Words, work));

    [Permit("purge.agree", purpose: "Agreeing that what is kept no longer be destroyed")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostPurgeAgreement(Guid id, Work work) => Problems.Answer(await Destroying.Agree(id, work));

    [Permit("purge.agree", purpose: "Letting go that something be destroyed")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostDropPurge(Guid id, Work work) => Problems.Answer(await Destroying.LetGo(id, work));
}
