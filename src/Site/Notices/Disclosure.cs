using System.Text.Json.Nodes;
using Heed.Site.Access;

namespace Heed.Site.Notices;

/// <summary>What one recipient is shown of a report. It is written into the notice, so that what was disclosed can be read there for ever, to the letter.</summary>
public static class Disclosure
{
    public static string Of(Understood report, Route route) => route.Agreement!.Discloses switch
    {
        "all" => All(report),
        "school" => School(report, route),
        var other => throw new InvalidOperationException($"Nothing says what \"{other}\" discloses"),
    };

    /// <summary>A council must weigh the whole of it. It is the report as sent.</summary>
    private static string All(Understood report) => report.Canonical;

    /// <summary>
    /// Operation Encompass: the school learns that its pupil may be a victim, when, and where the child was, to support it that day.
    /// It learns nothing of the adults, the address, the allegation or the other children.
    /// </summary>
    private static string School(Understood report, Route route)
    {
        var pupils = report.People.Where(p => route.Mentions.Contains(p.Ordinal)).Select(p =>
        {
            var pupil = new JsonObject { ["roles"] = new JsonArray("child") };
            Say(pupil, "key", p.Said.Key);
            Say(pupil, "givenNames", p.Said.GivenNames);
            Say(pupil, "familyName", p.Said.FamilyName);
            Say(pupil, "born", p.Said.Born);
            Say(pupil, "seen", p.Said.Seen);
            return (JsonNode)pupil;
        });
        var shown = new JsonObject
        {
            ["kind"] = report.Kind,
            ["reference"] = report.Reference,
            ["version"] = report.Version,
            ["occurredAt"] = report.Said.OccurredAt,
            ["summary"] = "Police attended an incident of domestic abuse. This child may be a victim of it. Support the child today; do not approach the parents about this notice.",
            ["people"] = new JsonArray([.. pupils]),
        };
        // What an officer wrote of when it happened may say more than when.
        Say(shown, "occurredUntil", report.Said.OccurredUntil);
        Say(shown, "occurredPrecision", report.Said.OccurredPrecision is null or "to the minute" or "about that time" or "some time that day" ? report.Said.OccurredPrecision : "over a longer time");
        return shown.ToJsonString();

        static void Say(JsonObject of, string name, JsonNode? value)
        {
            if (value is not null)
            {
                of[name] = value;
            }
        }
    }

    /// <summary>What is left to those who should not have been told. Why is not for them: it tells more of the child than they were told by mistake.</summary>
    public static string Withdrawn(Understood correction) => new JsonObject
    {
        ["kind"] = correction.Kind,
        ["reference"] = correction.Reference,
        ["version"] = correction.Version,
        ["withdrawn"] = true,
        ["summary"] = "The sender has withdrawn this. Do not act on it or keep copies; confirm that you have read this.",
        ["people"] = new JsonArray(),
    }.ToJsonString();
}
