namespace Heed.Matching;

/// <summary>
/// Who is compared with whom. A key is what two people must have in common to be compared at all: always several things, or a number that is one person's.
/// A key that too many share finds nobody; another, narrower, does. Among few people one thing alone is narrow enough: a birthday, a street and house, half a telephone number.
/// </summary>
internal static class Keys
{
    /// <summary>The most keys that one person can have.</summary>
    public const int Most = 64;

    /// <summary>From this kind on one thing alone, for a roll of few.</summary>
    private const byte Alone = 21;

    /// <summary>A key of one thing that more share finds nobody.</summary>
    private const int MostAlone = 40;

    /// <summary>What each kind of key is made of: while it is learnt how often these agree in one person, pairs found by it say nothing.</summary>
    private static readonly Trait[][] Made =
    [
        [Trait.Nhs], [Trait.Upn], [Trait.Pnc], [Trait.Email], [Trait.Phone], [Trait.Other],
        [Trait.Given, Trait.Family], [Trait.Born, Trait.Given], [Trait.Born, Trait.Family], [Trait.Born, Trait.Postcode],
        [Trait.Given, Trait.Family, Trait.Born], [Trait.Postcode, Trait.Given], [Trait.Postcode, Trait.Family], [Trait.Address, Trait.Given], [Trait.Address, Trait.Born],
        [Trait.Locality, Trait.Given, Trait.Family], [Trait.Locality, Trait.Born], [Trait.Occupation, Trait.Given], [Trait.Occupation, Trait.Family],
        [Trait.Address, Trait.Postcode], [Trait.Address, Trait.Family],
        [Trait.Born], [Trait.Postcode], [Trait.Address], [Trait.Locality], [Trait.Occupation], [Trait.Phone], [Trait.Email], [Trait.Given], [Trait.Family],
    ];

    /// <summary>For each trait, which kinds of key are not made of it, as bits.</summary>
    private static readonly uint[] Without = [.. Enum.GetValues<Trait>().Select(trait => Made.Select((made, kind) => made.Contains(trait) ? 0u : 1u << kind).Aggregate((all, one) => all | one))];

    private static readonly uint Homes = Made.Select((made, kind) => made.All(trait => Model.Household[(int)trait]) && made.Length > 1 ? 1u << kind : 0u).Aggregate((all, one) => all | one);

    public static bool MayTeach(uint foundBy, Trait trait) => (foundBy & Without[(int)trait]) != 0;

    /// <summary>Whether these keys bring brothers and sisters together whenever they were born.</summary>
    public static bool MayBeHousehold(uint foundBy) => (foundBy & Homes) != 0;

    /// <summary>How many may share a key of this kind for it to find anybody.</summary>
    public static int MostSharing(byte kind, int most) => kind < Alone ? most : Math.Min(most, MostAlone);

