using Heed.Site.Access;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>One recipient of a report and what becomes of it there: told, with what and why; or not told, and why not.</summary>
public sealed record Route(Guid Agency, Team? Team, string Why, short[] Mentions, Agreement? Agreement, string? WithheldBecause)
{
    public bool Told => WithheldBecause is null;
}

/// <summary>
/// Who is told of a report: decided from the report's own address and school, before anybody has been matched, so that no uncertainty about who a child is can hold it up.
/// One route for each recipient, however many children.
/// </summary>
public static class Routing
{
    public static IReadOnlyList<Route> Of(Understood report, Guid sender, Snapshot bodies, Instant now)
    {
        var routes = new List<Route>();
        var children = report.Children.ToList();
        Councils();
        Schools();
        return routes;

        void Councils()
        {
            var everybody = report.People.Select(p => p.Ordinal).ToArray();
            var because = new Dictionary<Guid, List<string>>();
            void Add(Guid council, string why)
            {
                var list = because.TryGetValue(council, out var standing) ? standing : because[council] = [];
                if (!list.Contains(why))
                {
                    list.Add(why);
                }
            }
            foreach (var child in children)
            {
                // Where the child is said to live; an unborn child lives with its mother; else where the incident was.
                var home = Home(child) ?? MotherOf(child) ?? bodies.CouncilAt(report.Said.Place?.Address?.Postcode);
                if (home is { } council)
                {
                    Add(council, child.Expected is not null && child.Born.Date is null ? "An unborn child's mother lives here" : "A child lives here");
                }
            }
            if (children.Count > 0 && bodies.CouncilAt(report.Said.Place?.FoundAt?.Postcode ?? report.Said.Place?.Address?.Postcode) is { } found && !because.ContainsKey(found))
            {
                Add(found, "A child was found here, and lives elsewhere");
            }
            if (because.Count == 0 && Nearest() is { } lead)
            {
                Add(lead, children.Count > 0 ? "No address of a child was understood; this council receives what no one else can" : "");
            }
            foreach (var (council, why) in because)
            {
                routes.Add(children.Count == 0
                    ? new(council, null, "The incident was here", [], null, "No child is mentioned in this report")
                    : Told(council, string.Join(". ", why), everybody, "front-door"));
            }

            Guid? Home(Mentioned person) => person.Said.Addresses?.Select(a => bodies.CouncilAt(a?.Postcode)).FirstOrDefault(c => c is not null);
            Guid? MotherOf(Mentioned child) => child.Said.Relationships?.Where(r => r?.Kind == "mother").Select(r => report.People.FirstOrDefault(p => p.Said.Key == r!.To)).OfType<Mentioned>().Select(Home).FirstOrDefault(c => c is not null);
            Guid? Nearest() => bodies.CouncilAt(report.Said.Place?.Address?.Postcode)
                ?? (bodies.Lead.TryGetValue(sender, out var lead) ? lead : bodies.CouncilOfSchool.TryGetValue(sender, out var own) ? own : bodies.Lead.Values.Cast<Guid?>().FirstOrDefault());
        }

        void Schools()
        {
            foreach (var pupils in children.Select(c => (Child: c, School: SchoolOf(c))).Where(c => c.School is not null && c.School != sender).GroupBy(c => c.School!.Value, c => c.Child))
            {
                var mentions = pupils.Select(p => p.Ordinal).ToArray();
                routes.Add(report.Kind == "domestic-abuse"
                    ? Told(pupils.Key, "A pupil of this school may be a victim of domestic abuse", mentions, "safeguarding")
                    : new(pupils.Key, null, "A pupil of this school is mentioned", mentions, null, "Schools are told by rule of domestic abuse only; anything else is shared by a person's decision"));
            }

            Guid? SchoolOf(Mentioned child) => child.Said.School?.Urn?.Trim() is { Length: > 0 } urn && bodies.SchoolByUrn.TryGetValue(urn, out var school) ? school : null;
        }

        Route Told(Guid agency, string why, short[] mentions, string function)
        {
            var agreement = bodies.AgreementFor(bodies.Agencies[sender].Kind, bodies.Agencies[agency].Kind, report.Kind, now);
            var team = bodies.TeamOf(agency, function) ?? bodies.Teams.Values.FirstOrDefault(t => t.AgencyId == agency);
            return (agreement, team) switch
            {
                (null, _) => new(agency, null, why, mentions, null, "No sharing agreement in force covers this"),
                (_, null) => new(agency, null, why, mentions, null, "This body has no team that could act"),
                _ => new(agency, team, why, mentions, agreement, null),
            };
        }
    }
}
