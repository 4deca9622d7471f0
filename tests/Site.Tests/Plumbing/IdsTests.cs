using Heed.Plumbing;

namespace Heed.Site.Tests.Plumbing;

public sealed class IdsTests
{
    [Fact]
    public void What_one_program_makes_sorts_in_the_order_in_which_it_was_made()
    {
        // A thousand in a millisecond, or more.
        var made = Enumerable.Range(0, 100_000).Select(_ => Ids.Next().ToString()).ToList();
        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.All(made, id => Assert.Equal('7', id[14]));
    }

    [Fact]
    public void None_is_made_twice_by_many_at_once() =>
        Assert.Equal(80_000, Enumerable.Range(0, 8).AsParallel().SelectMany(_ => Enumerable.Range(0, 10_000).Select(_ => Ids.Next())).Distinct().Count());
}
