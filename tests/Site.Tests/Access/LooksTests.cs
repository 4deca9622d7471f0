using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Heed.Site.Access;
using Heed.Site.People;
using Microsoft.Extensions.DependencyInjection;

namespace Heed.Site.Tests.Access;

/// <summary>The owner of a record sees who looked, when and why; that somebody read a sealed one is for its readers alone.</summary>
public sealed class LooksTests(TestSite site) : IClassFixture<TestSite>
{
    private async Task<(Guid Person, Guid Record)> Child(string name, string tier = "open")
    {
        var register = site.Services.GetRequiredService<Register>();
        var (kept, _) = await register.Keep(new($"{name}.csv", Encoding.UTF8.GetBytes($"number,forename,surname,dob\nL-{name},Lookedat,{name},2014-05-0{name.Length % 9 + 1}\n"), "norton-stockton", "id=number,given=forename,family=surname,born=dob"));
        await register.Resolve(kept!.Import);
        var record = await site.Row<Guid>("select id from source_record where number = $1", $"L-{name}");
        await site.Administer($"update source_record set tier = '{tier}', tier_reason = 'A test' where id = $1 and $2 <> 'open'", record, tier);
        await site.Administer("insert into reader (source_record_id, practitioner_id, reason) values ($1, $2, 'Needs to know')", record, site.Practitioner("whelan"));
        return (await site.Row<Guid>("select person_id from link where source_record_id = $1", record), record);
    }

    private Task<Child?> Reads(string who, Guid person) => site.Works.As(site.Who(who), "Reading a child's record", work => Heed.Site.People.Child.Read(person, work));

    private Task<IReadOnlyList<Looks.Line>> Sees(string who, Guid record, Guid? before = null) => site.Works.As(site.Who(who), "A test", work => Looks.Read(work, [record], before: before));

    [Fact]
    public async Task The_agency_whose_record_it_is_sees_who_looked_in_which_role_and_why_and_others_see_nothing()
    {
        var (person, record) = await Child("Lacewood");
        Assert.NotNull(await Reads("khalid", person));
        var line = Assert.Single(await Sees("farrar", record));
        Assert.Equal(("Rubina Khalid", "Service manager", "Norton and Stockton Council", "Reading a child's record"), (line.Name, line.Role, line.Agency, line.Purpose));
        Assert.Single(await Sees("verma", record));
        Assert.Empty(await Sees("hewitt", record));
        Assert.Empty(await Sees("ramsey", record));
        using var manager = await site.SignedIn("khalid");
        Assert.Contains("Rubina Khalid", await manager.GetStringAsync($"/children/{person}/looks"));
        Assert.Contains($"/children/{person}/looks", await manager.GetStringAsync($"/children/{person}"));
        using var system = site.System("norton-stockton");
        Assert.Equal("Rubina Khalid", (await system.GetFromJsonAsync<JsonElement>($"/api/people/{person}/looks")).EnumerateArray().Last().GetProperty("name").GetString());
        using var levenside = site.System("levenside");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await levenside.GetAsync($"/api/people/{person}/looks")).StatusCode);
    }

    [Fact]
    public async Task That_somebody_read_a_sealed_record_is_for_its_readers_alone()
    {
        var (person, record) = await Child("Mossbank", "sealed");
        Assert.NotNull(await Reads("whelan", person));
        Assert.Single(await Sees("whelan", record));
        foreach (var other in new[] { "khalid", "verma", "norton-stockton/system", "hewitt" })
        {
            Assert.Empty(await Sees(other, record));
            Assert.False(await site.Works.As(site.Who(other), "A test", work => work.One<bool>($"select exists (select 1 from look where subject_id = {person})")));
        }
        using var manager = await site.SignedIn("khalid");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await manager.GetAsync($"/children/{person}/looks")).StatusCode);
        Assert.DoesNotContain(person.ToString(), await manager.GetStringAsync("/looks"));
    }

    [Fact]
    public async Task The_looks_of_a_record_are_paged_and_none_is_left_out_or_shown_twice()
    {
        var (person, record) = await Child("Nettlefold");
        await site.Administer("insert into look (id, at, actor, agency_id, at_what, subject_id, records) select gen_random_uuid(), heed_now() - (n / 3) * interval '1 minute', $1, $2, 'person', $3, array[$4]::uuid[] from generate_series(1, 120) n",
            site.Practitioner("khalid"), site.Agency("norton-stockton"), person, record);
        var seen = new List<Guid>();
        for (Guid? before = null; ; before = seen[^1])
        {
            var page = await Sees("khalid", record, before);
            seen.AddRange(page.Select(l => l.Id));
            if (page.Count < Looks.PageSize)
            {
                break;
            }
        }
        Assert.Equal((120, 120), (seen.Count, seen.Distinct().Count()));
        using var manager = await site.SignedIn("khalid");
        var first = await manager.GetStringAsync($"/children/{person}/looks");
        Assert.Contains("Earlier", first);
        Assert.Contains("The newest", await manager.GetStringAsync($"/children/{person}/looks?before={seen[49]}"));
    }
}
