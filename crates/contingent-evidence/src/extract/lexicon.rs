//! The words the rules know: verbs and nouns that mark something as said, closed word classes, roles, hedges.
//!
//! Enters: a word in lower case. Leaves: what the rules may expect of it.
//! Always holds: the tables are the only place where an English word decides something about attribution; every inflected form
//! is made from its base form, so that a verb is entered once.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

/// The hash of Fowler, Noll and Vo: the tables are fixed, so nobody can choose words that collide, and words are short.
#[derive(Default)]
pub(super) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

type Build = BuildHasherDefault<WordHasher>;

/// What kind of act a cue verb names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    /// Speaking or writing.
    Speech,
    /// Thinking: what an article knows only because somebody said so.
    Thought,
    /// What a document does: "shows", "finds".
    Document,
    /// Naming or judging a thing: counts only together with quoted words ("called the plan 'a gift'").
    Judgement,
}

/// What may follow a cue verb, as letters of the table: `t` a clause with "that", `b` a clause without it, `q` a
/// quotation, `i` an infinitive, `o` an object with an infinitive, `n` a noun phrase, `m` a noun phrase with quoted
/// words in it, `c` a number of things or none of them, `a` the person addressed, `p` the verb may stand after or inside unquoted words, `w` a clause that opens with how, why, what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) lemma: &'static str,
    pub(super) class: Class,
    pub(super) takes: &'static str,
    /// The form ends in -ing.
    pub(super) participle: bool,
    /// The form may as well be a noun ("claims").
    pub(super) noun_like: bool,
}

impl Cue {
    pub(super) fn takes(&self, what: char) -> bool {
        self.takes.contains(what)
    }
}

/// Base forms by what may follow them.
const VERBS: &[(Class, &str, &str)] = &[
    (Class::Speech, "tbqpw", "say add explain"),
    (Class::Speech, "tbqawop", "tell"),
    (
        Class::Speech,
        "tqpw",
        "write note state observe remark recall recount tweet post blog mention clarify specify emphasize emphasise stress underline underscore reiterate repeat testify reveal disclose",
    ),
    (
        Class::Speech,
        "tbqp",
        "claim argue insist contend maintain assert declare affirm reaffirm conclude concede acknowledge admit allege opine posit counter retort reckon caution comment",
    ),
    (
        Class::Speech,
        "tqp",
        "reply respond answer continue joke quip complain lament boast object reason confess proclaim enthuse speculate theorize theorise hypothesize summarize summarise elaborate attest volunteer muse concur agree disagree certify signal hint imply intimate rule decree",
    ),
    (Class::Speech, "tqp", "charge"),
    (Class::Speech, "tqpwnc", "report"),
    (Class::Speech, "tqpwn", "confirm"),
    (Class::Speech, "n", "dispute contest favour favor"),
    (Class::Speech, "tqpabo", "warn"),
    (Class::Speech, "tp", "hold"),
    (Class::Thought, "p", "notice discover reflect"),
    (Class::Speech, "t", "stipulate determine establish allow accept grant"),
    (
        Class::Speech,
        "tqp",
        "calculate venture pronounce deadpan thunder fume gush rejoin riposte chuckle interrupt grouse bristle",
    ),
    (
        Class::Speech,
        "tqpn",
        "announce predict forecast estimate recommend suggest deny project foresee anticipate",
    ),
    (Class::Speech, "tqip", "promise"),
    (Class::Speech, "tqinp", "propose pledge vow threaten swear guarantee"),
    (Class::Speech, "tqon", "demand"),
    (Class::Speech, "tqop", "urge advise order instruct implore exhort beseech"),
    (Class::Speech, "tqon", "request"),
    (Class::Speech, "tqa", "inform remind assure notify persuade convince brief"),
    (Class::Speech, "q", "ask"),
    (Class::Speech, "qo", "beg"),
    (
        Class::Speech,
        "q",
        "exclaim interject chant inquire enquire plead protest joke chime yell scream recite laugh snap shrug",
    ),
    (Class::Speech, "qi", "offer"),
    (Class::Speech, "q", "put read go"),
    (Class::Speech, "o", "appeal"),
    (Class::Speech, "tqp", "confide sigh whisper shout mutter grumble murmur"),
    (Class::Speech, "qn", "advocate"),
    (Class::Thought, "tbp", "think believe suspect fear feel assume doubt suppose guess imagine"),
    (Class::Thought, "tbpon", "expect"),
    (Class::Thought, "tbpi", "hope"),
    (Class::Thought, "t", "regret"),
    (Class::Thought, "tp", "worry understand know remember figure realize realise judge assess fret surmise"),
    (Class::Thought, "tm", "consider regard view see"),
    (Class::Thought, "i", "intend plan"),
    (Class::Document, "tpwc", "show find indicate demonstrate"),
    (Class::Document, "tpwc", "document detail highlight"),
    (Class::Document, "c", "count record register tally log list"),
    (
        Class::Judgement,
        "m",
        "call describe label brand dub term denounce condemn dismiss reject praise hail criticize criticise slam blast decry deplore deride characterize characterise portray liken compare depict applaud commend cite quote reference style rebuke mock ridicule question defend justify bemoan deem invoke vent voice express interpret present urge welcome commit talk speak point frame paint",
    ),
    (Class::Speech, "i", "undertake"),
    (Class::Thought, "o", "want"),
    (Class::Judgement, "mo", "accuse blame attribute credit"),
];

