//! Why an opportunity fits what somebody wished for, and what does not, in words on its card.

use super::text::t;
use super::{format, label, schedule};
use crate::domain::matching::codes::Codes;
use crate::domain::matching::reason::{About, Reason, Verdict};
use crate::domain::vocabulary::List;

/// Reasons of one verdict: what they are called together, and each.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// Its look.
    pub(super) class: &'static str,
    pub(super) heading: String,
    pub(super) said: String,
}

/// Returns what speaks for an opportunity, what has to be heeded, and what is not known; what is empty is left out.
pub(super) fn of(reasons: &[Reason]) -> Vec<Fit> {
    [Verdict::For, Verdict::Against, Verdict::Unknown]
        .into_iter()
        .filter_map(|verdict| {
            let said: Vec<String> =
                reasons.iter().filter(|reason| reason.verdict == verdict).map(words).collect();
            let (class, heading) = match verdict {
                Verdict::For => ("yes", t!("fit-for")),
                Verdict::Against => ("heed", t!("fit-against")),
                Verdict::Unknown => ("open", t!("fit-unknown")),
            };
            (!said.is_empty()).then(|| Fit { class, heading, said: label::joined(&said) })
        })
        .collect()
}

fn words(reason: &Reason) -> String {
    use Verdict::{Against, For, Unknown};
    match (reason.about, reason.verdict) {
        (About::Distance { km }, _) => {
            t!("fit-distance", distance = format::distance(f64::from(km)))
        }
        (About::FromHome, _) => t!("fit-from-home"),
        (About::Place, _) => t!("fit-place"),
        (About::Fields(_), Unknown) => t!("glance-fields"),
        (About::Fields(codes), For) => t!("fit-field", what = names(List::Fields, codes)),
        (About::Fields(codes), Against) => t!("fit-other-field", what = names(List::Fields, codes)),
        (About::Activities(_), Unknown) => t!("glance-activities"),
        (About::Activities(codes), For) => {
            t!("fit-activity", what = names(List::Activities, codes))
        }
        (About::Activities(codes), Against) => {
            t!("fit-other-activity", what = names(List::Activities, codes))
        }
        (About::Targets(_), Unknown) => t!("glance-targets"),
        (About::Targets(codes), For) => t!("fit-target", what = names(List::Targets, codes)),
        (About::Targets(codes), Against) if codes == Codes::of(List::Targets, ["alle"]) => {
            t!("fit-for-people")
        }
        (About::Targets(codes), Against) => {
            t!("fit-other-target", what = names(List::Targets, codes))
        }
        (About::Suited(codes), _) => t!("fit-suited", what = names(List::Suited, codes)),
        (About::Time(_), Unknown) => t!("fit-time-unknown"),
        (About::Time(codes), For) => t!("fit-time", when = times(codes)),
        (About::Time(codes), Against) => t!("fit-other-time", when = times(codes)),
        (About::Negotiable, _) => t!("fit-negotiable"),
        (About::Effort { .. }, Unknown) => t!("fit-hours-unknown"),
        (About::Effort { quarters }, For) => {
            t!("fit-hours", count = count(quarters), hours = hours(quarters))
        }
        (About::Effort { quarters }, Against) => {
            t!("fit-more-hours", count = count(quarters), hours = hours(quarters))
        }
        (About::Commitment(_), Unknown) => t!("glance-amount"),
        (About::Commitment(codes), For) => names(List::Commitment, codes),
        (About::Commitment(codes), Against) => {
            t!("fit-other-commitment", what = names(List::Commitment, codes))
        }
        (About::Age { youngest, oldest }, For) => t!("fit-age", age = age(youngest, oldest)),
        (About::Age { youngest, oldest }, _) => age(youngest, oldest),
        (About::Needs(codes), _) => names(List::Accessibility, codes),
        (About::Requirements(codes), _) => {
            t!("fit-requires", what = names(List::Requirements, codes))
        }
    }
}

fn names(list: List, codes: Codes) -> String {
    label::joined(&codes.names(list).map(|code| label::one(list, code)).collect::<Vec<_>>())
}

fn times(codes: Codes) -> String {
    let codes: Vec<String> = codes.names(List::Slots).map(str::to_owned).collect();
    schedule::slots(&codes)
}

fn hours(quarters: u16) -> String {
    format::decimal(f64::from(quarters) / 4.0)
}

/// Returns what chooses the form of the word: an hour and a half is "Stunden" as well.
const fn count(quarters: u16) -> u16 {
    if quarters == 4 { 1 } else { 2 }
}

fn age(youngest: u8, oldest: u8) -> String {
    match (youngest, oldest) {
        (0, oldest) => t!("age-to", max = oldest),
        (youngest, 0) => t!("age-from", min = youngest),
        (youngest, oldest) => t!("age-between", min = youngest, max = oldest),
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::domain::language::Language;

    fn reasons() -> [Reason; 4] {
        let reason = |verdict, about| Reason { verdict, about };
        [
            reason(Verdict::For, About::Distance { km: 4.2 }),
            reason(Verdict::For, About::Time(Codes::of(List::Slots, ["tu_pm"]))),
            reason(
                Verdict::Against,
                About::Requirements(Codes::of(List::Requirements, ["fuehrungszeugnis"])),
            ),
            reason(Verdict::Unknown, About::Needs(Codes::of(List::Accessibility, ["stufenlos"]))),
        ]
    }

    #[test]
    fn says_what_fits_and_what_does_not_as_people_would() {
        let said: Vec<_> = of(&reasons()).into_iter().map(|fit| (fit.heading, fit.said)).collect();
        let said: Vec<_> = said.iter().map(|(a, b)| format!("{a} {b}")).collect();
        assert_eq!(
            said,
            [
                "Passt: 4,2 km Luftlinie, dienstags nachmittags passt",
                "Zu beachten: Erweitertes Führungszeugnis nötig",
                "Nicht bekannt: Stufenlos zugänglich",
            ]
        );
        assert_eq!(of(&[]), []);
    }

    #[test]
    fn one_hour_is_not_called_hours() {
        let said = |language, quarters, verdict| {
            let about = About::Effort { quarters };
            speaking(language, || words(&Reason { verdict, about }))
        };
        assert_eq!(said(Language::German, 4, Verdict::For), "1 Stunde im Monat");
        assert_eq!(said(Language::German, 6, Verdict::For), "1,5 Stunden im Monat");
        assert_eq!(said(Language::Simple, 4, Verdict::For), "1 Stunde im Monat");
        assert_eq!(said(Language::English, 4, Verdict::For), "1 hour a month");
        let more = said(Language::English, 4, Verdict::Against);
        assert!(more.starts_with("1 hour a month"), "{more}");
    }

    #[test]
    fn what_has_commas_is_told_apart() {
        let about = About::Fields(Codes::of(List::Fields, ["bildung", "umwelt"]));
        let far = Reason { verdict: Verdict::For, about: About::Distance { km: 4.2 } };
        let said = of(&[far, Reason { verdict: Verdict::For, about }]);
        let expected = "4,2 km Luftlinie; Bereich Bildung, Lernen, Lesen, Sprache; Umwelt, Klima, Natur und Tiere";
        assert_eq!(said[0].said, expected);
    }

    #[test]
    fn says_it_in_every_language() {
        for language in Language::ALL {
            let said = speaking(language, || of(&reasons()));
            assert_eq!(said.len(), 3, "{language:?}");
        }
        assert_ne!(speaking(Language::English, || of(&reasons())), of(&reasons()));
    }
}
