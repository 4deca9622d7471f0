using System.Reflection;

namespace Heed.Statute;

/// <summary>One static class of limits, in the words of its name: PoliceProtection is "Police protection".</summary>
public sealed record Subject(string Title, IReadOnlyList<Limit> Limits);

/// <summary>Every limit there is. A limit is found because it is a public static readonly field here; there is no list to forget.</summary>
public static class Law
{
    public static IReadOnlyList<Subject> Subjects { get; } =
    [
        .. from type in typeof(Law).Assembly.GetExportedTypes()
           let limits = type.GetFields(BindingFlags.Public | BindingFlags.Static)
               .Where(field => field.IsInitOnly && field.FieldType.IsAssignableTo(typeof(Limit)))
               .OrderBy(field => field.MetadataToken)
               .Select(field => (Limit)field.GetValue(null)!)
               .ToList()
           where limits.Count > 0
           orderby type.Name
           select new Subject(Spaced(type.Name), limits),
    ];

    public static IReadOnlyList<Limit> All { get; } = [.. Subjects.SelectMany(subject => subject.Limits)];

    private static readonly Dictionary<string, Limit> ByKey = All.ToDictionary(limit => limit.Key);

    public static Limit Find(string key) =>
        ByKey.TryGetValue(key, out var limit) ? limit : throw new KeyNotFoundException($"There is no national limit \"{key}\"");

    public static bool TryFind(string key, out Limit? limit) => ByKey.TryGetValue(key, out limit);

    private static string Spaced(string name) =>
        string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
