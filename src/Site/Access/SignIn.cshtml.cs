using System.Security.Claims;
using Heed.Plumbing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Heed.Site.Access;

/// <summary>The demonstration's sign-in: one chooses who to be. It offers invented people only, and no one else has it.</summary>
[OpenToAll("One signs in here")]
public sealed class SignInModel(Works works) : PageModel
{
    public sealed record Person(Guid Id, string Name, string Rank, string Agency, string Role);

    public IReadOnlyList<IGrouping<string, Person>> People { get; private set; } = [];

    [BindProperty(SupportsGet = true)]
    public string? Then { get; set; }

    public async Task OnGetAsync() => await Read();

    public async Task<IActionResult> OnPostAsync(Guid practitioner)
    {
        await Read();
        if (People.SelectMany(p => p).FirstOrDefault(p => p.Id == practitioner) is not { } person)
        {
            ModelState.AddModelError("", "Choose one of these people");
            return Page();
        }
        await HttpContext.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, person.Id.ToString())], CookieAuthenticationDefaults.AuthenticationScheme)));
        return Redirect(Url.IsLocalUrl(Then) ? Then! : "/");
    }

    private async Task Read() => People = [.. (await works.AsWorker("Listing who the demonstration offers", work => work.Ask<Person>($"""
        select p.id, p.name, p.rank, a.name as agency, (select string_agg(r.name, ', ') from post o join role r on r.key = o.role where o.practitioner_id = p.id and o.during @> heed_now()) as role
          from practitioner p join agency a on a.id = p.agency_id
         where p.can_sign_in and p.during @> heed_now() and exists (select 1 from post o where o.practitioner_id = p.id and o.during @> heed_now())
         order by array_position(array['council', 'police', 'school', 'health'], a.kind), a.name, p.key
        """).ToListAsync())).GroupBy(p => p.Agency)];
}
