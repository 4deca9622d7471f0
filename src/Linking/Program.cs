using System.Diagnostics;
using System.Globalization;
using Heed.Linking;
using Heed.Matching;
using Heed.Seed;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return args.FirstOrDefault() switch
    {
        "match" => Match(Options(["--left", "--right", "--columns", "--out"], "--model", "--truth", "--curve")),
        "dedupe" => Dedupe(Options(["--input", "--columns", "--out"], "--apart", "--model")),
        "learn" => Learn(Options(["--people", "--reports", "--seed", "--out"])),
        "generate" => Generate(Options(["--people", "--reports", "--seed", "--out"])),
        _ => throw new BadInput("match --left A.csv --right B.csv --columns MAP --out links.csv [--model learnt.txt] [--truth truth.csv [--curve curve.svg]] | dedupe --input A.csv --columns MAP --out clusters.csv [--apart apart.csv] [--model learnt.txt] | generate --people N --reports M --seed S --out DIR"),
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
    var (left, right) = Read.Files(Read.Map(asked["--columns"]), Console.Error, asked["--left"], asked["--right"]) switch { var read => (read[0], read[1]) };
    Say(took, "read");
    left.Roll.Lexicon.Settle(left.Roll, right.Roll);
    var result = Linkage.Of(left.Roll, right.Roll);
    Written.To(asked["--out"], file =>
    {
        file.WriteLine("left_id,right_id,weight,probability");
        foreach (var link in result.Links)
        {
            file.WriteLine($"{Written.Quoted(left.Ids[link.A])},{Written.Quoted(right.Ids[link.B])},{link.Weight:0.00},{link.Probability:0.000000}");
        }
    });
    Learnt(asked, result.Model);
    if (asked.TryGetValue("--truth", out var truth))
    {
        var held = Truth.Of(truth, left.Ids, right.Ids, result);
        held.Print(Console.Out);
        if (asked.TryGetValue("--curve", out var curve))
        {
            Written.To(curve, held.Draw);
        }
    }
    Say(took, $"{result.Links.Count:N0} links of probability {result.Threshold:0.0000} and over, where the highest F1 is expected; {result.Expected:N0} matches expected. "
        + $"{(result.LeftIsSingle ? "The left holds nobody twice" : "The left holds people twice")}, {(result.RightIsSingle ? "nor does the right" : "the right holds people twice")}, as far as the links tell");
    return 0;
}

static int Dedupe(Dictionary<string, string> asked)
{
    var took = Stopwatch.StartNew();
    var people = Read.Files(Read.Map(asked["--columns"]), Console.Error, asked["--input"])[0];
    Say(took, "read");
    people.Roll.Lexicon.Settle(people.Roll);
    var result = Clusters.Of(people.Roll);
    Written.To(asked["--out"], file =>
    {
        file.WriteLine("id,cluster");
        for (var row = 0; row < people.Ids.Count; row++)
        {
            file.WriteLine($"{Written.Quoted(people.Ids[row])},{Written.Quoted(people.Ids[result.Of[row]])}");
        }
    });
    Learnt(asked, result.Model);
    if (asked.TryGetValue("--apart", out var apart))
    {
        Written.To(apart, file =>
        {
            file.WriteLine("id,other_id,why");
            foreach (var (a, b, why) in result.Apart)
            {
                file.WriteLine($"{Written.Quoted(people.Ids[a])},{Written.Quoted(people.Ids[b])},{why}");
            }
        });
    }
    Say(took, $"{people.Ids.Count - result.Joined:N0} clusters; {result.Apart.Count:N0} times two numbers or two mothers kept apart what all else would have joined");
    return 0;
}

static void Learnt(Dictionary<string, string> asked, Model model)
{
    if (asked.TryGetValue("--model", out var file))
    {
        Written.To(file, model.Print);
    }
}

