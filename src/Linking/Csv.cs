using System.Text;

namespace Heed.Linking;

/// <summary>What is wrong with a file or with what was asked, in words that name the row and the column and never a value.</summary>
public sealed class BadInput(string message) : Exception(message);

/// <summary>
/// Reads a file of rows as it streams past, one at a time (RFC 4180; commas, semicolons or tabs; spaces around values are dropped). UTF-8, with or without its mark,
/// UTF-16 with its mark, or else Windows-1252. A row that has not as many values as the header ends it all: a value may stand in another's place.
/// </summary>
public sealed class Csv : IDisposable
{
    private readonly string _file;
    private readonly StreamReader _reader;
    private readonly List<(int Start, int Length)> _cells = [];
    private readonly char _delimiter;
    private char[] _buffer = new char[1 << 16];
    private int _at;
    private int _end;
    private int _line = 1;
    private bool _over;

    public Csv(string file)
    {
        _file = Path.GetFileName(file);
        if (!File.Exists(file))
        {
            throw new BadInput($"There is no file {file}");
        }
        _reader = new(file, Encode(file), detectEncodingFromByteOrderMarks: true, 1 << 16);
        Fill();
        var first = _buffer.AsSpan(0, _end);
        var header = first[..(first.IndexOfAny('\r', '\n') is var end and >= 0 ? end : first.Length)].ToString();
        _delimiter = new[] { ',', ';', '\t' }.MaxBy(d => header.Count(c => c == d));
        if (!Next())
        {
            throw new BadInput($"{_file} is empty");
        }
        Header = [.. Enumerable.Range(0, _cells.Count).Select(at => this[at].ToString())];
        Row = 0;
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

    public void Dispose() => _reader.Dispose();

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
            var trimmed = text.Trim(' ');
            _cells.Add((trimmed.IsEmpty ? _at : _at + text.IndexOf(trimmed[0]), trimmed.Length));
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
        var read = _reader.Read(_buffer, _end, _buffer.Length - _end);
        (_end, _over) = (_end + read, read == 0);
    }

    private static Encoding Encode(string file)
    {
        using var stream = File.OpenRead(file);
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        var bytes = new byte[1 << 20];
        try
        {
            for (int read; (read = stream.Read(bytes)) > 0;)
            {
                strict.GetCharCount(bytes, 0, read, flush: false);
            }
            return new UTF8Encoding(false);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        }
    }
}
