using System.Globalization;
using System.Text;
using Heed.Matching;

namespace Heed.Linking;

/// <summary>The people of one file and their ids, in the file's order.</summary>
public sealed record Read(Roll Roll, List<string> Ids)
{
    /// <summary>Our names as they stand in a map; id apart.</summary>
    public static readonly IReadOnlyDictionary<string, Column> Columns = new Dictionary<string, Column>
    {
        ["given"] = Column.Given, ["family"] = Column.Family, ["full_name"] = Column.FullName, ["aliases"] = Column.Aliases, ["born"] = Column.Born, ["sex"] = Column.Sex, ["address"] = Column.Address,
        ["locality"] = Column.Locality, ["postcode"] = Column.Postcode, ["nhs"] = Column.Nhs, ["upn"] = Column.Upn, ["pnc"] = Column.Pnc, ["phone"] = Column.Phone, ["email"] = Column.Email,
        ["occupation"] = Column.Occupation, ["other"] = Column.Other,
    };

    public static Read File(string file, ColumnMap map, Lexicon lexicon, TextWriter says)
    {
        using var csv = new Csv(file);
        var (places, wrong) = map.In(csv.Header);
        if (places is null)
        {
            throw new BadInput($"{Path.GetFileName(file)}: {wrong}");
        }
        var id = map.Columns.ToList().FindIndex(c => c.Ours == "id");
        var roll = new Roll(lexicon);
        var ids = new List<string>();
        var rowOf = new Dictionary<string, int>();
        var (blank, impossible) = (lexicon.DatesBlank, lexicon.DatesImpossible);
        var joined = new StringBuilder();
        while (csv.Next())
        {
            var row = roll.Begin();
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
                    roll.Set(row, Columns[map.Columns[i].Ours], value);
                    continue;
                }
                var text = value.ToString();
                if (text.Length == 0)
                {
                    throw csv.Wrong($"column \"{map.Columns[i].Theirs}\" is blank: without an id nothing can be said of the row");
                }
                if (!rowOf.TryAdd(text, csv.Row))
                {
                    throw csv.Wrong($"column \"{map.Columns[i].Theirs}\" has the id that row {rowOf[text]} has already");
                }
                ids.Add(text);
            }
        }
        says.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}: {ids.Count:N0} people{Dates(map, lexicon.DatesBlank - blank, lexicon.DatesImpossible - impossible)}"));
        if (csv.EndsAbruptly)
        {
            says.WriteLine($"{Path.GetFileName(file)}: the last row has no line end; if the file was cut inside its last value, nothing shows it");
        }
        return new(roll, ids);
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

    private static string Dates(ColumnMap map, int blank, int impossible) =>
        map.Columns.All(c => c.Ours != "born") ? "" : string.Create(CultureInfo.InvariantCulture, $"; dates of birth: {blank:N0} blank, {impossible:N0} that no calendar has");
}

/// <summary>A file that is there whole or not at all: written beside its place, and put there when it is finished.</summary>
public static class Written
{
    public static void To(string file, Action<TextWriter> write)
    {
        var part = $"{file}.{Environment.ProcessId}.part";
        try
        {
            using (var writer = new StreamWriter(part, append: false, new UTF8Encoding(false), 1 << 16))
            {
                writer.NewLine = "\n";
                write(writer);
            }
            File.Move(part, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInput($"{file} cannot be written: {e.Message}");
        }
        finally
        {
            File.Delete(part);
        }
    }

    public static string Quoted(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"")}\"";
}
