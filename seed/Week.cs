using System.Globalization;
using NodaTime;

namespace Heed.Seed;

/// <summary>
/// The working week up to now, as it was reported and what was done about it. Most is settled; some is open with its clock running; three nobody has opened yet;
/// two were let lie and have climbed. The hours are counted back from now, so that the week is always full; the same minute and seed make the same week.
/// </summary>
public sealed class Week(Instant now, int seed, Families families, ReportWriter writer, Duty duty, IReadOnlyList<SchoolYear> years, IReadOnlyList<Allocation> allocations)
{
    private const int WhatHappens = 4;

    private enum After { Settled, Unopened, Opened, Ignored, DecidedLate }

    private sealed record Planned(Draft Draft, Instant Received, After After)
    {
        /// <summary>The report before, which this one corrects.</summary>
        public Planned? Corrects { get; init; }
        public string? AlwaysDecided { get; init; }
    }

    private readonly Dice _dice = Dice.For(seed, WhatHappens, Days.Of(now).Year * 400 + Days.Of(now).DayOfYear);
    private readonly LocalDate _today = Days.Of(now);
    private readonly List<Planned> _plan = [];
    private readonly HashSet<string> _used = [];
    private readonly Dictionary<string, string> _allocated = allocations.GroupBy(allocation => allocation.Person).ToDictionary(group => group.Key, group => group.First().Practitioner);
    private readonly IReadOnlyList<Family> _ordinary = families.All.Where(family => family.Household.Key[0] == 'h' && char.IsAsciiDigit(family.Household.Key[1])).ToList();

    public IReadOnlyList<Sent> Make()
    {
        Ordinary("domestic-abuse", 29);
        Ordinary("missing", 4);
        Ordinary("child-concern", 6);
        Ordinary("anti-social-behaviour", 4);
        Ordinary("neglect", 4);
        FromSchools(6);
        FromHospital(3);
        FoundElsewhere();
        Open();
        LeftLying();
        SentLate();
        Corrected();
        Whitlocks();
        Harts();
        return Write();
    }

    private void Ordinary(string kind, int number)
    {
        for (var i = 0; i < number; i++)
        {
            var (occurred, received) = Past(kind);
            Plan(Story(kind, Source.Police), occurred, received, After.Settled);
        }
    }

    private void FromSchools(int number)
    {
        for (var i = 0; i < number; i++)
        {
            var story = Story("child-concern", Source.School);
            var (family, child) = Choose(story, pupil: true);
            var year = years.Where(year => year.School == child.School).ToList();
            var day = Enumerable.Range(1 + i % 6, 7).Select(back => _today.PlusDays(-back % 7 - 1)).FirstOrDefault(day => year.Any(one => Schools.IsOpen(one, day)));
            if (day == default)
            {
                // no school was open all week: the holidays' reports come from elsewhere
                FromHospital(1);
                continue;
            }
            var occurred = Days.At(day, _dice.Between(9, 14), _dice.Below(60));
            Plan(story, occurred, occurred + Duration.FromMinutes(_dice.Between(25, 120)), After.Settled, family, child);
        }
    }

    private void FromHospital(int number)
    {
        for (var i = 0; i < number; i++)
        {
            var received = Minutes(now - Duration.FromHours(_dice.Between(6, 160)) - Duration.FromMinutes(_dice.Below(60)));
            Plan(Story("child-concern", Source.Health), received - Duration.FromMinutes(_dice.Between(50, 240)), received, After.Settled);
        }
    }

    /// <summary>Lives in one council, found in another: both have duties, and both are told.</summary>
    private void FoundElsewhere()
    {
        foreach (var hours in new[] { 57, 101 })
        {
            var story = Story("missing", Source.Police);
            var (family, child) = Choose(story);
            var received = Minutes(now - Duration.FromHours(hours));
            var there = Places.Councils.First(council => council != Places.CouncilOf(family.Household.Address.Postcode));
            Plan(story, received - Duration.FromHours(5), received, After.Settled, family, child, draft => draft with { FoundAt = Places.In(there, _dice, 99_000 + hours) with { Uprn = null } });
        }
        // away from home: an incident at an address in another council than the children's
        var (abuse, at) = (Stories.Police[7], Minutes(now - Duration.FromHours(38)));
        Plan(abuse, at - Duration.FromMinutes(70), at, After.Settled, change: draft =>
            draft with { Place = Places.In(Places.Councils.First(council => council != Places.CouncilOf(draft.Family.Household.Address.Postcode)), _dice, 98_000) with { Uprn = null } });
    }

