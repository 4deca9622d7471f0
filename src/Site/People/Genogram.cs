using static Heed.Site.People.Family;

namespace Heed.Site.People;

/// <summary>
/// A family drawn by the conventions of McGoldrick, Gerson and Petry, Genograms: Assessment and Treatment: a square is male, a circle female, a diamond of unknown sex, a triangle unborn, a doubled outline the person whom
/// it is about; parents stand above, joined by a line, two strokes across it where they have parted; children by age from the left, twins from one point; a broken line around who lives together.
/// Pure: the same family in any order of rows is the same drawing. Every tie is in <see cref="Drawn"/> or has to be read in the list beside it. All lengths are in pixels at 100 %.
/// </summary>
public sealed record Genogram(IReadOnlyList<Genogram.Symbol> Symbols, IReadOnlyList<Genogram.Line> Lines, IReadOnlyList<Genogram.Home> Homes, IReadOnlySet<Tie> Drawn, int Width, int Height)
{
    /// <summary>Of a symbol; of the cell that it and the words below it have to themselves; of that cell with its words.</summary>
    public const int Size = 48, Cell = 136, Tall = 122;

    /// <summary>Around all of it.</summary>
    public const int Edge = 24;

    public enum Shape { Square, Circle, Diamond, Triangle }

    /// <param name="Member">Null for a parent whom nobody has named: a gap that is to be seen.</param>
    /// <param name="X">The middle.</param>
    /// <param name="Y">The top.</param>
    /// <param name="ParentOf">Whose parent a gap stands for.</param>
    public sealed record Symbol(Member? Member, Shape Shape, bool Index, int Row, int X, int Y, IReadOnlyList<int> ParentOf);

    /// <param name="Points">x y x y …</param>
    /// <param name="Broken">Nobody says that these two are, or were, partners; or that these siblings have a parent in common.</param>
    public sealed record Line(IReadOnlyList<int> Points, bool Broken = false);

    /// <summary>One household, in as many rectangles as its outline is made of; Number names it in the list.</summary>
    public sealed record Home(int Number, IReadOnlySet<int> Members, IReadOnlyList<(int X, int Y, int Width, int Height)> Parts);

    public static Genogram Of(Family family) => family.Of is { } of ? GenogramDrawing.Of(new(family, of)) : new([], [], [], new HashSet<Tie>(), 0, 0);
}
