using System.Text;

namespace Heed.Seed;

public enum Source { Police, School, Health }

/// <summary>
/// What happened, as the person who was there would put it. "[one|another]" is a choice; {man}, {woman}, {children}, {he}, {him}, {his} and {age} are the people it happens to.
/// From and To: how old the child in the middle of it may be. Man: it cannot be told without one. Apart: nor while he lives there.
/// </summary>
public sealed record Story(string Kind, Source Source, string Grade, string Summary, int From = 0, int To = 17, bool Man = false, string[]? OwnWords = null, string[]? Actions = null, string Where = "At home", bool Apart = false)
{
    /// <summary>Whether this could have happened to this child of this family.</summary>
    public bool Fits(Family family, Person child, NodaTime.LocalDate on) =>
        child.Born is not null && Family.Age(child, on) is var age && age >= From && age <= To && family.Woman is not null
        && (!Man || family.Man is not null) && (!Apart || !family.ManLivesThere);
}

public static class Stories
{
    private static readonly string[] Advice = ["Safeguarding advice given to mother", "Body-worn video saved"], Arrest = ["Suspect arrested", "Safeguarding advice given to mother"], Left = ["Suspect left to stay with family"];

    public static readonly IReadOnlyList<Story> All =
    [
        // domestic abuse, police
        new("domestic-abuse", Source.Police, "standard", "[Neighbour|Passer-by] reported shouting. Verbal argument about [money|a phone|the car|who would collect the children]. No injuries, no offences disclosed. {children}", 0, 17, true, ["They were just arguing. They always argue.", "I put my headphones on."], Advice),
        new("domestic-abuse", Source.Police, "medium", "{woman} called from the [bathroom|back garden|bus stop]: {man} had pushed her against the [door|worktop|banister] and taken her phone. [Redness to upper arm|No visible injury|Small cut to the hand]. {children}", 0, 17, true, ["He took mummy's phone so she couldn't ring.", "I held my brother's hand."], Arrest),
        new("domestic-abuse", Source.Police, "high", "{man} had grabbed {woman} by the [neck|throat] in the [kitchen|hallway]. She described [not being able to breathe|her sight going dark]. {children} Attempted strangulation disclosed to the attending officer.", 0, 17, true, ["I thought mum was going to die.", "Daddy was hurting mummy. I hid in the wardrobe."], Arrest),
        new("domestic-abuse", Source.Police, "standard", "{man} attended the address [after drinking|unannounced] and refused to leave. Left before police arrived. {woman} did not wish to make a statement. {children}", 0, 17, true, ["He bangs the door really loud."], Left, Apart: true),
        new("domestic-abuse", Source.Police, "medium", "Third call to this address in [six|eight] weeks. {woman} says {man} [checks her bank account daily|will not let her see her sister|follows her to work]. {children} Controlling behaviour recorded.", 0, 17, true, ["Mum has to ask before we go out.", "We have to be quiet when he is home."], Advice),
        new("domestic-abuse", Source.Police, "high", "{man} breached the non-molestation order: [came through the back gate|waited outside the school|sent forty messages overnight]. {woman} very frightened. {children}", 0, 17, true, ["I saw his car. I didn't tell mum."], Arrest, Apart: true),
        new("domestic-abuse", Source.Police, "medium", "Silent 999 call; the operator heard a [man shouting and a child crying|crash and a child asking him to stop]. On arrival [both adults calm|{woman} answered the door and said all was well], [broken glass in the kitchen|a door off its hinges]. {children}", 0, 17, true, ["I pressed the phone how they showed us at school."], Advice),
        new("domestic-abuse", Source.Police, "standard", "Separated parents argued at handover about [contact at Christmas|a late return|a new partner]. {woman} alleges she was pushed; {man} denies it. The children were in the car.", 0, 12, true, ["I don't like it when they swap us."], Advice, "Outside the home", Apart: true),
        new("domestic-abuse", Source.Police, "medium", "{woman} attended the front counter to report an assault by {man} [on Sunday night|two days ago|over the weekend]. Bruise to the [forearm|cheek]. She delayed because [the children were in|she had nowhere to go].", 0, 17, true, null, ["Statement taken", "Suspect to be arrested"], "At home, reported at the police station"),
        new("domestic-abuse", Source.Police, "standard", "Officers called by the [ambulance crew|landlord]. {man} intoxicated and abusive, {woman} wanted him removed for the night. Taken to a relative. {children}", 0, 17, true, ["He falls asleep on the stairs."], Left),
        new("domestic-abuse", Source.Police, "medium", "{woman} reports that {man} has put a tracker [on her car|in the child's school bag]. Threatened to [take the children abroad|tell social services that she is unfit].", 3, 17, true, ["Dad gave me a new bag and said don't lose it."], ["Device recovered", "Referred to domestic abuse service"]),
        new("domestic-abuse", Source.Police, "high", "{man} threatened {woman} with a [kitchen knife|screwdriver] and damaged the [television|front window]. A child [ran to a neighbour|rang 999].", 4, 17, true, ["I ran to next door with no shoes on.", "I told him to leave her alone."], Arrest),
        new("domestic-abuse", Source.Police, "standard", "Argument between {woman} and {man} over [the electricity meter|childcare|messages on a phone]. Child [came downstairs|was holding the dog] while officers spoke to both. Both gave the same account.", 0, 17, true, ["I came down because it was loud."], Advice),
        new("domestic-abuse", Source.Police, "medium", "{woman} has learning difficulties and struggled to give times. She says {man} [keeps her medication|holds her benefits card]. House cold. {children}", 0, 17, true, null, ["Adult safeguarding referral made", "Safeguarding advice given to mother"]),
        new("domestic-abuse", Source.Police, "medium", "An interpreter was used by telephone. {woman} said {man} locks the front door when he goes out, and the [eldest|child] had been asked to translate before. {children}", 5, 17, true, ["I have to say what the police say."], ["Interpreter used", "Referred to specialist domestic abuse service"]),
        new("domestic-abuse", Source.Police, "high", "{woman} found by officers [in the street without a coat|at the petrol station] with the children. {man} had [kicked the bedroom door in|thrown a chair]. She wants to leave and has no money.", 0, 17, true, ["Can we go to nana's now?"], ["Suspect arrested", "Taken to a place of safety", "Referred to MARAC"], "In the street"),
        new("domestic-abuse", Source.Police, "standard", "[Teenage child|Son|Child] called to say {man} and {woman} were arguing again. On arrival all quiet. The child said they [could not sleep|have an exam tomorrow].", 11, 17, true, ["It's every weekend. I've got mocks."], Advice),

        // missing, police
        new("missing", Source.Police, "medium", "Did not come home after [school|football|a friend's house]. Phone off. {woman} says {he} has been [quiet|arguing about rules|getting lifts from older boys] lately. Third time this month.", 11, 17, false, ["I just needed to get out."], ["Area search", "Phone enquiries"], "From home"),
        new("missing", Source.Police, "high", "{age}-year-old, [last seen getting into a grey car|left through a bedroom window]. New clothes and a second phone seen by {woman}. Possible exploitation.", 12, 17, false, ["They said they'd look after me."], ["Photograph circulated", "Exploitation team told"], "From home"),
        new("missing", Source.Police, "standard", "Left after an argument about [homework|a game console]. Found within two hours at [grandmother's|the skate park|a friend's]. Safe and well check done on the doorstep.", 10, 17, false, ["I was coming back anyway."], ["Safe and well check"], "From home"),
        new("missing", Source.Police, "medium", "Absent from school since [the first lesson|lunch]; [school rang home|the bus driver saw {him} in town]. {woman} had no contact until the evening.", 11, 16, false, ["I don't go on Tuesdays because of PE."], ["Bus company contacted"], "From school"),
        new("missing", Source.Police, "high", "{he} was found in the small hours at the railway station with two [unknown adults|young men from out of the area]. A quantity of cash and a train ticket to London on {him}.", 13, 17, false, ["I'm not saying who they are."], ["Adults' details taken", "Clothing seized", "Returned home"], "From home"),
        new("missing", Source.Police, "medium", "Failed to return from contact with {man}. {woman} received a message that {he} [did not want to come home|wanted to live there]. Both traced, no order in place.", 6, 15, true, ["I like it at dad's."], ["Address checked"], "From contact", Apart: true),

        // child concern, police
        new("child-concern", Source.Police, "standard", "Officers attended a [burglary next door|noise complaint]. {age}-year-old opened the door and said no adult was in. {woman} returned after [twenty minutes|an hour] from the shop.", 4, 11, false, ["Mum says don't open the door but it was the police."], ["Advice given"]),
        new("child-concern", Source.Police, "medium", "{age}-year-old seen on the [dual carriageway|railway footbridge] [in pyjamas|without a coat]. Said {he} was looking for the dog. {woman} asleep when officers called.", 4, 12, false, ["Mum was sleeping and the dog got out."], ["Returned home"], "In the street"),
        new("child-concern", Source.Police, "high", "Drugs warrant executed. [Cannabis plants in the loft|Scales and wraps in the kitchen drawer], within reach of {him}. {man} arrested.", 0, 12, true, ["That's daddy's cupboard."], ["Suspect arrested", "Photographs taken"]),
        new("child-concern", Source.Police, "medium", "{woman} detained under section 136 after [standing on a bridge parapet|walking in traffic]. Child with [a neighbour|grandmother] overnight. No history of this known to police.", 0, 16, false, ["Mummy is poorly in her head."], ["Child placed with family"]),
        new("child-concern", Source.Police, "medium", "Stopped with {man} who was driving over the limit, {him} in the front seat without a [booster|belt]. {woman} collected {him} from the roadside.", 1, 12, true, ["Dad was driving wiggly."], ["Driver arrested"], "Roadside"),
        new("child-concern", Source.Police, "high", "{he} told an officer on the school beat that an adult [contacted {him} through a game|asks {him} for pictures] and knows where {he} lives. Phone handed over willingly.", 9, 15, false, ["He said he was fourteen. He isn't.", "He said not to tell."], ["Phone seized", "Referred to online team"], "At school"),
        new("child-concern", Source.Police, "standard", "Arrested for [shop theft|criminal damage]; {he} would not say who sent {him}. {woman} attended as appropriate adult after [four|six] hours.", 12, 17, false, ["I owe someone."], ["Released to parent", "Youth justice service told"], "In town"),

        // anti-social behaviour with a child present
        new("anti-social-behaviour", Source.Police, "standard", "Group of about [eight|twelve] at the [bus station|precinct], fireworks let off. {he} was with much older boys and smelled of cannabis. Taken home; {woman} thanked officers.", 11, 16, false, ["They're my mates."], ["Returned home", "Warning letter"], "In the street"),
        new("anti-social-behaviour", Source.Police, "standard", "Neighbour dispute about [parking|music|a fence]. Both sides shouting; {him} in the middle of it, crying. [Eggs thrown at the window|Bin set alight] earlier this week.", 3, 11, false, ["They shout at us when we walk to school."], ["Landlord told"]),
        new("anti-social-behaviour", Source.Police, "medium", "Party at the address, about thirty people, complaint from the whole landing. {age}-year-old in the bedroom [with the door wedged|on a game]. {woman} under the influence.", 3, 14, false, ["I couldn't sleep. People kept coming in."], ["Premises cleared"]),
        new("anti-social-behaviour", Source.Police, "standard", "Stones thrown at a bus. {he} identified on camera with two others. Parents spoken to; {woman} says {he} is out until [22:00|23:00] most nights.", 10, 15, false, null, ["Acceptable behaviour contract"], "In the street"),
        new("anti-social-behaviour", Source.Police, "medium", "Off-road motorcycle ridden across the [playing field|beck]; {he} was passenger, no helmet. Rider is [19|22] and known to police for supply.", 11, 16, false, ["He lets me ride it if I run errands."], ["Vehicle seized"], "In the park"),

        // neglect and home conditions, police
        new("neglect", Source.Police, "medium", "Officers looking for another person. [No food in the fridge but milk|Bare mattresses and no bedding], dog mess on the stairs, [no electricity on the meter|back window boarded up]. {children} {woman} tearful and asked for help.", 0, 14, false, ["We have tea at school.", "It's dark because the lights ran out."], ["Emergency credit and food parcel", "Photographs taken"]),
        new("neglect", Source.Police, "high", "Infant found in a [wet cot|car seat] in a cold room, strong smell of [urine|smoke]. {woman} could not say when the last feed was. Ambulance called, child taken to hospital.", 0, 1, false, null, ["Ambulance called", "Photographs taken"]),
        new("neglect", Source.Police, "medium", "Called by the housing officer: [bags of rubbish to the windowsill|no working toilet]. {age}-year-old said {he} looks after the little ones. {woman} not seen.", 6, 15, false, ["I do the bottles. I know how."], ["Housing officer present", "Photographs taken"]),
        new("neglect", Source.Police, "standard", "{woman} intoxicated in the [park|town centre] with {him}. Coat and shoes [too small|wet through]. A friend took them home.", 1, 9, false, ["I'm hungry."], ["Taken home"], "In the park"),
        new("neglect", Source.Police, "medium", "Second visit in a month. Hygiene no better, [used needles in a carrier bag|cans on every stair]. Sleeping on the settee, no bedding upstairs.", 0, 13, false, ["I sleep on the sofa with the dog."], ["Photographs taken", "Advice given"]),

        // from schools
        new("child-concern", Source.School, "none", "{he} came in with a [hand-shaped mark on the left arm|bruise behind the ear] and said [\"I fell\", then \"I'm not allowed to say\"|that {man} was cross about the shoes]. Body map completed.", 4, 15, false, ["I'm not allowed to say.", "He was cross about the shoes."], ["Body map completed", "Parents not told, on advice"], "At school"),
        new("child-concern", Source.School, "none", "Attendance [71%|64%] this term. {he} is often late, hungry and in the same clothes. Two letters and a home visit without answer.", 5, 15, false, ["There wasn't time for breakfast."], ["Breakfast club place given"], "At school"),
        new("child-concern", Source.School, "none", "{he} wrote in [an English lesson|a diary exercise] that nights at home are frightening and that [{he} keeps a bag packed|{he} sleeps in the bath]. Very tired for two weeks.", 8, 16, false, ["Nights are the worst."], ["Work copied and kept", "Spoken to by safeguarding lead"], "At school"),
        new("child-concern", Source.School, "none", "Self-harm seen by the [PE teacher|school nurse]: older cuts to the forearm. {he} agreed to {woman} being told. No immediate danger today.", 12, 17, false, ["It helps for a bit."], ["First aid", "Mental health team referral"], "At school"),
        new("child-concern", Source.School, "none", "A friend told us that {he} has [a boyfriend of twenty-three|been sent to deliver packages]. {he} had [two phones|£200] in the bag.", 12, 17, false, ["He's not my boyfriend, he's just nice to me."], ["Friend thanked and supported"], "At school"),
        new("child-concern", Source.School, "none", "{woman} arrived at the gate at home time [smelling strongly of alcohol|unsteady on her feet]. We kept {him} in after-school club until [an aunt|grandmother] came.", 4, 10, false, ["Mummy is wobbly today."], ["Child kept safe until collected"], "At school"),
        new("child-concern", Source.School, "none", "{he} said during [circle time|swimming] that {man} \"shouts and breaks things\" and that the police had been. We had not been told.", 4, 11, true, ["He broke the telly and mummy cried."], ["Spoken to by safeguarding lead"], "At school"),

        // from the hospital
        new("child-concern", Source.Health, "none", "Non-mobile baby of [four|five] months, [bruise to the cheek|spiral fracture of the upper arm]. Explanation given: [rolled off the sofa|caught in the cot bars]. Not in keeping with development. Skeletal survey requested.", 0, 0, false, null, ["Admitted", "Paediatric medical arranged"], "Emergency department"),
        new("child-concern", Source.Health, "none", "{age}-year-old with a burn to the [hand|foot], brought [a day later|after two days] by {woman}. Missed two earlier burns clinics.", 1, 9, false, ["The iron bit me."], ["Burn dressed", "Health visitor told"], "Emergency department"),
        new("child-concern", Source.Health, "none", "{he} took [an overdose of paracetamol|several of {woman}'s tablets] after [messages online|a row at home]. Medically fit tomorrow; assessment by mental health liaison requested.", 12, 17, false, ["I didn't want to die, I wanted it to stop."], ["Admitted overnight"], "Emergency department"),
        new("child-concern", Source.Health, "none", "{woman} attended with an injured wrist and {him} beside her. She said she fell; alone she said {man} [twisted it|shut it in the door]. Afraid of police.", 0, 15, true, ["Mum said say she fell."], ["Domestic abuse adviser seen"], "Emergency department"),
        new("child-concern", Source.Health, "none", "Not brought to [three|four] appointments with the [diabetes|asthma] team. Emergency admission this week, [the second|the third] since summer. {woman} overwhelmed.", 3, 15, false, ["I forget my puffer."], ["Admitted", "School nurse told"], "Children's ward"),
    ];