    private void Open()
    {
        foreach (var minutes in new[] { 9, 52, 168 })
        {
            var received = Minutes(now - Duration.FromMinutes(minutes));
            Plan(Story(minutes == 52 ? "missing" : "domestic-abuse", Source.Police), received - Duration.FromMinutes(_dice.Between(35, 90)), received, After.Unopened);
        }
        foreach (var (minutes, kind, source) in new[] { (245, "domestic-abuse", Source.Police), (390, "child-concern", Source.Health), (520, "neglect", Source.Police), (900, "domestic-abuse", Source.Police) })
        {
            var received = Minutes(now - Duration.FromMinutes(minutes));
            Plan(Story(kind, source), received - Duration.FromMinutes(_dice.Between(40, 110)), received, After.Opened);
        }
        // the colleague's child: nobody at the front door may read it
        var restricted = families.Of("bielecki");
        var at = Minutes(now - Duration.FromMinutes(705));
        Plan(Stories.All.First(story => story.Kind == "anti-social-behaviour"), at - Duration.FromMinutes(80), at, After.Opened, restricted, families[SpecialFamilies.Restricted]);
        // not born yet, and the mother is a child herself
        var expecting = families.Of("rudd");
        at = Minutes(now - Duration.FromHours(29));
        Plan(Stories.Police[1], at - Duration.FromMinutes(66), at, After.Settled, expecting, families["keira-rudd"], draft => draft with
        {
            Summary = "Keira Rudd, 16 and five months pregnant, was pushed by the father of the baby at the bus station after an argument about a scan appointment. No visible injury. She was taken home to her mother.",
            Place = new Address("Bus station, Station Road", "Haverton", "TS23 2AB"), Grade = "medium",
        });
    }

    /// <summary>Two that ran out and climbed, and one decided late by somebody who said why.</summary>
    private void LeftLying()
    {
        var last = Days.WorkingDayBefore(_today);
        var before = Days.WorkingDayBefore(last);
        var longBefore = Days.WorkingDayBefore(before);
        Instant lateAfternoon = Days.At(before, 15, 20), evening = Days.At(longBefore, 16, 50), morning = Days.At(longBefore, 10, 5);
        Plan(Story("domestic-abuse", Source.Police, "medium"), lateAfternoon - Duration.FromMinutes(95), lateAfternoon, After.Ignored);
        Plan(Story("neglect", Source.Police, "medium"), evening - Duration.FromMinutes(85), evening, After.Ignored);
        Plan(Story("domestic-abuse", Source.Police, "medium"), morning - Duration.FromMinutes(70), morning, After.DecidedLate);
    }

    /// <summary>Written up after the rest days: 31 hours, and nine days.</summary>
    private void SentLate()
    {
        var (day, week) = (Minutes(now - Duration.FromHours(33)), Minutes(now - Duration.FromHours(62)));
        Plan(Story("domestic-abuse", Source.Police, "standard"), day - Duration.FromHours(31), day, After.Settled);
        Plan(Story("domestic-abuse", Source.Police, "standard"), week - Duration.FromDays(9), week, After.Settled);
    }

    /// <summary>The officer met one twin and wrote down the other.</summary>
    private void Corrected()
    {
        var twins = families.Of("dalton");
        var story = Stories.All.First(story => story.Kind == "child-concern" && story.Grade == "medium");
        var first = Minutes(now - Duration.FromHours(51));
        var told = "Seven-year-old seen alone on the railway footbridge without a coat. Said she was looking for the dog. Mother asleep when officers called, the front door open.";
        Plan(story, first - Duration.FromMinutes(75), first, After.Settled, twins, families["ruby-dalton"], draft => draft with { Summary = told });
        var wrong = _plan[^1];
        _plan.Add(wrong with
        {
            Draft = wrong.Draft with { Version = 2, Child = families["esme-dalton"], Corrected = "The child was Esme, not her twin sister Ruby" },
            Received = first + Duration.FromMinutes(160),
            Corrects = wrong,
        });
    }

