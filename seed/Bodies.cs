using NodaTime;

namespace Heed.Seed;

/// <summary>The agencies of the partnership, their teams, and who works in them.</summary>
public static class Bodies
{
    public const string Police = "tees-valley-police", Hospital = "tees-university-hospitals", Partners = "tees-valley-partnership", Inspectorate = "joint-inspectorate";

    public static readonly IReadOnlyList<Agency> Agencies =
    [
        new(Police, "Tees Valley Police", AgencyKind.Police, "E23000090"),
        new(Places.Norton, "Norton and Stockton Council", AgencyKind.Council, "E06000991"),
        new(Places.Levenside, "Levenside Council", AgencyKind.Council, "E06000992"),
        new(Places.Hartmoor, "Hartmoor Borough Council", AgencyKind.Council, "E06000993"),
        new(Hospital, "Tees University Hospitals NHS Trust", AgencyKind.Health, "RZ9"),
        new(Partners, "Tees Valley Safeguarding Children Partnership", AgencyKind.Partnership, "TVSCP"),
        new(Inspectorate, "Joint inspection team", AgencyKind.Partnership, "JTAI"),
        .. Schools.All.Select(school => new Agency(school.Key, school.Name, AgencyKind.School, school.Urn, HasHeed: school.Phase != "independent")),
    ];

    private static readonly LocalTime HalfPastEight = new(8, 30), Five = new(17, 0);

    /// <summary>Every team with its number, but an independent school's, which has given none.</summary>
    public static readonly IReadOnlyList<Team> Teams = [.. Unnumbered.Select((team, i) => team.Agency == Schools.All.First(s => s.Phase == "independent").Key ? team : team with { Telephone = $"01632 960{i + 100}" })];

    private static IReadOnlyList<Team> Unnumbered =>
    [
        new("tvp-response-stockton", Police, "Response, Stockton", "response", "tvp-duty-inspectors", null, null, null),
        new("tvp-response-hartmoor", Police, "Response, Hartmoor", "response", "tvp-duty-inspectors", null, null, null),
        new("tvp-mash-desk", Police, "MASH desk", "mash-desk", "tvp-duty-inspectors", "tvp-duty-inspectors", new(7, 0), new(22, 0)),
        new("tvp-child-abuse", Police, "Child abuse investigation team", "child-abuse-investigation", "tvp-detective-inspectors", "tvp-detective-inspectors", new(8, 0), new(20, 0)),
        new("tvp-custody", Police, "Custody, Stockton", "custody", "tvp-duty-inspectors", "tvp-duty-inspectors", new(7, 0), new(19, 0)),
        new("tvp-duty-inspectors", Police, "Control room and duty inspectors", "duty-managers", "tvp-public-protection", null, null, null),
        new("tvp-detective-inspectors", Police, "Detective inspectors on call", "duty-managers", "tvp-public-protection", null, null, null),
        new("tvp-public-protection", Police, "Public protection command", "duty-managers", null, null, null, null),
        Reviewers(Police, "tvp-public-protection"),

        .. Council(Places.Norton, "tees-edt"), .. Council(Places.Levenside, "tees-edt"), .. Council(Places.Hartmoor, "hartmoor-edt"),
        new("tees-edt", Places.Norton, "Tees Emergency Duty Team (Norton and Stockton, Levenside)", "out-of-hours", "norton-stockton-heads", null, null, null),
        new("hartmoor-edt", Places.Hartmoor, "Hartmoor Emergency Duty Team", "out-of-hours", "hartmoor-heads", null, null, null),

        new("tuh-safeguarding", Hospital, "Safeguarding nurses", "safeguarding", "tuh-named", "tuh-emergency", new(8, 0), new(18, 0)),
        new("tuh-emergency", Hospital, "Emergency department", "emergency-department", "tuh-named", null, null, null),
        new("tuh-named", Hospital, "Named professionals on call", "duty-managers", null, null, null, null),
        Reviewers(Hospital, "tuh-named"),
        new("tvscp-business", Partners, "Business unit", "partnership", "norton-stockton-heads", null, new(9, 0), Five),
        new("jti-inspectors", Inspectorate, "Inspectors", "inspection", null, null, new(9, 0), Five),

        .. Schools.All.Select(school => new Team($"{school.Key}-safeguarding", school.Key, "Safeguarding leads", "safeguarding", $"{school.Council}-heads", null, new(8, 0), new(16, 30))),
    ];

