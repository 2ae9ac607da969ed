//! Gender spellings: what `Helfer*innen`, `Vorlesepate/-in` and `SchülerInnen` stand for.
//!
//! They are in a third of all offers and break stemmers, so each is read as the words that people would
//! type: the base form and, where its stem differs, the feminine one. Both are indexed, both are asked for.

use super::lexicon;

/// Fewest letters before a mark; with fewer it is something else (`in/out`, `S:in`).
const BASE_CHARS: usize = 3;

/// What stands behind the mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// `in`, `innen`, and `innen` with the rest of a compound: `Schüler*innenrat`.
    Feminine {
        /// The rest of the compound, or nothing.
        rest: String,
    },
    /// A letter or two of declension: `jede*r`, `Freiwillige/n`.
    Inflection,
}

/// Returns what a run of letters means if `gap` stands between it and the `base` before it.
#[must_use]
pub fn ending(base: &str, gap: &str, run: &str) -> Option<Ending> {
    let letters = base.chars().count() >= BASE_CHARS
        && base.chars().next_back().is_some_and(char::is_alphabetic);
    if !letters {
        return None;
    }
    let marked = matches!(gap, "*" | ":" | "_" | "/" | "/-" | "(" | "(-" | "·" | "•");
    match run {
        "innen" if marked || matches!(gap, "-" | "‐" | "‑") => {
            Some(Ending::Feminine { rest: String::new() })
        }
        "in" if marked => Some(Ending::Feminine { rest: String::new() }),
        "e" | "en" | "er" | "es" | "m" | "n" | "r" | "s" if marked => Some(Ending::Inflection),
        _ if marked => {
            let rest = run.strip_prefix("innen")?;
            Some(Ending::Feminine { rest: rest.to_owned() })
        }
        _ => None,
    }
}

/// Splits a word with a capital I inside: `SchülerInnen` into `Schüler` and its ending.
#[must_use]
pub fn capital(run: &str) -> Option<(&str, Ending)> {
    run.match_indices("In").find_map(|(at, _)| {
        let (base, end) = run.split_at_checked(at)?;
        let inside = base.chars().next_back().is_some_and(char::is_lowercase);
        let lower = end.replacen('I', "i", 1);
        if inside && !lower.contains(char::is_uppercase) {
            ending(base, "*", &lower).map(|ending| (base, ending))
        } else {
            None
        }
    })
}

/// Returns the words, folded, that a folded base and its ending stand for; the base is the first.
#[must_use]
pub fn forms(base: &str, ending: &Ending) -> Vec<String> {
    match ending {
        Ending::Inflection => vec![base.to_owned()],
        Ending::Feminine { rest } if rest.is_empty() => {
            vec![base.to_owned(), format!("{}in", root(base))]
        }
        Ending::Feminine { rest } => {
            vec![format!("{base}{rest}"), format!("{}innen{rest}", root(base))]
        }
    }
}

/// Returns the forms of a folded word that carries no mark.
///
/// `Patinnen` and `Patin` also mean `Pate`: other than `Lehrerin` their stem does not say so.
#[must_use]
pub fn unmarked(word: String) -> Vec<String> {
    if let Some(base) = STEMS
        .iter()
        .find_map(|(form, base)| word.strip_suffix(form).map(|front| format!("{front}{base}")))
    {
        return vec![base, word];
    }
    if let Some(base) = word.strip_suffix("innen")
        && base.chars().count() >= BASE_CHARS
        && !VERBS.iter().any(|verb| base.ends_with(verb))
    {
        return vec![base.to_owned(), format!("{base}in")];
    }
    if let Some(man) = man(&word) {
        // As it is written it can be taken apart as well.
        return vec![word, man];
    }
    let base = FEMININE.iter().find(|end| word.ends_with(**end)).and(word.strip_suffix("in"));
    let base = base.map(str::to_owned).or_else(|| masculine(&word)).or_else(|| acting(&word));
    match base {
        Some(base) => vec![base, word],
        None => vec![word],
    }
}

/// The noun that a compound with a woman, with several people or without either is said of, if the lexicon has it:
/// `Feuerwehrfrau` and `Feuerwehrleute` are `Feuerwehrmann` as well, `Schiedsperson` is `Schiedsmann`.
fn man(word: &str) -> Option<String> {
    const ENDS: &[&str] = &["frau", "frauen", "leute", "leuten", "person", "personen"];
    let front = ENDS.iter().find_map(|end| word.strip_suffix(end))?;
    let base = format!("{front}mann");
    (front.chars().count() > BASE_CHARS && lexicon::is_noun(&base)).then_some(base)
}

