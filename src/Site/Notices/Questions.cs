namespace Heed.Site.Notices;

/// <summary>
/// The questionnaires that an officer is asked to go through, as data: a version that changes is one more entry, and what was answered under the old one keeps its numbers.
/// DASH 2009 stands in the words of the ACPO form as it was published, its notes to the officer shortened; DARA is what the College of Policing's published material says it covers, in words of our own.
/// Both belong to their owners: a force must put its licensed wording in here before it uses them. Answers are sent by number and version, never added up: neither is a measure of a child's risk.
/// </summary>
public static class Questions
{
    /// <param name="Name">As a report names it, with <paramref name="Version"/>.</param>
    public sealed record Instrument(string Key, string Name, string Version, string Title, IReadOnlyList<Question> Asked, IReadOnlyList<Cluster> Clusters)
    {
        /// <summary>What was answered that the officer should weigh together: facts, in the order in which they are written here, and no sum.</summary>
        public IEnumerable<Cluster> Stand(IReadOnlyDictionary<string, string?> answers) => Clusters.Where(c => c.AllOf.All(number => answers.GetValueOrDefault(number) == "yes"));
    }

    public sealed record Question(string Number, string Words);

    public sealed record Cluster(string Words, params string[] AllOf);

    public static readonly Instrument Dash2009 = new("dash-2009", "DASH", "2009", "DASH 2009: domestic abuse, stalking and honour-based violence", Numbered(
        "Has the current incident resulted in injury? (Please state what and whether this is the first injury)",
        "Are you very frightened?",
        "What are you afraid of? Is it further injury or violence? (Please give an indication of what you think they might do and to whom)",
        "Do you feel isolated from family or friends, i.e. do they try to stop you from seeing friends, family, doctor or others?",
        "Are you feeling depressed or having suicidal thoughts?",
        "Have you separated or tried to separate from them within the past year?",
        "Is there conflict over child contact? (Please state what)",
        "Do they constantly text, call, contact, follow, stalk or harass you?",
        "Are you currently pregnant or have you recently had a baby (in the past 18 months)?",
        "Are there any children, step-children that aren't theirs in the household? Or are there other dependants in the household (i.e. older relative)?",
        "Have they ever hurt the children or dependants?",
        "Have they ever threatened to hurt or kill the children or dependants?",
        "Is the abuse happening more often?",
        "Is the abuse getting worse?",
        "Do they try to control everything you do and/or are they excessively jealous?",
        "Have they ever used weapons or objects to hurt you?",
        "Have they ever threatened to kill you or someone else and you believed them?",
        "Have they ever attempted to strangle, choke, suffocate or drown you?",
        "Do they do or say things of a sexual nature that make you feel bad or that physically hurt you or someone else?",
        "Is there any other person that has threatened you or that you are afraid of? (If yes, consider extended family if honour-based violence)",
        "Do you know if they have hurt anyone else? (Children, siblings, elderly relative, stranger, for example)",
        "Have they ever mistreated an animal or the family pet?",
        "Are there any financial issues? For example, are you dependent on them for money, or have they recently lost their job?",
        "Have they had problems in the past year with drugs (prescription or other), alcohol or mental health leading to problems in leading a normal life?",
        "Have they ever threatened or attempted suicide?",
        "Have they ever breached bail, an injunction and/or any agreement for when they can see you and/or the children?",
        "Do you know if they have ever been in trouble with the police or have a criminal history?"),
        [
            new("Strangulation or choking", "18"),
            new("Threats to kill that were believed", "17"),
            new("Threats to hurt or kill the children", "12"),
            new("Separation together with controlling behaviour", "6", "15"),
            new("Stalking or harassment", "8"),
            new("Pregnancy, or a baby in the last 18 months", "9"),
        ]);

    public static readonly Instrument Dara2022 = new("dara-2022", "DARA", "2022", "DARA 2022: domestic abuse risk assessment of the College of Policing", Numbered(
        "Was anybody hurt this time?",
        "Are you frightened of what they may do next, to you or to others?",
        "Do they keep you from family, friends, work or help?",
        "Do they control your money, or what you may buy?",
        "Do they watch or check where you are, whom you talk to, or your telephone?",
        "Do they decide everyday things for you: what you wear, eat, or when you go out?",
        "Do they humiliate you, or blame you for what they do?",
        "Do they follow you, turn up unwanted, or contact you again and again?",
        "Have they threatened to hurt you, the children, a pet or themselves?",
        "Have they threatened to kill you or somebody else?",
        "Have they ever strangled, choked or suffocated you?",
        "Have they used a weapon or an object to hurt or frighten you?",
        "Have they made you do something sexual that you did not want?",
        "Have you separated, or tried to, or told them that you will?",
        "Is it happening more often, or getting worse?",
        "Are you pregnant, or have you had a baby recently?",
        "Have they hurt the children, or used them to get at you?",
        "Have they broken bail, an order or an agreement?",
        "Is there drink, drugs or mental illness that makes it worse?"),
        [
            new("Strangulation or choking", "11"),
            new("Threats to kill", "10"),
            new("Separation together with controlling behaviour: watching", "14", "5"),
            new("Separation together with controlling behaviour: deciding everyday things", "14", "6"),
            new("Stalking or harassment", "8"),
            new("Pregnancy, or a recent baby", "16"),
        ]);

    public static readonly IReadOnlyList<Instrument> Instruments = [Dash2009, Dara2022];

    public static Instrument? Of(string? key) => Instruments.FirstOrDefault(i => i.Key == key);

    /// <summary>As a report names it; none where Heed does not hold its words.</summary>
    public static Instrument? Of(string? name, string? version) => Instruments.FirstOrDefault(i => i.Name == name && i.Version == version);

    private static Question[] Numbered(params string[] words) => [.. words.Select((w, i) => new Question((i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), w))];
}
