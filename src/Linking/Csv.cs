using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Heed.Linking;

/// <summary>What is wrong with a file or with what was asked, in words that name the row and the column and never a value.</summary>
public sealed class BadInput(string message) : Exception(message);

/// <summary>
/// Reads a file of rows as it streams past, one at a time (RFC 4180; commas, semicolons or tabs; spaces around values are dropped). UTF-8, with or without its mark,
/// UTF-16 with its mark, or else Windows-1252. A row that has not as many values as the header ends it all: a value may stand in another's place.
/// </summary>
public sealed class Csv : IDisposable
{
    private const int Block = 1 << 16;

    private readonly string _file;
    private readonly SafeFileHandle _handle;
    private readonly Decoder _decoder;
    private readonly byte[] _bytes = new byte[Block];
    private readonly List<(int Start, int Length)> _cells = [];
    private readonly char _delimiter;
    private readonly long _to;
    private long _from;
    private char[] _buffer = new char[Block + 16];
    private int _at;
    private int _end;
    private int _line = 1;
    private bool _over;

    public Csv(string file)
        : this(file, Survey(file, 1))
    {
    }

    private Csv(string file, (Encoding Encoding, long[] Starts) survey)
    {
        (_file, _decoder) = (Path.GetFileName(file), survey.Encoding.GetDecoder());
        (_handle, _from, _to) = (File.OpenHandle(file), survey.Starts[0], survey.Starts[1]);
        Fill();
        _delimiter = Delimiter(_buffer.AsSpan(0, _end));
        if (!Next())
        {
            throw new BadInput($"{_file} is empty");
        }
        Header = [.. Enumerable.Range(0, _cells.Count).Select(at => this[at].ToString())];
        Row = 0;
    }

    /// <summary>What follows after the first part of a file that was cut in parts.</summary>
    private Csv(string file, Csv first, Encoding encoding, long from, long to)
    {
        (_file, _decoder, _delimiter, Header) = (first._file, encoding.GetDecoder(), first._delimiter, first.Header);
        (_handle, _from, _to) = (File.OpenHandle(file), from, to);
    }

    /// <summary>A file in parts of whole rows, to be read at once; rows and lines are counted in each part by itself.</summary>
    public static Csv[] Parts(string file, int many)
    {
        var survey = Survey(file, many);
        var first = new Csv(file, survey);
        return [first, .. Enumerable.Range(1, survey.Starts.Length - 2).Select(part => new Csv(file, first, survey.Encoding, survey.Starts[part], survey.Starts[part + 1]))];
    }

    public string[] Header { get; }

    /// <summary>Rows after the header, from 1.</summary>
    public int Row { get; private set; }

    /// <summary>Where this row begins.</summary>
    public int Line { get; private set; }

    /// <summary>The last row has no line end: nothing shows that it is whole.</summary>
    public bool EndsAbruptly { get; private set; }

    public ReadOnlySpan<char> this[int at] => _buffer.AsSpan(_cells[at].Start, _cells[at].Length);

    public BadInput Wrong(string why) => new($"{_file}, row {Row} (line {Line}): {why}");

