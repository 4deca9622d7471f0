using System.Text.Json.Nodes;
using Heed.Plumbing;
using Heed.Site.Notices;

namespace Heed.Site.Tests.Clocks;

internal static class Steps
{
    extension(TestSite)
    {
        public static string NoSchool(string reference, Action<JsonObject>? change = null) => TestSite.Report(reference, r =>
        {
            r["people"]![0]!.AsObject().Remove("school");
            change?.Invoke(r);
        });
    }

    extension(TestSite site)
    {
        public Task<Guid> Clock(Guid report, string limit, string agency) => site.Row<Guid>("select id from clock where report_id = $1 and limit_key = $2 and agency_id = $3", report, limit, site.Agency(agency));

        public Task<List<string>> Events(Guid clock) => site.Rows<string>("select e.what || coalesce(' ' || p.key, '') from clock_event e left join practitioner p on p.id = e.told where clock_id = $1 order by ordinal", clock);

        public Task<string> State(Guid clock) => site.Row<string>("select state from clock where id = $1", clock);

        public async Task<Refusal?> Acknowledged(Guid report)
        {
            var notice = await site.NoticeTo("norton-stockton", report);
            return await site.Works.As(site.Who("ramsey"), "Accepting responsibility", work => Acknowledge.Handle(new(notice), work));
        }
    }
}
