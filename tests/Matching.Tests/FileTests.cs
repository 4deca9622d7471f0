using System.Text;
using CsCheck;
using Heed.Linking;

namespace Heed.Matching.Tests;

/// <summary>What a bad file or a bad map gets: an error that names row and column and no value, and no file written.</summary>
public sealed class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("heed-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string text, Encoding? encoding = null)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.csv");
        System.IO.File.WriteAllText(file, text, encoding ?? new UTF8Encoding(false));
        return file;
    }

    private static Read Read(string file, string map = "id=id,given=given,born=born") => Linking.Read.Files(Linking.Read.Map(map), TextWriter.Null, file)[0];

    private static string Wrong(Action what) => Assert.Throws<BadInput>(what).Message;

    private static List<string[]> Rows(string file)
    {
        using var csv = new Csv(file);
        var rows = new List<string[]>();
        while (csv.Next())
        {
            rows.Add([.. Enumerable.Range(0, csv.Header.Length).Select(at => csv[at].ToString())]);
        }
        return rows;
    }

    [Fact]
    public void Quotes_spaces_line_ends_and_marks_are_read_as_they_are_meant()
    {
        string[][] expected = [["1", "Hart, Ella", "two\nlines"], ["2", "said \"no\"", ""]];
        foreach (var text in (string[])["id, name ,note\n1,\"Hart, Ella\",\"two\nlines\"\n2, \"said \"\"no\"\"\" ,\n", "\uFEFFid;name;note\r\n1;\"Hart, Ella\";\"two\nlines\"\r\n\r\n2;\"said \"\"no\"\"\";"])
        {
            Assert.Equal(expected, Rows(File(text)));
        }
    }

    [Fact]
    public void A_row_longer_than_the_buffer_is_one_row()
    {
        var name = new string('x', 300_000);
        Assert.Equal([["1", name], ["2", "y"]], Rows(File($"id,given\n1,\"{name}\"\n2,y\n")));
    }

    [Fact]
    public void What_is_not_UTF8_is_read_as_Windows_1252() =>
        Assert.Equal([["1", "Zoë"]], Rows(File("id,given\n1,Zoë\n", CodePagesEncodingProvider.Instance.GetEncoding(1252))));

    [Theory]
    [InlineData("id,given,born\n1,Ella,2019-03-14\n2,Tom\n", "row 2 (line 3)", "\"born\" is missing")]
    [InlineData("id,given,born\n1,Ella,2019-03-14\n2,To", "row 2 (line 3)", "it was cut")]
    [InlineData("id,given,born\n1,Ella,Hart,2019-03-14\n", "row 1 (line 2)", "a separator stands inside a value")]
    [InlineData("id,given,born\n1,\"Ella,2019-03-14\n", "row 1 (line 2)", "never closed")]
    [InlineData("id,given,born\n1,Ella,\n1,Tom,\n", "row 2 (line 3)", "the id that row 1 has already")]
    [InlineData("id,given,born\n,Ella,\n", "row 1 (line 2)", "blank")]
    public void A_broken_row_ends_it_and_is_named_without_its_words(string text, string where, string why)
    {
        var message = Wrong(() => Read(File(text)));
        Assert.Contains(where, message);
        Assert.Contains(why, message);
        Assert.DoesNotContain("Ella", message);
    }

    [Fact]
    public void A_map_that_names_what_is_not_there_is_answered_with_what_is()
    {
        Assert.Contains("no column \"dob\"", Wrong(() => Read(File("id,given,born\n1,a,\n"), "id=id,born=dob")));
        Assert.Contains("id, given, born", Wrong(() => Read(File("id,given,born\n1,a,\n"), "id=id,born=dob")));
        Assert.Contains("none of ours", Wrong(() => Linking.Read.Map("id=id,surname=x")));
        Assert.Contains("lacks id", Wrong(() => Linking.Read.Map("given=x")));
    }

    [Fact]
    public void Dates_are_read_in_three_ways_and_those_that_cannot_be_are_counted()
    {
        var read = Linking.Read.Files(Linking.Read.Map("id=id,born=born"), TextWriter.Null, File("id,born\n1,1971-06-24\n2,19710624\n3,24/06/1971\n4,\n5,1971-02-30\n6,0001-01-01\n"))[0];
        var lexicon = read.Roll.Lexicon;
        Assert.Equal(6, read.Roll.Count);
        Assert.Equal((1, 2), (lexicon.DatesBlank, lexicon.DatesImpossible));
        Assert.Single(lexicon.Dates.Skip(1));
    }

    [Fact]
    public void What_fails_leaves_the_file_that_was_there()
    {
        var file = File("old");
        Assert.Throws<InvalidOperationException>(() => Linking.Written.To(file, to =>
        {
            to.Write("half");
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", System.IO.File.ReadAllText(file));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_is_no_file_is_written_to_and_nothing_is_put_in_its_place()
    {
        var file = File("old");
        using (var open = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            Linking.Written.To($"/dev/fd/{open.SafeFileHandle.DangerousGetHandle()}", to => to.Write("new"));
        }
        Assert.Equal("new", System.IO.File.ReadAllText(file));
    }

    [Fact]
    public void A_file_read_in_parts_is_the_file_read_in_one()
    {
        string[] values = ["Ella", "", "\"Hart, Ella\"", "\"two\nlines\"", "\"said \"\"no\"\"\"", "5\" high", " x ", "\"\"", "é"];
        var value = Gen.Int[0, values.Length - 1].Select(at => values[at]);
        Gen.Select(Gen.Select(value, value).Array[1, 40], Gen.Int[2, 6], Gen.Bool).Sample((rows, parts, windows) =>
        {
            var ends = windows ? "\r\n" : "\n";
            var file = File($"id,a,b{ends}" + string.Concat(rows.Select((row, at) => $"{at},{row.Item1},{row.Item2}{ends}")));
            var whole = Rows(file);
            var cut = Csv.Parts(file, parts).SelectMany(part =>
            {
                using (part)
                {
                    var read = new List<string[]>();
                    while (part.Next())
                    {
                        read.Add([part[0].ToString(), part[1].ToString(), part[2].ToString()]);
                    }
                    return read;
                }
            });
            return whole.Count == rows.Length && whole.SelectMany(row => row).SequenceEqual(cut.SelectMany(row => row));
        }, iter: 300);
    }

    [Fact]
    public void A_large_file_keeps_its_order_its_words_and_its_errors()
    {
        static string Line(int row) => $"{row},Given{row % 977},Family{row % 1009},\"{row % 60}, Larch\nClose\",{1950 + row % 70}-03-{1 + row % 28:00},Dana {row % 31},Tom {1990 + row % 30}-05-06\n";
        var text = "id,given,family,address,born,mother,siblings\n" + string.Concat(Enumerable.Range(0, 120_000).Select(Line));
        const string map = "id=id,given=given,family=family,address=address,born=born,mother=mother,siblings=siblings";
        var read = Read(File(text), map);
        Assert.Equal(120_000, read.Roll.Count);
        foreach (var row in (int[])[0, 59_999, 60_000, 60_001, 119_999])
        {
            Assert.Equal($"{row}", read.Ids[row]);
            var words = read.Roll.Lexicon;
            Assert.Equal(($"GIVEN", $"{1950 + row % 70}03{1 + row % 28:00}", "LARCHCLOSE"), (words.Names[read.Roll[row][0]], $"{words.Dates[read.Roll[row][(int)Slot.Born]]}", words.Streets[read.Roll[row][(int)Slot.Street]]));
            Assert.Equal("DANA", words.Names[read.Roll.Mother(row).Given]);
            Assert.Equal([("TOM", (1990 + row % 30) * 10000 + 506)], words.Siblings[read.Roll.Kin(row).Siblings].Select(sibling => (words.Names[sibling.Given], words.Dates[sibling.Born])));
        }
        Assert.Contains("row 120001 (line 240002): column \"id\" has the id that row 8 has already", Wrong(() => Read(File(text + Line(7)), map)));
        Assert.Contains("row 120001 (line 240002)", Wrong(() => Read(File(text + "x,y\n"), map)));
    }
}
