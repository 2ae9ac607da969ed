//! Verbs that come apart: `liest den Kindern vor` is `vorlesen`, and so are `vorzulesen` and `vorgelesen`.
//!
//! Only verbs of the field, each with its forms that the stemmer does not unite. A particle counts if it ends
//! its clause and one of its verbs stands before it there; so a preposition is never taken for one.

use super::stem::stem;
use super::words::Spelled;

/// Farthest that a particle stands behind its verb, in words.
const REACH: usize = 12;

/// Particle, verb, and other stems of it: first the infinitive's, then `liest`, `las`.
const VERBS: &[(&str, &str, &[&str])] = &[
    ("vor", "lesen", &["les", "lies", "liest", "las"]),
    ("vor", "bereiten", &["bereit", "bereitet"]),
    ("vor", "stellen", &["stell", "stellt"]),
    ("vor", "spielen", &["spiel", "spielt"]),
    ("auf", "bauen", &["bau", "baut"]),
    ("auf", "räumen", &["raum", "raumt"]),
    ("auf", "stellen", &["stell", "stellt"]),
    ("auf", "passen", &["pass", "passt"]),
    ("ab", "bauen", &["bau", "baut"]),
    ("ab", "holen", &["hol", "holt"]),
    ("ab", "waschen", &["wasch", "wascht"]),
    ("an", "packen", &["pack", "packt"]),
    ("an", "leiten", &["leit", "leitet"]),
    ("an", "pflanzen", &["pflanz", "pflanzt"]),
    ("aus", "helfen", &["helf", "hilf", "hilft", "half"]),
    ("aus", "teilen", &["teil", "teilt"]),
    ("aus", "geben", &["geb", "gib", "gibt", "gab"]),
    ("aus", "tragen", &["trag", "tragt"]),
    ("aus", "führen", &["fuhr", "fuhrt"]),
    ("ein", "kaufen", &["kauf", "kauft"]),
    ("ein", "räumen", &["raum", "raumt"]),
    ("ein", "sammeln", &["sammel", "sammelt"]),
    ("ein", "richten", &["richt", "richtet"]),
    ("mit", "helfen", &["helf", "hilf", "hilft", "half"]),
    ("mit", "machen", &["mach", "macht"]),
    ("mit", "arbeiten", &["arbeit", "arbeitet"]),
    ("mit", "gestalten", &["gestalt", "gestaltet"]),
    ("mit", "singen", &["sing", "singt"]),
    ("mit", "spielen", &["spiel", "spielt"]),
    ("mit", "wirken", &["wirk", "wirkt"]),
    ("mit", "fahren", &["fahr", "fahrt"]),
    ("zu", "hören", &["hor", "hort"]),
    ("vorbei", "kommen", &["komm", "kommt"]),
    ("vorbei", "bringen", &["bring", "bringt"]),
    ("spazieren", "gehen", &["geh", "geht"]),
    ("kennen", "lernen", &["lern", "lernt"]),
    ("weiter", "geben", &["geb", "gib", "gibt"]),
];

/// A verb that comes apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Which word is the verb.
    pub verb: usize,
    /// Which word is the particle, somewhere behind it.
    pub particle: usize,
    /// Both as an infinitive in one word.
    pub infinitive: String,
}

/// Returns the verbs that come apart, in the order of their particles.
#[must_use]
pub fn apart(words: &[Spelled]) -> Vec<Apart> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, word) in words.iter().enumerate() {
        let ends = word.ends || at + 1 == words.len() || words.get(at + 1).is_some_and(joins);
        let particle = word.bases().next().unwrap_or_default();
        if ends && word.parts.len() == 1 {
            let from = from.max(at.saturating_sub(REACH));
            let before = words.get(from..at).unwrap_or_default();
            let verb = before.iter().enumerate().rev().find_map(|(place, verb)| {
                verb.bases().find_map(|verb| whole(particle, verb)).map(|whole| (place, whole))
            });
            if let Some((place, infinitive)) = verb {
                found.push(Apart { verb: from + place, particle: at, infinitive });
            }
        }
        if word.ends {
            from = at + 1;
        }
    }
    found
}

fn joins(word: &Spelled) -> bool {
    matches!(word.bases().next(), Some("und" | "oder" | "sowie"))
}

fn whole(particle: &str, verb: &str) -> Option<String> {
    let mut verbs = VERBS.iter().filter(|(front, ..)| *front == particle).peekable();
    // Most words that end a clause are no particles: the stem is taken only for those that are.
    verbs.peek()?;
    let stemmed = stem(verb);
    verbs.find_map(|(front, infinitive, stems)| {
        stems.contains(&stemmed.as_str()).then(|| format!("{front}{infinitive}"))
    })
}

/// Returns the infinitive of a folded verb with `zu` or `ge` inside: `vorzulesen`, `vorgelesen`, `aufgebaut`.
///
/// And of `organisiert`, whose stem is another one than that of `organisieren`.
#[must_use]
pub fn together(word: &str) -> Option<String> {
    let front = ["iert", "ierte", "ierten", "iertes", "ierter"]
        .iter()
        .find_map(|end| word.strip_suffix(end));
    if let Some(front) = front.filter(|front| front.len() > 3) {
        return Some(format!("{front}ieren"));
    }
    if !(word.contains("zu") || word.contains("ge")) {
        return None;
    }
    if let Some(verb) = regular(word) {
        return Some(verb);
    }
    VERBS.iter().find_map(|(front, infinitive, stems)| {
        let rest = word.strip_prefix(front)?;
        let verb = rest.strip_prefix("zu").filter(|verb| verb == infinitive);
        let past = || {
            let verb = rest.strip_prefix("ge")?;
            let known = verb == *infinitive || stems.contains(&stem(verb).as_str());
            (known && (verb.ends_with('t') || verb.ends_with("en"))).then_some(verb)
        };
        verb.or_else(past).map(|_| format!("{front}{infinitive}"))
    })
}

