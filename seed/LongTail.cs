namespace Heed.Seed;

/// <summary>
/// Names for millions. A few names are carried by many and many by a few, as in any register: the known names first, each rarer than the one before (Zipf's law), and a long
/// tail of names made of syllables that the same language uses.
/// </summary>
internal sealed class LongTail
{
    private static readonly Dictionary<string, string> FamilyBeginnings = new()
    {
        ["british"] = "Ash|Ack|Al|Am|An|Ap|Ar|At|Bal|Bar|Bas|Beck|Ben|Bil|Bir|Black|Bol|Bos|Brad|Bram|Brent|Brid|Brig|Brom|Brough|Buck|Bur|But|Cal|Can|Car|Cas|Chad|Char|Chat|Chor|Clap|Cleve|Cob|Col|Cop|Cor|Cow|Cran|Craw|Crof|Crom|Cros|Cul|Dal|Dan|Dar|Den|Der|Din|Dol|Don|Dor|Drax|Dun|Dur|East|Eck|Ed|El|Em|En|Ep|Es|Ever|Fal|Fair|Far|Fel|Fen|Fir|Flax|Ful|Gar|Gat|Gil|Glan|God|Gor|Gran|Gray|Gres|Grim|Had|Hal|Ham|Han|Har|Has|Hat|Haw|Hay|Head|Hes|Hex|Hil|Hol|Hor|Hough|Hud|Hun|Hur|Il|In|Kel|Ken|Ket|Kil|Kin|Kirk|Lan|Lang|Lat|Lei|Lin|Lit|Long|Lough|Lud|Lyn|Mal|Man|Mar|Mat|Mel|Mid|Mil|Mor|Mos|Nel|New|Nor|Oak|Old|Or|Os|Ot|Ox|Par|Pat|Pem|Pen|Pick|Pin|Pres|Quar|Rad|Ram|Rat|Raven|Red|Rich|Rip|Rock|Rod|Ros|Roth|Row|Rush|Sal|San|Sax|Scar|Sed|Sel|Sher|Shil|Shut|Skel|Slad|Som|South|Stain|Stan|Staple|Stock|Stone|Strat|Sut|Swain|Swin|Tad|Tan|Tat|Thorn|Thur|Tock|Tot|Tre|Tud|Tur|Twy|Up|Wad|Wal|Wan|War|Wat|Web|Wel|Wes|Whit|Wick|Wil|Win|Wit|Wol|Wood|Wor|Wren|Wy|Yar",
        ["polish"] = "Adam|Bara|Biel|Bog|Bor|Brzez|Chmiel|Czar|Dom|Dud|Gaj|Gło|Gór|Grab|Jan|Jaro|Jur|Kacz|Kal|Kasp|Kob|Kor|Kos|Krup|Kub|Kuch|Lis|Łuk|Mac|Maj|Marc|Mich|Now|Olsz|Orz|Pawł|Piet|Pio|Ryb|Sad|Sob|Sok|Stach|Star|Such|Szcz|Tom|Ur|Wal|Was|Wierz|Wil|Wrób|Zaj|Zar|Zaw",
        ["romanian"] = "Alb|Ang|Bal|Barb|Bog|Buc|Cal|Cos|Crac|Cris|Dan|Dob|Drag|Flor|Gav|Grig|Iord|Laz|Luc|Mak|Man|Mih|Mir|Mold|Neg|Nic|Opr|Pas|Pav|Pet|Rad|Rus|San|Sim|Stoi|Tan|Tud|Ung|Vas|Vlad|Zam",
        ["nigerian"] = "Ade|Aki|Ala|Ayo|Baba|Chi|Chuk|Efe|Eke|Emek|Fala|Fola|Iba|Ike|Ike|Ko|Mba|Ndu|Nna|Nwa|Oba|Odu|Ogu|Oke|Oko|Ola|Olo|Olu|Ona|Oni|Oso|Oyi|Soy|Uba|Ude|Uzo",
    };

    private static readonly Dictionary<string, string> FamilyEndings = new()
    {
        ["british"] = "ton|ley|ham|field|worth|wood|ford|by|well|den|shaw|man|son|s|ing|ington|er|dale|bury|croft|more|wick|land|stone|brook|gate|combe|stead|burn|holme|cott|wright|ingham|bourne|low|ridge|cliffe|dge|thwaite|house|hurst|ard|ett|ock|kin|kins|stock|fold|royd|leigh|ville|brough|thorpe|beck",
        ["polish"] = "owsk~|ewsk~|ińsk~|eck~|czyk|czak|iak|ak|ek|ik|owicz|ewicz|uk|as|ała|icz",
        ["romanian"] = "escu|eanu|aru|oiu|aș|an|a|ea|ache|ean|uță|ici",
        ["nigerian"] = "wale|yemi|bayo|femi|tunde|niyi|gbe|chukwu|kwe|kechi|nna|mdi|bola|sanya|luwa|jobi|oye|gun|nle|debe",
    };

