using System.Diagnostics;
using System.Globalization;
using Heed.Linking;
using Heed.Matching;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return args.FirstOrDefault() switch
    {
        "match" => Match(Options(["--left", "--right", "--columns", "--out"])),
        "dedupe" => Dedupe(Options(["--input", "--columns", "--out"], "--apart")),
        _ => throw new BadInput("match --left A.csv --right B.csv --columns MAP --out links.csv | dedupe --input A.csv --columns MAP --out clusters.csv [--apart apart.csv]"),
    };
}
catch (BadInput wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

Dictionary<string, string> Options(string[] needed, params string[] also)
{
    var given = new Dictionary<string, string>();
    for (var i = 1; i < args.Length; i += 2)
    {
        if (!needed.Contains(args[i]) && !also.Contains(args[i]))
        {
            throw new BadInput($"{args[0]} knows no {args[i]}; it takes {string.Join(", ", needed.Concat(also))}");
        }
        given[args[i]] = i + 1 < args.Length ? args[i + 1] : throw new BadInput($"{args[i]} is followed by nothing");
    }
    return needed.FirstOrDefault(name => !given.ContainsKey(name)) is { } missing ? throw new BadInput($"{args[0]} needs {missing}") : given;
}

static int Match(Dictionary<string, string> asked)
{
    var took = Stopwatch.StartNew();
    var (map, lexicon) = (Read.Map(asked["--columns"]), new Lexicon());
    var left = Read.File(asked["--left"], map, lexicon, Console.Error);
    var right = Read.File(asked["--right"], map, lexicon, Console.Error);
    Say(took, "read");
    lexicon.Settle(left.Roll, right.Roll);
    var result = Linkage.Of(left.Roll, right.Roll);
    Written.To(asked["--out"], file =>
    {
        file.WriteLine("left_id,right_id,weight,probability");
        foreach (var link in result.Links)
        {
            file.WriteLine($"{Written.Quoted(left.Ids[link.A])},{Written.Quoted(right.Ids[link.B])},{link.Weight:0.00},{link.Probability:0.000000}");
        }
    });
    result.Model.Print(Console.Error);
    Say(took, $"{result.Links.Count:N0} links of probability {result.Threshold:0.0000} and over, where the highest F1 is expected; {result.Expected:N0} matches expected. "
        + $"{(result.LeftIsSingle ? "The left holds nobody twice" : "The left holds people twice")}, {(result.RightIsSingle ? "nor does the right" : "the right holds people twice")}, as far as the links tell");
    return 0;
}

static int Dedupe(Dictionary<string, string> asked)
{
    var took = Stopwatch.StartNew();
    var (map, lexicon) = (Read.Map(asked["--columns"]), new Lexicon());
    var people = Read.File(asked["--input"], map, lexicon, Console.Error);
    Say(took, "read");
    lexicon.Settle(people.Roll);
    var result = Clusters.Of(people.Roll);
    Written.To(asked["--out"], file =>
    {
        file.WriteLine("id,cluster");
        for (var row = 0; row < people.Ids.Count; row++)
        {
            file.WriteLine($"{Written.Quoted(people.Ids[row])},{Written.Quoted(people.Ids[result.Of[row]])}");
        }
    });
    result.Model.Print(Console.Error);
    if (asked.TryGetValue("--apart", out var apart))
    {
        Written.To(apart, file =>
        {
            file.WriteLine("id,other_id,why");
            foreach (var (a, b) in result.Apart)
            {
                file.WriteLine($"{Written.Quoted(people.Ids[a])},{Written.Quoted(people.Ids[b])},each has a valid NHS number of its own");
            }
        });
    }
    Say(took, $"{people.Ids.Count - result.Joined:N0} clusters; {result.Apart.Count:N0} times two valid NHS numbers kept apart what all else would have joined");
    return 0;
}

static void Say(Stopwatch took, string what) => Console.Error.WriteLine($"{took.Elapsed.TotalSeconds,7:0.00} s  {what}");
