using NodaTime;

namespace Heed.Matching.Tests;

public class FirstRulesTests
{
    private static readonly FirstRules Rules = new();

    private static readonly Description Ella = new()
    {
        Given = "Ella Mae", Family = "Hart", AlsoKnownAs = ["Ella Brannigan"], Born = new(2019, 3, 14), Sex = "F",
        Identifiers = [new("nhs", "999 000 0018")], Postcodes = ["TS20 2QX"], AddressLines = ["14 Larch Close"],
    };

    private static readonly Description Plain = new() { Given = "Ella", Family = "Hart", Born = new(2019, 3, 14) };

    private static readonly Description Unborn = new() { Given = "Unborn", Family = "Hart", Expected = new(2027, 1, 28), MotherName = "Dana Hart" };

    private static void Is(Verdict verdict, Description a, Description b, string? because = null)
    {
        var (there, back) = (Rules.Compare(a, b), Rules.Compare(b, a));
        Assert.True(verdict == there.Verdict, $"{there.Verdict}: {there.Reason}");
        Assert.Equal(there.Verdict, back.Verdict);
        Assert.Equal(there.Reason, back.Reason);
        if (because is not null)
        {
            Assert.Equal(because, there.Reason);
        }
        if (verdict != Verdict.Different)
        {
            Assert.NotEmpty(Names.BlockingKeys(a).Intersect(Names.BlockingKeys(b)));
        }
    }

    [Fact]
    public void A_valid_number_that_agrees_is_the_same_person_though_the_family_name_has_changed() =>
        Is(Verdict.Same, Ella, new() { Given = "Ella", Family = "Brannigan", Identifiers = [new("NHS", "9990000018")] }, "NHS number is the same");

    [Fact]
    public void A_number_that_fails_its_check_agrees_with_nothing()
    {
        var wrong = new Description { Given = "Iris", Family = "Moor", Identifiers = [new("nhs", "9990000019")] };
        Is(Verdict.Different, wrong, wrong with { Given = "Tom", Family = "Vale" });
        var line = Rules.Compare(Ella, wrong)[Field.NhsNumber];
        Assert.Equal((Agreement.Blank, "9990000019: check digit should be 8"), (line.Agreement, line.Why));
    }

    [Fact]
    public void A_number_that_agrees_beside_something_that_flatly_contradicts_is_for_somebody_to_look_at()
    {
        Is(Verdict.Near, Ella, Ella with { Born = new(2004, 8, 2) }, "NHS number is the same, but the dates of birth are wholly different");
        Is(Verdict.Near, Ella, Ella with { Given = "Noah", AlsoKnownAs = [] }, "NHS number is the same, but the given names are wholly different");
        var known = Ella with { Identifiers = [new("nhs", "9990000018"), new("pnc", "2011/0045127T")] };
        var other = Ella with { Identifiers = [new("nhs", "9990000018"), new("pnc", "2011/0045128U")] };
        Is(Verdict.Near, known, other, "NHS number is the same, but each has a valid PNC id of its own");
    }

    [Fact]
    public void A_whole_name_and_a_whole_date_of_birth_are_enough_whatever_the_case_and_accents() =>
        Is(Verdict.Same, new() { Given = "Zoë", Family = "O'Neill", Born = new(2012, 5, 9) }, new() { Given = "ZOE", Family = "ONEILL", Born = new(2012, 5, 9) },
            "name and date of birth are the same");

    [Fact]
    public void Name_and_birth_do_not_outweigh_two_valid_numbers_or_another_sex()
    {
        var one = Plain with { Identifiers = [new("nhs", "9990000018")] };
        Is(Verdict.Near, one, Plain with { Identifiers = [new("nhs", "9990000026")] });
        Is(Verdict.Near, Plain with { Sex = "F" }, Plain with { Sex = "Male" });
        Is(Verdict.Same, Plain with { Sex = "F" }, Plain with { Sex = "U" });
    }

    [Fact]
    public void The_first_of_January_and_an_alias_are_never_more_than_near()
    {
        Is(Verdict.Near, Plain with { Born = new(2019, 1, 1) }, Plain with { Born = new(2019, 1, 1) });
        Is(Verdict.Near, Plain with { Born = new(2019, 1, 1) }, Plain);
        Is(Verdict.Near, Ella, new() { Given = "Ella", Family = "Brannigan", Born = new(2019, 3, 14) });
    }

    [Theory]
    [InlineData(2019, 12, 3, 2019, 3, 12)]
    [InlineData(2019, 3, 14, 2019, 3, 15)]
    [InlineData(2019, 3, 14, 2009, 3, 14)]
    [InlineData(2019, 3, 14, 2091, 3, 14)]
    [InlineData(2019, 3, 12, 2019, 3, 21)]
    public void A_slip_in_the_date_of_birth_is_near(int year, int month, int day, int otherYear, int otherMonth, int otherDay) =>
        Is(Verdict.Near, Plain with { Born = new(year, month, day) }, Plain with { Given = "Ela", Born = new(otherYear, otherMonth, otherDay) });

