//! What words mean in time phrases. A word that is not here is not understood, and nothing is claimed from it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::week::{Days, Parts};

/// A stretch of time that something is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Per {
    Day,
    Week,
    Month,
    Year,
}

impl Per {
    /// Returns the code on the wire.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// What one word means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    /// "montag", "montags"; whether it says by itself that it happens again and again.
    Day(Days, bool),
    /// "mo"; only in company.
    Short(Days),
    /// "vormittags", "vormittag".
    Part(Parts, bool),
    /// "samstagabend".
    DayPart(Days, Parts),
    /// "mittags": no slot is this.
    Noon,
    Weekend,
    Weekdays,
    Night,
    Holidays,
    Number(f64),
    Half,
    /// "zweimal".
    Times(u32),
    /// "mehrmals".
    Several,
    /// "mal", "x".
    Mal,
    Hour,
    Minute,
    /// "zweistündig".
    Hours(f64),
    /// "wochenstunden".
    HoursPer(Per),
    /// "woche", "wochen"; whether it is one.
    Period(u32, Per, bool),
    /// "termine": what can be counted.
    Countable,
    /// "wöchentlich": so many times; whether the word itself means a repetition.
    Rate(u32, Per),
    /// "tägig" behind 14.
    Tagig,
    Every,
    Ordinal(u32),
    Last,
    Uhr,
    Arrangement,
    Flexible,
    /// "freie": what can be chosen freely is flexible.
    Free,
    OnCall,
    Once,
    Project,
    Regular,
    From,
    Since,
    Until,
    After,
    Before,
    At,
    Between,
    And,
    Pro,
    In,
    Article,
    Filler,
    /// It weakens what stands beside it.
    Hedge,
    Not,
}

/// Returns what a word means; `word` is folded.
pub(crate) fn meaning(word: &str) -> Option<Meaning> {
    WORDS.get(word).copied().or_else(|| compound(word)).or_else(|| numbered(word))
}

const DAYS: [&str; 8] =
    ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "sonnabend"];
const PARTS: [(&str, Parts); 4] = [
    ("vormittag", Parts::MORNING),
    ("morgen", Parts::MORNING),
    ("nachmittag", Parts::AFTERNOON),
    ("abend", Parts::EVENING),
];
const NUMBERS: [(&str, u32); 13] = [
    ("ein", 1),
    ("zwei", 2),
    ("zwo", 2),
    ("drei", 3),
    ("vier", 4),
    ("fuenf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwoelf", 12),
];

const fn day(at: usize) -> Days {
    // Sonnabend is Samstag.
    Days::one(match at {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 3,
        4 => 4,
        6 => 6,
        _ => 5,
    })
}

/// "samstagabend", "mittwochnachmittags", "samstagsvormittags", "montagmorgen".
fn compound(word: &str) -> Option<Meaning> {
    let (at, name) = DAYS.iter().enumerate().find(|(_, name)| word.starts_with(**name))?;
    let rest = word.strip_prefix(*name)?;
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    let is_part = |part: &str| {
        ["", "s", "e", "en", "st"].iter().any(|end| rest.strip_suffix(end) == Some(part))
    };
    let (_, part) = PARTS.iter().find(|(part, _)| is_part(part))?;
    Some(Meaning::DayPart(day(at), *part))
}

/// "zweimal", "dreistündig", "zweiwöchentlich", "zweimonatlich".
fn numbered(word: &str) -> Option<Meaning> {
    let (rest, number) = NUMBERS.iter().find_map(|(name, number)| {
        let rest = word.strip_prefix(name)?;
        (!rest.is_empty()).then_some((rest, *number))
    })?;
    match rest {
        "mal" | "malig" => Some(Meaning::Times(number)),
        "stuendig" | "stuendige" | "stuendigen" | "stuendiger" | "stundig" => {
            Some(Meaning::Hours(f64::from(number)))
        }
        "woechentlich" | "wochentlich" if number == 2 => Some(Meaning::Rate(2, Per::Month)),
        "monatlich" if number == 2 => Some(Meaning::Rate(6, Per::Year)),
        _ => None,
    }
}

