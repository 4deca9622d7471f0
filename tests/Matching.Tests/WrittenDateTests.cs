using NodaTime;

namespace Heed.Matching.Tests;

public class WrittenDateTests
{
    [Theory]
    [InlineData("1971-06-24")]
    [InlineData("19710624")]
    [InlineData("1971-6-24")]
    [InlineData("1971 06 24")]
    [InlineData("24/06/1971")]
    [InlineData(" 24.6.1971 ")]
    [InlineData("24-06-1971")]
    public void A_date_is_read_in_the_ways_agencies_write_it(string written)
    {
        var date = WrittenDate.Parse(written);
        Assert.Equal(new LocalDate(1971, 6, 24), date.Date);
        Assert.Equal(DateOutcome.Understood, date.Outcome);
        Assert.Equal(written, date.Text);
        Assert.False(date.Default);
    }

    [Theory]
    [InlineData("31/02/2019", "there is no day 31 in month 2 of 2019")]
    [InlineData("06/24/1971", "there is no month 24")]
    [InlineData("0000-00-00", "nobody alive was born in 0")]
    [InlineData("24/06/71", "the year has two digits")]
    [InlineData("about 2012", "not written as a date")]
    [InlineData("1971-0624", "not written as a date")]
    public void What_cannot_be_a_date_is_kept_and_says_why(string written, string why)
    {
        var date = WrittenDate.Parse(written);
        Assert.Equal(DateOutcome.Impossible, date.Outcome);
        Assert.Equal(why, date.Why);
        Assert.Equal(written, date.Text);
        Assert.Null(date.Date);
    }

    [Fact]
    public void Blank_is_neither_understood_nor_impossible()
    {
        Assert.Equal(DateOutcome.Blank, WrittenDate.Parse(null).Outcome);
        Assert.Equal(DateOutcome.Blank, WrittenDate.Parse("  ").Outcome);
    }

    [Fact]
    public void The_first_of_January_is_marked_as_what_forms_fill_in() => Assert.True(WrittenDate.Parse("01/01/2019").Default);
}