    public bool Next()
    {
        do
        {
            if (!Read())
            {
                return false;
            }
        }
        while (_cells is [{ Length: 0 }]);
        Row++;
        if (Header is not null && _cells.Count != Header.Length)
        {
            throw Wrong(_cells.Count < Header.Length
                ? $"{_cells.Count} values where the header has {Header.Length}; column \"{Header[_cells.Count]}\" is missing. {(_over && _at >= _end ? "The file ends here: it was cut" : "A line may be broken")}"
                : $"{_cells.Count} values where the header has {Header.Length}, after column \"{Header[^1]}\": a separator stands inside a value without quotes");
        }
        return true;
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>One row into _cells; false at the end of the file.</summary>
    private bool Read()
    {
        _cells.Clear();
        Line = _line;
        if (Plain())
        {
            return true;
        }
        var from = _at;
        while (true)
        {
            var (start, ended, quoted) = (_at, false, false);
            while (Peek(ref from, ref start) == ' ')
            {
                _at++;
            }
            if (Peek(ref from, ref start) == '"')
            {
                quoted = true;
                start = ++_at;
                var write = _at;
                while (true)
                {
                    var letter = Peek(ref from, ref start, ref write);
                    if (letter < 0)
                    {
                        Row++;
                        throw Wrong($"column \"{Column()}\": a quote is opened and never closed; the file may have been cut");
                    }
                    _at++;
                    if (letter == '"')
                    {
                        if (Peek(ref from, ref start, ref write) != '"')
                        {
                            break;
                        }
                        _at++;
                    }
                    _line += letter == '\n' ? 1 : 0;
                    _buffer[write++] = (char)letter;
                }
                _cells.Add((start, write - start));
                while (Peek(ref from, ref start) == ' ')
                {
                    _at++;
                }
            }
            var next = Peek(ref from, ref start);
            if (!quoted)
            {
                while (next >= 0 && next != _delimiter && next is not ('\r' or '\n'))
                {
                    _at++;
                    next = Peek(ref from, ref start);
                }
                var text = _buffer.AsSpan(start, _at - start);
                var trimmed = text.TrimStart();
                _cells.Add((start + text.Length - trimmed.Length, trimmed.TrimEnd().Length));
            }
            else if (next >= 0 && next != _delimiter && next is not ('\r' or '\n'))
            {
                Row++;
                throw Wrong($"column \"{Column()}\": something follows a closing quote");
            }
            if (next < 0)
            {
                if (_cells.Count == 1 && _cells[0].Length == 0 && !quoted)
                {
                    return false;
                }
                EndsAbruptly = true;
                return true;
            }
            ended = next != _delimiter;
            _at++;
            if (ended)
            {
                if (next == '\r' && Peek(ref from, ref start) == '\n')
                {
                    _at++;
                }
                _line++;
                return true;
            }
        }
    }

    /// <summary>A row without quotes that lies whole in the buffer, as most do; false where it is not one.</summary>
    private bool Plain()
    {
        var rest = _buffer.AsSpan(_at, _end - _at);
        var length = rest.IndexOf('\n');
        if (length <= 0 || rest[..length].Contains('"') || rest[..(length - 1)].Contains('\r'))
        {
            return false;
        }
        var end = _at + length - (rest[length - 1] == '\r' ? 1 : 0);
        while (true)
        {
            var cell = _buffer.AsSpan(_at, end - _at);
            var stop = cell.IndexOf(_delimiter);
            var text = stop < 0 ? cell : cell[..stop];
            var (from, to) = (0, text.Length);
            while (to > 0 && text[to - 1] == ' ')
            {
                to--;
            }
            while (from < to && text[from] == ' ')
            {
                from++;
            }
            _cells.Add((_at + from, to - from));
            if (stop < 0)
            {
                break;
            }
            _at += stop + 1;
        }
        _at = end + (_buffer[end] == '\r' ? 2 : 1);
        _line++;
        return true;
    }

    private string Column() => Header is null ? "of the header" : Header[Math.Min(_cells.Count, Header.Length - 1)];

    private int Peek(ref int from, ref int start)
    {
        var none = 0;
        return Peek(ref from, ref start, ref none);
    }

    /// <summary>The next letter, or -1 at the end. Keeps the whole row in the buffer: what points into it moves with it.</summary>
    private int Peek(ref int from, ref int start, ref int write)
    {
        if (_at < _end)
        {
            return _buffer[_at];
        }
        if (_over)
        {
            return -1;
        }
        var kept = _end - from;
        if (kept > _buffer.Length / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        Array.Copy(_buffer, from, _buffer, 0, kept);
        for (var i = 0; i < _cells.Count; i++)
        {
            _cells[i] = (_cells[i].Start - from, _cells[i].Length);
        }
        (start, write, _at, _end, from) = (start - from, write - from, _at - from, kept, 0);
        Fill();
        return _at < _end ? _buffer[_at] : -1;
    }

    private void Fill()
    {
        while (!_over)
        {
            var read = RandomAccess.Read(_handle, _bytes.AsSpan(0, (int)Math.Min(Math.Min(Block, _buffer.Length - _end - 8), _to - _from)), _from);
            (_from, _over) = (_from + read, read == 0);
            if (_decoder.GetChars(_bytes, 0, read, _buffer, _end, flush: _over) is var letters and > 0)
            {
                _end += letters;
                return;
            }
        }
    }

    private static char Delimiter(ReadOnlySpan<char> first)
    {
        var header = first[..(first.IndexOfAny('\r', '\n') is var end and >= 0 ? end : first.Length)].ToString();
        return new[] { ',', ';', '\t' }.MaxBy(d => header.Count(c => c == d));
    }

    /// <summary>How a file is encoded, and where its parts of whole rows begin; the last is where the file ends.</summary>
    private static (Encoding Encoding, long[] Starts) Survey(string file, int many)
    {
        if (!File.Exists(file))
        {
            throw new BadInput($"There is no file {file}");
        }
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var bytes = new byte[1 << 20];
        var read = stream.ReadAtLeast(bytes, 3, throwOnEndOfStream: false);
        switch (bytes)
        {
            case [0xFF, 0xFE, ..]:
                return (Encoding.Unicode, [2, stream.Length]);
            case [0xFE, 0xFF, ..]:
                return (Encoding.BigEndianUnicode, [2, stream.Length]);
        }
        var mark = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var (delimiter, starts) = ((byte)Delimiter(Encoding.Latin1.GetString(bytes.AsSpan(mark, read - mark))), new List<long> { mark });
        var (quoted, before, row) = (false, (byte)'\n', 0L);
        for (var block = 0L; read > 0 && starts.Count < many; block += read, read = stream.Read(bytes))
        {
            Cut(bytes.AsSpan(0, read), block);
        }
        starts.Add(stream.Length);
        return (Parallel.For(0, starts.Count - 1, (part, state) =>
        {
            if (!IsUtf8(file, starts[part], starts[part + 1]))
            {
                state.Stop();
            }
        }).IsCompleted ? new UTF8Encoding(false) : CodePagesEncodingProvider.Instance.GetEncoding(1252)!, [.. starts]);

        // Follows quotes: a line that ends within them is no row's end.
        void Cut(ReadOnlySpan<byte> bytes, long block)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var rest = bytes[at..];
                var quote = rest.IndexOf((byte)'"');
                var length = quote < 0 ? rest.Length : quote;
                row = stream.Length * starts.Count / many - block - at;
                if (!quoted && starts.Count < many && row < length && rest[(int)Math.Max(0, row)..length].IndexOf((byte)'\n') is var end and >= 0)
                {
                    starts.Add(block + at + Math.Max(0, row) + end + 1);
                    continue;
                }
                before = rest[..length].LastIndexOfAnyExcept((byte)' ') is var last and >= 0 ? rest[last] : before;
                if (quote >= 0)
                {
                    // A quote that opens stands first in its value, or right after one that closed: two of them are one letter.
                    quoted = quoted ? false : before == delimiter || before == '\n' || before == '\r' || (before == '"' && length == 0);
                    before = (byte)'"';
                }
                at += length + 1;
            }
        }
    }

    private static bool IsUtf8(string file, long from, long to)
    {
        using var handle = File.OpenHandle(file);
        var (strict, bytes) = (new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder(), new byte[1 << 18]);
        try
        {
            for (int read; from < to; from += read)
            {
                read = RandomAccess.Read(handle, bytes.AsSpan(0, (int)Math.Min(bytes.Length, to - from)), from);
                if (read == 0)
                {
                    break;
                }
                strict.GetCharCount(bytes, 0, read, flush: false);
            }
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
