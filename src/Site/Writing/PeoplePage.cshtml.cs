using Heed.Plumbing;
using Heed.Site.Access;
using Microsoft.AspNetCore.Mvc;

namespace Heed.Site.Writing;

public sealed class PeopleModel(Work work, Bodies bodies) : DraftPage(work, bodies)
{
    public async Task<IActionResult> OnGetAsync(Guid id) => await Open(id) ?? await Shown("people");
}
