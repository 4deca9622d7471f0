using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>Whether this program shows a demonstration: said by what starts it, and by no setting.</summary>
public sealed record Demonstration(bool IsOn);

/// <summary>Where one signs in: by the provider of one's own agency, found by one's e-mail address. In the demonstration, and only there, one chooses who to be.</summary>
[OpenToAll("One signs in here")]
public sealed class SignInModel(Works works, Sessions sessions, Providers providers, Demonstration demonstration, Encryption encryption) : PageModel
{
    /// <summary>Which provider this browser signed in by last: a number, and nobody's name.</summary>
    private readonly string _lastVia = encryption.Cookie("heed-via");

    public sealed record Person(Guid Id, string Name, string Rank, string Agency, string Role);

    public IReadOnlyList<IGrouping<string, Person>> People { get; private set; } = [];

    public bool Demo => demonstration.IsOn;

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    /// <summary>Why somebody came back from their provider without having been let in.</summary>
    [BindProperty(SupportsGet = true)]
    public string? No { get; set; }

    [BindProperty]
    public string? Email { get; set; }

    /// <summary>Whose sign-in was used here last, and its number.</summary>
    public (Guid Provider, string Agency)? Last { get; private set; }

    private string Where => Url.IsLocalUrl(Then) ? Then! : "/";

    public async Task OnGetAsync() => await Read();

    public async Task<IActionResult> OnPostAsync(Guid practitioner)
    {
        if (!Demo)
        {
            return NotFound();
        }
        await Read();
        if (People.SelectMany(p => p).FirstOrDefault(p => p.Id == practitioner) is not { } person)
        {
            ModelState.AddModelError("", "Choose one of these people");
            return Page();
        }
        await HttpContext.SignInAsync(await sessions.Begin(person.Id, new(), Door.SessionOf(User)));
        return Redirect(Where);
    }

    public async Task<IActionResult> OnPostViaAsync(Guid? provider)
    {
        if (provider is null && await providers.ForAddress(Email ?? "") is { } found)
        {
            provider = found;
        }
        if (provider is not { } via || await providers.Of(via) is null)
        {
            await Read();
            ModelState.AddModelError(nameof(Email), string.IsNullOrWhiteSpace(Email) ? "Enter your work e-mail address" : "No agency here signs in with addresses of that domain. Ask your safeguarding partnership's business manager.");
            Response.StatusCode = 422;
            return Page();
        }
        Response.Cookies.Append(_lastVia, via.ToString(), new() { HttpOnly = true, Secure = Request.IsHttps, Path = "/", SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(90) });
        return Challenge(new AuthenticationProperties { RedirectUri = Where }, via.ToString());
    }

    private async Task Read()
    {
        if (Guid.TryParse(Request.Cookies[_lastVia], out var via))
        {
            var agency = await works.AsWorker("Naming an agency's sign-in", work => work.Ask<string>($"select a.name as \"Value\" from provider p join agency a on a.id = p.agency_id where p.id = {via} and p.during @> heed_now()").FirstOrDefaultAsync());
            Last = agency is null ? null : (via, agency);
        }
        People = !Demo ? [] : [.. (await Offered(works)).GroupBy(p => p.Agency)];
    }

    /// <summary>Whom one may choose to be in the demonstration.</summary>
    public static Task<List<Person>> Offered(Works works) => works.AsWorker("Listing who the demonstration offers", work => work.Ask<Person>($"""
        select p.id, p.name, p.rank, a.name as agency, (select string_agg(r.name, ', ') from post o join role r on r.key = o.role where o.practitioner_id = p.id and o.during @> heed_now()) as role
          from practitioner p join agency a on a.id = p.agency_id
         where p.can_sign_in and p.during @> heed_now() and exists (select 1 from post o where o.practitioner_id = p.id and o.during @> heed_now())
         order by array_position(array['council', 'police', 'school', 'health'], a.kind), a.name, p.key
        """).ToListAsync());
}