    public static readonly IReadOnlyList<Story> Police = All.Where(story => story.Source is Source.Police).ToList();

    /// <summary>The story with its choices made and its people in it.</summary>
    public static string Tell(string template, Family family, Person child, NodaTime.LocalDate on, Dice dice)
    {
        var told = new StringBuilder(template.Length + 40);
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == '[')
            {
                var end = template.IndexOf(']', i);
                told.Append(dice.Pick(template[(i + 1)..end].Split('|')));
                i = end;
            }
            else
            {
                told.Append(template[i]);
            }
        }
        var (he, him, his) = child.Sex switch { "F" => ("she", "her", "her"), "M" => ("he", "him", "his"), _ => ("they", "them", "their") };
        told.Replace("{man}", family.ManIs).Replace("{woman}", family.WomanIs).Replace("{children}", family.Whereabouts(on, dice))
            .Replace("{he}", he).Replace("{him}", him).Replace("{his}", his).Replace("{age}", Family.Age(child, on).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Sentences(told.ToString().TrimEnd());
    }

    /// <summary>Capitals where a sentence begins, none for "Mother" or "Father" in the middle of one.</summary>
    private static string Sentences(string text)
    {
        var letters = text.ToCharArray();
        var begins = true;
        for (var i = 0; i < letters.Length; i++)
        {
            if (char.IsLetter(letters[i]) && begins)
            {
                letters[i] = char.ToUpperInvariant(letters[i]);
                begins = false;
            }
            else if (letters[i] is '.' or '?' && i + 1 < letters.Length && letters[i + 1] == ' ')
            {
                begins = true;
            }
            else if (char.IsAsciiDigit(letters[i]))
            {
                begins = false;
            }
        }
        return new(letters);
    }
}
