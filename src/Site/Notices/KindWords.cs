namespace Heed.Site.Notices;

/// <summary>The kinds of report, what people are in it, and what becomes of a contact, in the words of a page.</summary>
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

    /// <summary>Why a case is closed, by the codes of the children in need census (data item N00105).</summary>
    public static readonly IReadOnlyDictionary<string, string> Closings = new Dictionary<string, string>
    {
        ["RC8"] = "Assessed, and no further action", ["RC9"] = "Assessed, and referred to early help", ["RC7"] = "No longer in need, or services ended for another reason", ["RC5"] = "Moved to another council's services", ["RC6"] = "Moved to adult services",
        ["RC3"] = "A child arrangements order", ["RC4"] = "A special guardianship order", ["RC1"] = "Adopted", ["RC2"] = "Died",
    };

    /// <summary>What an adult may be in a report, as the officer's form offers it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Roles = new Dictionary<string, string>
    {
        ["victim"] = "Victim", ["suspect"] = "Suspect", ["carer"] = "Parent or carer of a child", ["witness"] = "Witness", ["household-member"] = "Lives in the household", ["other"] = "Somebody else",
    };

    /// <summary>A role that is none of ours is an agency's own word, and is shown as it wrote it.</summary>
    public static string Role(string role) => role.Trim().ToLowerInvariant() switch { "child" => "Child", "unborn" => "Child, not born yet", "pupil" => "Pupil", var known => Roles.GetValueOrDefault(known, role) };

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
