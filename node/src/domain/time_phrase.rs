//! German time phrases: "Mo-Fr nachmittags", "2 x im Monat 3 Std.", "nach Absprache" as structured time.
//!
//! Precision goes before recall. A claim is what a town would sign for, so a phrase that is only half
//! understood claims nothing of the half that is not, and what is merely likely ("gern auch samstags") is not
//! claimed at all. The text itself is always kept beside the claims. Reading takes time that grows with the
//! length of the text, and the length is bounded.

mod amount;
pub mod say;
pub mod week;

pub(super) mod claim;
pub(super) mod clock;
pub(super) mod item;
pub(super) mod lexicon;
pub(super) mod token;

use engagement_protocol::opportunity::{Code, Hours};

/// What a phrase says for sure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimePhrase {
    /// The code of the commitment.
    pub commitment: Option<&'static str>,
    /// How long and how often; of a range the upper end.
    pub hours: Option<Hours>,
    /// Codes of slots in the order of the vocabulary. Who names no day means every day, who names no time
    /// of day the whole day.
    pub slots: Vec<Code>,
}

impl TimePhrase {
    /// Returns whether nothing was understood.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.commitment.is_none() && self.hours.is_none() && self.slots.is_empty()
    }
}

/// Reads a phrase.
///
/// ```
/// # use engagement_node::domain::time_phrase;
/// let read = time_phrase::read("2 x im Monat 3 Std., samstags");
/// assert_eq!(read.commitment, Some("regular"));
/// assert_eq!(read.slots, ["sa_am", "sa_pm", "sa_ev"]);
/// assert!(time_phrase::read("wenn die Schwalben ziehen").is_empty());
/// ```
#[must_use]
pub fn read(text: &str) -> TimePhrase {
    let tokens = token::tokens(text);
    tokens.map(|tokens| claim::claims(&item::items(&tokens))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::week::{Days, Parts, Week};
    use super::*;

    const PHRASES: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/time_phrases.tsv"));

    /// Reads "mo+mi.v", "*.a", "arr" as the table writes slots.
    fn slots(text: &str) -> Vec<Code> {
        let (mut week, mut others) = (Week::NONE, Vec::new());
        for part in text.split(',').filter(|part| *part != "-") {
            match part {
                "arr" => others.push("by_arrangement".to_owned()),
                "hol" => others.push("holidays_only".to_owned()),
                "night" => others.push("night".to_owned()),
                part => {
                    let (days, times) = part.split_once('.').unwrap_or((part, "vna"));
                    let names = ["mo", "di", "mi", "do", "fr", "sa", "so"];
                    let day =
                        |name: &str| u8::try_from(names.iter().position(|n| *n == name).unwrap());
                    let days = days.split('+').fold(Days::NONE, |all, days| {
                        all.and(match days.split_once('-') {
                            _ if days == "*" => Days::ALL,
                            Some((from, to)) => (day(from).unwrap()..=day(to).unwrap())
                                .fold(Days::NONE, |all, day| all.and(Days::one(day))),
                            None => Days::one(day(days).unwrap()),
                        })
                    });
                    let parts = times.chars().fold(Parts::NONE, |all, part| {
                        all.and(match part {
                            'v' => Parts::MORNING,
                            'n' => Parts::AFTERNOON,
                            _ => Parts::EVENING,
                        })
                    });
                    week = week.and(Week::of(days, parts));
                }
            }
        }
        let mut codes = week.codes();
        codes.extend(others);
        codes
    }

    /// Writes hours as the table does: "3*2/month".
    fn hours(hours: Option<&Hours>) -> String {
        let Some(hours) = hours else { return "-".to_owned() };
        if hours.flexible == Some(true) {
            return "flexible".to_owned();
        }
        let once = hours.per_occurrence.map_or_else(|| "-".to_owned(), |hours| hours.to_string());
        match (hours.times, &hours.per) {
            (Some(times), Some(per)) => format!("{once}*{times}/{per}"),
            _ => once,
        }
    }

    #[test]
    fn claims_of_every_labelled_phrase_what_is_sure_and_nothing_else() {
        let (mut wrong, mut phrases, mut silent) = (Vec::new(), 0, 0);
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            let [phrase, commitment, amount, times] = *line.split('\t').collect::<Vec<_>>() else {
                panic!("{line}")
            };
            let read = read(phrase);
            let found = (read.commitment.unwrap_or("-"), hours(read.hours.as_ref()), read.slots);
            let expected = (commitment, amount.to_owned(), slots(times));
            phrases += 1;
            silent += usize::from(expected == ("-", "-".to_owned(), Vec::new()));
            if found != expected {
                wrong.push(format!("{phrase}: {found:?}, not {expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {phrases}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(phrases >= 300, "{phrases}");
        assert!(silent >= 60, "{silent} that claim nothing");
    }

    proptest! {
        #[test]
        fn takes_any_text(text in "\\PC{0,300}") {
            let _ = read(&text);
        }

        #[test]
        fn what_is_claimed_may_be_published(words in prop::collection::vec(word(), 0..12)) {
            let read = read(&words.join(" "));
            let vocabulary = crate::domain::vocabulary::Vocabulary::embedded();
            for slot in &read.slots {
                prop_assert!(vocabulary.contains(crate::domain::vocabulary::List::Slots, slot));
            }
            if let Some(hours) = &read.hours {
                prop_assert!(hours.per_occurrence.is_none_or(|hours| hours > 0.0 && hours <= 744.0));
                prop_assert!(hours.times.is_none_or(|times| (1..=400).contains(&times)));
                prop_assert_eq!(hours.times.is_some(), hours.per.is_some());
            }
        }

        /// Case, and spaces at the ends, are not meaning.
        #[test]
        fn spelling_does_not_change_the_claim(at in 0..300_usize) {
            let line = PHRASES.lines().filter(|line| !line.starts_with('#')).nth(at).unwrap();
            let phrase = line.split('\t').next().unwrap();
            prop_assert_eq!(read(phrase), read(&format!("  {phrase}  ")));
            let decomposed = phrase.replace('ä', "a\u{308}").replace('ü', "u\u{308}");
            prop_assert_eq!(read(phrase), read(&decomposed));
            let spelt_out = phrase.replace('ä', "ae").replace('ö', "oe").replace('ß', "ss");
            prop_assert_eq!(read(phrase), read(&spelt_out));
        }

        /// One "nicht" anywhere, and nothing is claimed.
        #[test]
        fn a_negation_ends_every_claim(at in 0..300_usize) {
            let line = PHRASES.lines().filter(|line| !line.starts_with('#')).nth(at).unwrap();
            let phrase = line.split('\t').next().unwrap();
            let negated = read(&format!("nicht {phrase}"));
            prop_assert!(negated.is_empty());
        }
    }

    fn word() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "Mo",
            "Fr",
            "so",
            "montags",
            "-",
            "bis",
            "und",
            ",",
            ".",
            "/",
            "9",
            "12",
            "12.30",
            "Uhr",
            "2",
            "99999",
            "Stunden",
            "x",
            "mal",
            "pro",
            "Woche",
            "im",
            "Monat",
            "alle",
            "jeden",
            "zweiten",
            "14",
            "tägig",
            "vormittags",
            "vor",
            "nach",
            "Absprache",
            "in den",
            "Ferien",
            "½",
            "von",
            "zwischen",
            "ab",
            "31.12.",
            "1/2",
            "wöchentlich",
            "einmal",
            "Wochenende",
        ])
    }

    #[test]
    fn hostile_length_is_refused_before_it_is_read() {
        assert!(read(&"1-".repeat(1_000_000)).is_empty());
        assert!(read(&"jeden 1. und ".repeat(18)).is_empty());
    }
}
