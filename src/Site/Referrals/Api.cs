using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using static Heed.Plumbing.Problems;

namespace Heed.Site.Referrals;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/notices/{id:guid}/decision", Get).WithSummary("What was known before of each child of a notice, and the showing that a decision must name").Produces<Consider.View>();
        api.MapPost("/contacts/{id:guid}/decision", PostDecision).WithSummary("Decide on a contact about one child, from a showing of the child's history");
        api.MapPost("/notices/{id:guid}/triage", PostTriage).WithSummary("Triage a notice by the partnership's own scheme: red, amber or green");
        api.MapPost("/assessments/{id:guid}/authorisation", PostAuthorisation).WithSummary("Authorise an assessment, with what comes of it");
        api.MapPost("/assessments/{id:guid}/case-closing", PostClosing).WithSummary("Close the case that an assessment belongs to");
    }

    [Permit("contact.decide", purpose: "Reading what was known before a decision")]
    private static async Task<Results<Ok<Consider.View>, ProblemHttpResult>> Get(Guid id, Work work, Bodies bodies) =>
        await Consider.Handle(id, work, bodies) is { } view ? TypedResults.Ok(view) : work.NotFound(id).AsProblem();

    [Permit("contact.decide", purpose: "Deciding on a contact about a child")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostDecision(Guid id, DecisionIn body, Work work, Bodies bodies) =>
        Answer(await Decide.Handle(new(id, body.Shown, body.Decision, body.Threshold, body.Reason, body.ParentsTold, body.ParentsNotToldBecause, body.Next, body.Council, body.SenderTold), work, bodies));

    [Permit("contact.decide", purpose: "Triaging a notice about a child")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostTriage(Guid id, TriageIn body, Work work, Bodies bodies) => Answer(await Triage.Handle(new(id, body.Colour), work, bodies));

    [Permit("assessment.authorise", purpose: "Authorising an assessment of a child")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostAuthorisation(Guid id, AuthorisationIn body, Work work) => Answer(await Authorise.Handle(new(id, body.Outcome, body.Words), work));

    [Permit("case.close", purpose: "Closing the case of a child")]
    private static async Task<Results<NoContent, ProblemHttpResult>> PostClosing(Guid id, ClosingIn body, Work work) => Answer(await Close.Handle(new(id, body.Reason, body.Words), work));

    /// <param name="Shown">The showing that it is made from, as GET /api/notices/{id}/decision answers it.</param>
    /// <param name="Decision">referral, open-case, early-help, another-council or no-further-action.</param>
    /// <param name="Threshold">The key of a level of the threshold document.</param>
    /// <param name="Reason">Up to 10,000 characters: it is read the next time this child is mentioned.</param>
    /// <param name="ParentsTold">Whether the parents have been told.</param>
    /// <param name="ParentsNotToldBecause">Needed where they have not.</param>
    /// <param name="Next">For a referral: assessment, strategy-discussion or visit-today.</param>
    /// <param name="Council">For another-council: which.</param>
    /// <param name="SenderTold">What whoever reported it is told besides the decision itself.</param>
    public sealed record DecisionIn(Guid? Shown, string? Decision, string? Threshold, string? Reason, bool? ParentsTold, string? ParentsNotToldBecause, string? Next, Guid? Council, string? SenderTold);

    /// <param name="Colour">red, amber or green, where the partnership has a limit for it.</param>
    public sealed record TriageIn(string? Colour);

    /// <param name="Outcome">child-protection-enquiry, child-in-need, early-help or no-further-action.</param>
    /// <param name="Words">Why: up to 10,000 characters.</param>
    public sealed record AuthorisationIn(string? Outcome, string? Words);

    /// <param name="Reason">By the children in need census: RC1 adopted, RC2 died, RC3 child arrangements order, RC4 special guardianship order, RC5 another council, RC6 adult services, RC7 any other reason, RC8 assessed and no further action, RC9 assessed and early help.</param>
    /// <param name="Words">Why: up to 10,000 characters.</param>
    public sealed record ClosingIn(string? Reason, string? Words);
}
