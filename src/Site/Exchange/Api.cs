using System.ComponentModel;
using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using static Heed.Plumbing.Problems;

namespace Heed.Site.Exchange;

public static class Api
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/mailbox/claims", Claim).WithSummary("Claim what waits for this agency's system, urgent first, then oldest: nobody else is given it until the lease runs out");
        api.MapPost("/mailbox/claims/{lease:guid}/renewal", Renew).WithSummary("Hold a claim longer");
        api.MapPost("/mailbox/items/{id:guid}/acknowledgement", Acknowledge).WithSummary("Say that an item is safe in this agency's own system. Accepting responsibility for a notice is a person's, and another endpoint");
        api.MapGet("/mailbox", List).WithSummary("What waits, what is claimed and what was acknowledged, with how long it has been there");
        api.MapPost("/mailbox/tasks/{id:guid}/settlement", Settle).WithSummary("Say what was done about something that could not be delivered");
        api.MapPost("/webhooks", Make).WithSummary("Be told at an address of this agency's that something waits. The secret is shown this once");
        api.MapGet("/webhooks", All).WithSummary("This agency's endpoints, with how the last attempt went");
        api.MapPost("/webhooks/{id:guid}/secrets", Rotate).WithSummary("A new secret; the one before signs with it for a day");
        api.MapPost("/webhooks/{id:guid}/disabling", Disable).WithSummary("Send nothing more to an endpoint");
        api.MapPut("/teams/{id:guid}/address", Address).WithSummary("The e-mail address by which a team hears that something waits");
        api.MapGet("/keys", Keys).WithSummary("The keys that verify receipts, as JWKS");
    }

    /// <param name="Piles">How much is waiting, leased and acknowledged.</param>
    /// <param name="Items">A page of up to 100, newest first.</param>
    /// <param name="Now">When this was read, by the database's time: ages count to it.</param>
    public sealed record MailboxView(Instant Now, IReadOnlyList<Mailbox.Pile> Piles, IReadOnlyList<Mailbox.Item> Items);

    /// <param name="Lease">As the claim answered it.</param>
    public sealed record LeaseIn(Guid Lease);

    /// <param name="LeaseSeconds">10 to 3,600 from now; 300 where absent.</param>
    public sealed record RenewalIn(int? LeaseSeconds);

    /// <param name="Until">When the lease runs out now.</param>
    public sealed record Renewed(Instant Until);

    /// <param name="Words">What was done instead: whom you told, and how. Up to 2,000 characters.</param>
    public sealed record WordsIn(string? Words);

    /// <param name="Url">https, without a user, a password or a fragment. Up to 2,000 characters.</param>
    public sealed record EndpointIn(string? Url);

    /// <param name="Address">The address alone: frontdoor@council.example. Best one that the team shares.</param>
    public sealed record AddressIn(string? Address);

    /// <param name="Keys">Every key that ever signed, the newest first.</param>
    public sealed record KeySet(IReadOnlyList<Signing.Jwk> Keys);

    [Permit("mailbox.collect", purpose: "Collecting what waits for an agency's system")]
    private static async Task<Results<Ok<Mailbox.Claimed>, ProblemHttpResult>> Claim(Mailbox.ClaimIn body, Work work) =>
        await Mailbox.Claim(body, work) is var (claimed, no) && claimed is not null ? TypedResults.Ok(claimed) : no!.AsProblem();

    [Permit("mailbox.collect", purpose: "Collecting what waits for an agency's system")]
    private static async Task<Results<Ok<Renewed>, ProblemHttpResult>> Renew(Guid lease, RenewalIn body, Work work) =>
        await Mailbox.Renew(lease, body.LeaseSeconds, work) is var (until, no) && until is not null ? TypedResults.Ok(new Renewed(until.Value)) : no!.AsProblem();

    [Permit("mailbox.collect", purpose: "Collecting what waits for an agency's system")]
    private static async Task<Results<NoContent, ProblemHttpResult>> Acknowledge(Guid id, LeaseIn body, Work work) => Answer(await Mailbox.Acknowledge(id, body.Lease, work));

    [Permit("mailbox.collect", purpose: "Seeing what waits for an agency's system")]
    private static async Task<Ok<MailboxView>> List(Work work, [Description("waiting, leased, acknowledged or withdrawn")] string? state, [Description("From 1, of a hundred items each")] int? page) => TypedResults.Ok(new MailboxView(work.Now, await Mailbox.Piles(work), await Mailbox.List(work, state, page ?? 1)));

    [Permit("exchange.settle", purpose: "Seeing to what could not be delivered")]
    private static async Task<Results<NoContent, ProblemHttpResult>> Settle(Guid id, WordsIn body, Work work) => Answer(await Undelivered.Settle(id, body.Words, work));

    [Permit("exchange.manage", purpose: "Saying where an agency's system is told that something waits")]
    private static async Task<Results<Created<Endpoints.Made>, ProblemHttpResult>> Make(EndpointIn body, Work work, ExchangeSettings settings, Access.Secrets secrets) =>
        await Endpoints.Make(body.Url, work, settings, secrets) is var (made, no) && made is not null ? TypedResults.Created($"/api/webhooks/{made.Id}", made) : no!.AsProblem();

    [Permit("exchange.manage", purpose: "Seeing how an agency's system is told that something waits")]
    private static async Task<Ok<IReadOnlyList<Endpoints.Line>>> All(Work work) => TypedResults.Ok(await Endpoints.All(work));

    [Permit("exchange.manage", purpose: "Replacing the secret of a webhook")]
    private static async Task<Results<Ok<Endpoints.Made>, ProblemHttpResult>> Rotate(Guid id, Work work, Access.Secrets secrets) => await Endpoints.Rotate(id, work, secrets) is var (made, no) && made is not null ? TypedResults.Ok(made) : no!.AsProblem();

    [Permit("exchange.manage", purpose: "Disabling a webhook")]
    private static async Task<Results<NoContent, ProblemHttpResult>> Disable(Guid id, Work work) => Answer(await Endpoints.Disable(id, work));

    [Permit("exchange.manage", purpose: "Saying by which address a team hears that something waits")]
    private static async Task<Results<NoContent, ProblemHttpResult>> Address(Guid id, AddressIn body, Work work, Access.Bodies bodies) => Answer(await TeamAddress.Set(id, body.Address, work, bodies));

    [OpenToAll("Whoever holds a receipt may verify it; a public key tells nothing about anybody")]
    private static async Task<Ok<KeySet>> Keys(SignedReceipts receipts) => TypedResults.Ok(new KeySet(await receipts.Keys()));
}
