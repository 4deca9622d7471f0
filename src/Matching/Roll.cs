using System.Collections.Concurrent;

namespace Heed.Matching;

/// <summary>What a file or a register may say of a person. Each is known by its name in small letters: "born", "full_name".</summary>
public enum Column { Given, Family, FullName, Aliases, Born, Sex, Address, Locality, Postcode, Nhs, Upn, Pnc, Phone, Email, Occupation, Other, Mother, Siblings }

/// <summary>
/// What is kept of one column of a person: numbers that stand for values, so that a person is 64 bytes, one line of the processor's cache.
/// 0 is blank, always.
/// </summary>
internal enum Slot { Given, Family, Aliases, Born, Sex, House, Street, Locality, Postcode, Nhs, Upn, Pnc, Phone, Email, Occupation, Other }

/// <summary>What is kept of somebody's family, beside their row and only where a column of it was given: the numbers of their mother's whole name and of their brothers and sisters.</summary>
internal readonly record struct Kin(int Mother, int Siblings);

/// <summary>People, packed: sixteen numbers each, in the words of one <see cref="Lexicon"/>. They are counted from 0 in the order in which they were added.</summary>
/// <param name="room">How many are expected; more may come.</param>
public sealed class Roll(Lexicon lexicon, int room = 1024)
{
    internal const int Stride = 16;

    private int[] _cells = new int[Stride * room];

    private Kin[] _kin = [];

    public Lexicon Lexicon { get; } = lexicon;

    public int Count { get; private set; }

    /// <summary>Adds a person: one value for each of the columns, in their order, as written.</summary>
    public int Add(ReadOnlySpan<Column> columns, ReadOnlySpan<string?> values)
    {
        var row = Begin();
        for (var i = 0; i < columns.Length; i++)
        {
            Set(row, columns[i], values[i]);
        }
        return row;
    }

    public int Begin()
    {
        if ((Count + 1) * Stride > _cells.Length)
        {
            Array.Resize(ref _cells, checked((int)Math.Min(_cells.Length * 2L, Array.MaxLength)));
        }
        return Count++;
    }

    public void Set(int row, Column column, ReadOnlySpan<char> written)
    {
        if (column is not (Column.Mother or Column.Siblings))
        {
            Lexicon.Read(column, written, _cells.AsSpan(row * Stride, Stride));
            return;
        }
        if (_kin.Length <= row)
        {
            Array.Resize(ref _kin, _cells.Length / Stride);
        }
        _kin[row] = Lexicon.Read(column, written, _kin[row]);
    }

    internal bool HasKin => _kin.Length > 0;

    /// <summary>Nobody, where no such column was given.</summary>
    internal Kin Kin(int row) => row < _kin.Length ? _kin[row] : default;

    /// <summary>Given and family name of somebody's mother; 0 where one is not known.</summary>
    internal (int Given, int Family) Mother(int row) => Lexicon.Wholes[Kin(row).Mother];

    /// <summary>Those of several rolls one after another, in these words.</summary>
    public static Roll Of(Lexicon lexicon, IReadOnlyList<Roll> rolls)
    {
        var own = ReferenceEquals(rolls[0].Lexicon, lexicon);
        var (all, count) = (own ? rolls[0] : new Roll(lexicon, Math.Max(1, rolls.Sum(roll => roll.Count))), rolls.Sum(roll => roll.Count));
        if (count * (long)Stride > all._cells.Length)
        {
            Array.Resize(ref all._cells, checked(count * Stride));
        }
        foreach (var roll in rolls.Skip(own ? 1 : 0))
        {
            all.Take(roll);
        }
        return all;
    }

    private void Take(Roll other)
    {
        var here = ReferenceEquals(other.Lexicon, Lexicon) ? new int[]?[Stride] : Lexicon.Take(other.Lexicon);
        var (from, into) = (other._cells, Count * Stride);
        if (other._kin.Length > 0)
        {
            Array.Resize(ref _kin, Math.Max(_kin.Length, _cells.Length / Stride));
            for (var row = 0; row < Math.Min(other.Count, other._kin.Length); row++)
            {
                _kin[Count + row] = ReferenceEquals(other.Lexicon, Lexicon) ? other._kin[row] : Lexicon.Take(other.Lexicon, other._kin[row], here);
            }
        }
        Parallel.ForEach(Partitioner.Create(0, Math.Max(1, other.Count)), range =>
        {
            for (var at = range.Item1 * Stride; at < Math.Min(range.Item2, other.Count) * Stride; at++)
            {
                _cells[into + at] = here[at % Stride] is { } number ? number[from[at]] : from[at];
            }
        });
        Count += other.Count;
    }

    /// <summary>Asks memory for all of these before one is waited for; what it returns means nothing.</summary>
    internal int Touch(ReadOnlySpan<int> rows)
    {
        var sum = 0;
        foreach (var row in rows)
        {
            sum += _cells[row * Stride];
        }
        return sum;
    }

    internal ReadOnlySpan<int> this[int row] => _cells.AsSpan(row * Stride, Stride);

    internal Span<int> Cells => _cells.AsSpan(0, Count * Stride);
}