/// Particles of verbs that come apart, the longest first.
const PARTICLES: &[&str] = &[
    "zusammen", "zurück", "herunter", "heraus", "weiter", "herum", "nach", "fest", "teil", "statt",
    "weg", "aus", "auf", "ein", "mit", "vor", "bei", "los", "ab", "an", "um", "zu",
];

/// Fewest letters of a verb behind its particle.
const VERB: usize = 5;

/// The infinitive of any verb that begins with a particle: `auszufüllen`, `ausgefüllt`.
fn regular(word: &str) -> Option<String> {
    PARTICLES.iter().find_map(|front| {
        let rest = word.strip_prefix(front)?;
        let long = |verb: &&str| verb.chars().count() >= VERB;
        if let Some(verb) = rest.strip_prefix("zu").filter(long).filter(|verb| verb.ends_with("en"))
        {
            return Some(format!("{front}{verb}"));
        }
        let verb = rest.strip_prefix("ge").filter(long)?;
        let base = verb.strip_suffix("te").or_else(|| verb.strip_suffix('t'));
        base.map(|base| format!("{front}{}en", base.strip_suffix('e').unwrap_or(base)))
    })
}

/// Forms whose infinitive no rule finds.
const IRREGULAR: &[(&str, &str)] = &[
    ("liest", "lesen"),
    ("vorliest", "vorlesen"),
    ("hilft", "helfen"),
    ("mithilft", "mithelfen"),
    ("spricht", "sprechen"),
    ("fährt", "fahren"),
    ("trifft", "treffen"),
    ("läuft", "laufen"),
    ("trägt", "tragen"),
    ("wäscht", "waschen"),
    ("geholfen", "helfen"),
    ("gesprochen", "sprechen"),
    ("gesungen", "singen"),
    ("getroffen", "treffen"),
    ("geschrieben", "schreiben"),
];

/// The infinitive of a folded verb in one with `zu`: `abgeben` of `abzugeben`.
#[must_use]
pub fn without_zu(word: &str) -> Option<String> {
    PARTICLES.iter().find_map(|particle| {
        let verb = word.strip_prefix(particle)?.strip_prefix("zu")?;
        // "Umzugshelfer" is none of "umgshelfer".
        let is_verb = verb.ends_with('n') && !verb.starts_with("gs");
        let is_verb = is_verb && verb.chars().count() + 1 >= VERB;
        is_verb.then(|| format!("{particle}{verb}"))
    })
}

/// The infinitives that a folded word can be a form of: `gerettet`, `gebastelt`, `liest`, `abzugeben`.
#[must_use]
pub fn infinitives(word: &str) -> Vec<String> {
    if let Some((_, verb)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return vec![(*verb).to_owned()];
    }
    if let Some(verb) = without_zu(word) {
        return vec![verb];
    }
    let base = word.strip_prefix("ge").and_then(|rest| rest.strip_suffix('t'));
    let base = base.filter(|base| base.chars().count() + 1 >= VERB);
    let Some(base) = base else { return Vec::new() };
    // `rette|t`, `bastel|t`, `such|t`
    let short = base.strip_suffix('e').unwrap_or(base);
    vec![format!("{short}en"), format!("{base}n")]
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        apart(&words(text)).into_iter().map(|apart| apart.infinitive).collect()
    }

    #[test]
    fn a_verb_is_found_with_the_particle_that_ends_its_clause() {
        let table: &[(&str, &[&str])] = &[
            ("Wer liest den Kindern vor?", &["vorlesen"]),
            ("Sie lesen gern vor und basteln", &["vorlesen"]),
            ("Wir bauen am Samstag die Zelte auf.", &["aufbauen"]),
            ("Helfen Sie beim Fest mit!", &["mithelfen"]),
            ("Er hilft beim Umzug aus, wenn er kann", &["aushelfen"]),
            ("Wir lesen vor dem Essen", &[]),
            ("Lesen Sie das. Es kommt vor.", &[]),
            ("Wir bauen auf Vertrauen", &[]),
        ];
        for (text, verbs) in table {
            assert_eq!(found(text), *verbs, "{text}");
        }
    }

    #[test]
    fn a_form_has_its_infinitive() {
        let table = [
            ("gerettet", "retten"),
            ("gebastelt", "basteln"),
            ("gepflanzt", "pflanzen"),
            ("liest", "lesen"),
            ("abzugeben", "abgeben"),
            ("mitzuhelfen", "mithelfen"),
        ];
        for (word, verb) in table {
            assert!(infinitives(word).contains(&verb.to_owned()), "{word}");
        }
        assert!(infinitives("gut").is_empty() && infinitives("geht").is_empty());
    }

    #[test]
    fn zu_and_ge_inside_are_taken_out() {
        for (written, verb) in [
            ("vorzulesen", "vorlesen"),
            ("vorgelesen", "vorlesen"),
            ("aufgebaut", "aufbauen"),
            ("organisiert", "organisieren"),
            ("auszufüllen", "ausfüllen"),
            ("ausgefüllt", "ausfüllen"),
            ("angeleitet", "anleiten"),
            ("zurückzugeben", "zurückgeben"),
        ] {
            assert_eq!(together(written).as_deref(), Some(verb), "{written}");
        }
        for word in ["vorlesen", "angebot", "vorgesehen", "zuge", "aufzug", "tiert", "ge", ""] {
            assert_eq!(together(word), None, "{word}");
        }
    }
}