    private static readonly string[] AnyBeginnings = Split("Ab|Af|Ah|Ak|Am|An|As|Ba|Bah|Bar|Bas|Bil|Chan|Dar|Dav|Faz|Far|Gha|Gul|Had|Hak|Ham|Han|Har|Has|Hus|Ib|Im|Iq|Is|Ja|Jam|Jav|Ka|Kal|Kam|Kan|Kar|Kas|Kha|Lat|Mah|Maj|Mak|Mal|Man|Mas|Maz|Mir|Mu|Nad|Naq|Nas|Naz|Om|Pan|Pra|Qad|Qas|Rab|Rah|Raj|Ram|Ran|Ras|Riz|Sab|Sad|Saf|Sal|Sam|San|Sar|Sha|Shar|Sid|Sul|Tah|Tal|Tan|Tar|Um|Us|Var|Wah|Waq|Was|Yas|Yaz|Zah|Zak|Zam");
    private static readonly string[] AnyEndings = Split("ad|al|ali|am|an|ani|ar|ari|as|at|awi|aya|di|een|eem|el|en|er|i|ib|id|if|ik|il|im|in|ir|ish|it|iya|ka|kar|la|mal|man|mi|na|nath|oor|ra|ri|shi|soor|tar|u|ul|ur|ut|vi|wal|war|yan|zai|zi");
    private static readonly string[] GivenBeginnings = Split("Ad|Al|Am|An|Ar|Ash|Aub|Av|Bel|Bran|Bri|Bro|Cad|Cal|Cam|Cass|Chay|Cor|Dar|Dax|Del|Dev|Ed|El|Em|Ev|Far|Fin|Gab|Gar|Hal|Har|Hay|Is|Jay|Jen|Jor|Kay|Kel|Ken|Ky|Lay|Len|Lor|Mar|Mel|Mer|Mor|Nay|Nev|Or|Pres|Quin|Ray|Ren|Ros|Ry|Sam|Sav|Shan|Sky|Tam|Tay|Ter|Tre|Val|Vin|Wes|Zan|Zay");
    private static readonly string[] GirlEndings = Split("a|elle|ella|ena|essa|ia|iana|ie|ina|ine|isha|issa|ita|leigh|lin|lyn|mae|ora|ya|yah|yn|anna|ette|een");
    private static readonly string[] BoyEndings = Split("an|ar|den|don|en|er|ian|iel|in|ion|ley|lin|lon|man|o|on|or|ric|ron|son|ton|us|vin|yn");

    private readonly string[] _known;
    private readonly string[] _beginnings;
    private readonly string[] _endings;
    private readonly int _tail;

    private LongTail(string[] known, string[] beginnings, string[] endings, int tail) => (_known, _beginnings, _endings, _tail) = (known, beginnings, endings, tail);

    public static LongTail Families(Heritage heritage) => new(
        [.. heritage.Families.Concat(heritage.WomensFamilies ?? []).Distinct()],
        FamilyBeginnings.TryGetValue(heritage.Key, out var beginnings) ? Split(beginnings) : AnyBeginnings,
        FamilyEndings.TryGetValue(heritage.Key, out var endings) ? Split(endings) : AnyEndings,
        heritage.Key is "british" ? 62 : heritage.Key is "polish" or "romanian" or "nigerian" ? 60 : 35);

    public static LongTail Givens(Heritage heritage, string sex, bool child) => new(
        child ? sex == "F" ? heritage.Girls : heritage.Boys : sex == "F" ? heritage.Women : heritage.Men,
        heritage.Key is "british" or "traveller" or "caribbean" ? GivenBeginnings : AnyBeginnings, sex == "F" ? GirlEndings : heritage.Key is "british" or "caribbean" ? BoyEndings : AnyEndings, heritage.Key == "british" ? 22 : 30);

    public string Draw(Dice dice)
    {
        if (!dice.Percent(_tail))
        {
            return _known[Early(_known.Length, dice)];
        }
        var name = _beginnings[Early(_beginnings.Length, dice)] + _endings[Early(_endings.Length, dice)];
        return dice.Percent(12) && _endings.Length > 20 ? name + dice.Pick(_endings) : name;
    }

    /// <summary>A place in a list, the early ones oftener: about as one over the rank.</summary>
    private static int Early(int length, Dice dice) => (int)(Math.Pow(length + 1, dice.Below(1_000_000) / 1_000_000.0) - 1) is var at && at < length ? at : length - 1;

    private static string[] Split(string names) => names.Split('|');
}
