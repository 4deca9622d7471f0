using Microsoft.OpenApi;

/// <summary>What a member of this name is, wherever the API takes or answers it and its own type says nothing more.</summary>
internal static class ApiWords
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["id"] = "Its number here (a UUID), by which other calls name it.",
        ["given"] = "Given names, as they were told; null where nobody said.",
        ["family"] = "Family name, as it was told; null where nobody said.",
        ["born"] = "Date of birth, where what was told could be understood as one.",
        ["expected"] = "The day on which an unborn child is expected; it stays after the birth.",
        ["unborn"] = "An expected date is known and no birth.",
        ["isChild"] = "Told of as a child, the unborn included.",
        ["tier"] = "open: to those involved. restricted: to its agency's managers and whoever they name. sealed: to its named readers alone.",
        ["ask"] = "The team to ask about what may not be read here.",
        ["urgent"] = "A child is in danger now: it stands before all else until a person accepts it.",
        ["reportKind"] = "Of the report: domestic-abuse, missing and so on.",
        ["reportId"] = "The sender's report; its own to open.",
        ["contactId"] = "The one child of the notice that it is about.",
        ["grade"] = "The officer's own; null where there is none.",
        ["occurredAt"] = "When it happened in the world; of an interval its beginning.",
        ["occurredUntil"] = "The end of the interval in which it happened.",
        ["recordedAt"] = "When the sender's own system had it entered.",
        ["receivedAt"] = "When it was received here: the database's time.",
        ["sentAt"] = "When the recipient was told.",
        ["openedAt"] = "When somebody of the recipient first opened it.",
        ["openedBy"] = "Who that was.",
        ["acknowledgedAt"] = "When a named person accepted responsibility for it.",
        ["acknowledgedBy"] = "Who that was.",
        ["takenBy"] = "Who works on it; null: nobody has taken it.",
        ["takenByName"] = "Who works on it, by name.",
        ["decision"] = "referral, early-help, open-case, no-further-action or another-council; null while it waits.",
        ["decidedAt"] = "When that was decided.",
        ["decidedBy"] = "Who decided.",
        ["team"] = "The team's name.",
        ["rank"] = "Rank or job.",
        ["clock"] = "The clock that runs: GET /api/clocks/{id}.",
        ["clocks"] = "The open clocks, the soonest due first.",
        ["dueAt"] = "The last moment in time.",
        ["stoppedAt"] = "When it was met or cancelled.",
        ["fileName"] = "As it was sent.",
        ["fromKind"] = "Who tells: police, council, school, health or dbs.",
        ["toKind"] = "Who is told: police, council, school, health or dbs.",
        ["reportKinds"] = "Of which kinds of report; null: of every kind.",
        ["discloses"] = "all, or school: that a pupil may be a victim, when and where the child was, and nothing else.",
        ["basis"] = "The law on which it rests.",
        ["agreedBy"] = "Who agreed it.",
        ["email"] = "At work: by it their agency's sign-in knows them.",
        ["role"] = "As what they work.",
        ["practitionerId"] = "Who that is.",
        ["fromEvent"] = "From what the years count: case closed, decided, recorded or birth.",
        ["authority"] = "Who or what says that it is kept so long.",
        ["askedBy"] = "Who asked for it.",
        ["askerId"] = "Who asked for it: somebody else agrees.",
        ["askedAt"] = "When it was asked for.",
        ["rule"] = "How long it was to be kept, from what and on whose authority.",
        ["destroyedAt"] = "When it was destroyed.",
        // Of RFC 9457.
        ["type"] = "A page about the kind of problem.",
        ["title"] = "The kind of refusal, in words.",
        ["status"] = "As the answer's own.",
        ["detail"] = "Which rule says no, and the law or policy that it rests on.",
        ["instance"] = "Of this one refusal; not given.",
        ["errors"] = "By field: why it was refused.",
    };

    public static void Describe(OpenApiDocument document)
    {
        foreach (var (name, member) in document.Components?.Schemas?.Values.SelectMany(s => s.Properties ?? new Dictionary<string, IOpenApiSchema>()) ?? [])
        {
            if (Words.TryGetValue(name, out var words) && !IsDescribed(member))
            {
                member.Description = words;
            }
        }
    }

    private static bool IsDescribed(IOpenApiSchema member) => member is not OpenApiSchemaReference && !string.IsNullOrWhiteSpace(member.Description) || member.OneOf?.Any(IsDescribed) == true;
}
