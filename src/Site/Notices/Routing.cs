using Heed.Site.Access;
using NodaTime;

namespace Heed.Site.Notices;

/// <summary>One recipient of a report and what becomes of it there: told, with what and why; or not told, and why not.</summary>
/// <param name="ByHand">Not told because Heed cannot: a person must, by telephone.</param>
public sealed record Route(Guid Agency, Team? Team, string Why, short[] Mentions, Agreement? Agreement, string? WithheldBecause, bool ByHand = false, Guid? HeldFor = null, string[]? HeldFrom = null)
{
    public bool Told => WithheldBecause is null;
}

/// <summary>
/// Who is told of a report: decided from the report's own address and school, before anybody has been matched, so that no uncertainty about who a child is can hold it up.
/// One route for each recipient, however many children.
/// </summary>
public static class Routing
{
    /// <summary>Schools that were said and that nobody here is, so that no route leads to them: the sender is told, for a name that is spelled otherwise is all that may be wrong.</summary>
    public static IEnumerable<Note> Unknown(Understood report, Snapshot bodies) =>
        from child in report.Children
        where child.Said.School is { } school && (school.Urn ?? school.Name) is { Length: > 0 } && bodies.SchoolOf(school.Urn, school.Name) is null
        select new Note($"people[{child.Ordinal}].school", "No one school of this partnership has this number or name: it is not told by Heed");

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
            var elsewhere = new SortedSet<string>(StringComparer.Ordinal);
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
                // Everywhere the child is said to live or stay; an unborn child lives with its mother; else where the incident was.
                var lives = child.Expected is not null && child.Born.Date is null ? "An unborn child's mother lives here" : "A child lives here";
                var homes = Homes(child);
                if (homes.Count == 0 && MotherOf(child) is { } mother)
                {
                    homes = Homes(mother);
                }
                foreach (var (council, outside) in homes)
                {
                    if (council is { } here)
                    {
                        Add(here, lives);
                    }
                    else
                    {
                        elsewhere.Add(outside!);
                    }
                }
                if (homes.Count == 0 && bodies.CouncilAt(report.Said.Place?.Address?.Postcode) is { } place)
                {
                    Add(place, "The incident was here, and no address of a child was understood");
                }
            }
            if (children.Count > 0 && bodies.CouncilAt(report.Said.Place?.FoundAt?.Postcode ?? report.Said.Place?.Address?.Postcode) is { } found && !because.ContainsKey(found))
            {
                Add(found, "A child was found here, and lives elsewhere");
            }
            if (because.Count == 0 && elsewhere.Count == 0 && Nearest() is { } lead)
            {
                Add(lead, children.Count > 0 ? "No address of a child was understood; this council receives what no one else can" : "");
            }
            foreach (var (council, why) in because)
            {
                routes.Add((children.Count, report.Said) switch
                {
                    (0, { ChildInHousehold: "yes" } or { ChildrenPresent: "yes" }) => new(council, null, "There is a child in this household or was there, and none is named", [], null, "Without a child there is nobody whom a notice could be about: tell this council by telephone", ByHand: true),
                    (0, _) => new(council, null, "The incident was here", [], null, "No child is mentioned in this report"),
                    _ => Told(council, string.Join(". ", why), everybody, "front-door"),
                });
            }
            if (elsewhere.Count > 0)
            {
                var places = string.Join(" and ", elsewhere);
                routes.Add(new(Snapshot.Outside, null, $"A child lives in {places}", everybody, null,
                    $"{places} {(elsewhere.Count == 1 ? "lies" : "lie")} outside this partnership{(because.Count == 0 ? ", and no council was told" : "")}: tell the council of {places} by telephone", ByHand: true));
            }

            List<(Guid? Council, string? Outside)> Homes(Mentioned person) =>
                [.. (person.Said.Addresses ?? []).Select(a => (Council: bodies.CouncilAt(a?.Postcode), Outside: bodies.Elsewhere(a?.Postcode))).Where(home => home.Council is not null || home.Outside is not null)];
            Mentioned? MotherOf(Mentioned child) => child.Said.Relationships?.Where(r => r?.Kind == "mother").Select(r => report.People.FirstOrDefault(p => p.Said.Key == r!.To)).FirstOrDefault(m => m is not null);
            Guid? Nearest() => bodies.CouncilAt(report.Said.Place?.Address?.Postcode)
                ?? (bodies.Lead.TryGetValue(sender, out var lead) ? lead : bodies.CouncilOfSchool.TryGetValue(sender, out var own) ? own : bodies.Lead.Values.Cast<Guid?>().FirstOrDefault());
        }

        void Schools()
        {
            foreach (var pupils in children.Select(c => (Child: c, School: SchoolOf(c))).Where(c => c.School is not null && c.School != sender).GroupBy(c => c.School!.Value, c => c.Child))
            {
                var mentions = pupils.Select(p => p.Ordinal).ToArray();
                routes.Add(report.Kind == "domestic-abuse"
                    ? Held(Told(pupils.Key, "A pupil of this school may be a victim of domestic abuse", mentions, "safeguarding"))
                    : new(pupils.Key, null, "A pupil of this school is mentioned", mentions, null, "Schools are told by rule of domestic abuse only; anything else is shared by a person's decision"));
            }

            // Somebody in the report works there: whom the school has named for that has it first; where it has named nobody, or whom the report may be about, it is told by telephone, of whom the caller chooses.
            Route Held(Route route)
            {
                var there = report.People.Where(p => bodies.SchoolOf(p.Said.WorksAt?.Urn, p.Said.WorksAt?.Name) == route.Agency || bodies.MayBeCalled(route.Agency, p.Said.WorksAt?.Name)).Select(p => $"{p.Said.GivenNames} {p.Said.FamilyName}".Trim()).ToArray();
                return there.Length == 0 || !route.Told ? route
                    : bodies.Arrangements.TryGetValue(route.Agency, out var arranged) && arranged.NamedPerson is { } named && !report.People.Any(p => MayBe(p, arranged.Name)) ? route with { HeldFor = named, HeldFrom = there }
                    : new(route.Agency, null, route.Why, route.Mentions, route.Agreement, "Somebody in this report works at this school, and it has named nobody else who has such a notice first: telephone its chair of governors or the council's education lead", ByHand: true);
            }

            Guid? SchoolOf(Mentioned child) => bodies.SchoolOf(child.Said.School?.Urn, child.Said.School?.Name);

            // A family name and how the given name begins are enough to keep it from them.
            static bool MayBe(Mentioned person, string? name) => Words(name) is [var given, .., var family]
                && Words($"{person.Said.GivenNames} {person.Said.FamilyName} {string.Join(' ', person.Said.AlsoKnownAs ?? [])}") is var said && said.Contains(family) && said.Any(w => w != family && w[0] == given[0]);

            static string[] Words(string? name) => [.. (name ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Matching.Names.Fold).Where(w => w.Length > 0)];
        }

        Route Told(Guid agency, string why, short[] mentions, string function)
        {
            var agreement = bodies.AgreementFor(bodies.Agencies[sender].Kind, bodies.Agencies[agency].Kind, report.Kind, now);
            var (body, team) = (bodies.Agencies[agency], bodies.TeamOf(agency, function));
            return (agreement, team, body.HasHeed) switch
            {
                // A school that no agreement covers is not told, and that is meant; a council must know of a child, whatever the paper says.
                (null, _, _) => new(agency, null, why, mentions, null, "No sharing agreement in force covers this", ByHand: body.Kind == "council"),
                (_, _, false) => new(agency, null, why, mentions, agreement, "They do not use Heed", ByHand: true),
                (_, null, _) => new(agency, null, why, mentions, agreement, "They have no team in Heed that takes this", ByHand: true),
                _ => new(agency, team, why, mentions, agreement, null),
            };
        }
    }
}