const IRREGULAR: &[(&str, &str)] = &[
    ("say", "says said said saying"),
    ("tell", "tells told told telling"),
    ("think", "thinks thought thought thinking"),
    ("write", "writes wrote written writing"),
    ("know", "knows knew known knowing"),
    ("feel", "feels felt felt feeling"),
    ("find", "finds found found finding"),
    ("see", "sees saw seen seeing"),
    ("swear", "swears swore sworn swearing"),
    ("foresee", "foresees foresaw foreseen foreseeing"),
    ("understand", "understands understood understood understanding"),
    ("show", "shows showed shown showing"),
    ("admit", "admits admitted admitted admitting"),
    ("plan", "plans planned planned planning"),
    ("quip", "quips quipped quipped quipping"),
    ("blog", "blogs blogged blogged blogging"),
    ("concur", "concurs concurred concurred concurring"),
    ("slam", "slams slammed slammed slamming"),
    ("commit", "commits committed committed committing"),
    ("beg", "begs begged begged begging"),
    ("hold", "holds held holding"),
    ("dub", "dubs dubbed dubbed dubbing"),
    ("forecast", "forecasts forecast forecasted forecasting"),
    ("speak", "speaks spoke spoken speaking"),
    ("snap", "snaps snapped snapped snapping"),
    ("signal", "signals signalled signaled signalling signaling"),
    ("label", "labels labelled labeled labelling labeling"),
    ("shrug", "shrugs shrugged shrugged shrugging"),
    ("beseech", "beseeches besought besought beseeching"),
    ("regret", "regrets regretted regretting"),
    ("rule", "rules ruled ruled ruling"),
    ("undertake", "undertakes undertook undertaken undertaking"),
    ("put", "puts putting"),
    ("go", "goes went gone going"),
    ("read", "reads reading"),
];

/// Forms that are nouns as often as verbs.
const NOUN_LIKE: &str = "regret regrets claim claims report reports state states view views note notes comment comments fear fears hope hopes \
    charge charges dispute disputes contest contests answer answers remark remarks warning estimate estimates demand demands promise promises pledge pledges post \
    posts doubt doubts forecast forecasts thought feeling finding suspect suspects protest protests object objects figure figures \
    reason reasons judge judges guess counter counters request requests quote quotes plan plans vow vows tweet tweets blog blogs \
    show shows project projects rule rules ruling order orders offer offers question questions term terms brand brands style styles \
    point points blast blasts details detail document documents brief briefs signal signals notice notices stress hint hints label labels call \
    calls cite express voice speculates writing saying reply replies response repeat joke jokes worry worries mock laugh request \
    reference references talk talks frame frames welcome decree decrees exhort volunteer volunteers boast complaint paint refuse highlights \
    favour favor favours favors attribute attributes appeal appeals highlight count counts record records register registers log logs list lists tally tallies decline declines shout chant advocate advocates associate whispers sigh sighs feel says-so testimony say";