    [Fact]
    public void Another_date_of_birth_with_the_same_name_is_another_person() =>
        Is(Verdict.Different, Plain, Plain with { Born = new(2016, 7, 2) });

    [Fact]
    public void A_missing_date_of_birth_needs_the_postcode_beside_the_name()
    {
        Is(Verdict.Near, Plain with { Born = null, Postcodes = ["ts202qx"] }, Plain with { Postcodes = ["TS20 2QX"] });
        Is(Verdict.Different, Plain with { Born = null }, Plain);
    }

    [Fact]
    public void A_changed_family_name_at_the_same_address_is_near() =>
        Is(Verdict.Near, Ella with { AlsoKnownAs = [], Identifiers = [] }, new() { Given = "Ella", Family = "Okafor", Born = new(2019, 3, 14), Postcodes = ["TS202QX"] });

    [Fact]
    public void Given_and_family_name_swapped_are_near() =>
        Is(Verdict.Near, Plain, new() { Given = "Hart", Family = "Ella", Born = new(2019, 3, 14) });

    [Fact]
    public void Twins_are_different_and_twins_of_similar_names_near_at_most()
    {
        var twin = Plain with { Postcodes = ["TS20 2QX"], AddressLines = ["14 Larch Close"] };
        Is(Verdict.Different, twin, twin with { Given = "Noah" }, "born on the same day with the same family name, but the given names are another: twins perhaps");
        Is(Verdict.Different, twin with { Given = "James" }, twin with { Given = "Jude" });
        Is(Verdict.Near, twin with { Given = "Jack" }, twin with { Given = "Jace" });
        Is(Verdict.Different, twin with { Given = "Alexander", Sex = "M" }, twin with { Given = "Alexandra", Sex = "F" });
        Is(Verdict.Different, twin with { Given = "Jack", Identifiers = [new("nhs", "9990000018")] }, twin with { Given = "Jace", Identifiers = [new("nhs", "9990000026")] });
    }

    [Fact]
    public void Nothing_is_ever_linked_by_what_is_missing()
    {
        Is(Verdict.Different, new(), new(), "not enough is known");
        Is(Verdict.Different, Ella, new() { Born = new(2019, 3, 14), Postcodes = ["TS20 2QX"] }, "not enough is known");
        Is(Verdict.Different, new() { Given = "Unknown", Family = "Unknown", Born = new(2019, 3, 14) }, new() { Given = "UNKNOWN", Family = "unknown", Born = new(2019, 3, 14) });
        Is(Verdict.Different, new() { Given = "Baby", Family = "Smith", Born = new(2019, 3, 14) }, new() { Given = "Baby", Family = "Smith", Born = new(2019, 3, 14) });
    }

    [Fact]
    public void An_unborn_child_is_known_by_its_mother_and_its_expected_date_and_is_found_again_after_birth()
    {
        Is(Verdict.Near, Unborn, Unborn with { Expected = new(2027, 2, 20) });
        Is(Verdict.Different, Unborn, Unborn with { Expected = new(2027, 3, 20) });
        Is(Verdict.Different, Unborn, Unborn with { MotherName = "Dawn Hart" });
        Is(Verdict.Near, Unborn, new() { Given = "Ivy", Family = "Brannigan", Born = new(2026, 10, 30), MotherName = "DANA HART" });
        Is(Verdict.Different, Unborn, new() { Given = "Ivy", Family = "Hart", Born = new(2026, 3, 1), MotherName = "Dana Hart" });
    }

    [Fact]
    public void Every_field_is_shown_side_by_side_with_the_version_that_judged_it()
    {
        var comparison = Rules.Compare(Ella, Plain);
        Assert.Equal(Enum.GetValues<Field>().Where(field => field < Field.Siblings), comparison.Fields.Select(line => line.Field).Order());
        Assert.Equal("first-rules/1", comparison.Version);
        Assert.Equal(Agreement.Near, comparison[Field.GivenName].Agreement);
        Assert.Equal(Agreement.Agree, comparison[Field.Born].Agreement);
        Assert.Equal(Agreement.Blank, comparison[Field.Postcode].Agreement);
        Assert.Equal("14 Larch Close", comparison[Field.Address].A);
    }

    [Theory]
    [InlineData("Zoë  O'Neill-Łukasz", "ZOEONEILLLUKASZ")]
    [InlineData("Søren Æbelø", "SORENAEBELO")]
    [InlineData("Müller-Weiß", "MULLERWEISS")]
    [InlineData("Siân", "SIAN")]
    [InlineData("  ", "")]
    public void Names_are_folded_to_their_letters(string name, string folded) => Assert.Equal(folded, Names.Fold(name));

    [Fact]
    public void Keys_are_few() => Assert.InRange(Names.BlockingKeys(Ella).Count, 5, 12);
}
