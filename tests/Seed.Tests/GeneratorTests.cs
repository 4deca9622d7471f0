using System.Diagnostics;
using NodaTime;

namespace Heed.Seed.Tests;

public class GeneratorTests(ITestOutputHelper output)
{
    private static readonly Instant Now = Made.Moments["a Sunday evening"];

    [Fact]
    public void The_same_minute_seed_and_size_make_the_same_bytes() =>
        Assert.Equal(Made.Fingerprint(Generator.Make(Now)), Made.Fingerprint(Generator.Make(Now + Duration.FromSeconds(30))));

    [Fact]
    public void Another_seed_makes_other_people_and_another_week() =>
        Assert.NotEqual(Made.Fingerprint(Made.Sunday), Made.Fingerprint(Generator.Make(Now, seed: 2)));

    [Fact]
    public void People_records_and_rotas_are_the_same_all_day_long()
    {
        var evening = Made.Sunday;
        var morning = Generator.Make(Now - Duration.FromHours(12));
        Assert.Equal(Made.Fingerprint(evening with { Week = [] }), Made.Fingerprint(morning with { Week = [] }));
    }

    [Fact]
    public void More_children_do_not_change_the_ones_before_them()
    {
        var few = Made.Sunday;
        var more = Generator.Make(Now, children: 900);
        Assert.Equal(few.People.Select(person => (person.Key, person.Given, person.Family, person.Born, person.Nhs)), more.People.Take(few.People.Count).Select(person => (person.Key, person.Given, person.Family, person.Born, person.Nhs)));
    }

    [Fact]
    public void The_demo_is_as_large_as_asked()
    {
        var today = Days.Of(Now);
        var made = Made.Sunday;
        var children = made.People.Count(person => person.IsChildOn(today));
        var homes = made.Households.Count(household => made.People.Any(person => person.Household == household.Key && person.IsChildOn(today)));
        output.WriteLine($"{children} children in {homes} homes, {made.People.Count} people, {made.Records.Count} records, {made.Practitioners.Count} practitioners ({made.Practitioners.Count(who => who.CanSignIn)} can sign in), {made.Week.Count} reports");
        foreach (var agency in made.Agencies)
        {
            output.WriteLine($"{agency.Key}: {made.Records.Count(record => record.Agency == agency.Key)} records");
        }
        Assert.InRange(children, 400, 405);
        Assert.InRange((double)children / homes, 1.7, 2.5);
        Assert.InRange(made.Practitioners.Count(who => who.CanSignIn), 10, 18);
        Assert.InRange(made.Agencies.Count(agency => agency.Kind is AgencyKind.School), 14, 16);
        Assert.InRange(made.People.Count(person => person.IsChildOn(today) && made.Records.Any(record => record.Person == person.Key && Places.Councils.Contains(record.Agency))), children * 25 / 100, children * 47 / 100);
        Assert.InRange(made.People.Count(person => person.IsChildOn(today) && made.Records.Any(record => record.Person == person.Key && record.Agency == Bodies.Hospital)), children * 17 / 100, children * 37 / 100);
    }

    [Fact]
    public void A_stream_is_lazy_the_same_each_time_and_its_references_are_its_own()
    {
        var first = Generator.Stream(Made.Sunday, 1_000_000, Now).Take(300).ToList();
        Assert.Equal(first.Select(sent => sent.Json), Generator.Stream(Made.Sunday, 300, Now).Select(sent => sent.Json));
        var references = first.Concat(Made.Sunday.Week).Select(sent => sent.Json().GetProperty("reference").GetString()).ToList();
        Assert.Equal(references.Count - 1, references.Distinct().Count()); // the correction shares its reference with what it corrects
    }

    [Fact]
    public void Its_speed_is_told_and_not_judged()
    {
        var watch = Stopwatch.StartNew();
        var large = Generator.Make(Now, children: 100_000);
        output.WriteLine($"100,000 children: {watch.Elapsed.TotalSeconds:0.00} s ({large.People.Count} people, {large.Records.Count} records)");
        watch.Restart();
        long characters = Generator.Stream(large, 50_000, Now).Sum(sent => (long)sent.Json.Length);
        output.WriteLine($"50,000 reports: {watch.Elapsed.TotalSeconds:0.00} s, {characters / 50_000} characters each");
        Assert.True(large.People.Count > 100_000);
    }
}