fn forms(lemma: &'static str) -> Vec<String> {
    if let Some((_, irregular)) = IRREGULAR.iter().find(|(base, _)| *base == lemma) {
        return std::iter::once(lemma.to_owned()).chain(irregular.split(' ').map(str::to_owned)).collect();
    }
    let consonant_y =
        lemma.ends_with('y') && !lemma.ends_with("ay") && !lemma.ends_with("ey") && !lemma.ends_with("oy");
    let (third, past, participle) = if let Some(stem) = lemma.strip_suffix('e') {
        (format!("{lemma}s"), format!("{lemma}d"), format!("{stem}ing"))
    } else if consonant_y {
        let stem = &lemma[..lemma.len() - 1];
        (format!("{stem}ies"), format!("{stem}ied"), format!("{lemma}ing"))
    } else if ["s", "sh", "ch", "x", "z"].iter().any(|end| lemma.ends_with(end)) {
        (format!("{lemma}es"), format!("{lemma}ed"), format!("{lemma}ing"))
    } else {
        (format!("{lemma}s"), format!("{lemma}ed"), format!("{lemma}ing"))
    };
    vec![lemma.to_owned(), third, past, participle]
}

/// The cue verb that a word in lower case is a form of.
pub(super) fn cue(word: &str) -> Option<Cue> {
    static TABLE: OnceLock<HashMap<String, Cue, Build>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let noun_like: HashSet<&str> = NOUN_LIKE.split_ascii_whitespace().collect();
        let mut table = HashMap::with_hasher(Build::default());
        for &(class, takes, lemmas) in VERBS {
            for lemma in lemmas.split_ascii_whitespace() {
                for form in forms(lemma) {
                    let cue = Cue {
                        lemma,
                        class,
                        takes,
                        participle: form.ends_with("ing"),
                        noun_like: noun_like.contains(form.as_str()),
                    };
                    // A verb that speaks wins over the same verb that judges: "urge" is entered for both.
                    table.entry(form).or_insert(cue);
                }
            }
        }
        table
    });
    table.get(word).copied()
}

