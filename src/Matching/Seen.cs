using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Heed.Matching;

/// <summary>
/// A number for each text that was met. Of the text only a hash of 64 bits is kept, so that asking touches one line of memory: among ten million different texts two are taken
/// for one another once in 400,000 files.
/// </summary>
public sealed class Seen
{
    private (ulong Hash, int Number)[] _places = [];
    private int _count;

    /// <summary>Where the last was found: a household's people follow one another in most files.</summary>
    private int _last;

    /// <summary>The place of its number, to be read or set; what was met for the first time has 0.</summary>
    public ref int At(ulong hash, out bool known)
    {
        if (_count * 8L >= _places.Length * 5L)
        {
            Grow();
        }
        if (_places[_last].Hash == hash && hash != 0)
        {
            known = true;
            return ref _places[_last].Number;
        }
        ref var place = ref Find(hash == 0 ? 1 : hash);
        known = place.Hash != 0;
        if (!known)
        {
            (place.Hash, _count) = (hash == 0 ? 1 : hash, _count + 1);
        }
        return ref place.Number;
    }

    /// <summary>Four letters at a time, then mixed: the same on every machine.</summary>
    public static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = (ulong)text.Length * 0x9E3779B97F4A7C15UL;
        var bytes = MemoryMarshal.AsBytes(text);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
        }
        for (; bytes.Length > 0; bytes = bytes[2..])
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt16LittleEndian(bytes)) * 0x9E3779B97F4A7C15UL;
        }
        return Keys.Mix(hash);
    }

    private ref (ulong Hash, int Number) Find(ulong hash)
    {
        var last = _places.Length - 1;
        var at = (int)hash & last;
        while (_places[at].Hash != hash && _places[at].Hash != 0)
        {
            at = (at + 1) & last;
        }
        _last = at;
        return ref _places[at];
    }

    private void Grow()
    {
        var old = _places;
        _places = new (ulong, int)[Math.Max(16, old.Length * 2)];
        foreach (var place in old)
        {
            if (place.Hash != 0)
            {
                Find(place.Hash) = place;
            }
        }
    }
}
