//! Finds the words of a text and what they are spelled together from.
//!
//! A word is letters and digits. Hyphens join parts (`Eltern-Kind-Gruppe`), gender marks join an ending to
//! its base (`gender.rs`), dots join letters (`e. V.`); everything else separates. Every part is found alone,
//! and all parts as one word.

use super::fold::{fold, is_silent};
use super::gender;
use super::steps::Without;

/// One word of a text: its parts, each with the forms it stands for, folded and not stemmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// The parts between hyphens, at least one, each with at least one form; the first is the base form.
    pub parts: Vec<Vec<String>>,
    /// Whether it is written with a capital, as nouns are.
    pub capital: bool,
    /// Whether a clause ends behind it: what stands behind that does not belong to its verb.
    pub ends: bool,
}

impl Spelled {
    /// Returns the parts written as one word, if there are several.
    #[must_use]
    pub fn joined(&self) -> Option<String> {
        (self.parts.len() > 1).then(|| self.bases().collect())
    }

    /// Returns the base form of every part.
    pub fn bases(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|forms| forms.first()).map(String::as_str)
    }
}

/// Most parts that are written as one word; a chain of more is a list.
const PARTS: usize = 6;

/// Returns the words of a text in their order.
#[must_use]
pub fn words(text: &str) -> Vec<Spelled> {
    words_without(text, Without::NOTHING)
}

/// Returns the words of a text as [`words`] does, with steps left out.
#[must_use]
pub fn words_without(text: &str, without: Without) -> Vec<Spelled> {
    let mut words: Vec<Spelled> = Vec::new();
    // The run before, as written: an ending is read with its base.
    let mut before: Option<&str> = None;
    // Whether the run before was a letter with a dot, or letters that dots have joined.
    let mut dotted = false;
    for (gap, run) in runs(text) {
        if gap.contains(['.', ',', ';', ':', '!', '?', '\n'])
            && let Some(last) = words.last_mut()
        {
            last.ends = true;
        }
        let letter = run.chars().count() == 1 && run.chars().all(char::is_alphabetic);
        if letter
            && dotted
            && matches!(gap, "." | ". " | ".\u{a0}")
            && let Some(form) = words.last_mut().and_then(last_form)
        {
            form.push_str(&fold(run));
            before = None;
            continue;
        }
        dotted = letter;
        let ending =
            before.filter(|_| !without.gender).and_then(|base| gender::ending(base, gap, run));
        if let (Some(ending), Some(base)) = (&ending, before) {
            let forms = gender::forms(&fold(base), ending);
            if let Some(last) = words.last_mut().and_then(|word| word.parts.last_mut()) {
                *last = forms;
            }
            // What was an ending cannot be the base of another one.
            before = None;
            continue;
        }
        let forms = match gender::capital(run) {
            _ if without.gender => vec![fold(run)],
            Some((base, ending)) => gender::forms(&fold(base), &ending),
            None => gender::unmarked(fold(run)),
        };
        if forms.iter().all(String::is_empty) {
            continue;
        }
        match words.last_mut() {
            Some(word) if is_hyphen(gap) && word.parts.len() < PARTS => word.parts.push(forms),
            _ => words.push(Spelled {
                parts: vec![forms],
                capital: run.starts_with(char::is_uppercase),
                ends: false,
            }),
        }
        before = Some(run);
    }
    words
}

/// The last form of a word that is written without hyphens.
fn last_form(word: &mut Spelled) -> Option<&mut String> {
    match word.parts.as_mut_slice() {
        [forms] => forms.last_mut(),
        _ => None,
    }
}

/// Returns every run of letters and digits with the text between it and the run before.
fn runs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        let (gap, run) = rest.split_at_checked(start)?;
        let end = run.find(|c: char| !c.is_alphanumeric() && !is_silent(c)).unwrap_or(run.len());
        let (run, after) = run.split_at_checked(end)?;
        rest = after;
        Some((gap, run))
    })
}

fn is_hyphen(gap: &str) -> bool {
    // `Helfer(innen)-Treffen`: the bracket belongs to the ending.
    matches!(gap.strip_prefix(')').unwrap_or(gap), "-" | "‐" | "‑" | "–")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> Vec<String> {
        let parts = |word: &Spelled| {
            word.parts.iter().map(|forms| forms.join("|")).collect::<Vec<_>>().join("+")
        };
        words(text).iter().map(parts).collect()
    }

    #[test]
    fn hyphens_split_and_join() {
        assert_eq!(spelled("Eltern-Kind-Gruppe"), ["eltern+kind+gruppe"]);
        assert_eq!(words("E-Mail").first().and_then(Spelled::joined).as_deref(), Some("email"));
        assert_eq!(spelled("Kinder- und Jugendhilfe"), ["kinder", "und", "jugendhilfe"]);
        assert_eq!(spelled("10:30 Uhr, 24/7"), ["10", "30", "uhr", "24", "7"]);
    }

    #[test]
    fn dots_join_letters() {
        assert_eq!(spelled("Musterverein e. V., Coesfeld"), ["musterverein", "ev", "coesfeld"]);
        assert_eq!(
            spelled("z.B. Lesen i. d. R. um 9 Uhr"),
            ["zb", "lesen", "idr", "um", "9", "uhr"]
        );
        assert_eq!(spelled("Vitamin C. E. liest. V"), ["vitamin", "ce", "liest", "v"]);
        let ends: Vec<_> =
            words("Er liest vor, und baut auf.").iter().map(|word| word.ends).collect();
        assert_eq!(ends, [false, false, true, false, false, false]);
    }

    #[test]
    fn gender_marks_join_an_ending_to_its_base() {
        let table = [
            ("Helfer*innen", "helfer|helferin"),
            ("Lehrer:innen", "lehrer|lehrerin"),
            ("SchülerInnen", "schüler|schülerin"),
            ("Vorlesepate/-in", "vorlesepate|vorlesepatin"),
            ("Mitarbeiter/innen", "mitarbeiter|mitarbeiterin"),
            ("Lesepat*innen", "lesepat|lesepatin"),
            ("Helfer(innen)", "helfer|helferin"),
            ("Teilnehmer_innen", "teilnehmer|teilnehmerin"),
            ("Mitarbeiter-innen", "mitarbeiter|mitarbeiterin"),
            ("Interessierte*r", "interessierte"),
            ("Schüler*innenrat", "schülerrat|schülerinnenrat"),
            ("Lehrer*innen-Fortbildung", "lehrer|lehrerin+fortbildung"),
            ("Helfer(innen)-Treffen", "helfer|helferin+treffen"),
        ];
        for (written, read) in table {
            assert_eq!(spelled(written), [read], "{written}");
        }
        assert_eq!(spelled("Spiel/Spaß: in Köln"), ["spiel", "spaß", "in", "köln"]);
    }

    #[test]
    fn takes_any_text() {
        for text in
            ["", "-", "*innen", "''", "\u{308}", "a-b-c-d-e-f-g-h", "İ(in)", "//-in", "日本"]
        {
            assert!(words(text).len() <= text.len());
        }
        assert_eq!(spelled("a-b-c-d-e-f-g"), ["a+b+c+d+e+f", "g"]);
    }
}