macro_rules! word_set {
    ($(#[$doc:meta])* $name:ident, $words:expr) => {
        $(#[$doc])*
        pub(super) fn $name(word: &str) -> bool {
            static SET: OnceLock<HashSet<&'static str, Build>> = OnceLock::new();
            SET.get_or_init(|| $words.split_ascii_whitespace().collect()).contains(word)
        }
    };
}

word_set!(
    /// Words that can stand as a subject by themselves.
    is_subject_pronoun,
    "he she they it we i who you"
);
word_set!(
    /// Other pronouns.
    is_other_pronoun,
    "him her them us me himself itself herself themselves everyone someone nobody anyone everybody somebody anybody nothing everything something \
     whom whoever ourselves myself yourself mine ours theirs hers"
);
word_set!(
    /// Determiners and quantifiers.
    is_determiner,
    "the a an this these those his her its their our my your some many several most all both each every no any another such either \
     neither few other others much more fewer whose"
);
word_set!(
    /// Numbers in words.
    is_number_word,
    "one two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand thousands million millions billion \
     twenty thirty forty fifty sixty seventy eighty ninety first second third"
);
word_set!(
    /// Auxiliary and modal verbs, whole or as a clitic.
    is_auxiliary,
    "is are was were be been being am has have had having do does did will would can could may might must shall should ought 're 've \
     'll 'd 'm isn't aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't cannot couldn't mightn't \
     mustn't shouldn't needn't shan't ain't"
);
word_set!(
    /// Prepositions.
    is_preposition,
    "of in on at by for with from to into over under about against between among during after before since through across without \
     within near toward towards amid despite including like as than per via around behind beyond throughout upon off out up down \
     along inside outside regarding following until till onto concerning alongside besides below above beneath past except"
);
word_set!(is_conjunction, "and or but nor yet so");
word_set!(
    /// Words that open a subordinate clause.
    is_subordinator,
    "that if because while although though whereas unless whether when where why how what which once lest whenever wherever"
);
word_set!(
    is_adverb,
    "also not never then later once again still already earlier previously recently further now just only even often always \
     repeatedly reportedly publicly long ever too instead soon today yesterday tomorrow here there however therefore thus additionally \
     tonight moreover nevertheless nonetheless meanwhile perhaps maybe almost quite rather very indeed elsewhere separately \
     simply twice thrice otherwise differently afterwards afterward sometimes seldom rarely far privately besides well away apart aside"
);
word_set!(
    /// Heads of a noun phrase that names a text in passing: only "it" after them points at them.
    is_claim_text,
    "message note cable telegram email e-mail tweet manifesto verdict ruling memorandum text"
);
word_set!(
    /// Adjectives with the ending of adverbs.
    is_adjective_in_ly,
    "likely unlikely deadly costly friendly unfriendly lonely elderly orderly disorderly cowardly lively lovely ugly silly holy \
     timely untimely worldly daily weekly monthly yearly quarterly scholarly fatherly motherly sickly curly hilly"
);
word_set!(
    is_month_or_day,
    "january february march april may june july august september october november december monday tuesday wednesday thursday \
     friday saturday sunday christmas easter ramadan"
);
word_set!(
    is_time_noun,
    "week month year morning night day evening summer spring autumn winter fall weekend afternoon time decade quarter"
);
word_set!(
    /// Forms of common verbs that no ending gives away.
    is_irregular_verb,
    "went took made gave came got ran began became left lost held kept brought bought built sent spent stood won met paid put set \
     let cut hit hurt led fell grew drew drove flew knew threw broke chose fought sought taught caught rose sat slept swept wore tore bore \
     fled bred fed sold hid rode shook struck withdrew arose dealt bent lent meant heard lay laid make makes take takes give gives go \
     goes come comes get gets run runs become becomes keep keeps bring brings hold holds remain remains seem seems need needs want wants \
     appear appears depend depends exist exists happen happens live lives stay stays continue work works lie lies face faces mean means lead \
     leads cause causes fail fails require requires represent represents include includes belong belongs lack lacks allow allows \
     affect affects control controls undermine undermines serve serves turn turns play plays try tries help helps move moves matter matters change \
     follow follows suffer suffers prefer prefers lose loses win wins gain gains fall falls rise rises grow grows leave leaves enjoy enjoys send sends \
     let lets operate operates rely relies rest rests hinge hinges collapse collapses survive survives die dies kill kills fight fights \
     cost costs died tied lied owed differ differs lasts spread spreads suit suits create creates form forms drive drives fuel fuels threaten reflect reflects ignore ignores start starts stop stops begin begins use uses pay pays buy buys sell sells own owns carry carries build builds feed feeds teach beat beats burn burns sink sinks earn earns eat eats"
);
/// Heads of a noun phrase that one person or several, and not a body or a document, answer to.
pub(super) fn is_person_noun(word: &str) -> bool {
    let word = word.strip_prefix("ex-").unwrap_or(word);
    let word_or_singular =
        |listed: fn(&str) -> bool| listed(word) || word.strip_suffix('s').is_some_and(listed);
    word_or_singular(is_person_noun_as_listed) || word_or_singular(names_a_calling)
}

/// "Agronomist", "technician": nouns of these endings that are long enough are people.
fn names_a_calling(word: &str) -> bool {
    (word.len() >= 8
        && ["ician", "keeper", "holder", "owner", "maker", "grapher", "monger"]
            .iter()
            .any(|end| word.ends_with(end)))
        || (word.len() >= 7 && word.ends_with("eer") && word != "reindeer")
        || (word.len() >= 7
            && word.ends_with("ist")
            // "Lindqvist", "Rosenquist": a name.
            && !(word.ends_with("qvist") || word.ends_with("quist") && !word.ends_with("loquist"))
            && !matches!(
                word,
                "consist"
                    | "subsist"
                    | "persist"
                    | "desist"
                    | "assist"
                    | "checklist"
                    | "shortlist"
                    | "blacklist"
                    | "backlist"
                    | "waitlist"
            ))
}

word_set!(
    is_person_noun_as_listed,
    "analyst analysts expert experts spokesman spokeswoman spokesperson spokesmen official officials minister ministers president leader \
     leaders professor academic academics fellow director co-director co-founder founder author authors researcher researchers scientist \
     scholar scholars diplomat diplomats ambassador commander commanders general senator congressman lawmaker lawmakers lawyer lawyers attorney \
     judge judges journalist journalists reporter reporters editor economist economists historian historians secretary secretary-general chief head chairman \
     chairwoman chair chancellor governor mayor politician politicians candidate activist activists campaigner strategist adviser advisor \
     advisers envoy resident residents witness witnesses doctor doctors teacher teachers student students mother father brother sister wife husband \
     son daughter corporal private constable cardinal bachelor nephew niece uncle aunt cousin grandfather grandmother owner boss successor predecessor clerk farmer farmers trader traders shopkeeper elder elders villager villagers fighter fighters soldier soldiers officer officers \
     veteran nurse engineer consultant specialist observer observers critic critics supporter supporters opponent opponents negotiator \
     mediator delegate driver refugee survivor survivors neighbour neighbor woman women man men source sources aide colleague interpreter \
     deputy rapporteur representative coordinator organiser organizer member members monitor monitors worker workers merchant colonel major captain \
     lieutenant sergeant admiral marshal imam priest bishop sheikh king queen prince premier parliamentarian legislator sociologist anthropologist \
     physician medic medics midwife miner fisherman baker tailor butcher clerk prosecutor auditor auditors commissioner inspector investigator investigators \
     rebel defector warden banker broker investor investors people person youth eyewitness inhabitant locals girl boy pilot sailor rancher herder herders economist defendant accused suspect plaintiff \
     poet writer novelist columnist correspondent commentator pundit blogger pollster forecaster lecturer dean scholar theorist geographer cartographer \
     demographer philosopher biographer policeman policewoman peacekeeper guard guardsman detective paramedic surgeon cook waiter waitress innkeeper \
     landlord landlady carpenter mechanic mason blacksmith weaver shepherd gardener beekeeper postman ferryman boatman fisherwoman skipper porter \
     pensioner widow widower grandson granddaughter businessman businesswoman entrepreneur exporter importer planner practitioner insider lobbyist \
     warlord chieftain tribesman statesman cleric pastor rabbi monk nun consul prefect magistrate notary jurist barrister solicitor bookkeeper \
     attaché attache commodore brigadier superintendent archbishop trustee manager supervisor foreman cadet conscript deserter prisoner inmate detainee settler nomad \
     peasant labourer laborer docker sculptor painter actor actress singer composer translator mathematician physicist jailer gaoler spy agent bodyguard sniper gunner \
     navigator stallholder vendor grocer hawker dealer contractor landowner councillor councilor counsellor ombudsman regulator actuary donor patron client speaker \
     alderman clergyman clergymen horseman gunman gunmen middleman henchman henchmen tradesman craftsman salesman cameraman councilman councilwoman assemblyman serviceman \
     servicemen airman seaman rifleman infantryman nobleman watchman tribesmen guardsmen fishermen policemen boatmen businessmen \
     bricklayer plumber barber chef undersecretary vice-president vice-chairman technologist whistleblower spymaster chief-of-staff adjutant instructor envoys founder-director \
     surveyor schoolteacher schoolmaster schoolmistress headmaster headmistress accountant smuggler courier hunter collector archivist librarian custodian treasurer envoy emissary presenter photographer publisher"
);
word_set!(
    /// Heads of a noun phrase that names a body.
    is_body_noun,
    "group organisation organization agency ministry company firm party government administration department commission committee \
     council court police army military forces authorities authority movement coalition alliance union institute institution centre center mission \
     parliament senate cabinet forum monitor observatory polytechnic college exchange office bank bureau board network team delegation secretariat embassy presidency militia taskforce foundation \
     association federation charity watchdog think-tank newspaper magazine university panel branch unit leadership opposition regime side insurgents \
     rebels junta monarchy assembly directorate brigade faction corps outfit publication broadcaster outlet academy consortium syndicate chamber fund holdings corporation treasury guild tribunal inspectorate cooperative co-operative"
);
/// One body or several: "associations", "ministries".
pub(super) fn names_bodies(word: &str) -> bool {
    is_body_noun(word)
        || word.strip_suffix('s').is_some_and(is_body_noun)
        || word.strip_suffix("ies").is_some_and(|stem| is_body_noun(&format!("{stem}y")))
}

word_set!(
    /// Last words of names of places.
    is_place_noun,
    "bay street road avenue river lake island islands valley province square bridge hill hills mountain mountains gorge port harbour harbor city town village \
     county district sea ocean coast peninsula strait gulf canal desert plateau highlands lowlands delta creek cape airport station park forest plain plains crossing"
);
word_set!(
    /// Heads of a noun phrase that names a text.
    is_document_noun,
    "report study survey poll paper article statement document letter analysis review assessment briefing memo resolution \
     bulletin communique communiqué dispatch audit book essay op-ed editorial indictment charter testimony data figures findings index dossier notice \
     declaration transcript dossier circular pamphlet post column leaflet summary"
);
/// Words before a name that say what somebody is; of "Lieutenant-Colonel" the last part counts.
pub(super) fn is_title(word: &str) -> bool {
    is_title_as_listed(word)
        || word.rsplit_once('-').is_some_and(|(first, last)| {
            is_title_as_listed(last) && (is_title_as_listed(first) || first == "vice" || first == "co")
        })
}

word_set!(
    is_title_as_listed,
    "mr mr. mrs mrs. ms ms. dr dr. prof prof. sir lady lord gen gen. col col. lt lt. sgt sgt. maj maj. capt capt. sen sen. rep rep. gov \
     gov. rev rev. hon hon. mullah sheikh sheik imam president minister general colonel major captain professor senator ambassador governor \
     judge king queen prince pope commander brigadier marshal admiral mayor chancellor doctor madam st st. lieutenant sergeant inspector \
     commodore archbishop bishop cardinal justice princess baron baroness count countess duke ayatollah emir sultan superintendent corporal constable chief comrade rabbi reverend vice-president undersecretary madame monsieur herr frau señor señora"
);
word_set!(
    is_name_particle,
    "al bin ibn bint de van von der den del della di da dos la le el ul ur abu umm du ben"
);
word_set!(
    /// Small words that are joined to a name by a hyphen or an apostrophe: "el-Tayeb", "d'Arc".
    is_joined_particle,
    "al el ul ur an as at ad ar ash az abu ibn bin bint d l"
);
word_set!(
    /// Somebody by where they come from: "the Swede".
    is_demonym,
    "swede dane finn norwegian icelander briton englishman englishwoman scot scotsman scotswoman welshman irishman irishwoman frenchman frenchwoman \
     dutchman dutchwoman belgian german austrian swiss italian spaniard portuguese greek pole czech slovak hungarian romanian bulgarian serb croat bosnian \
     albanian turk kurd russian ukrainian georgian armenian azeri kazakh uzbek tajik turkmen afghan pakistani indian iranian iraqi syrian lebanese \
     israeli palestinian jordanian egyptian libyan tunisian algerian moroccan sudanese ethiopian somali kenyan ugandan nigerian ghanaian american \
     canadian mexican cuban colombian brazilian argentine chilean chinese japanese korean vietnamese thai malaysian indonesian filipino australian \
     yemeni saudi emirati qatari kuwaiti omani"
);
word_set!(
    /// Words after which a dot does not end a sentence.
    is_abbreviation,
    "mr mrs ms dr prof sen rep gov gen col lt sgt st jr sr rev hon capt maj vs inc corp co ltd no art para paras approx dept fig ed cf al \
     jan feb mar apr jun jul aug sep sept oct nov dec"
);
word_set!(
    is_female,
    "mrs mrs. ms ms. lady madam queen spokeswoman chairwoman congresswoman businesswoman mother sister wife daughter woman girl widow midwife \
     leila layla fatima maria mary anna sara sarah amina zahra nadia elena olga irina natalia svetlana jane helen emma julia laura \
     aisha mariam maryam noor yasmin yasmeen salma samira rania farida shirin parisa nasrin katya marta ingrid claire sophie rosa lucia \
     isabel carmen ana grace ruth esther naomi rachel rebecca hannah alice margaret elizabeth susan karen linda barbara patricia jennifer lena nina vera \
     dina hala huda asma khadija zainab zeynep elif ayse fatma emine leyla rana lina mona heba amal joanna monika ewa agnieszka katarzyna \
     chiara giulia francesca priya anjali sunita kavita mei yuki hana greta astrid freya birgit elsa sonia tamara tatiana ludmila oksana halyna daria \
     nora ines beatriz teresa pilar adaeze ngozi wanjiru akinyi thandiwe"
);
word_set!(
    is_male,
    "mr mr. sir lord king spokesman chairman congressman businessman father brother husband son man boy imam mullah sheikh \
     john james david michael robert william richard thomas ahmed ahmad mohammed muhammad mohammad mahmoud ali hassan hussein omar umar khalid ibrahim \
     yusuf youssef karim rashid hamid abdul abdullah ivan sergei dmitri dmitry vladimir alexei andrei peter paul mark daniel george charles \
     joseph henry martin stefan anton viktor victor oleg igor nikolai mikhail pavel boris carlos juan jose luis pedro miguel antonio marco \
     giovanni luca jean pierre françois hans klaus jurgen jürgen lars erik sven mustafa mehmet murat emre kemal tariq faisal samir nabil walid ziad \
     bilal farhad reza javad hossein mehdi najib ashraf haji raj arun vikram wei jun kenji samuel simon patrick kevin brian eric edward \
     andrew matthew stephen steven christopher anthony kwame kofi emeka chinedu tunde jomo juma otieno petr jan tomas tomasz piotr andrzej jakub milan goran marko"
);

word_set!(
    /// Nouns with an ending that adjectives have.
    is_noun_despite_ending,
    "corporal republic public traffic critic critics music topic clinic fabric panic logic statistic capital hospital rival proposal arrival tribunal journal material \
     animal festival trial signal criminal individual professional intellectual principal metal canal goal deal appeal withdrawal approval refusal survival \
     disposal betrayal denial burial funeral cathedral initiative representative executive detective archive native objective relative perspective narrative collective \
     cooperative co-operative alternative incentive motive captive fugitive operative civilian historian politician guardian musician librarian \
     veterinarian technician electrician physician custodian pedestrian library secretary boundary military commentary documentary missionary \
     anniversary judiciary salary diary summary treasury glossary territory history country dictionary adversary emissary intermediary \
     constable table vegetable cable stable variable concern pattern tavern cistern lantern general official officials mineral festival interval terminal \
     chemical rehearsal scandal vandal pedal medal sandal manual ritual arsenal journal tunnel fish dish olive hive drive five dive \
     academic mechanic epidemic pandemic picnic arctic attic plastic cynic sceptic skeptic comic classic ethic magic"
);

word_set!(
    /// Nouns that end like a participle.
    is_noun_in_ing,
    "morning evening meeting building hearing spring king wing ring string ceiling feeling funding training housing shelling bombing killing fighting \
     wedding briefing beginning banking mining shipping fishing farming thing being gathering offering painting crossing landing ruling warning \
     finding understanding planning lending spending saving opening closing reading writing clothing parking recording spelling stocking \
     evening dwelling railing clearing trading uprising bearing lightning pudding shopping suffering"
);
word_set!(
    /// Common adjectives that no ending gives away.
    is_adjective,
    "new old big small long short young high low large great good bad recent armed main senior joint key top former strong weak poor rich hard soft fresh \
     odd strange same own next last foreign grave wide deep broad firm fierce sharp harsh strict mere sheer dire bleak grim full \
     white black red green blue grey gray dark bright cold hot wet safe real true false right wrong free fair sure rare vast huge giant tiny \
     modest direct indirect modern rural urban civil secret separate private common severe remote tense famous sole inner outer upper lower middle \
     dead alive naive absurd obsolete premature unfair unjust corrupt inept sound unwise foolish stupid clever brave cruel hollow vain futile doomed moot genuine \
     fragile hostile mad loyal early late daily weekly monthly yearly wealthy angry hungry heavy happy ready busy"
);

word_set!(
    /// Past forms that are never nouns.
    is_past_form,
    "went took made gave came got ran began became left lost held kept brought bought built sent spent stood won met paid led fell grew drew drove flew \
     knew threw broke chose fought sought taught caught rose sat slept swept wore tore bore fled bred fed sold hid rode shook struck withdrew arose dealt \
     bent lent meant heard laid"
);
