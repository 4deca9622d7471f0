using CsCheck;

namespace Heed.Matching.Tests;

public class LikenessTests
{
    private static readonly Gen<string> Name = Gen.Char["ABCDEÉabÆ"].Array[0, 9].Select(letters => new string(letters));

    [Theory]
    [InlineData("MARTHA", "MARHTA", 0.9611)]
    [InlineData("DWAYNE", "DUANE", 0.84)]
    [InlineData("DIXON", "DICKSONX", 0.8133)]
    [InlineData("ABC", "XYZ", 0)]
    [InlineData("", "ABC", 0)]
    public void Jaro_and_Winkler_are_as_Winkler_published_them(string a, string b, double likeness) => Assert.Equal(likeness, Likeness.JaroWinkler(a, b), 4);

    [Fact]
    public void The_order_makes_no_difference() =>
        Gen.Select(Name, Name).Sample((a, b) => Likeness.JaroWinkler(a, b) == Likeness.JaroWinkler(b, a) && Likeness.IsSlip(a, b) == Likeness.IsSlip(b, a), iter: 50_000);

    [Fact]
    public void The_wide_path_the_plain_path_and_comparing_each_by_itself_find_the_same_names() =>
        Gen.Select(Name.Array[0, 60], Name, Gen.Double[0.6, 0.99]).Sample((names, name, bound) =>
        {
            var similar = new SimilarNames(names);
            var (wide, plain) = (new List<int>(), new List<int>());
            similar.Like(name, bound, wide);
            similar.Like(name, bound, plain, plain: true);
            var each = Enumerable.Range(0, names.Length).Where(at => name.Length > 0 && Likeness.JaroWinkler(name, names[at]) >= bound).ToList();
            return wide.Order().SequenceEqual(each) && plain.Order().SequenceEqual(each);
        }, iter: 20_000);

    [Theory]
    [InlineData("MOHAMMED", "MUHAMMAD")]
    [InlineData("MOHAMED", "MUHAMMAD")]
    [InlineData("AISHA", "AYESHA")]
    [InlineData("HUSSAIN", "HOSSEIN")]
    [InlineData("CATHERINE", "KATHRYN")]
    [InlineData("OMAR", "UMAR")]
    public void Names_that_sound_alike_have_one_sound(string a, string b) => Assert.Equal(Likeness.Sound(a), Likeness.Sound(b));
}
