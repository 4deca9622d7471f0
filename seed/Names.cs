using System.Globalization;
using System.Text;

namespace Heed.Seed;

/// <summary>
/// One way of giving and carrying names. A family name ending in "~" ends in -i for men and -a for women.
/// KeepsOwn: a woman keeps the name she was born with, so that a mother and her child are often called differently.
/// </summary>
public sealed record Heritage(string Key, int Weight, string Language, string[] Girls, string[] Boys, string[] Women, string[] Men, string[] Families, string[]? WomensFamilies = null, bool KeepsOwn = false)
{
    public string Child(string sex, Dice dice) => dice.Pick(sex == "F" ? Girls : Boys);

    public string Adult(string sex, Dice dice) => dice.Pick(sex == "F" ? Women : Men);
}

/// <summary>Names as a town in the north of England has them, and what becomes of them on the way from one agency's form to another's.</summary>
public static class Names
{
    public static readonly IReadOnlyList<Heritage> All =
    [
        new("british", 660, "English",
            W("Amelia|Olivia|Isla|Ava|Lily|Freya|Florence|Ivy|Willow|Evie|Poppy|Rosie|Millie|Ruby|Phoebe|Daisy|Maisie|Esme|Erin|Grace|Sophie|Lacey|Lexi|Skye|Summer|Libby|Layla|Harper|Bonnie|Darcey|Eliza|Niamh|Holly|Abigail|Gracie-Mae|Ella Mae|Lottie|Nancy|Orla|Megan|Keira|Tilly|Aria|Penelope|Hallie|Matilda|Imogen|Martha|Heidi|Bethany"),
            W("Oliver|George|Noah|Arthur|Leo|Harry|Jack|Oscar|Charlie|Archie|Freddie|Alfie|Theo|Tommy|Jacob|Logan|Mason|Finley|Riley|Jayden|Tyler|Kian|Connor|Ethan|Luca|Albie|Reggie|Ronnie|Teddy|Jude|Harrison|Frankie|Bobby|Jenson|Carter|Jaxon|Callum|Ellis|Kai|Lewis|Owen|Zachary|Dylan|Rory|Samuel|Thomas|William|James|Daniel|Corey"),
            W("Dana|Kelly|Stacey|Gemma|Laura|Hayley|Kirsty|Samantha|Rebecca|Chloe|Danielle|Jade|Leanne|Natalie|Sarah|Emma|Claire|Vicky|Amy|Jodie|Charlotte|Lauren|Katie|Nicola|Donna|Michelle|Rachel|Lindsay|Beth|Zoe|Paige|Shannon|Katherine|Joanne|Toni|Ashleigh|Carly|Helen|Louise|Frances"),
            W("Kyle|Liam|Craig|Lee|Darren|Stephen|Michael|Christopher|Ryan|Jordan|Scott|Dean|Anthony|Paul|Gary|Mark|Carl|Shaun|Adam|David|Robert|Jamie|Luke|Nathan|Ben|Matthew|Andrew|Aaron|Wayne|Ian|Joseph|Peter|Kieran|Simon|Sean|Graham|Martin|Stuart|Neil|Josh"),
            W("Smith|Jones|Taylor|Brown|Williams|Wilson|Johnson|Robinson|Thompson|Walker|White|Hall|Hughes|Green|Wood|Harrison|Clarke|Hart|Bell|Dixon|Foster|Simpson|Gibson|Ward|Metcalfe|Peacock|Stephenson|Atkinson|Hodgson|Dobson|Raine|Trotter|Pallister|Cook|Bainbridge|Wilkinson|Harker|Garbutt|Laverick|Nicholson|Marshall|Hutchinson|Kirby|Lowther|Myers|Newton|Barker|Wardle|Appleby|Sanderson|Cuthbert|Lumsden|Fairley|Raper|Horner|Snaith|Coates|Bulmer|Weatherill|Readman|Brannigan|Whitlock|Stobbs|Carling|Elstob|Proud|Tweddle|Heslop|Mordey|Ridley")),
        new("polish", 60, "Polish",
            W("Zuzanna|Maja|Lena|Julia|Oliwia|Hanna|Zofia|Wiktoria|Nadia|Amelia"), W("Jakub|Kacper|Filip|Szymon|Antoni|Oskar|Igor|Mikołaj|Kamil|Dawid"),
            W("Agnieszka|Katarzyna|Małgorzata|Anna|Monika|Joanna|Ewelina|Magdalena|Żaneta|Sylwia"), W("Piotr|Krzysztof|Tomasz|Marcin|Paweł|Łukasz|Grzegorz|Mariusz|Wojciech|Radosław"),
            W("Kowalsk~|Wiśniewsk~|Wójcik|Kamińsk~|Lewandowsk~|Zielińsk~|Szymańsk~|Dąbrowsk~|Kozłowsk~|Nowak|Mazur|Krawczyk|Pawlak|Jabłońsk~")),
        new("pakistani", 75, "Urdu",
            W("Aisha|Zaynab|Maryam|Fatima|Hafsa|Inaya|Khadija|Amna|Zara|Iqra|Noor|Safa"), W("Muhammad|Mohammed|Hamza|Ibrahim|Yusuf|Zain|Haris|Bilal|Umar|Adam|Rayyan|Musa"),
            W("Shazia|Nasreen|Rukhsana|Saima|Nadia|Samina|Farzana|Bushra|Uzma|Tahira"), W("Imran|Tariq|Mohammed|Asif|Nadeem|Zahid|Shahid|Kashif|Amjad|Waqas"),
            W("Khan|Hussain|Ahmed|Mahmood|Iqbal|Akhtar|Malik|Mirza|Shah|Rashid|Ali|Aslam|Chaudhry|Butt"), W("Bibi|Kausar|Begum|Akhtar|Parveen|Khatoon|Jabeen"), true),
        new("bangladeshi", 30, "Bengali (Sylheti)",
            W("Tasnim|Nusrat|Sumaiya|Aaliyah|Maliha|Raisa|Anika|Jannat"), W("Mohammed|Tahmid|Rafi|Ayaan|Sami|Abdul|Ridwan|Ishaq"),
            W("Rahima|Shirin|Nazma|Salma|Hasina|Jesmin|Rokeya"), W("Abdul|Shofiqul|Kamal|Jamal|Aminur|Rezaul|Mizanur"),
            W("Miah|Uddin|Rahman|Islam|Hoque|Chowdhury|Alam|Ahmed|Ali"), W("Begum|Khatun|Khanom|Akter"), true),
        new("somali", 20, "Somali",
            W("Hodan|Ifrah|Sahra|Amina|Ayaan|Hibaq|Naima|Ubah"), W("Abdi|Mohamed|Liban|Yusuf|Ayub|Guled|Zakariye|Hamse"),
            W("Fadumo|Halima|Asha|Hawa|Khadra|Sahra|Ruqiya"), W("Abdullahi|Hassan|Ahmed|Mahad|Jama|Warsame|Farah"),
            W("Ali|Hassan|Warsame|Farah|Jama|Abdi|Nur|Osman|Hersi|Aden"), W("Ali|Nur|Mohamed|Osman|Yusuf|Ismail|Dahir"), true),
        new("romanian", 40, "Romanian",
            W("Andreea|Ioana|Maria|Elena|Sofia|Daria|Alexia|Bianca"), W("Andrei|Ștefan|Matei|David|Luca|Alexandru|Rareș|Ionuț"),
            W("Mihaela|Elena|Cristina|Gabriela|Alina|Ramona|Florentina"), W("Marius|Florin|Ionel|Cătălin|Adrian|Gheorghe|Vasile"),
            W("Popescu|Ionescu|Dumitru|Stan|Gheorghe|Munteanu|Lăcătuș|Ciobanu|Rădulescu|Marin|Căldăraru")),
        new("nigerian", 30, "English",
            W("Chiamaka|Temiloluwa|Adaeze|Ifeoluwa|Oluwaseun|Amara|Simisola|Chidera"), W("Chukwuemeka|Oluwadamilola|Tobi|Ikenna|Ayomide|David|Emmanuel|Kelechi"),
            W("Ngozi|Folake|Blessing|Chioma|Funmilayo|Ebere|Yetunde"), W("Chidi|Olumide|Emeka|Babatunde|Uche|Kunle|Samuel"),
            W("Okafor|Adeyemi|Eze|Balogun|Nwosu|Ogunleye|Obi|Adebayo|Okonkwo|Ibrahim")),
        new("chinese", 15, "Cantonese",
            W("Mei Ling|Hoi Yan|Xin Yi|Chloe|Wing Yan|Jia Hui"), W("Ka Ho|Jun Jie|Chun Hei|Ethan|Zi Hao|Wai Lok"),
            W("Siu Fong|Li Na|Wai Yin|Mei Yee"), W("Chi Wai|Wei|Kwok Keung|Jian"),
            W("Chan|Wong|Lam|Cheung|Li|Zhang|Ng|Tsang"), null, true),
        new("traveller", 20, "English",
            W("Margaret|Kathleen|Bridget|Shannon|Mary-Ellen|Chantelle|Nora|Tiffany"), W("John Joe|Miley|Martin|Paddy|Jimmy|Simey|Felix|Tommy Lee"),
            W("Bridget|Margaret|Kathleen|Winifred|Nan|Philomena"), W("John|Martin|Patrick|Miley|Michael|Bernard"),
            W("McDonagh|Ward|Connors|Maughan|Stokes|Doherty|Cash|Price")),
        new("arabic", 30, "Arabic",
            W("Fatima|Zaynab|Lian|Sham|Maya|Rahaf|Noor|Yasmin"), W("Omar|Yousef|Abdulrahman|Karim|Hassan|Ahmad|Mustafa|Khaled"),
            W("Rania|Hanan|Amal|Samira|Hiba|Iman"), W("Mahmoud|Khaled|Bassam|Samir|Nabil|Ahmad"),
            W("Al-Masri|Al-Hassan|Haddad|Khalil|Hussein|Saleh|Al-Jabari|Mansour|Darwish"), null, true),
        new("indian", 15, "Punjabi",
            W("Simran|Jasleen|Harleen|Anaya|Diya|Kiran"), W("Arjan|Gurpreet|Jaspreet|Rohan|Aarav|Karan"),
            W("Manjit|Harpreet|Sunita|Rajinder|Priya"), W("Gurdeep|Harjit|Rajesh|Balwinder|Amit"),
            W("Singh|Patel|Gill|Sandhu|Sharma|Dhillon"), W("Kaur|Patel|Gill|Sharma"), true),
        new("caribbean", 15, "English",
            W("Shanice|Kiara|Aaliyah|Naomi|Tiana|Jasmine"), W("Malachi|Isaiah|Tyrell|Micah|Jermaine|Reuben"),
            W("Marcia|Sharon|Simone|Alicia|Denise"), W("Marlon|Winston|Dwayne|Leroy|Curtis"),
            W("Campbell|Francis|Reid|Gordon|Grant|Henry|Bailey|Clarke")),
    ];