    public static readonly IReadOnlyList<Practitioner> Practitioners =
    [
        P("okafor", Police, "Chidi Okafor", "response-officer", "PC 2214", "tvp-response-stockton", true),
        P("duggan", Police, "Orla Duggan", "response-officer", "PC 1873", "tvp-response-stockton"),
        P("metcalfe-t", Police, "Tom Metcalfe", "response-officer", "PC 2540", "tvp-response-stockton"),
        P("sandhu", Police, "Jas Sandhu", "response-officer", "PC 2391", "tvp-response-stockton"),
        P("pickering", Police, "Amy Pickering", "response-officer", "PC 1967", "tvp-response-hartmoor"),
        P("boyle", Police, "Ciaran Boyle", "response-officer", "PC 2602", "tvp-response-hartmoor"),
        P("wanless", Police, "Rob Wanless", "response-officer", "PC 1755", "tvp-response-hartmoor"),
        P("haidari", Police, "Leila Haidari", "response-officer", "PC 2688", "tvp-response-hartmoor"),
        P("thirlwell", Police, "Denise Thirlwell", "mash-desk-officer", "Police staff", "tvp-mash-desk", true),
        P("mcateer", Police, "Joe McAteer", "mash-desk-officer", "PC 1402", "tvp-mash-desk"),
        P("banerjee", Police, "Ritu Banerjee", "mash-desk-officer", "Police staff", "tvp-mash-desk"),
        P("corrigan", Police, "Mark Corrigan", "designated-officer", "Inspector", "tvp-duty-inspectors"),
        P("asante", Police, "Grace Asante", "designated-officer", "Inspector", "tvp-duty-inspectors"),
        P("lister", Police, "Fraser Lister", "designated-officer", "Inspector", "tvp-duty-inspectors"),
        P("holroyd", Police, "Beth Holroyd", "detective", "Detective Constable", "tvp-child-abuse", true),
        P("nawaz", Police, "Adil Nawaz", "detective", "Detective Constable", "tvp-child-abuse"),
        P("gilchrist", Police, "Sheila Gilchrist", "detective", "Detective Sergeant", "tvp-child-abuse"),
        P("rennison", Police, "Paul Rennison", "detective", "Detective Inspector", "tvp-detective-inspectors"),
        P("osman-f", Police, "Faiza Osman", "detective", "Detective Inspector", "tvp-detective-inspectors"),
        P("cairns", Police, "Vic Cairns", "custody-officer", "Sergeant", "tvp-custody"),
        P("hewitt", Police, "Anna Hewitt", "force-lead", "Detective Superintendent", "tvp-public-protection"),
        P("tolliver", Police, "Marcus Tolliver", "force-lead", "Detective Chief Inspector", "tvp-public-protection"),

        P("ramsey", Places.Norton, "Nadine Ramsey", "social-worker", "Social worker", "norton-stockton-front-door", true),
        P("bielecki", Places.Norton, "Marek Bielecki", "social-worker", "Social worker", "norton-stockton-front-door"),
        P("whelan", Places.Norton, "Siobhan Whelan", "team-manager", "Team manager", "norton-stockton-front-door", true),
        P("appiah", Places.Norton, "Kwame Appiah", "social-worker", "Social worker", "norton-stockton-assessment"),
        P("dunning", Places.Norton, "Lorraine Dunning", "social-worker", "Senior social worker", "norton-stockton-assessment"),
        P("farrar", Places.Norton, "Ben Farrar", "team-manager", "Team manager", "norton-stockton-assessment"),
        P("khalid", Places.Norton, "Rubina Khalid", "service-manager", "Service manager", "norton-stockton-assessment", true),
        P("prentice", Places.Norton, "Gail Prentice", "conference-chair", "Independent reviewing officer", "norton-stockton-conference", true),
        P("oduya", Places.Norton, "Stella Oduya", "service-manager", "Head of service", "norton-stockton-heads"),
        P("mallory", Places.Norton, "Hugh Mallory", "service-manager", "Director of children's services", "norton-stockton-heads"),

        P("sharma", Places.Levenside, "Deepa Sharma", "social-worker", "Social worker", "levenside-front-door", true),
        P("kirton", Places.Levenside, "Alan Kirton", "social-worker", "Social worker", "levenside-front-door"),
        P("delaney", Places.Levenside, "Ruth Delaney", "team-manager", "Team manager", "levenside-front-door"),
        P("mutasa", Places.Levenside, "Tendai Mutasa", "social-worker", "Social worker", "levenside-assessment"),
        P("frost", Places.Levenside, "Hannah Frost", "social-worker", "Social worker", "levenside-assessment"),
        P("lockwood", Places.Levenside, "Jean Lockwood", "service-manager", "Service manager", "levenside-assessment"),
        P("hoyle", Places.Levenside, "Martin Hoyle", "conference-chair", "Independent reviewing officer", "levenside-conference"),
        P("bradwell", Places.Levenside, "Sonia Bradwell", "service-manager", "Head of service", "levenside-heads"),
        P("iqbal-z", Places.Levenside, "Zafar Iqbal", "service-manager", "Director of children's services", "levenside-heads"),

        P("neasham", Places.Hartmoor, "Ellie Neasham", "social-worker", "Social worker", "hartmoor-front-door", true),
        P("popa", Places.Hartmoor, "Diana Popa", "social-worker", "Social worker", "hartmoor-front-door"),
        P("greaves", Places.Hartmoor, "Colin Greaves", "team-manager", "Team manager", "hartmoor-front-door"),
        P("lamont", Places.Hartmoor, "Rosa Lamont", "social-worker", "Social worker", "hartmoor-assessment"),
        P("yau", Places.Hartmoor, "Vincent Yau", "social-worker", "Social worker", "hartmoor-assessment"),
        P("storey", Places.Hartmoor, "Maureen Storey", "service-manager", "Service manager", "hartmoor-assessment"),
        P("birtle", Places.Hartmoor, "Owen Birtle", "conference-chair", "Independent reviewing officer", "hartmoor-conference"),
        P("quayle", Places.Hartmoor, "Angela Quayle", "service-manager", "Head of service", "hartmoor-heads"),
        P("forster", Places.Hartmoor, "Neil Forster", "service-manager", "Director of children's services", "hartmoor-heads"),

        P("egan", Places.Norton, "Pauline Egan", "social-worker", "Emergency duty social worker", "tees-edt", true),
        P("bello", Places.Norton, "Musa Bello", "social-worker", "Emergency duty social worker", "tees-edt"),
        P("sturrock", Places.Norton, "Iain Sturrock", "social-worker", "Emergency duty social worker", "tees-edt"),
        P("catterick", Places.Hartmoor, "Joyce Catterick", "social-worker", "Emergency duty social worker", "hartmoor-edt"),
        P("rahim", Places.Hartmoor, "Shafiq Rahim", "social-worker", "Emergency duty social worker", "hartmoor-edt"),

        P("mensah", Hospital, "Abena Mensah", "health-practitioner", "Safeguarding nurse", "tuh-safeguarding", true),
        P("whitfield", Hospital, "Carol Whitfield", "health-practitioner", "Safeguarding nurse", "tuh-safeguarding"),
        P("santos", Hospital, "Miguel Santos", "health-practitioner", "Nurse in charge", "tuh-emergency"),
        P("roddam", Hospital, "Tracy Roddam", "health-practitioner", "Nurse in charge", "tuh-emergency"),
        P("varghese", Hospital, "Anu Varghese", "health-practitioner", "Nurse in charge", "tuh-emergency"),
        P("lindqvist", Hospital, "Karin Lindqvist", "health-practitioner", "Named doctor", "tuh-named"),
        P("heaton", Hospital, "Barbara Heaton", "health-practitioner", "Named nurse", "tuh-named"),
        P("pemberton", Police, "Harriet Pemberton", "privacy-reviewer", "Information governance manager", $"{Police}-information", true),
        P("verma", Places.Norton, "Ishaan Verma", "privacy-reviewer", "Data protection officer", $"{Places.Norton}-information", true),
        P("castellano", Places.Levenside, "Rita Castellano", "privacy-reviewer", "Data protection officer", $"{Places.Levenside}-information"),
        P("thorburn", Places.Hartmoor, "Douglas Thorburn", "privacy-reviewer", "Information governance officer", $"{Places.Hartmoor}-information"),
        P("adeyemi", Hospital, "Folake Adeyemi", "privacy-reviewer", "Privacy officer", $"{Hospital}-information"),
        P("ashworth", Partners, "Miriam Ashworth", "partnership-manager", "Business manager", "tvscp-business", true),
        P("templeton", Inspectorate, "Ruby Templeton", "inspector", "His Majesty's Inspector", "jti-inspectors", true),
        P("drummond", Inspectorate, "Alasdair Drummond", "inspector", "His Majesty's Inspector", "jti-inspectors"),

        .. Schools.All.SelectMany(school => new[]
        {
            P($"{school.Key}-lead", school.Key, school.Lead, "safeguarding-lead", "Designated safeguarding lead", $"{school.Key}-safeguarding", school.Key == "norton-primary"),
            P($"{school.Key}-deputy", school.Key, school.Deputy, "safeguarding-lead", "Deputy safeguarding lead", $"{school.Key}-safeguarding"),
        }),
    ];

    private static Team[] Council(string council, string outOfHours) =>
    [
        new($"{council}-front-door", council, "Front door (MASH)", "front-door", $"{council}-heads", outOfHours, HalfPastEight, Five),
        new($"{council}-assessment", council, "Assessment", "assessment", $"{council}-heads", outOfHours, HalfPastEight, Five),
        new($"{council}-conference", council, "Conference and review service", "conference", $"{council}-heads", outOfHours, HalfPastEight, Five),
        new($"{council}-heads", council, "Head of service and director on call", "duty-managers", null, null, null, null),
        Reviewers(council, $"{council}-heads"),
    ];

    private static Team Reviewers(string agency, string above) => new($"{agency}-information", agency, "Information governance", "information-governance", above, null, new(9, 0), Five);

    private static Practitioner P(string key, string agency, string name, string role, string rank, string team, bool canSignIn = false) => new(key, agency, name, role, rank, team, canSignIn);
}
