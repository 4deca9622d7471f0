using CsCheck;

namespace Heed.Matching.Tests;

public class IdentifierTests
{
    [Theory]
    [InlineData("999 000 0018", "9990000018")]
    [InlineData("999-000-0026", "9990000026")]
    [InlineData(" 9434765919 ", "9434765919")]
    public void An_NHS_number_is_read_however_it_is_spaced(string written, string value)
    {
        Assert.True(NhsNumber.TryParse(written, out var number, out var why), why);
        Assert.Equal(value, number.Value);
        Assert.Null(why);
    }

    [Theory]
    [InlineData(null, "blank")]
    [InlineData("  ", "blank")]
    [InlineData("999 000 0019", "check digit should be 8")]
    [InlineData("999 000 001", "an NHS number has 10 digits, this has 9")]
    [InlineData("999 000 O018", "an NHS number has digits only")]
    [InlineData("1111111111", "the same digit throughout stands for \"not known\"")]
    [InlineData("0000000000", "the same digit throughout stands for \"not known\"")]
    [InlineData("9990000000", "no NHS number starts with these nine digits")]
    public void What_is_wrong_with_an_NHS_number_is_said(string? written, string why)
    {
        Assert.False(NhsNumber.TryParse(written, out _, out var said));
        Assert.Equal(why, said);
    }

    [Fact]
    public void One_wrong_digit_never_makes_another_valid_NHS_number() =>
        Gen.Select(Gen.Int[0, 999_999_999], Gen.Int[0, 9], Gen.Int[1, 9]).Sample((nine, at, by) =>
        {
            var valid = Enumerable.Range(0, 10).Select(check => $"{nine:000000000}{check}").FirstOrDefault(text => NhsNumber.TryParse(text, out _, out _));
            if (valid is null)
            {
                return true;
            }
            var wrong = valid.ToCharArray();
            wrong[at] = (char)('0' + ((wrong[at] - '0' + by) % 10));
            return !NhsNumber.TryParse(new string(wrong), out _, out _);
        });

    [Fact]
    public void A_UPN_carries_its_own_check_letter()
    {
        // 2x8 + 3x0 + 4x8 + 5x2 + 6x0 + 7x1 + ... + 13x1: 16 + 32 + 10 + 7 + 13 = 78, 78 mod 23 = 9, the tenth letter is K.
        Assert.True(Upn.TryParse("k 808 201 000 001", out var upn, out var why), why);
        Assert.Equal("K808201000001", upn.Value);
        Assert.False(Upn.TryParse("A808201000001", out _, out why));
        Assert.Equal("check letter should be K", why);
    }

    [Theory]
    [InlineData("", "blank")]
    [InlineData("K80820100001", "a UPN has 13 characters, this has 12")]
    [InlineData("1808201000001", "a UPN starts with its check letter")]
    [InlineData("K80820100X001", "a UPN has 12 digits after its check letter")]
    [InlineData("K80820100000A", "a letter at the end makes it a temporary number, which another child may be given")]
    public void What_is_wrong_with_a_UPN_is_said(string written, string why)
    {
        Assert.False(Upn.TryParse(written, out _, out var said));
        Assert.Equal(why, said);
    }

    [Theory]
    [InlineData("2011/0045127T")]
    [InlineData("2011/45127T")]
    [InlineData("11/45127T")]
    [InlineData("11/45127 t")]
    [InlineData("11 0045127T")]
    [InlineData("20110045127T")]
    [InlineData("110045127T")]
    [InlineData("2011-45127-T")]
    public void The_short_forms_of_a_PNC_id_are_one_id(string written)
    {
        Assert.True(PncId.TryParse(written, out var id, out var why), why);
        Assert.Equal("2011/0045127T", id.Value);
    }

    [Fact]
    public void A_year_of_two_digits_from_50_on_is_of_the_last_century()
    {
        Assert.True(PncId.TryParse("85/1" + LetterOf("85/1"), out var id, out _));
        Assert.StartsWith("1985/0000001", id.Value);
    }

    [Theory]
    [InlineData("", "blank")]
    [InlineData("2011/0045127", "a PNC id ends with its check letter")]
    [InlineData("2011/0045127X", "check letter should be T")]
    [InlineData("45127T", "a PNC id is a year, a stroke, a serial of up to seven digits and a letter")]
    [InlineData("2011/12345678T", "a PNC id is a year, a stroke, a serial of up to seven digits and a letter")]
    public void What_is_wrong_with_a_PNC_id_is_said(string written, string why)
    {
        Assert.False(PncId.TryParse(written, out _, out var said));
        Assert.Equal(why, said);
    }

    [Fact]
    public void Nothing_that_is_typed_breaks_the_reading() =>
        Gen.String.Sample(text =>
        {
            NhsNumber.TryParse(text, out _, out _);
            Upn.TryParse(text, out _, out _);
            PncId.TryParse(text, out _, out _);
            WrittenDate.Parse(text);
            Names.Fold(text);
        });

    private static char LetterOf(string id) => "ZABCDEFGHJKLMNPQRTUVWXY".First(letter => PncId.TryParse(id + letter, out _, out _));
}