    private void Whitlocks()
    {
        var family = families.Of("whitlock");
        var alfie = families["alfie-whitlock"];
        string[] told =
        [
            "Neighbour reported shouting through the wall. Verbal argument about money. Both calm on arrival. Alfie and Skye in bed.",
            "Mother called, then said it was a mistake. Step-father had left on foot. A plate broken in the kitchen. Alfie let officers in.",
            "Passer-by saw an argument in a parked car outside the shop, two children in the back. Words only, both adults said.",
            "Step-father locked out and kicking the door. Left with his brother. Mother did not want to talk. Skye crying on the stairs.",
        ];
        foreach (var (summary, days) in told.Zip([24, 17, 11, 5]))
        {
            var received = Minutes(now - Duration.FromDays(days) + Duration.FromHours(2));
            Plan(Stories.Police[0], received - Duration.FromMinutes(55), received, After.Settled, family, alfie, draft => draft with { Summary = summary, Grade = "standard" }, "decided:no-further-action");
        }
        var latest = Minutes(now - Duration.FromMinutes(330));
        Plan(Stories.Police[0], latest - Duration.FromMinutes(65), latest, After.Opened, family, alfie, draft => draft with
        {
            Summary = "Call from a child's phone, line left open, a man shouting \"where is it\". Both adults said it was the television. Mother had a plaster above her eye: a cupboard door, she said. Alfie stood between them.",
            Grade = "standard",
        });
    }

    /// <summary>What was known before the sample's report arrives.</summary>
    private void Harts()
    {
        var family = families.Of("hart");
        var ella = families["ella-hart"];
        var abuse = Minutes(now - Duration.FromDays(33));
        Plan(Stories.Police[0], abuse - Duration.FromMinutes(48), abuse, After.Settled, family, ella, draft => draft with { Summary = "Neighbour reported an argument in the garden. Both had been drinking. Father went to his brother's for the night. Ella asleep upstairs.", Grade = "standard" }, "decided:no-further-action");
        var day = Enumerable.Range(17, 60).Select(back => _today.PlusDays(-back)).First(day => years.Any(year => year.School == "norton-primary" && Schools.IsOpen(year, day)));
        var school = Days.At(day, 10, 35);
        Plan(Stories.All.First(story => story.Source is Source.School), school - Duration.FromMinutes(55), school, After.Settled, family, ella, draft => draft with { Summary = "Ella has been tearful at drop-off for two weeks and asked whether she could stay until her mum has had the baby. Mum says all is well and that dad is \"just tired\"." }, "decided:early-help");
    }

    private Story Story(string kind, Source source, string? grade = null) =>
        _dice.Pick(Stories.All.Where(story => story.Kind == kind && story.Source == source && (grade is null || story.Grade == grade)).ToList());

    /// <summary>Evenings and nights, and Fridays and Saturdays more than other days.</summary>
    private (Instant Occurred, Instant Received) Past(string kind)
    {
        while (true)
        {
            var day = _today.PlusDays(-_dice.Below(8));
            var busy = day.DayOfWeek is IsoDayOfWeek.Friday or IsoDayOfWeek.Saturday;
            if (!busy && _dice.Percent(kind == "domestic-abuse" ? 60 : 25))
            {
                continue;
            }
            var hour = kind is "domestic-abuse" or "missing" && _dice.Percent(70) ? _dice.Between(18, 25) : _dice.Between(11, 22);
            var occurred = Days.At(day.PlusDays(hour / 24), hour % 24, _dice.Below(60));
            var received = occurred + Duration.FromMinutes(_dice.Between(35, 150));
            if (received > now - Duration.FromDays(7) && received < now - Duration.FromHours(5))
            {
                return (occurred, received);
            }
        }
    }

    private (Family, Person) Choose(Story story, bool pupil = false)
    {
        for (var attempt = 0; ; attempt++)
        {
            var family = _dice.Pick(_ordinary);
            var child = _dice.Pick(family.Children);
            var fits = story.Fits(family, child, _today) && (!pupil || child.School is not null);
            if (attempt > 3000 || (fits && (attempt > 1000 || _used.Add(family.Household.Key))))
            {
                return (family, child);
            }
        }
    }

    private void Plan(Story story, Instant occurred, Instant received, After after, Family? family = null, Person? child = null, Func<Draft, Draft>? change = null, string? always = null)
    {
        if (family is null || child is null)
        {
            (family, child) = Choose(story);
        }
        var known = story.Source is Source.Police ? occurred + Duration.FromMinutes(_dice.Between(9, 25)) : occurred;
        var council = Places.CouncilOf(family.Household.Address.Postcode);
        var (agency, name, team, shift) = story.Source switch
        {
            Source.School => (child.School!, Schools.ByKey(child.School!).Lead, "Safeguarding leads", (string?)null),
            Source.Health => (Bodies.Hospital, Named(duty.Somebody("tuh-emergency", 0, known)!), "Emergency department", null),
            _ => (Bodies.Police, Named(duty.Somebody(ResponseOf(council), 0, known)!), council == Places.Hartmoor ? "Response, Hartmoor" : "Response, Stockton", Days.TimeOf(known).Hour is >= 7 and < 19 ? "days" : "nights"),
        };
        var draft = new Draft(agency, "", story, family, child, occurred, known, name, team, shift);
        _plan.Add(new(change?.Invoke(draft) ?? draft, received, after) { AlwaysDecided = always });
    }

