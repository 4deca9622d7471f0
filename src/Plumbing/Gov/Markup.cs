using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;

namespace Heed.Plumbing.Gov;

/// <summary>
/// HTML that is already safe. <see cref="Of"/> is the way to write it: what stands in braces is encoded by its type, so that
/// a string can only become text or an attribute's value, and only another Markup goes in as it is.
/// </summary>
public sealed class Markup : IHtmlContent
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly string _html;

    private Markup(string html) => _html = html;

    public static Markup Of(Written html) => new(html.ToString());

    /// <summary>For HTML that came out of Razor (encoded there) or out of this source. Never for what somebody typed.</summary>
    public static Markup Trusted(string html) => new(html);

    public static Markup Trusted(IHtmlContent html)
    {
        if (html is Markup already)
        {
            return already;
        }
        using var writer = new StringWriter();
        html.WriteTo(writer, Encoder);
        return new(writer.ToString());
    }

    /// <summary>The HTML if there is some, else the text, encoded.</summary>
    public static Markup Either(Markup? html, string? text) => Any(html) ? Trusted(html!._html.Trim()) : Of($"{text}");

    public static Markup Join<T>(IEnumerable<T>? many, Func<T, Markup?> each) => new(string.Concat((many ?? []).Select(one => each(one)?._html)));

    public static Markup Join<T>(IEnumerable<T>? many, Func<T, int, Markup?> each) => new(string.Concat((many ?? []).Select((one, i) => each(one, i + 1)?._html)));

    /// <summary> name="value", or nothing where the value is null or empty.</summary>
    public static Markup? Attr(string name, string? value) => string.IsNullOrEmpty(value) ? null : Of($" {name}=\"{value}\"");

    /// <summary> name="value", or nothing where the value is null; an empty value is kept.</summary>
    public static Markup? AttrIfSet(string name, string? value) => value is null ? null : Of($" {name}=\"{value}\"");

    public static string Classes(params ReadOnlySpan<string?> classes)
    {
        var all = new StringBuilder();
        foreach (var one in classes)
        {
            if (!string.IsNullOrEmpty(one))
            {
                all.Append(all.Length > 0 ? " " : "").Append(one);
            }
        }
        return all.ToString();
    }

    public static bool Any(Markup? html) => !string.IsNullOrEmpty(html?._html);

    public static bool Any(string? text) => !string.IsNullOrEmpty(text);

    public void WriteTo(TextWriter writer, HtmlEncoder encoder) => writer.Write(_html);

    public override string ToString() => _html;

    [InterpolatedStringHandler]
    public readonly ref struct Written(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _all = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string source) => _all.Append(source);

        public void AppendFormatted(string? text) => _all.Append(text is null ? "" : Encoder.Encode(text));

        public void AppendFormatted(int? number) => _all.Append(number);

        public void AppendFormatted(Markup? html) => _all.Append(html?._html);

        public void AppendFormatted(Attributes? attributes) => attributes?.Write(this);

        public override string ToString() => _all.ToString();
    }
}

/// <summary>Further attributes of an element. A null value is written as name="".</summary>
public sealed class Attributes : Dictionary<string, string?>
{
    internal void Write(Markup.Written html)
    {
        foreach (var (name, value) in this)
        {
            html.AppendLiteral(" ");
            html.AppendFormatted(name);
            html.AppendLiteral("=\"");
            html.AppendFormatted(value);
            html.AppendLiteral("\"");
        }
    }
}
