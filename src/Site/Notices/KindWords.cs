namespace Heed.Site.Notices;

/// <summary>The kinds of report and the states of things, in the words of a page.</summary>
public static class KindWords
{
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
