namespace Heed.Site.Layout;

/// <summary>
/// The words of the pages, by the English text itself: T["Acknowledge"]. Another language is a PageWords.cy.resx beside this file, with the English text as the name of each entry.
/// </summary>
public sealed class PageWords;
