using System.Security.Cryptography;
using System.Text;
using Heed.Site.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestMethodOrderer(typeof(Order))]
[assembly: TestCaseOrderer(typeof(Order))]

namespace Heed.Site.Tests;

/// <summary>
/// The order of a class's tests: no author's, and the same on every machine. The runner's own comes of where the program lies on the disk, and tests of a class share a database:
/// one that leans on another would fail on one machine only. HEED_TEST_ORDER=2, or any word, is another order to try.
/// </summary>
public sealed class Order : ITestMethodOrderer, ITestCaseOrderer
{
    private static readonly string Word = Environment.GetEnvironmentVariable("HEED_TEST_ORDER") ?? "1";

    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods)
        where TTestMethod : notnull, ITestMethod => [.. testMethods.OrderBy(m => Place(m?.MethodName))];

    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase => [.. testCases.OrderBy(c => Place(c.TestCaseDisplayName))];

    private static string Place(string? name) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Word} {name}")));
}