    private static readonly int Total = All.Sum(heritage => heritage.Weight);

    /// <summary>Spellings of one name between which forms, ears and alphabets choose.</summary>
    private static readonly Dictionary<string, string[]> Spellings = Variants(
        "Mohammed|Muhammad|Mohamed|Mohammad", "Ahmed|Ahmad|Achmed", "Hussain|Hussein|Husain|Hossain", "Aisha|Ayesha|Aysha", "Zaynab|Zainab|Zeinab",
        "Yusuf|Yousef|Yusef|Yousuf", "Fatima|Fatimah|Fatema", "Ibrahim|Ebrahim", "Hassan|Hasan|Xasan", "Khadija|Khadijah", "Maryam|Mariam", "Umar|Omar|Cumar",
        "Abdi|Cabdi", "Rahman|Rehman", "Chowdhury|Choudhury|Chaudhry", "Miah|Mia", "Uddin|Udin", "Noor|Nur|Nour", "Aaliyah|Aliyah|Aleah", "Katherine|Catherine|Kathryn",
        "Kian|Cian", "Niamh|Neve", "Isla|Ayla", "Evie|Evy", "Jaxon|Jackson", "Sean|Shaun|Shawn", "Stephen|Steven", "Callum|Calum", "Rebecca|Rebekah", "Maisie|Maisy",
        "Metcalfe|Metcalf", "Clarke|Clark", "Hodgson|Hodgeson", "McDonagh|McDonough", "Maughan|Mohan", "Doherty|Docherty", "Brannigan|Branigan", "Al-Masri|Almasri|El Masri",
        "Khaled|Khalid", "Lacey|Lacy", "Zara|Sarah", "Ellis|Elis", "Thompson|Thomson", "Stephenson|Stevenson", "Nicholson|Nicolson", "Reid|Reed|Read");

