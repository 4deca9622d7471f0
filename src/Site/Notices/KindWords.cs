namespace Heed.Site.Notices;

/// <summary>The kinds of report and what becomes of a contact, in the words of a page.</summary>
public static class KindWords
{
    /// <summary>What a council may decide about a child. No further action stands last and is never chosen for anybody.</summary>
    public static readonly IReadOnlyDictionary<string, string> Decisions = new Dictionary<string, string>
    {
        ["referral"] = "Accept as a referral",
        ["open-case"] = "Add to the open case",
        ["early-help"] = "Offer early help",
        ["another-council"] = "Pass to another council",
        ["no-further-action"] = "No further action",
    };

    public static string Of(string? kind) => kind switch
    {
        "domestic-abuse" => "Domestic abuse",
        "missing" => "Missing child",
        "child-concern" => "Concern for a child",
        "neglect" => "Neglect",
        "physical-injury" => "Physical injury",
        "exploitation" => "Exploitation",
        "online-abuse" => "Online abuse",
        "anti-social-behaviour" => "Anti-social behaviour",
        "custody" => "Child in custody",
        _ => "Other",
    };
}
