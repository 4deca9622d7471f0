namespace Heed.Matching;

/// <summary>Which of a file's columns is which of ours.</summary>
public sealed record ColumnMap(IReadOnlyList<(string Ours, string Theirs)> Columns)
{
    /// <summary>"born=date_of_birth,address=street+town": ours = theirs, several of theirs joined.</summary>
    public static (ColumnMap?, string? Wrong) Of(string map, IReadOnlyList<string> fields)
    {
        var columns = new List<(string Ours, string Theirs)>();
        foreach (var pair in map.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } ours, { Length: > 0 } theirs])
            {
                return (null, $"\"{pair}\" in the map is not ours=theirs");
            }
            if (!fields.Contains(ours))
            {
                return (null, $"The map names \"{ours}\", which is none of ours: {string.Join(", ", fields)}");
            }
            if (columns.Any(c => c.Ours == ours))
            {
                return (null, $"The map names \"{ours}\" twice");
            }
            columns.Add((ours, theirs));
        }
        return columns.Count == 0 ? (null, "The map is empty: say which of the file's columns is which, as id=number,given=forename") : (new(columns), null);
    }

    /// <summary>What a column of the file with this heading is taken for; null where it is left out.</summary>
    public string? Meaning(string theirs) => Columns.FirstOrDefault(c => c.Theirs.Split('+', StringSplitOptions.TrimEntries).Append(c.Theirs).Contains(theirs, StringComparer.OrdinalIgnoreCase)).Ours;

    /// <summary>Where in the file's rows each of ours stands; or what is missing.</summary>
    public (int[][]?, string? Wrong) In(string[] header)
    {
        var at = new List<int[]>();
        foreach (var (ours, theirs) in Columns)
        {
            string[] names = header.Contains(theirs, StringComparer.OrdinalIgnoreCase) ? [theirs] : theirs.Split('+', StringSplitOptions.TrimEntries);
            var places = names.Select(n => Array.FindAll([.. Enumerable.Range(0, header.Length)], i => string.Equals(header[i], n, StringComparison.OrdinalIgnoreCase))).ToList();
            if (places.FindIndex(p => p.Length == 0) is var missing and >= 0)
            {
                return (null, $"The file has no column \"{names[missing]}\", which the map names for {ours}. It has: {string.Join(", ", header)}");
            }
            if (places.FindIndex(p => p.Length > 1) is var twice and >= 0)
            {
                return (null, $"The file has the column \"{names[twice]}\" more than once");
            }
            at.Add([.. places.Select(p => p[0])]);
        }
        return ([.. at], null);
    }
}