/// The noun that a word for a woman is made from, if the lexicon has it: `Pilotin`, `Psychologin`.
///
/// `-erin` needs nothing: `Lehrer` has its stem. Short ones are left alone, as is what the lexicon calls a word of its
/// own, or `Termin` would be a woman.
fn masculine(word: &str) -> Option<String> {
    let base = word.strip_suffix("in").filter(|base| !base.ends_with("er"))?;
    if lexicon::is_whole(word) || word == "allein" {
        return None;
    }
    let letters = base.chars().count();
    if letters > BASE_CHARS + 1 && lexicon::is_noun(base) {
        return Some(base.to_owned());
    }
    let base = format!("{base}e");
    (letters > BASE_CHARS && lexicon::is_noun(&base)).then_some(base)
}

/// The noun of those who do something, if the lexicon has it: `Helfende` are `Helfer`.
fn acting(word: &str) -> Option<String> {
    let base = ["ende", "enden", "ender"].iter().find_map(|end| word.strip_suffix(end))?;
    let noun = format!("{base}er");
    (base.chars().count() > BASE_CHARS && lexicon::is_noun(&noun)).then_some(noun)
}

/// `beginnen`, `gewinnen`, `besinnen`, `entspinnen`, `zerrinnen`, `drinnen` are no women.
const VERBS: &[&str] = &["beg", "gew", "bes", "ers", "sp", "rr", "dr", "ntr", "abr"];

/// Endings of words for women whose masculine has another stem (`-erin` has the same).
const FEMININE: &[&str] = &[
    "patin",
    "ärztin",
    "aerztin",
    "köchin",
    "koechin",
    "kollegin",
    "kundin",
    "freundin",
    "nachbarin",
    "ogin",
    "orin",
    "entin",
    "antin",
    "istin",
    "eutin",
];

/// Words that differ from their own masculine or singular by more than an ending.
const STEMS: &[(&str, &str)] = &[
    ("ärztin", "arzt"),
    ("aerztin", "arzt"),
    ("ärztinnen", "arzt"),
    ("aerztinnen", "arzt"),
    ("köchin", "koch"),
    ("koechin", "koch"),
    ("köchinnen", "koch"),
    ("anwältin", "anwalt"),
    ("anwaeltin", "anwalt"),
    ("anwältinnen", "anwalt"),
];

/// Drops the vowel that `Pate` loses before `in`.
fn root(base: &str) -> &str {
    base.strip_suffix('e').unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capital_inside_is_a_mark_only_before_in_and_innen() {
        let plain = Ending::Feminine { rest: String::new() };
        assert_eq!(capital("SchülerInnen"), Some(("Schüler", plain.clone())));
        assert_eq!(capital("MentorIn"), Some(("Mentor", plain)));
        let rat = Ending::Feminine { rest: "rat".to_owned() };
        assert_eq!(capital("SchülerInnenrat"), Some(("Schüler", rat)));
        for word in ["Innenstadt", "In", "INNEN", "JobInsel", "ImInternet"] {
            assert_eq!(capital(word), None, "{word}");
        }
    }

    #[test]
    fn a_mark_needs_a_word_before_it() {
        assert_eq!(ending("in", "/", "innen"), None);
        assert_eq!(ending("24", "/", "in"), None);
        assert_eq!(ending("Check", "-", "in"), None);
        assert_eq!(ending("jede", "*", "r"), Some(Ending::Inflection));
    }

    #[test]
    fn verbs_and_towns_are_not_women() {
        for word in ["beginnen", "gewinnen", "drinnen", "berlin", "termin", "verein", "allein"] {
            assert_eq!(unmarked(word.to_owned()), [word], "{word}");
        }
        assert_eq!(unmarked("lesepatinnen".to_owned()), ["lesepat", "lesepatin"]);
        for (word, base) in [
            ("mentorin", "mentor"),
            ("pilotin", "pilot"),
            ("lotsin", "lotse"),
            ("fotografin", "fotograf"),
            ("helfende", "helfer"),
            ("mitarbeitenden", "mitarbeiter"),
        ] {
            assert_eq!(unmarked(word.to_owned()), [base, word]);
        }
        assert_eq!(unmarked("wochenende".to_owned()), ["wochenende"]);
        for word in ["feuerwehrfrau", "feuerwehrfrauen", "feuerwehrleute"] {
            assert_eq!(unmarked(word.to_owned()), [word, "feuerwehrmann"]);
        }
        for word in ["frau", "leute", "begleitperson", "ehrenamtsfrau", "person"] {
            assert_eq!(unmarked(word.to_owned()), [word], "{word}");
        }
    }
}