    private static string ResponseOf(string council) => council == Places.Hartmoor ? "tvp-response-hartmoor" : "tvp-response-stockton";

    private static string Named(string practitioner)
    {
        var who = Bodies.Practitioners.First(one => one.Key == practitioner);
        return who.Agency == Bodies.Police ? $"{who.Rank} {who.Name[(who.Name.LastIndexOf(' ') + 1)..]}" : $"{who.Name}, {who.Rank.ToLowerInvariant()}";
    }

    private List<Sent> Write()
    {
        var references = new Dictionary<Planned, string>();
        var last = new Dictionary<string, int>();
        foreach (var planned in _plan.Where(planned => planned.Corrects is null).OrderBy(planned => planned.Received))
        {
            var agency = planned.Draft.Agency;
            var next = last.GetValueOrDefault(agency, agency switch { Bodies.Police => 40_210, Bodies.Hospital => 2_110, _ => 30 }) + (agency == Bodies.Police ? _dice.Between(2, 17) : 1);
            last[agency] = next;
            var prefix = agency switch { Bodies.Police => "TV", Bodies.Hospital => "TUH", _ => string.Concat(agency.Split('-').Select(word => char.ToUpperInvariant(word[0]))) + Schools.ByKey(agency).Urn[^2..] };
            references[planned] = string.Create(CultureInfo.InvariantCulture, $"{prefix}/{_today.Year}/{next:0000000}");
        }
        var sent = new List<Sent>();
        foreach (var planned in _plan.OrderBy(planned => planned.Received).ThenBy(planned => planned.Draft.Version))
        {
            var draft = planned.Draft with { Reference = references[planned.Corrects ?? planned] };
            var (json, mentions) = writer.Write(draft, _dice);
            sent.Add(new(draft.Agency, planned.Received, json, Deeds(planned), AtSchools(planned), mentions));
        }
        return sent;
    }

    private List<Deed> Deeds(Planned planned)
    {
        var home = Places.CouncilOf(planned.Draft.Family.Household.Address.Postcode);
        var deeds = At(home, planned);
        var elsewhere = Places.CouncilOf((planned.Draft.FoundAt ?? planned.Draft.Place ?? planned.Draft.Family.Household.Address).Postcode);
        if (elsewhere != home)
        {
            var opened = planned.Received + Duration.FromMinutes(_dice.Between(8, 50));
            Add(deeds, elsewhere, 0, "opened", null, opened);
            Add(deeds, elsewhere, 0, "acknowledged", null, opened + Duration.FromMinutes(6));
            Add(deeds, elsewhere, 1, "decided:no-further-action", "The child lives in another council's area. Spoken to their front door: they have it and act.", Reasonable(opened + Duration.FromMinutes(50)));
        }
        return deeds.Where(deed => deed.At < now).OrderBy(deed => deed.At).ToList();
    }

    private List<Deed> At(string council, Planned planned)
    {
        var deeds = new List<Deed>();
        var received = planned.Received;
        if (planned.After is After.Unopened || (planned.After is After.Ignored && planned.Draft.Story.Kind == "neglect"))
        {
            return deeds;
        }
        var opened = received + Duration.FromMinutes(_dice.Between(4, 55));
        Add(deeds, council, 0, "opened", null, opened, planned.Draft.Family);
        if (planned.After is After.Ignored)
        {
            return deeds;
        }
        var acknowledged = opened + Duration.FromMinutes(_dice.Between(2, 25));
        Add(deeds, council, 0, "acknowledged", null, acknowledged, planned.Draft.Family);
        if (planned.After is After.Opened)
        {
            return deeds;
        }
        if (planned.After is After.DecidedLate)
        {
            var lastDay = Days.WorkingDayBefore(_today);
            Add(deeds, council, 1, "late-reason", "Waiting for the health visitor, who was on leave; should have been decided without her.", Days.At(lastDay, 10, 31));
            Add(deeds, council, 1, "decided:referral", "Second incident this year and mother isolated. Assessment to start today.", Days.At(lastDay, 10, 40));
            return deeds;
        }
        var decided = Reasonable(acknowledged + Duration.FromMinutes(_dice.Between(40, 420)));
        if (decided >= now - Duration.FromMinutes(4))
        {
            // urgent enough not to wait for the morning
            decided = acknowledged + Duration.FromMinutes(_dice.Between(25, 180));
        }
        var (what, why) = Decision(planned);
        Add(deeds, council, 1, what, why, decided, planned.Draft.Family);
        if (what == "decided:referral")
        {
            var taken = decided + Duration.FromMinutes(_dice.Between(10, 70));
            if (Days.IsWorking(Days.Of(taken)) && Days.TimeOf(taken) is { Hour: >= 9 and < 17 })
            {
                deeds.Add(new(_allocated.GetValueOrDefault(planned.Draft.Child.Key) is { } worker && !duty.IsAway(worker, taken) && duty.On($"{council}-assessment", 0, taken).Contains(worker)
                    ? worker : duty.Somebody($"{council}-assessment", 0, taken, _dice.Below(2))!, council, "taken", null, taken));
            }
        }
        return deeds;
    }