static WORDS: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| {
    let mut words = BTreeMap::new();
    let mut put = |list: &str, meaning: Meaning| {
        for word in list.split_whitespace() {
            words.insert(word.to_owned(), meaning);
            // As it looks after somebody's system has lost the dots.
            let plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
            words.entry(plain).or_insert(meaning);
        }
    };
    for (at, name) in DAYS.iter().enumerate() {
        put(name, Meaning::Day(day(at), false));
        put(&format!("{name}s {name}e {name}en"), Meaning::Day(day(at), true));
    }
    for (at, name) in ["mo", "di", "mi", "do", "fr", "sa", "so"].iter().enumerate() {
        put(name, Meaning::Short(day(if at == 6 { 6 } else { at })));
    }
    put("mon", Meaning::Short(day(0)));
    put("die", Meaning::Article);
    put("vormittags morgens fruehmorgens", Meaning::Part(Parts::MORNING, true));
    put(
        "vormittag vormittage vormittagen vormittagsstunden morgenstunden vorm",
        Meaning::Part(Parts::MORNING, false),
    );
    put("nachmittags", Meaning::Part(Parts::AFTERNOON, true));
    put(
        "nachmittag nachmittage nachmittagen nachmittagsstunden nachm",
        Meaning::Part(Parts::AFTERNOON, false),
    );
    put("abends", Meaning::Part(Parts::EVENING, true));
    put("abend abende abenden abendstunden", Meaning::Part(Parts::EVENING, false));
    put("tagsueber", Meaning::Part(Parts::MORNING.and(Parts::AFTERNOON), true));
    put(
        "mittags mittag mittagszeit mittagspause mittagsstunden halbtags feierabend wochentag schultag schultage schultagen",
        Meaning::Noon,
    );
    put("wochenende wochenenden wochenend wochenends we", Meaning::Weekend);
    put(
        "werktags werktage werktagen werktag wochentags wochentagen wochentage werktaeglich",
        Meaning::Weekdays,
    );
    put("nachts", Meaning::Night);
    put(
        "ferien schulferien ferienzeit ferienzeiten sommerferien osterferien herbstferien winterferien weihnachtsferien semesterferien pfingstferien",
        Meaning::Holidays,
    );
    for (name, number) in NUMBERS {
        put(name, Meaning::Number(f64::from(number)));
    }
    put("eine einen einem einer eines", Meaning::Number(1.0));
    put("anderthalb eineinhalb", Meaning::Number(1.5));
    put("zweieinhalb", Meaning::Number(2.5));
    put("dreieinhalb", Meaning::Number(3.5));
    put("vierzehn", Meaning::Number(14.0));
    put("fuenfzehn", Meaning::Number(15.0));
    put("zwanzig", Meaning::Number(20.0));
    put("dreissig", Meaning::Number(30.0));
    put("halbe halben halb", Meaning::Half);
    put("mehrmals mehrmalig oefters oefter", Meaning::Several);
    put("mal male x", Meaning::Mal);
    put("stunde stunden std stdn stde h", Meaning::Hour);
    put("minute minuten min", Meaning::Minute);
    put("wochenstunde wochenstunden", Meaning::HoursPer(Per::Week));
    put("monatsstunden", Meaning::HoursPer(Per::Month));
    put("woche wo kalenderwoche", Meaning::Period(1, Per::Week, true));
    put("wochen", Meaning::Period(1, Per::Week, false));
    put("monat monats", Meaning::Period(1, Per::Month, true));
    put("monate monaten", Meaning::Period(1, Per::Month, false));
    put("quartal", Meaning::Period(4, Per::Year, true));
    put("halbjahr", Meaning::Period(2, Per::Year, true));
    put("jahr schuljahr kalenderjahr", Meaning::Period(1, Per::Year, true));
    put("jahre jahren", Meaning::Period(1, Per::Year, false));
    put("tag", Meaning::Period(1, Per::Day, true));
    put("tage tagen", Meaning::Period(1, Per::Day, false));
    put(
        "termin termine terminen einsatz einsaetze einsaetzen treffen schicht schichten dienst dienste diensten",
        Meaning::Countable,
    );
    put("taeglich tgl", Meaning::Rate(1, Per::Day));
    put("woechentlich woechentliche woechentlicher woechtl woech", Meaning::Rate(1, Per::Week));
    put("monatlich monatliche monatlicher mtl monatl", Meaning::Rate(1, Per::Month));
    put("vierteljaehrlich quartalsweise", Meaning::Rate(4, Per::Year));
    put("halbjaehrlich", Meaning::Rate(2, Per::Year));
    put("jaehrlich jaehrl", Meaning::Rate(1, Per::Year));
    put("vierzehntaegig vierzehntaegige vierzehntaeglich", Meaning::Rate(2, Per::Month));
    put("taegig taegige taegiger taegigen taegl", Meaning::Tagig);
    put("jeden jede jeder jedes jedem alle aller", Meaning::Every);
    for (at, stem) in (1..).zip(["erst", "zweit", "dritt", "viert", "fuenft"]) {
        put(&format!("{stem}e {stem}en {stem}er {stem}es"), Meaning::Ordinal(at));
    }
    put("letzte letzten letzter", Meaning::Last);
    put("uhr", Meaning::Uhr);
    put(
        "absprache vereinbarung terminabsprache absprachen ruecksprache vereinbar verabredung terminvereinbarung",
        Meaning::Arrangement,
    );
    put("flexibel flexible flexibler flexiblen flexibles zeitflexibel", Meaning::Flexible);
    put("frei freie freier freien", Meaning::Free);
    put("abruf", Meaning::OnCall);
    put("einmalig einmalige einmaliger einmaliges einmaligen", Meaning::Once);
    put("projektbezogen projektbezogene projektweise", Meaning::Project);
    put("regelmaessig regelmaessige regelmaessiger regelmaessigen regelm", Meaning::Regular);
    put("von vom", Meaning::From);
    put("ab", Meaning::Since);
    put("bis", Meaning::Until);
    put("nach", Meaning::After);
    put("vor", Meaning::Before);
    put("um gegen", Meaning::At);
    put("zwischen", Meaning::Between);
    put("und u oder bzw sowie", Meaning::And);
    put("pro je per a à p", Meaning::Pro);
    put("in im am an", Meaning::In);
    put("der den dem das des", Meaning::Article);
    put(FILLERS, Meaning::Filler);
    put(
        "evtl eventuell ggf gegebenenfalls manchmal gelegentlich teils teilweise auch z zb beispielsweise moeglichst gern gerne vorzugsweise lieber liebsten idealerweise optimal haeufig meist meistens oft hin ab_und_zu vereinzelt zusaetzlich sonst ansonsten",
        Meaning::Hedge,
    );
    put(
        "nicht kein keine keinen keiner ausser ausserhalb ausgenommen ohne nie niemals unregelmaessig unabhaengig statt",
        Meaning::Not,
    );
    words
});