    /// <summary>What somebody is called, who is called something else on paper.</summary>
    private static readonly Dictionary<string, string> CalledBy = Pairs(
        "Oliver Ollie", "Charlotte Charlie", "Samuel Sam", "Thomas Tom", "William Billy", "James Jamie", "Daniel Danny", "Zachary Zac", "Abigail Abi", "Bethany Beth", "Katherine Katie",
        "Samantha Sam", "Rebecca Becky", "Danielle Dani", "Natalie Nat", "Stephen Steve", "Michael Mick", "Christopher Chris", "Anthony Tony", "Robert Rob", "Matthew Matt", "Andrew Andy",
        "Joseph Joe", "Nathan Nate", "Penelope Penny", "Matilda Tilly", "Imogen Immy", "Harrison Harry", "Jacob Jake", "Margaret Maggie", "Agnieszka Aga", "Katarzyna Kasia", "Małgorzata Gosia",
        "Krzysztof Chris", "Tomasz Tomek", "Jakub Kuba", "Wiktoria Wiki", "Alexandru Alex", "Oluwadamilola Dami", "Temiloluwa Temi", "Chukwuemeka Emeka", "Abdulrahman Abdul", "Mohammed Mo", "Muhammad Mo");

    public static Heritage Any(Dice dice)
    {
        var at = dice.Below(Total);
        foreach (var heritage in All)
        {
            if ((at -= heritage.Weight) < 0)
            {
                return heritage;
            }
        }
        return All[0];
    }

