using System.Numerics;

namespace Heed.Matching;

/// <summary>What is compared of two people.</summary>
public enum Trait { Given, Family, Born, Sex, Postcode, Address, Locality, Nhs, Upn, Pnc, Phone, Email, Occupation, Other, Mother, Siblings }

/// <summary>How far two values agree; each trait uses the levels that fit it.</summary>
public enum Level : byte
{
    /// <summary>One side or both say nothing: it counts for nothing.</summary>
    Blank,

    Differ,

    /// <summary>Alike to 0.8 (Jaro-Winkler); a date of the same year; a postcode of the same area; the same street, another house.</summary>
    Alike,

    /// <summary>Two of a date's three parts; the same mail name at another domain; one text within the other; a word of several names, but not the first of both.</summary>
    Half,

    /// <summary>A slip of the pen, or alike to 0.92.</summary>
    Slip,

    /// <summary>One is the initial of the other, or both are one letter; one date is 1 January of the other's year.</summary>
    Initial,

    /// <summary>The first of several names is the same; day and month have changed places.</summary>
    Part,

    /// <summary>Another form of one name: short, or written down by another ear; a name under which somebody is also known; both are the same 1 January.</summary>
    Form,

    Same,

    /// <summary>Given and family name have changed places; one is named as a brother or sister of the other.</summary>
    Swapped,

    /// <summary>A date of the year before or after: 1 January of a year that was guessed, a slip across New Year. A brother or sister seldom is born so.</summary>
    Near,
}

/// <summary>Compares people of one lexicon. Each thread has its own, which remembers the pairs of words it has met.</summary>
/// <param name="bits">It remembers 2 to the power of this.</param>
/// <param name="first">As weights/1 was learnt: it knows no <see cref="Level.Near"/>, and two names that are only alike may have changed places.</param>
internal sealed class Levels(Lexicon lexicon, int bits = 15, bool first = false)
{
    public const int Traits = 16, Kinds = 11;

    /// <summary>The slot in four bits, two words in 28 each, and their level in four.</summary>
    private readonly ulong[] _names = new ulong[1 << bits];
    private readonly ulong[] _texts = new ulong[1 << bits];

    public void Fill(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<Level> into, Kin ofA = default, Kin ofB = default)
    {
        FillRoughly(a, b, into, ofA, ofB);
        FillClosely(a, b, into);
    }

    /// <summary>All but the names; and another house in another street counts as one in a street whose name is much alike.</summary>
    public void FillRoughly(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<Level> into, Kin ofA, Kin ofB)
    {
        into[(int)Trait.Born] = Born(a[(int)Slot.Born], b[(int)Slot.Born]);
        into[(int)Trait.Sex] = Exact(a[(int)Slot.Sex], b[(int)Slot.Sex]);
        into[(int)Trait.Postcode] = Postcode(lexicon.Postcodes, a[(int)Slot.Postcode], b[(int)Slot.Postcode]);
        into[(int)Trait.Address] = IsElsewhere(a, b) ? Level.Alike : Address(a, b);
        into[(int)Trait.Locality] = Text(Slot.Locality, lexicon.Localities, a, b);
        into[(int)Trait.Nhs] = Number(a[(int)Slot.Nhs], b[(int)Slot.Nhs]);
        into[(int)Trait.Upn] = Exact(a[(int)Slot.Upn], b[(int)Slot.Upn]);
        into[(int)Trait.Pnc] = Exact(a[(int)Slot.Pnc], b[(int)Slot.Pnc]);
        into[(int)Trait.Phone] = Number(a[(int)Slot.Phone], b[(int)Slot.Phone]);
        into[(int)Trait.Email] = Text(Slot.Email, lexicon.Emails, a, b);
        into[(int)Trait.Occupation] = Text(Slot.Occupation, lexicon.Occupations, a, b);
        into[(int)Trait.Other] = Text(Slot.Other, lexicon.Others, a, b);
        into[(int)Trait.Mother] = ofA.Mother == 0 || ofB.Mother == 0 ? Level.Blank : Mother(lexicon.Wholes[ofA.Mother], lexicon.Wholes[ofB.Mother]);
        into[(int)Trait.Siblings] = (ofA.Siblings | ofB.Siblings) == 0 ? Level.Blank : Siblings(a, b, lexicon.Siblings[ofA.Siblings], lexicon.Siblings[ofB.Siblings]);
    }