    private (string, string) Decision(Planned planned)
    {
        if (planned.AlwaysDecided is { } always)
        {
            return (always, always == "decided:early-help" ? "Offered early help through the school; mother will think about it." : "Standard grade, no injury, children not directly involved. Advice letter sent.");
        }
        var (refer, help) = planned.Draft.Story.Grade switch { "high" => (100, 0), "medium" => (62, 24), "standard" => (22, 34), _ => (72, 28) };
        var at = _dice.Below(100);
        return at < refer
            ? ("decided:referral", _dice.Pick(["History of three incidents in the year; assessment needed.", "Child's own account is clear. Strategy discussion to be called today.", "Threshold for assessment met: injury, and a child who saw it.", "Open to us before; the same worries have come back.", "Unborn sibling and a controlling partner: assessment.", "Health and school both worried. Assessment agreed with parents."]))
            : at < refer + help
                ? ("decided:early-help", _dice.Pick(["Parents agree to early help; school will lead.", "Family hub to call this week. No further harm described.", "Mother asked for help with routines and money. Early help plan.", "Youth worker already involved and will widen the plan."]))
                : ("decided:no-further-action", _dice.Pick(["History checked with all agencies: nothing else known. Advice given.", "Parents separated and living apart; protective action taken by mother.", "Single incident, no harm to the child described. School told to watch.", "Checked with health visitor and school: no worries there."]));
    }

    /// <summary>Managers decide in waking hours, at weekends too: the one on call does.</summary>
    private Instant Reasonable(Instant at) => Days.TimeOf(at) switch
    {
        { Hour: >= 21 } => Days.At(Days.Of(at).PlusDays(1), 9, _dice.Between(5, 59)),
        { Hour: < 9 } => Days.At(Days.Of(at), 9, _dice.Between(5, 59)),
        _ => at,
    };

    private void Add(List<Deed> deeds, string council, int rung, string what, string? words, Instant at, Family? family = null)
    {
        var who = duty.Somebody($"{council}-front-door", rung, at, _dice.Below(2))!;
        if (family?.Household.Key == "bielecki" && who == "bielecki")
        {
            who = duty.On($"{council}-front-door", 0, at).FirstOrDefault(other => other != who) ?? duty.Somebody($"{council}-front-door", 1, at)!;
        }
        deeds.Add(new(who, council, what, words, at));
    }

    /// <summary>A school reads what came in the night before its day begins, when it is a school day.</summary>
    private List<Deed>? AtSchools(Planned planned)
    {
        if (planned.Draft.Story is not { Kind: "domestic-abuse" })
        {
            return null;
        }
        var deeds = new List<Deed>();
        foreach (var school in planned.Draft.Family.Children.Select(child => child.School).OfType<string>().Distinct())
        {
            var year = years.Where(year => year.School == school).ToList();
            var day = Days.Of(planned.Received);
            if (Days.TimeOf(planned.Received).Hour >= 8)
            {
                day = day.PlusDays(1);
            }
            while (Days.At(day, 0) < now && !year.Any(one => Schools.IsOpen(one, day)))
            {
                day = day.PlusDays(1);
            }
            var at = Days.At(day, 7, _dice.Between(48, 59)) + Duration.FromMinutes(_dice.Below(40));
            if (at < now - Duration.FromMinutes(10) && !_dice.OneIn(12) && duty.Somebody($"{school}-safeguarding", 0, at) is { } who)
            {
                deeds.Add(new(who, school, "opened", null, at));
                deeds.Add(new(who, school, "acknowledged", null, at + Duration.FromMinutes(_dice.Between(1, 9))));
            }
        }
        return deeds;
    }

    private static Instant Minutes(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / 60 * 60);
}