    /// <summary>Fills keys and the kind of each; answers how many.</summary>
    /// <param name="few">One thing alone is a key too.</param>
    public static int Of(ReadOnlySpan<int> person, Lexicon lexicon, Span<ulong> keys, Span<byte> kinds, bool few = false)
    {
        var count = 0;
        int born = person[(int)Slot.Born], postcode = person[(int)Slot.Postcode], street = person[(int)Slot.Street], locality = person[(int)Slot.Locality], occupation = person[(int)Slot.Occupation];
        var address = street == 0 ? 0 : Mix((ulong)person[(int)Slot.House] << 32 | (uint)street);
        var place = address == 0 ? 0 : address ^ Mix((ulong)Math.Max(postcode, 0) + 77);
        Single(0, Slot.Nhs, person, keys, kinds, ref count);
        Single(1, Slot.Upn, person, keys, kinds, ref count);
        Single(2, Slot.Pnc, person, keys, kinds, ref count);
        Single(3, Slot.Email, person, keys, kinds, ref count);
        Single(4, Slot.Phone, person, keys, kinds, ref count);
        Single(5, Slot.Other, person, keys, kinds, ref count);
        Add(9, born, (ulong)postcode, keys, kinds, ref count);
        Add(14, address, (ulong)born, keys, kinds, ref count);
        Add(16, locality, (ulong)born, keys, kinds, ref count);
        if (postcode != 0)
        {
            Add(19, place, 1, keys, kinds, ref count);
        }
        if (few)
        {
            Add(21, born, 1, keys, kinds, ref count);
            if (born != 0)
            {
                // Two of the date's three parts.
                var date = (ulong)lexicon.Dates[born];
                Add(21, date / 100, 2, keys, kinds, ref count);
                Add(21, date % 10000, 3, keys, kinds, ref count);
                Add(21, date / 10000 * 100 + date % 100, 4, keys, kinds, ref count);
            }
            Add(22, postcode, 1, keys, kinds, ref count);
            Add(23, address, 1, keys, kinds, ref count);
            Add(23, street, 2, keys, kinds, ref count);
            Add(24, locality, 1, keys, kinds, ref count);
            Add(25, occupation, 1, keys, kinds, ref count);
            if (person[(int)Slot.Phone] is var phone && phone != 0)
            {
                Add(26, (ulong)phone / 10_000, 1, keys, kinds, ref count);
                Add(26, (ulong)phone % 100_000, 2, keys, kinds, ref count);
            }
            Add(27, lexicon.Emails.Word(person[(int)Slot.Email]).First, 1, keys, kinds, ref count);
        }
        Names(person[(int)Slot.Given], person[(int)Slot.Family], keys, kinds, ref count);
        var aliases = lexicon.Aliases[person[(int)Slot.Aliases]];
        for (var i = 0; i < aliases.Length && count < Most - 14; i += 2)
        {
            Names(aliases[i], aliases[i + 1], keys, kinds, ref count);
        }
        return count;

        void Names(int given, int family, Span<ulong> keys, Span<byte> kinds, ref int count)
        {
            // Sounds, not spellings; the first of several given names and the last of several family names.
            ulong first = lexicon.Names.Word(given).First, last = lexicon.Names.Word(family).Last;
            var both = first == 0 || last == 0 ? 0 : Mix(Math.Min(first, last)) ^ Math.Max(first, last) * 0x9E3779B97F4A7C15UL;
            Add(6, both, 2, keys, kinds, ref count);
            if (few)
            {
                Add(28, first, 1, keys, kinds, ref count);
                Add(29, last, 1, keys, kinds, ref count);
            }
            if (born != 0)
            {
                // One tag for both, so that a given name which stands as the family name is found.
                Add(7, first, (ulong)born << 8 | 3, keys, kinds, ref count);
                Add(8, last, (ulong)born << 8 | 3, keys, kinds, ref count);
                var date = lexicon.Dates[born];
                Add(10, both, (ulong)(date / 10000) << 8 | 4, keys, kinds, ref count);
                Add(10, both, (ulong)(date % 10000) << 8 | 5, keys, kinds, ref count);
            }
            if (postcode != 0)
            {
                Add(11, first, (ulong)postcode << 8 | 6, keys, kinds, ref count);
                Add(12, last, (ulong)postcode << 8 | 7, keys, kinds, ref count);
            }
            Add(13, first == 0 ? 0 : address, first << 8 | 8, keys, kinds, ref count);
            Add(20, last == 0 ? 0 : address, last << 8 | 9, keys, kinds, ref count);
            if (locality != 0)
            {
                Add(15, both, (ulong)locality << 8 | 10, keys, kinds, ref count);
            }
            if (occupation != 0)
            {
                Add(17, first, (ulong)occupation << 8 | 11, keys, kinds, ref count);
                Add(18, last, (ulong)occupation << 8 | 12, keys, kinds, ref count);
            }
        }
    }

    private static void Single(byte kind, Slot slot, ReadOnlySpan<int> person, Span<ulong> keys, Span<byte> kinds, ref int count) =>
        Add(kind, (ulong)(uint)person[(int)slot], (ulong)slot << 40 | 1, keys, kinds, ref count);

    private static void Add(byte kind, int what, ulong with, Span<ulong> keys, Span<byte> kinds, ref int count) => Add(kind, (ulong)(uint)what, with == 0 ? 0 : with << 8 | kind, keys, kinds, ref count);

    private static void Add(byte kind, ulong what, ulong with, Span<ulong> keys, Span<byte> kinds, ref int count)
    {
        if (what != 0 && with != 0)
        {
            (keys[count], kinds[count]) = (Mix(what * 0xD6E8FEB86659FD93UL ^ Mix(with)), kind);
            count++;
        }
    }

    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