    /// <summary>What was not filled, or not as it is.</summary>
    public void FillClosely(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<Level> into)
    {
        (into[(int)Trait.Given], into[(int)Trait.Family]) = WholeName(a, b);
        if (IsElsewhere(a, b))
        {
            into[(int)Trait.Address] = Address(a, b);
        }
    }

    private static bool IsElsewhere(ReadOnlySpan<int> a, ReadOnlySpan<int> b) =>
        (a[(int)Slot.House], b[(int)Slot.House], a[(int)Slot.Street], b[(int)Slot.Street]) is (not 0, not 0, not 0, not 0) and var (house, other, street, its) && house != other && street != its;

    /// <summary>Two whose given names have nothing to do with one another; a family name changes.</summary>
    public bool AreTwo((int Given, int Family) mother, (int Given, int Family) other) => Name(mother.Given, other.Given) == Level.Differ;

    /// <summary>By her given name; her family name she may have had before she married, or have now: another one says nothing, the same one much.</summary>
    private Level Mother((int Given, int Family) a, (int Given, int Family) b) => (Name(a.Given, b.Given), Name(a.Family, b.Family)) switch
    {
        (Level.Blank, Level.Blank or Level.Differ) => Level.Blank,
        (Level.Blank, _) => Level.Half,
        (Level.Differ, _) => Level.Differ,
        (Level.Same, Level.Same) => Level.Same,
        (Level.Same, Level.Form or Level.Slip or Level.Part or Level.Half) => Level.Form,
        (Level.Same, _) => Level.Part,
        (Level.Alike, _) => Level.Alike,
        (_, Level.Same or Level.Form or Level.Slip or Level.Part) => Level.Slip,
        _ => Level.Initial,
    };

    /// <summary>Whether one is among those whom the other has; else whether both have somebody in common.</summary>
    private Level Siblings(ReadOnlySpan<int> a, ReadOnlySpan<int> b, (int Given, int Born)[] ofA, (int Given, int Born)[] ofB)
    {
        if (Has(ofA, a, b) || Has(ofB, b, a))
        {
            return Level.Swapped;
        }
        if (ofA.Length == 0 || ofB.Length == 0)
        {
            return Level.Blank;
        }
        var level = Level.Differ;
        foreach (var one in ofA)
        {
            foreach (var other in ofB)
            {
                if (AreOne(one, other))
                {
                    if (Born(one.Born, other.Born) == Level.Same)
                    {
                        return Level.Same;
                    }
                    level = Level.Form;
                }
            }
        }
        return level;
    }