    public static string Family(string stem, string sex) => stem.EndsWith('~') ? stem[..^1] + (sex == "F" ? "a" : "i") : stem;

    public static string? OtherSpelling(string name, Dice dice) => Spellings.TryGetValue(name, out var others) ? dice.Pick(others) : null;

    public static string? ShortFor(string name) => CalledBy.GetValueOrDefault(name);

    /// <summary>As a system types it that knows only A to Z.</summary>
    public static string Plain(string name)
    {
        if (Ascii.IsValid(name))
        {
            return name;
        }
        var plain = new StringBuilder(name.Length);
        foreach (var c in name.Replace('ł', 'l').Replace('Ł', 'L').Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            {
                plain.Append(c);
            }
        }
        return plain.ToString();
    }

    /// <summary>A slip of the finger: a letter lost, doubled, or two that changed places.</summary>
    public static string Mistyped(string name, Dice dice)
    {
        if (name.Length < 4)
        {
            return name;
        }
        var i = dice.Between(1, name.Length - 3);
        if (!char.IsLetter(name[i]) || !char.IsLetter(name[i + 1]))
        {
            return name;
        }
        return dice.Below(3) switch
        {
            0 => name.Remove(i, 1),
            1 => name.Insert(i, name[i].ToString()),
            _ => string.Concat(name.AsSpan(0, i), name.AsSpan(i + 1, 1), name.AsSpan(i, 1), name.AsSpan(i + 2)),
        };
    }

    private static string[] W(string names) => names.Split('|');

    private static Dictionary<string, string[]> Variants(params string[] groups) =>
        groups.Select(W).SelectMany(group => group.Select(name => (name, others: group.Where(other => other != name).ToArray())))
            .GroupBy(pair => pair.name).ToDictionary(pairs => pairs.Key, pairs => pairs.SelectMany(pair => pair.others).ToArray());

    private static Dictionary<string, string> Pairs(params string[] pairs) => pairs.Select(pair => pair.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);
}
