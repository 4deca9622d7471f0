using System.Globalization;
using System.Text;
using Heed.Matching;

namespace Heed.Linking;

/// <summary>The people of one file and their ids, in the file's order.</summary>
public sealed record Read(Roll Roll, Ids Ids)
{
    /// <summary>A file of fewer bytes is read by one core.</summary>
    private const int Small = 1 << 22;

    /// <summary>Our names as they stand in a map; id apart.</summary>
    public static readonly IReadOnlyDictionary<string, Column> Columns = new Dictionary<string, Column>
    {
        ["given"] = Column.Given, ["family"] = Column.Family, ["full_name"] = Column.FullName, ["aliases"] = Column.Aliases, ["born"] = Column.Born, ["sex"] = Column.Sex, ["address"] = Column.Address,
        ["locality"] = Column.Locality, ["postcode"] = Column.Postcode, ["nhs"] = Column.Nhs, ["upn"] = Column.Upn, ["pnc"] = Column.Pnc, ["phone"] = Column.Phone, ["email"] = Column.Email,
        ["occupation"] = Column.Occupation, ["other"] = Column.Other, ["mother"] = Column.Mother, ["siblings"] = Column.Siblings,
    };

    /// <summary>Reads files at once and each in parts, in the words of one lexicon. What is wrong with one is said of its first row that is wrong.</summary>
    public static Read[] Files(ColumnMap map, TextWriter says, params string[] files)
    {
        var cut = files.Select(file => Csv.Parts(file, new FileInfo(file) is { Exists: true, Length: >= Small } ? Environment.ProcessorCount : 1)).ToList();
        var places = cut.Select((parts, at) => map.In(parts[0].Header) is var (found, wrong) && found is not null ? found : throw new BadInput($"{Path.GetFileName(files[at])}: {map.In(parts[0].Header).Wrong}")).ToList();
        var parts = cut.SelectMany((parts, file) => parts.Select(csv => (File: file, Csv: csv))).ToList();
        var read = new Part?[parts.Count];
        Parallel.For(0, parts.Count, at =>
        {
            try
            {
                using var csv = parts[at].Csv;
                read[at] = new(csv, map, places[parts[at].File]);
            }
            catch (BadInput)
            {
                // Where it stands is known when the whole file is read in its order.
            }
        });
        var all = new List<Read>();
        for (var file = 0; file < files.Length; file++)
        {
            var of = read.Where((_, at) => parts[at].File == file).ToList();
            var lexicon = all.FirstOrDefault()?.Roll.Lexicon ?? of[0]?.Lexicon;
            var (blank, impossible) = (of.Sum(part => part?.Lexicon.DatesBlank), of.Sum(part => part?.Lexicon.DatesImpossible)); // before one takes in the others
            (Ids Ids, Roll Roll, bool Twice)? whole = of.Contains(null) ? null : Whole(lexicon!, of!);
            if (whole is not { Twice: false, Ids: var ids, Roll: var roll })
            {
                using var csv = new Csv(files[file]);
                _ = new Part(csv, map, places[file], []);
                throw new InvalidOperationException($"{Path.GetFileName(files[file])} was changed while it was read");
            }
            var born = map.Columns.Any(column => column.Ours == "born") ? string.Create(CultureInfo.InvariantCulture, $"; dates of birth: {blank:N0} blank, {impossible:N0} that no calendar has") : "";
            says.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(files[file])}: {ids.Count:N0} people{born}"));
            if (of[^1]!.EndsAbruptly)
            {
                says.WriteLine($"{Path.GetFileName(files[file])}: the last row has no line end; if the file was cut inside its last value, nothing shows it");
            }
            all.Add(new(roll, ids));
        }
        return [.. all];

        static (Ids, Roll, bool Twice) Whole(Lexicon lexicon, List<Part> parts)
        {
            var (ids, roll, twice) = (parts[0].Ids, parts[0].Roll, false);
            Parallel.Invoke(() => twice = (ids = Ids.Of([.. parts.Select(part => part.Ids)])).HasTwice(), () => roll = Roll.Of(lexicon, [.. parts.Select(part => part.Roll)]));
            return (ids, roll, twice);
        }
    }

    /// <summary>Rows of a file that follow one another.</summary>
    private sealed class Part
    {
        /// <param name="before">In which row each id was met, where that is to be told.</param>
        public Part(Csv csv, ColumnMap map, int[][] places, Dictionary<string, int>? before = null)
        {
            Roll = new(Lexicon);
            var id = map.Columns.ToList().FindIndex(c => c.Ours == "id");
            var columns = map.Columns.Select(c => Columns.GetValueOrDefault(c.Ours)).ToArray();
            var joined = new StringBuilder();
            while (csv.Next())
            {
                var row = Roll.Begin();
                for (var i = 0; i < places.Length; i++)
                {
                    ReadOnlySpan<char> value;
                    if (places[i] is [var only])
                    {
                        value = csv[only];
                    }
                    else
                    {
                        joined.Clear();
                        foreach (var place in places[i])
                        {
                            joined.Append(csv[place]).Append(' ');
                        }
                        value = joined.ToString().AsSpan().Trim();
                    }
                    if (i != id)
                    {
                        Roll.Set(row, columns[i], value);
                    }
                    else if (value.IsEmpty)
                    {
                        throw csv.Wrong($"column \"{map.Columns[i].Theirs}\" is blank: without an id nothing can be said of the row");
                    }
                    else if (before?.TryAdd(value.ToString(), csv.Row) == false)
                    {
                        throw csv.Wrong($"column \"{map.Columns[i].Theirs}\" has the id that row {before[value.ToString()]} has already");
                    }
                    else
                    {
                        Ids.Add(value);
                    }
                }
            }
            EndsAbruptly = csv.EndsAbruptly;
        }

        public Lexicon Lexicon { get; } = new();

        public Roll Roll { get; }

        public Ids Ids { get; } = new();

        public bool EndsAbruptly { get; }
    }

    /// <summary>The map, or what is wrong with it.</summary>
    public static ColumnMap Map(string text)
    {
        var (map, wrong) = ColumnMap.Of(text, ["id", .. Columns.Keys]);
        return map is null ? throw new BadInput(wrong!)
            : map.Columns.All(c => c.Ours != "id") ? throw new BadInput("The map lacks id: say which column tells the rows apart, as id=rec_id")
            : map.Columns.Count == 1 ? throw new BadInput("The map names the id alone: there is nothing to compare")
            : map;
    }
}

/// <summary>A file that is there whole or not at all: written beside its place, and put there when it is finished.</summary>
public static class Written
{
    public static void To(string file, Action<TextWriter> write)
    {
        // What stands under /dev is no file: something put in its place would be there for every program of the machine.
        var place = Path.GetFullPath(file).StartsWith("/dev/", StringComparison.Ordinal) ? null : $"{file}.{Environment.ProcessId}.part";
        try
        {
            using (var writer = new StreamWriter(place ?? file, append: false, new UTF8Encoding(false), 1 << 16))
            {
                writer.NewLine = "\n";
                write(writer);
            }
            if (place is not null)
            {
                File.Move(place, file, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"{file} cannot be written: {e.Message}");
        }
        finally
        {
            if (place is not null)
            {
                File.Delete(place);
            }
        }
    }

    public static string Quoted(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"")}\"";
}
