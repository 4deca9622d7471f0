using CsCheck;
using Heed.Site.People;
using NodaTime;
using static Heed.Site.People.Family;

namespace Heed.Site.Tests.People;

/// <summary>The drawing as a pure function: whatever a family is said to be, it can be read.</summary>
public sealed class GenogramTests
{
    private static readonly string[] Kinds = ["mother", "father", "parent", "child", "sibling", "twin", "partner", "former-partner", "step-parent", "grandparent", "relative", "friend"];

    private static Gen<T> One<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static readonly Gen<Member> Anybody = Gen.Select(Gen.Int[0, 30_000], Gen.Int[0, 9], One<string?>("F", "M", null), One<string?>("home", "away", null))
        .Select((days, how, sex, home) => new Member(0, null, "X", how > 1 ? new LocalDate(1940, 1, 1).PlusDays(days) : null, how == 0 ? new LocalDate(2027, 1, 1) : null, sex, how < 5, home, null, null));

    /// <summary>One to twelve people, and anything said of any two of them: agencies err, and contradict one another.</summary>
    private static readonly Gen<Family> AnyFamily = Gen.Select(Anybody.Array[1, 12], Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], One(Kinds)).Array[0, 30]).Select((people, said) => new Family(1,
        [.. people.Select((m, i) => m with { No = i + 1 })],
        [.. said.Where(t => t.Item1 != t.Item2 && t.Item1 <= people.Length && t.Item2 <= people.Length).Distinct().Select(t => Says(t.Item1, t.Item3, t.Item2))]));

    private static Tie Says(int of, string kind, int to) => new(of, to, kind, null, "The police", Cluster.Usual);

    private static Member Who(int no, int year, string? sex = "F", string? home = null) => new(no, null, $"P{no}", new(year, 5, 6), null, sex, year > 2008, home, null, null);

    [Fact]
    public void Of_any_family_nobody_covers_another_everybody_is_there_once_and_all_of_it_lies_on_the_sheet() => AnyFamily.Sample(family =>
    {
        var drawn = Genogram.Of(family);
        Assert.Equal(family.Members.Select(m => m.No), drawn.Symbols.Select(s => s.Member).OfType<Member>().Select(m => m.No).Order());
        foreach (var (one, other) in drawn.Symbols.SelectMany((s, i) => drawn.Symbols.Skip(i + 1).Select(o => (s, o))))
        {
            Assert.True(Math.Abs(one.X - other.X) >= Genogram.Cell - 1 || Math.Abs(one.Y - other.Y) >= Genogram.Tall, $"{one} {other}");
        }
        Assert.All(drawn.Symbols, s => Assert.True(s.X >= Genogram.Cell / 2 && s.X + Genogram.Cell / 2 <= drawn.Width && s.Y >= 0 && s.Y + Genogram.Tall <= drawn.Height));
        Assert.All(drawn.Lines, l => Assert.All(l.Points.Chunk(2), p => Assert.True(p[0] >= 0 && p[0] <= drawn.Width && p[1] >= 0 && p[1] <= drawn.Height)));
        Assert.All(drawn.Homes, h => Assert.All(h.Parts, p => Assert.True(p.X >= 0 && p.Y >= 0 && p.Width > 0 && p.Height > 0 && p.X + p.Width <= drawn.Width && p.Y + p.Height <= drawn.Height)));
        Assert.Subset(family.Ties.ToHashSet(), drawn.Drawn.ToHashSet());
    }, iter: 1_000);

    [Fact]
    public void No_line_runs_through_a_symbol_it_does_not_join_nor_a_household_around_who_does_not_live_there() => AnyFamily.Sample(family =>
    {
        var drawn = Genogram.Of(family);
        // Level and upright lines alone: a twin's slanting one begins above every symbol of its row.
        foreach (var (from, to) in drawn.Lines.SelectMany(l => l.Points.Chunk(2).Zip(l.Points.Chunk(2).Skip(1))))
        {
            foreach (var s in drawn.Symbols)
            {
                var through = Math.Min(from[0], to[0]) < s.X + 20 && Math.Max(from[0], to[0]) > s.X - 20 && Math.Min(from[1], to[1]) < s.Y + Genogram.Size - 1 && Math.Max(from[1], to[1]) > s.Y + 9;
                Assert.False(through, $"{string.Join(" ", from)} – {string.Join(" ", to)} through {s}");
            }
        }
        foreach (var (home, s) in drawn.Homes.SelectMany(h => drawn.Symbols.Select(s => (h, s))))
        {
            var inside = home.Parts.Any(p => p.X <= s.X && s.X <= p.X + p.Width && p.Y <= s.Y && s.Y + Genogram.Size <= p.Y + p.Height);
            Assert.Equal(s.Member is { } m && home.Members.Contains(m.No), inside);
        }
    }, iter: 1_000);

    [Fact]
    public void The_same_family_in_any_order_of_rows_is_the_same_drawing() => Gen.Select(AnyFamily, Gen.Int).Sample((family, seed) =>
    {
        var dice = new Random(seed);
        var shuffled = family with { Members = [.. family.Members.OrderBy(_ => dice.Next())], Ties = [.. family.Ties.OrderBy(_ => dice.Next())] };
        var (one, other) = (Genogram.Of(family), Genogram.Of(shuffled));
        Assert.Equal(Written(one), Written(other));

        static string Written(Genogram g) => string.Join("\n", g.Symbols.Select(s => s.ToString()).Concat(g.Lines.Select(l => $"{string.Join(" ", l.Points)} {l.Broken}")).Concat(g.Homes.Select(h => $"{h.Number}: {string.Join(" ", h.Parts)}")).Append($"{g.Width} {g.Height} {g.Drawn.Count}"));
    });

    /// <summary>1 the child, 2 mother, 3 father (parted), 4 her partner, 5 and 6 twins of hers and his, 7 unborn, 8 her mother, 9 his father's elder child by another.</summary>
    private static readonly Family Blended = new(1,
    [
        Who(1, 2015, home: "a"), Who(2, 1990, home: "a"), Who(3, 1988, "M", "b"), Who(4, 1992, "M", "a"), Who(5, 2020, "M", "a"), Who(6, 2020, "F", "a"),
        new(7, null, null, null, new(2027, 2, 1), null, true, "a", null, null), Who(8, 1965, home: "c"), Who(9, 2010, "M", "b"),
    ],
    [
        Says(1, "mother", 2), Says(1, "father", 3), Says(2, "former-partner", 3), Says(2, "partner", 4), Says(1, "step-parent", 4), Says(5, "mother", 2), Says(5, "father", 4), Says(6, "mother", 2), Says(6, "father", 4),
        Says(5, "twin", 6), Says(7, "mother", 2), Says(7, "father", 4), Says(2, "mother", 8), Says(9, "father", 3), Says(1, "sibling", 9), Says(1, "sibling", 5),
    ]);

    [Fact]
    public void A_blended_family_of_three_generations_is_drawn_as_practitioners_draw_it()
    {
        var g = Genogram.Of(Blended);
        var at = g.Symbols.Where(s => s.Member is not null).ToDictionary(s => s.Member!.No);
        Assert.Equal([1, 2, 2, 2, 2, 2], new[] { 3, 1, 5, 6, 7, 9 }.Select(no => at[no].Row));
        Assert.Equal((0, 1, 1), (at[8].Row, at[2].Row, at[4].Row));
        Assert.True(at[3].X < at[2].X && at[2].X < at[4].X, "He whom she parted from, she, and her partner");
        Assert.True(at[9].X < at[1].X && at[1].X < at[5].X && at[6].X < at[7].X && at[5].X < at[7].X, "Children under their own parents, by age");
        Assert.Equal(Genogram.Cell, Math.Abs(at[5].X - at[6].X));
        // Twins hang from one point, and nobody else does.
        var hung = g.Lines.Where(l => l.Points.Count == 4 && at.Values.Any(s => s.Row == 2 && l.Points[2] == s.X && l.Points[3] == s.Y)).GroupBy(l => (l.Points[0], l.Points[1])).Where(p => p.Count() > 1).ToList();
        Assert.Equal([at[5].X, at[6].X], Assert.Single(hung).Select(l => l.Points[2]).Order());
        Assert.Equal((Genogram.Shape.Triangle, Genogram.Shape.Square, Genogram.Shape.Circle), (at[7].Shape, at[4].Shape, at[2].Shape));
        Assert.Equal(1, Assert.Single(g.Symbols, s => s.Index).Member!.No);
        // Her father, and the mother of his elder child: a gap that is seen.
        Assert.Equal([Genogram.Shape.Square, Genogram.Shape.Circle], g.Symbols.Where(s => s.Member is null).OrderBy(s => s.Row).Select(s => s.Shape));
        Assert.Equal(["step-parent"], Blended.Ties.Except(g.Drawn).Select(t => t.Kind));
        Assert.Equal([1, 2, 4, 5, 6, 7], g.Homes[0].Members.Order());
        Assert.Equal([3, 9], g.Homes[1].Members.Order());
        // Two strokes where they parted, on no other line.
        Assert.Equal(2, g.Lines.Count(l => l.Points.Count == 4 && l.Points[0] != l.Points[2] && l.Points[1] - l.Points[3] == 16));
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("mother", 1)]
    [InlineData("father", 1)]
    public void A_parent_whom_nobody_names_is_drawn_as_a_gap(string? named, int gaps)
    {
        var g = Genogram.Of(new(1, [Who(1, 2018), Who(2, 1990, null)], [Says(1, named ?? "friend", 2)]));
        Assert.Equal(gaps, g.Symbols.Count(s => s.Member is null));
        Assert.All(g.Symbols.Where(s => s.Member is null), s => Assert.Equal(0, s.Row));
        // Whose sex nobody wrote has that of the word they are called by.
        Assert.Equal(named switch { "mother" => Genogram.Shape.Circle, "father" => Genogram.Shape.Square, _ => Genogram.Shape.Diamond }, g.Symbols.Single(s => s.Member?.No == 2).Shape);
    }

    [Fact]
    public void Two_mothers_are_two_and_no_father_is_missed()
    {
        var g = Genogram.Of(new(1, [Who(1, 2018), Who(2, 1990), Who(3, 1991)], [Says(1, "mother", 2), Says(1, "mother", 3), Says(2, "partner", 3)]));
        Assert.DoesNotContain(g.Symbols, s => s.Member is null);
        Assert.Equal(3, g.Drawn.Count);
    }
}