/// Words that say nothing about when and how much, and that nothing depends on.
const FILLERS: &str = "auf ca circa zirka etwa rund ungefaehr ungef durchschnittlich schnitt mindestens mind \
    maximal max hoechstens wenigstens zu zur zum fuer jeweils nur ueber waehrend zeitaufwand zeit zeiten \
    zeitrahmen einsatzzeit einsatzzeiten arbeitszeit stundenumfang umfang aufwand dauer uhrzeit uhrzeiten \
    wann stundenweise immer fest feste festen fester individuell individuelle individueller individuellen \
    waehlbar waehlbare einteilbar zeiteinteilung einteilung frueh fruehen frueher spaet spaeten spaeter ganztags ganztaegig \
    ehrenamtlich ehrenamtliche wuenschenswert wunsch ihrer ihre eigener eigene mit nm absolut sehr sofort \
    dauerhaft langfristig laengerfristig sommer winter fruehling herbst januar februar maerz april mai juni \
    juli august september oktober november dezember schulzeit gleich turnus rhythmus abstand insgesamt \
    gesamt lang lange zeitlich zeitlicher zeitliche ist sind es sie wir wird kann koennen moeglich \
    moeglicher erfolgt genaue genauer stuendlich dann also bitte naeheres";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_with_and_without_dots() {
        assert_eq!(meaning("woechentlich"), Some(Meaning::Rate(1, Per::Week)));
        assert_eq!(meaning("wochentlich"), Some(Meaning::Rate(1, Per::Week)));
        assert_eq!(meaning("samstagabends"), Some(Meaning::DayPart(day(5), Parts::EVENING)));
        assert_eq!(meaning("dreimal"), Some(Meaning::Times(3)));
        assert_eq!(meaning("zweistuendig"), Some(Meaning::Hours(2.0)));
        for word in ["sonntagsschule", "abendbrot", "ferienfreizeit", "einrichtung", "vierbeiner"] {
            assert_eq!(meaning(word), None, "{word}");
        }
    }
}
