using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Heed.Seed.Tests;

/// <summary>Partnerships at instants that a demo has to survive, each made once.</summary>
public static class Made
{
    public static readonly IReadOnlyDictionary<string, Instant> Moments = new Dictionary<string, Instant>
    {
        ["a Sunday evening"] = At("2026-11-22T20:12:00Z"),
        ["a Wednesday morning"] = At("2026-11-25T09:30:00Z"),
        ["Christmas Day"] = At("2026-12-25T11:00:00Z"),
        ["the Monday after Easter"] = At("2027-03-29T07:05:00Z"),
        ["just past midnight in August"] = At("2027-08-10T23:20:00Z"),
        ["New Year, three in the morning"] = At("2028-01-01T03:00:00Z"),
    };

    private static readonly Dictionary<string, Lazy<Partnership>> All = Moments.ToDictionary(moment => moment.Key, moment => new Lazy<Partnership>(() => Generator.Make(moment.Value)));

    public static Partnership Sunday => On("a Sunday evening");

    public static Partnership On(string moment) => All[moment].Value;

    public static TheoryData<string> Each() => new(Moments.Keys);

    public static string Fingerprint(Partnership partnership) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Text(partnership))));

    public static JsonElement Json(this Sent sent) => JsonDocument.Parse(sent.Json).RootElement;

    public static Instant At(string text) => InstantPattern.General.Parse(text).Value;

    private static string Text(Partnership partnership)
    {
        var all = new StringBuilder(partnership.Name);
        void Say(object? thing)
        {
            if (thing is System.Collections.IEnumerable several and not string)
            {
                foreach (var one in several)
                {
                    Say(one);
                }
                return;
            }
            all.Append(thing).Append('\n');
            if (thing?.GetType() is { IsClass: true, Namespace: "Heed.Seed" } type)
            {
                foreach (var property in type.GetProperties().Where(property => property.PropertyType != typeof(string) && property.GetIndexParameters().Length == 0 && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType)))
                {
                    Say(property.GetValue(thing));
                }
            }
        }
        foreach (var property in typeof(Partnership).GetProperties().Where(property => property.Name != "EqualityContract"))
        {
            Say(property.GetValue(partnership));
        }
        return all.ToString();
    }
}
