namespace Heed.Site.Notices;

/// <summary>What a recipient was shown of a report, on every page of theirs on which it stands.</summary>
/// <param name="People">Those of it that are to stand here; a page that has a place of its own for a child shows them there.</param>
public sealed record ReportedView(OpenNotice.View Notice, IEnumerable<PersonIn> People);

/// <param name="Shown">Where they are: who else is in it is family.</param>
public sealed record ReportedPerson(PersonIn Person, ReportIn Shown);
