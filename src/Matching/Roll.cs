namespace Heed.Matching;

/// <summary>What a file or a register may say of a person. Each is known by its name in small letters: "born", "full_name".</summary>
public enum Column { Given, Family, FullName, Aliases, Born, Sex, Address, Locality, Postcode, Nhs, Upn, Pnc, Phone, Email, Occupation, Other }

/// <summary>
/// What is kept of one column of a person: numbers that stand for values, so that a person is 64 bytes, one line of the processor's cache.
/// 0 is blank, always.
/// </summary>
internal enum Slot { Given, Family, Aliases, Born, Sex, House, Street, Locality, Postcode, Nhs, Upn, Pnc, Phone, Email, Occupation, Other }

/// <summary>People, packed: sixteen numbers each, in the words of one <see cref="Lexicon"/>. They are counted from 0 in the order in which they were added.</summary>
/// <param name="room">How many are expected; more may come.</param>
public sealed class Roll(Lexicon lexicon, int room = 1024)
{
    internal const int Stride = 16;

    private int[] _cells = new int[Stride * room];

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

    public void Set(int row, Column column, ReadOnlySpan<char> written) => Lexicon.Read(column, written, _cells.AsSpan(row * Stride, Stride));

    internal ReadOnlySpan<int> this[int row] => _cells.AsSpan(row * Stride, Stride);

    internal Span<int> Cells => _cells.AsSpan(0, Count * Stride);
}
