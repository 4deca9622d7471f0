using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Heed.Site.Tests.Gov;

/// <summary>
/// HTML as a browser understands it, one line a node: attributes in order of name, space as it is seen. Indentation is no
/// difference; a space between two words that stand in a line is one.
/// </summary>
internal static partial class Html
{
    private static readonly HashSet<string> Inline = ["a", "abbr", "b", "button", "em", "i", "input", "label", "span", "strong", "svg", "path", "time"];

    public static string Normal(string html)
    {
        var document = new HtmlParser().ParseDocument("<body>" + html + "</body>");
        var all = new StringBuilder();
        foreach (var node in document.Body!.ChildNodes)
        {
            Write(node, all, 0);
        }
        return all + "reads: " + Reads(document.Body) + "\n";
    }

    private static void Write(INode node, StringBuilder all, int depth)
    {
        var indent = new string(' ', depth * 2);
        if (node is IText text)
        {
            var kept = node.ParentElement?.LocalName is "textarea" or "pre" ? text.Data.Replace("\r\n", "\n") : Space().Replace(text.Data, " ").Trim();
            if (kept.Length > 0)
            {
                all.Append(indent).Append('"').Append(kept).Append("\"\n");
            }
        }
        else if (node is IElement element)
        {
            all.Append(indent).Append('<').Append(element.LocalName);
            foreach (var attribute in element.Attributes.OrderBy(a => a.Name, StringComparer.Ordinal))
            {
                var value = attribute.Name == "class" ? Space().Replace(attribute.Value, " ").Trim() : attribute.Value;
                all.Append(' ').Append(attribute.Name).Append("=\"").Append(value).Append('"');
            }
            all.Append(">\n");
            foreach (var child in element.ChildNodes)
            {
                Write(child, all, depth + 1);
            }
        }
    }

    private static string Reads(INode node)
    {
        var all = new StringBuilder();
        void Walk(INode at)
        {
            if (at is IText text)
            {
                all.Append(text.Data);
                return;
            }
            var block = at is IElement element && !Inline.Contains(element.LocalName);
            all.Append(block ? " " : "");
            foreach (var child in at.ChildNodes)
            {
                Walk(child);
            }
            all.Append(block ? " " : "");
        }
        Walk(node);
        return Space().Replace(all.ToString(), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
