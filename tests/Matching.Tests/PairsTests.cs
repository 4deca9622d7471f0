using Heed.Seed;

namespace Heed.Matching.Tests;

/// <summary>Who is compared with whom: everyone who shares a key, and closely everyone who may come to anything.</summary>
public class PairsTests
{
    private static Roll Everyone(int seed)
    {
        var (registers, roll) = (new Registers(seed, 2_000), new Roll(new Lexicon()));
        var register = registers.Register().ToList();
        // Of some the names are there once more, changed over.
        foreach (var e in register.Concat(registers.Reports(1_000).Select(report => report.Said)).Concat(register.Where((_, at) => at % 5 == 0).Select(e => e with { Given = e.Family, Family = e.Given })))
        {
            roll.Add([Column.Given, Column.Family, Column.Aliases, Column.Born, Column.Sex, Column.Address, Column.Locality, Column.Postcode, Column.Nhs, Column.Mother, Column.Siblings],
                [e.Given, e.Family, e.Aliases, e.Born, e.Sex, e.Address, e.Locality, e.Postcode, e.Nhs, e.Mother, e.Siblings]);
        }
        roll.Lexicon.Settle(roll);
        return roll;
    }

    [Fact]
    public void Everyone_is_found_who_shares_a_key_that_not_too_many_have_and_by_each_of_its_kinds()
    {
        var (roll, sharing, expected) = (Everyone(5), new Dictionary<ulong, List<(int Row, byte Kind)>>(), new Dictionary<(int, int), uint>());
        var (keys, kinds) = (new ulong[Keys.Most], new byte[Keys.Most]);
        for (var row = 0; row < roll.Count; row++)
        {
            for (var i = Keys.Of(roll[row], roll.Lexicon, keys, kinds, few: true) - 1; i >= 0; i--)
            {
                sharing.TryAdd(keys[i], []);
                sharing[keys[i]].Add((row, kinds[i]));
            }
        }
        foreach (var people in sharing.Values.Where(people => people.Count <= Keys.MostSharing(people[0].Kind, 60)))
        {
            foreach (var (b, kind) in people)
            {
                foreach (var a in people.Where(a => a.Row < b).Select(a => a.Row))
                {
                    expected[(a, b)] = expected.GetValueOrDefault((a, b)) | 1u << kind;
                }
            }
        }
        Assert.True(expected.Select(pair => new Found(pair.Key.Item1, pair.Key.Item2, pair.Value)).OrderBy(pair => pair.B).ThenBy(pair => pair.A).SequenceEqual(new Within(roll, 60).Of(1)));
    }

    [Fact]
    public void Nobody_is_left_out_before_names_are_read_who_weighs_more_than_the_least()
    {
        var roll = Everyone(6);
        var (rarity, pairs) = (new Rarity(roll.Lexicon, roll), new Within(roll, 60));
        var (learning, share) = Linkage.Learn(roll, roll, apart: false, pairs, rarity);
        var model = learning.Model(share);
        var (bound, levels, compared, spared) = (new Bound(model, roll.Lexicon), new Levels(roll.Lexicon), new List<Compared>(), 0);
        var (agree, again) = (new Level[Levels.Traits], new Level[Levels.Traits]);
        foreach (var (a, b, _) in pairs.Of(1))
        {
            compared.Clear();
            levels.FillRoughly(roll[a], roll[b], agree, roll.Kin(a), roll.Kin(b));
            Compared.Add(compared, roll, roll, a, b, model, levels, double.NegativeInfinity, agree);
            var weight = compared[0].Of.One - compared[0].Of.Chance;
            Assert.True(Compared.May(roll, roll, a, b, bound, levels, weight - 1e-9, again), $"{a} and {b} weigh {weight}");
            spared += Compared.May(roll, roll, a, b, bound, levels, 8, again) ? 0 : 1;
        }
        Assert.InRange(spared, pairs.Count / 10, pairs.Count);
    }

    [Theory]
    [InlineData("LS1 4AP", "LS1 4AP", Level.Same)]
    [InlineData("LS1 4AP", "LS1 4AB", Level.Slip)]
    [InlineData("LS1 4AP", "LS1 4PA", Level.Slip)]
    [InlineData("LS1 4AP", "LS11 4AP", Level.Slip)]
    [InlineData("LS1 4AP", "S1 4AP", Level.Slip)]
    [InlineData("LS1 4AP", "LS1 4QX", Level.Alike)]
    [InlineData("LS1 4AP", "LS2 4QP", Level.Differ)]
    [InlineData("LS1 4AP", "LS12 4QP", Level.Differ)]
    [InlineData("LS1 4AP", "PSA 41L", Level.Differ)]
    [InlineData("12345678901", "12345678911", Level.Slip)]
    [InlineData("12345678901", "12345678934", Level.Alike)]
    [InlineData("12345678", "123456789", Level.Slip)]
    [InlineData("123456789", "123456", Level.Differ)]
    [InlineData("A1", "A2", Level.Slip)]
    [InlineData("", "LS1 4AP", Level.Blank)]
    public void Postcodes_are_compared_letter_by_letter(string one, string other, object level)
    {
        var roll = new Roll(new Lexicon());
        roll.Add([Column.Postcode], [one]);
        roll.Add([Column.Postcode], [other]);
        Assert.Equal((Level)level, Levels.Postcode(roll.Lexicon.Postcodes, roll[0][(int)Slot.Postcode], roll[1][(int)Slot.Postcode]));
        Assert.Equal((Level)level, Levels.Postcode(roll.Lexicon.Postcodes, roll[1][(int)Slot.Postcode], roll[0][(int)Slot.Postcode]));
    }
}