    /// <summary>Whether somebody's brothers and sisters have this other one among them. Some write down all children of a house and so the child itself: that names nobody else. Where it could be either, as with Lotta and Lotte, the very name decides.</summary>
    private bool Has((int Given, int Born)[] siblings, ReadOnlySpan<int> whose, ReadOnlySpan<int> other)
    {
        var (own, its) = ((whose[(int)Slot.Given], whose[(int)Slot.Born]), (other[(int)Slot.Given], other[(int)Slot.Born]));
        foreach (var sibling in siblings)
        {
            if (AreOne(sibling, its) && (!AreOne(sibling, own) || (sibling.Given == its.Item1 && sibling.Given != own.Item1)))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The same given name, and a birth that is the same, a slip away or not known; another form of it, and the same birth.</summary>
    private bool AreOne((int Given, int Born) one, (int Given, int Born) other) => (Name(one.Given, other.Given), Born(one.Born, other.Born)) switch
    {
        (Level.Same, Level.Blank or Level.Same or Level.Form or Level.Slip or Level.Part or Level.Initial) => true,
        (Level.Form or Level.Part or Level.Slip, Level.Same) => true,
        _ => false,
    };

    internal static Level Exact(int a, int b) => a == 0 || b == 0 ? Level.Blank : a == b ? Level.Same : Level.Differ;

    /// <summary>Own name against own name; where that is not the same, the two parts changed, and any other name that one goes by.</summary>
    private (Level Given, Level Family) WholeName(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var (given, family) = (Name(a[(int)Slot.Given], b[(int)Slot.Given]), Name(a[(int)Slot.Family], b[(int)Slot.Family]));
        if (given == Level.Same && family == Level.Same)
        {
            return (given, family);
        }
        var (crossed, back) = (Level.Differ, Level.Differ);
        if (Rank(given) + Rank(family) < Rank(Level.Half) && (SoundAlike(a[(int)Slot.Given], b[(int)Slot.Family]) || SoundAlike(b[(int)Slot.Given], a[(int)Slot.Family])))
        {
            (crossed, back) = (Name(a[(int)Slot.Given], b[(int)Slot.Family]), Name(a[(int)Slot.Family], b[(int)Slot.Given]));
        }
        // One of the two is the same, the other alike at least: "Mahmoud Afad" is not "Amad Mahmood".
        if (Rank(crossed) + Rank(back) > Math.Max(first ? 6 : 9, Rank(given) + Rank(family)) && crossed != Level.Initial && back != Level.Initial)
        {
            (given, family) = (Level.Swapped, Level.Blank); // said once, for both
        }
        if ((a[(int)Slot.Aliases] | b[(int)Slot.Aliases]) != 0)
        {
            var own = (given, family);
            Also(lexicon.Aliases[a[(int)Slot.Aliases]], b, own, ref given, ref family);
            Also(lexicon.Aliases[b[(int)Slot.Aliases]], a, own, ref given, ref family);
        }
        return (given, family);
    }

    private bool SoundAlike(int given, int family) => given != 0 && lexicon.Names.Word(given).First == lexicon.Names.Word(family).Last;

    /// <summary>Takes the best of the names that one also goes by; of two as good the same one, whichever person comes first.</summary>
    private void Also(int[] aliases, ReadOnlySpan<int> other, (Level Given, Level Family) own, ref Level given, ref Level family)
    {
        for (var i = 0; i < aliases.Length; i += 2)
        {
            var (first, last) = (Name(aliases[i], other[(int)Slot.Given]), Name(aliases[i + 1], other[(int)Slot.Family]));
            if (Rank(first) + Rank(last) <= Math.Max(Rank(own.Given) + Rank(own.Family), 8))
            {
                continue;
            }
            var (by, and) = (first == Level.Same && own.Given != Level.Same ? Level.Form : first, last == Level.Same && own.Family != Level.Same ? Level.Form : last);
            if ((given, family) == own || (Rank(by) + Rank(and), by, and).CompareTo((Rank(given) + Rank(family), given, family)) > 0)
            {
                (given, family) = (by, and);
            }
        }
    }

    private static int Rank(Level level) => level switch
    {
        Level.Blank => 0,
        Level.Differ => -4,
        Level.Alike => 1,
        Level.Initial or Level.Half => 2,
        Level.Slip => 4,
        Level.Part or Level.Form or Level.Swapped => 5,
        _ => 6,
    };

    private Level Name(int a, int b)
    {
        if (a == 0 || b == 0)
        {
            return Level.Blank;
        }
        if (a == b)
        {
            // Two who are both "X" share an initial, and no name.
            return lexicon.Names[a].Length > 1 ? Level.Same : Level.Initial;
        }
        var pair = Pair(a, b);
        ref var known = ref _names[Slotted(pair)];
        if (known >> 4 != pair)
        {
            known = pair << 4 | (ulong)CompareNames(lexicon.Names, a, b);
        }
        return (Level)(known & 15);
    }

    private static ulong Pair(int a, int b) => a < b ? (ulong)a << 28 | (uint)b : (ulong)b << 28 | (uint)a;

    private static Level CompareNames(Vocabulary names, int a, int b)
    {
        string one = names[a], other = names[b];
        if (one.Length == 1 || other.Length == 1)
        {
            return one[0] == other[0] ? Level.Initial : Level.Differ;
        }
        ref readonly var word = ref names.Word(a);
        ref readonly var their = ref names.Word(b);
        if (Nicknames.AreOne(names.Forms(a), names.Forms(b)))
        {
            return Level.Form;
        }
        var (may, sound) = (word.MayBeLike(their, one[0] == other[0]), (word.First, word.Last) == (their.First, their.Last));
        var alike = may && (sound || word.MayBeLike(their, names.Prefix(a, b))) ? Likeness.JaroWinkler(one, other) : 0;
        if (alike >= 0.7 && sound)
        {
            return Level.Form;
        }
        if (alike >= 0.92 || (may && Math.Min(one.Length, other.Length) >= 3 && Likeness.IsSlip(one, other)))
        {
            return Level.Slip;
        }
        if ((names.Parts(a) ?? names.Parts(b)) is not null)
        {
            var (these, those) = (names.Parts(a) ?? [one], names.Parts(b) ?? [other]);
            if (AreOne(these[0], those[0]))
            {
                return Level.Part;
            }
            foreach (var part in these)
            {
                foreach (var that in those)
                {
                    if (AreOne(part, that))
                    {
                        return Level.Half;
                    }
                }
            }
        }
        return alike >= 0.8 ? Level.Alike : Level.Differ;
    }

    private static bool AreOne(string part, string other) => part.Length >= 2 && (part == other || Nicknames.AreOne(part, other));

    private Level Born(int a, int b)
    {
        if (a == 0 || b == 0)
        {
            return Level.Blank;
        }
        var (one, other) = (lexicon.Dates[a], lexicon.Dates[b]);
        return CompareDates(one, other) is var level && first && level == Level.Near ? Level.Differ : level;
    }

    /// <summary>Dates as year × 10000 + month × 100 + day.</summary>
    internal static Level CompareDates(int one, int other)
    {
        if (one == other)
        {
            return one % 10000 == 101 ? Level.Form : Level.Same;
        }
        var (year, month, day) = (one / 10000 == other / 10000, one / 100 % 100 == other / 100 % 100, one % 100 == other % 100);
        if (year && one / 100 % 100 == other % 100 && one % 100 == other / 100 % 100)
        {
            return Level.Part;
        }
        if (DigitSlip(one, other))
        {
            return Level.Slip;
        }
        if (year && (one % 10000 == 101 || other % 10000 == 101))
        {
            return Level.Initial;
        }
        return (year ? 1 : 0) + (month ? 1 : 0) + (day ? 1 : 0) == 2 ? Level.Half : year ? Level.Alike : Math.Abs(one / 10000 - other / 10000) == 1 ? Level.Near : Level.Differ;
    }

    /// <summary>One digit wrong, or two neighbours that changed places.</summary>
    private static bool DigitSlip(int a, int b)
    {
        int wrong = 0, first = -1, at = 0, firstOfA = 0, firstOfB = 0;
        for (; (a | b) != 0; a /= 10, b /= 10, at++)
        {
            var (x, y) = (a % 10, b % 10);
            if (x == y)
            {
                continue;
            }
            if (++wrong == 1)
            {
                (first, firstOfA, firstOfB) = (at, x, y);
            }
            else if (wrong > 2 || at != first + 1 || x != firstOfB || y != firstOfA)
            {
                return false;
            }
        }
        return wrong > 0;
    }

    internal static Level Number(int a, int b) => a == 0 || b == 0 ? Level.Blank : a == b ? Level.Same : a > 0 && b > 0 && DigitSlip(a - 1, b - 1) ? Level.Slip : Level.Differ;

    internal static Level Postcode(Vocabulary postcodes, int a, int b)
    {
        if (a == 0 || b == 0 || a == b)
        {
            return Exact(a, b);
        }
        ulong one = postcodes.Beginning(a), other = postcodes.Beginning(b);
        var (length, its) = (Letters(one), Letters(other));
        if (length > 7 || its > 7)
        {
            // No postcode, whatever it is: of a longer text the beginning is not all.
            return Likeness.IsSlip(postcodes[a], postcodes[b]) ? Level.Slip
                : postcodes[a].Length == postcodes[b].Length && postcodes[a].AsSpan()[..^2].SequenceEqual(postcodes[b].AsSpan()[..^2]) ? Level.Alike
                : Level.Differ;
        }
        var (apart, first) = (one ^ other, BitOperations.TrailingZeroCount(one ^ other) & ~7);
        if (length != its)
        {
            // A letter more: what follows it in the longer is what stands in its place in the shorter.
            var (shorter, longer) = length < its ? (one, other) : (other, one);
            return Math.Abs(length - its) == 1 && shorter >> first == longer >> first >> 8 ? Level.Slip : Level.Differ;
        }
        var swapped = (one >> first & 0xFF) == (other >> first >> 8 & 0xFF) && (other >> first & 0xFF) == (one >> first >> 8 & 0xFF);
        return apart >> first >> 8 == 0 || (swapped && apart >> first >> 16 == 0) ? Level.Slip
            : length > 3 && first >= (length - 2) * 8 ? Level.Alike
            : Level.Differ;

        static int Letters(ulong beginning) => (71 - BitOperations.LeadingZeroCount(beginning)) / 8;
    }

    private Level Address(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        var (house, other) = (a[(int)Slot.House], b[(int)Slot.House]);
        return (Text(Slot.Street, lexicon.Streets, a, b), house == other) switch
        {
            (Level.Blank, _) => house == 0 || other == 0 ? Level.Blank : house == other ? Level.Half : Level.Differ,
            (Level.Same, true) => Level.Same,
            (Level.Slip or Level.Part or Level.Half, true) => Level.Slip,
            (Level.Same or Level.Slip, false) => house == 0 || other == 0 ? Level.Part : Level.Alike,
            (Level.Alike, true) => house == 0 ? Level.Differ : Level.Half,
            _ => Level.Differ,
        };
    }

    private Level Text(Slot slot, Vocabulary words, ReadOnlySpan<int> people, ReadOnlySpan<int> others)
    {
        var (a, b) = (people[(int)slot], others[(int)slot]);
        if (a == 0 || b == 0 || a == b)
        {
            return Exact(a, b);
        }
        if (words.HaveNothing(a, b))
        {
            return Level.Differ;
        }
        var pair = Pair(a, b) | (ulong)slot << 56;
        ref var known = ref _texts[Slotted(pair)];
        if (known >> 4 != pair)
        {
            known = pair << 4 | (ulong)CompareTexts(words, a, b);
        }
        return (Level)(known & 15);
    }

    private static Level CompareTexts(Vocabulary words, int a, int b)
    {
        string one = words[a], other = words[b];
        if (one.Length >= 4 && other.Length >= 4 && Likeness.IsSlip(one, other))
        {
            return Level.Slip;
        }
        if (one.IndexOf('@') is var at and > 0 && other.IndexOf('@') is var its and > 0)
        {
            var name = one.AsSpan(0, at);
            var otherName = other.AsSpan(0, its);
            return name.SequenceEqual(otherName) ? Level.Half : (name.Length >= 4 && Likeness.IsSlip(name, otherName)) || Likeness.JaroWinkler(one, other) >= 0.92 ? Level.Slip : Likeness.JaroWinkler(name, otherName) >= 0.85 ? Level.Alike : Level.Differ;
        }
        if (Math.Min(one.Length, other.Length) >= 4 && (one.Contains(other, StringComparison.Ordinal) || other.Contains(one, StringComparison.Ordinal)))
        {
            return Level.Half;
        }
        var alike = words.Word(a).MayBeLike(words.Word(b), one[0] == other[0]) ? Likeness.JaroWinkler(one, other) : 0;
        return char.IsAsciiDigit(one[^1]) && char.IsAsciiDigit(other[^1]) ? Level.Differ : alike >= 0.92 ? Level.Slip : alike >= 0.8 ? Level.Alike : Level.Differ;
    }

    private int Slotted(ulong pair) => (int)(pair * 0x9E3779B97F4A7C15UL >> (64 - bits));
}