// The parameters of a version of the rules, from an invented register: learn --people 200000 --reports 20000 --seed 1 --out src/Matching/weights-2.txt
static int Learn(Dictionary<string, string> asked)
{
    var (registers, lexicon) = (new Registers(int.Parse(asked["--seed"]), int.Parse(asked["--people"])), new Lexicon());
    var reports = registers.Reports(int.Parse(asked["--reports"])).ToList();
    var (register, said) = (registers.Register(reports).ToList(), reports.Select(report => report.Said).ToList());
    var result = Linkage.Of(Roll(register), Roll(said));
    // Among those of whom the link is sure: for each whose present postcode agrees, how many have one of before that does.
    var (present, former) = (0, 0);
    foreach (var link in result.Links.Where(link => link.Probability > 0.99 && said[link.B].Postcode.Length > 0))
    {
        (present, former) = (present + (register[link.A].Postcode == said[link.B].Postcode ? 1 : 0), former + (register[link.A].FormerPostcode == said[link.B].Postcode ? 1 : 0));
    }
    Written.To(asked["--out"], file =>
    {
        result.Model.Write(file, lexicon);
        file.WriteLine(FormattableString.Invariant($"former {Math.Log2((double)former / present):0.000}"));
    });
    return 0;

    Roll Roll(IEnumerable<Entry> entries)
    {
        var roll = new Roll(lexicon);
        foreach (var e in entries)
        {
            roll.Add([Column.Given, Column.Family, Column.Aliases, Column.Born, Column.Sex, Column.Address, Column.Postcode, Column.Nhs, Column.Mother, Column.Siblings], [e.Given, e.Family, e.Aliases, e.Born, e.Sex, e.Address, e.Postcode, e.Nhs, e.Mother, e.Siblings]);
        }
        return roll;
    }
}

// An invented register, reports about its people, and the truth of each report.
static int Generate(Dictionary<string, string> asked)
{
    int Number(string name) => int.TryParse(asked[name], out var number) && number >= 0 ? number : throw new BadInput($"{name} takes a number from 0");
    var registers = new Registers(Number("--seed"), Number("--people"));
    var reports = registers.Reports(Number("--reports")).ToList();
    Directory.CreateDirectory(asked["--out"]);
    void Entries(string name, IEnumerable<Entry> entries, string also, Func<Entry, string[]> values) => Written.To(Path.Combine(asked["--out"], name), file =>
    {
        file.WriteLine($"id,given,family,aliases,born,sex,address,locality,postcode,nhs,mother,siblings{also}");
        foreach (var e in entries)
        {
            file.WriteLine(string.Join(',', ((string[])[e.Id, e.Given, e.Family, e.Aliases, e.Born, e.Sex, e.Address, e.Locality, e.Postcode, e.Nhs, e.Mother, e.Siblings, .. values(e)]).Select(Written.Quoted)));
        }
    });
    Entries("register.csv", registers.Register(reports), ",former_address,former_postcode", e => [e.FormerAddress, e.FormerPostcode]);
    Entries("reports.csv", reports.Select(report => report.Said), "", _ => []);
    Written.To(Path.Combine(asked["--out"], "truth.csv"), file =>
    {
        file.WriteLine("report_id,register_id,errors,origin,twin,letters");
        foreach (var report in reports)
        {
            file.WriteLine($"{report.Said.Id},{report.Truth},{string.Join('+', report.Errors)},{report.Origin},{(report.Twin ? "yes" : "")},{Letters(report.Said)}");
        }
    });
    return 0;

    // How many letters a name has, so that short names and long ones each have their figures.
    static string Letters(Entry said) => (said.Given.Length + said.Family.Length) switch { < 8 => "under 8", < 11 => "8 to 10", < 15 => "11 to 14", < 19 => "15 to 18", _ => "19 and over" };
}

static void Say(Stopwatch took, string what) => Console.Error.WriteLine($"{took.Elapsed.TotalSeconds,7:0.00} s  {what}");
