//! What can be chosen as an answer: boxes with pictures, counts, and what was chosen already.

use super::question::Question;
use crate::app::overview;
use crate::app::search::Asked;
use crate::app::search::wish::{DAYS, TIMES, Wished};
use crate::domain::vocabulary::{List, Vocabulary};
use crate::search::answer::Facets;
use crate::web::text::t;
use crate::web::{format, label};

/// Requirements that people know of themselves before they have seen an offer.
///
/// No certificate of good conduct: hardly anybody has one, and everybody gets it for nothing when it is asked for.
const WITHOUT: [&str; 7] = [
    "fuehrerschein_b",
    "pkw",
    "koerperlich_fit",
    "deutsch_a2",
    "deutsch_b1",
    "mitgliedschaft",
    "eigenes_geraet",
];

/// Whom it can suit, as far as no other question asks for it.
const SUITED: [&str; 7] =
    ["einsteiger", "wenig_deutsch", "gruppen", "tandem", "familien", "mit_kind", "mit_hund"];

/// Most hours a month that can be chosen: half an hour, one, two and five hours a week, rounded up.
const HOURS: [u16; 4] = [2, 5, 9, 22];
/// Weeks of a month.
const WEEKS: f64 = 365.25 / 12.0 / 7.0;

/// Boxes that answer one part of a question.
#[derive(Debug)]
pub(super) struct Group {
    /// The parameter.
    pub(super) key: &'static str,
    /// What they are about; nothing if it is the question itself.
    pub(super) legend: Option<String>,
    /// `checkbox` or `radio`.
    pub(super) kind: &'static str,
    /// Its look: `pictures`, `boxes` or `one`.
    pub(super) look: &'static str,
    /// What opens them, if they are closed at first.
    pub(super) fold: Option<Fold>,
    pub(super) choices: Vec<Choice>,
    /// Boxes of `must` that belong to these.
    pub(super) below: Vec<Choice>,
}

/// Boxes that few people need.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) summary: String,
    pub(super) is_open: bool,
}

/// A box.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) count: Option<String>,
    /// The id of its picture.
    pub(super) picture: Option<&'static str>,
    pub(super) is_chosen: bool,
}

/// Returns the boxes of a question; `facets` counts what the other answers leave.
pub(super) fn of(question: Question, asked: &Asked, facets: &Facets) -> Vec<Group> {
    let wish = &asked.wish;
    let pictures = |key, list, facet, chosen: &[String]| Group {
        look: "pictures",
        ..group(key, None, list, codes(list), chosen, |code| {
            let count = overview::count(facets, facet, code);
            (
                picture(list, code),
                Some(t!("area-count", count = count, shown = format::number(count))),
            )
        })
    };
    let plain = |_: &str| (None, None);
    let counted = |key, list, facet, chosen: &[String]| {
        let mut group: Group = pictures(key, list, facet, chosen);
        let leads =
            |choice: &Choice| choice.is_chosen || overview::count(facets, facet, &choice.value) > 0;
        // What leads nowhere is no choice; unless nothing does, for then the other answers are to be changed.
        if group.choices.iter().any(leads) {
            group.choices.retain(leads);
        }
        group
    };
    match question {
        Question::Field => {
            let is_open = !wish.not_fields.is_empty();
            let summary = t!("finder-not-field");
            let fields = codes(List::Fields);
            let legend = t!("finder-not-field-legend");
            vec![
                counted("wish_field", List::Fields, "field", &wish.fields),
                // Who chooses a field for the first time wants to see nothing else.
                must("field", t!("finder-must-field"), &wish.musts, wish.fields.is_empty()),
                needs(wish),
                Group {
                    fold: Some(Fold { summary, is_open }),
                    ..group(
                        "not_field",
                        Some(legend),
                        List::Fields,
                        fields,
                        &wish.not_fields,
                        plain,
                    )
                },
            ]
        }
        Question::Activity => {
            vec![counted("wish_activity", List::Activities, "activity", &wish.activities)]
        }
        Question::Target => vec![counted("wish_target", List::Targets, "target", &wish.targets)],
        Question::Place => {
            let remote = Choice {
                value: "remote".to_owned(),
                label: t!("finder-from-home"),
                count: None,
                picture: None,
                is_chosen: asked.modes.iter().any(|mode| mode == "remote"),
            };
            vec![one("mode", remote)]
        }
        Question::Time => {
            let commitments = codes(List::Commitment);
            let has_time =
                !(wish.days.is_empty() && wish.times.is_empty() && wish.slots.is_empty());
            let how = Some(t!("finder-commitment"));
            vec![
                boxes("wish_day", t!("finder-days"), &DAYS, &wish.days, day),
                boxes("wish_time", t!("finder-times"), &TIMES, &wish.times, time),
                // Who names times for the first time has no others.
                must("slot", t!("finder-must-time"), &wish.musts, !has_time),
                hours(wish.hours),
                group(
                    "wish_commitment",
                    how,
                    List::Commitment,
                    commitments,
                    &wish.commitments,
                    plain,
                ),
            ]
        }
        Question::You => {
            let suited = SUITED.to_vec();
            let suits = Some(t!("finder-suited"));
            let lack = Some(t!("finder-without"));
            vec![
                group("without", lack, List::Requirements, WITHOUT.to_vec(), &wish.without, plain),
                group("wish_suited", suits, List::Suited, suited, &wish.suited, plain),
            ]
        }
    }
}

/// What somebody needs to take part: asked first, so that nothing is shown that they could not do.
fn needs(wish: &Wished) -> Group {
    let summary = t!("finder-needs-open");
    let sure = must("need", t!("finder-must-need"), &wish.musts, false);
    let legend = Some(t!("finder-needs"));
    let needs = codes(List::Accessibility);
    Group {
        fold: Some(Fold { summary, is_open: !wish.needs.is_empty() }),
        below: sure.choices,
        ..group("need", legend, List::Accessibility, needs, &wish.needs, |_| (None, None))
    }
}

fn codes(list: List) -> Vec<&'static str> {
    let all = Vocabulary::embedded().codes(list).map(|(code, _)| code);
    // "Everybody" is no wish: whoever is for everybody is for whomever one chooses.
    all.filter(|code| list != List::Targets || *code != "alle").collect()
}

fn group(
    key: &'static str,
    legend: Option<String>,
    list: List,
    codes: Vec<&'static str>,
    chosen: &[String],
    more: impl Fn(&str) -> (Option<&'static str>, Option<String>),
) -> Group {
    let choice = |code: &'static str| {
        let (picture, count) = more(code);
        Choice {
            value: code.to_owned(),
            label: label::one(list, code),
            count,
            picture,
            is_chosen: chosen.iter().any(|one| one == code),
        }
    };
    let choices = codes.into_iter().map(choice).collect();
    Group { key, legend, kind: "checkbox", look: "boxes", fold: None, choices, below: Vec::new() }
}

fn boxes(
    key: &'static str,
    legend: String,
    codes: &[&str],
    chosen: &[String],
    label: fn(&str) -> String,
) -> Group {
    let choice = |code: &&str| Choice {
        value: (*code).to_owned(),
        label: label(code),
        count: None,
        picture: None,
        is_chosen: chosen.iter().any(|one| one == code),
    };
    let choices = codes.iter().map(choice).collect();
    Group {
        key,
        legend: Some(legend),
        kind: "checkbox",
        look: "boxes",
        fold: None,
        choices,
        below: Vec::new(),
    }
}

/// A single box that says that nothing else will do.
fn must(code: &str, label: String, musts: &[String], is_usual: bool) -> Group {
    let is_chosen = is_usual || musts.iter().any(|must| must == code);
    one("must", Choice { value: code.to_owned(), label, count: None, picture: None, is_chosen })
}

fn one(key: &'static str, choice: Choice) -> Group {
    let choices = vec![choice];
    Group {
        key,
        legend: None,
        kind: "checkbox",
        look: "one",
        fold: None,
        choices,
        below: Vec::new(),
    }
}

fn hours(chosen: Option<u16>) -> Group {
    let any = Choice {
        value: String::new(),
        label: t!("search-radius-any"),
        count: None,
        picture: None,
        is_chosen: chosen.is_none(),
    };
    // Hours from a link stay what they were.
    let own = chosen.filter(|hours| !HOURS.contains(hours));
    let choice = |hours: u16| Choice {
        value: hours.to_string(),
        label: hours_label(hours),
        count: None,
        picture: None,
        is_chosen: chosen == Some(hours),
    };
    let choices = std::iter::once(any).chain(HOURS.into_iter().chain(own).map(choice)).collect();
    let legend = Some(t!("finder-hours"));
    Group {
        key: "wish_hours",
        legend,
        kind: "radio",
        look: "boxes",
        fold: None,
        choices,
        below: Vec::new(),
    }
}

/// Says hours of a month as hours of a week: that is what people count.
fn hours_label(hours: u16) -> String {
    let week = (f64::from(hours) / WEEKS * 2.0).round() / 2.0;
    let month = format::number(u64::from(hours));
    if week < 0.75 {
        return t!("finder-hours-half", hours = month);
    }
    let count = if (week - 1.0).abs() < 0.25 { 1 } else { 2 };
    t!("finder-hours-week", count = count, week = format::decimal(week), hours = month)
}

fn day(code: &str) -> String {
    let number = DAYS.iter().position(|day| *day == code).map_or(1, |at| at + 1);
    t!("weekday", number = number)
}

fn time(code: &str) -> String {
    match code {
        "am" => t!("finder-am"),
        "pm" => t!("finder-pm"),
        _ => t!("finder-ev"),
    }
}

/// Returns the times of day, with what people call them.
pub(super) fn times() -> Vec<(String, String)> {
    TIMES.iter().map(|code| ((*code).to_owned(), time(code))).collect()
}

/// Returns the picture of a code: fields have their own, the others those of `pictures.html`.
fn picture(list: List, code: &str) -> Option<&'static str> {
    match (list, code) {
        (List::Targets, "kinder") => Some("p-child"),
        (List::Targets, "jugendliche") => Some("p-youth"),
        (List::Targets, "familien" | "alleinerziehende") => Some("p-family"),
        (List::Targets, "erwachsene") => Some("p-person"),
        (List::Targets, "senioren") => Some("p-cane"),
        (List::Targets, "zugewanderte" | "gefluechtete") => Some("p-globe"),
        (List::Targets, "behinderung") => Some("p-wheelchair"),
        (List::Targets, "erkrankung" | "sucht") => Some("p-care"),
        (List::Targets, "armut_wohnungslos") => Some("p-bowl"),
        (List::Targets, "straffaellige") => Some("p-door"),
        (List::Targets, "lsbtiq") => Some("p-rainbow"),
        (List::Targets, "sterbende_trauernde") => Some("p-candle"),
        (List::Targets, "nachbarschaft") => Some("p-houses"),
        (List::Targets, "tiere") => Some("p-paw"),
        (List::Fields | List::Activities, code) => {
            Vocabulary::embedded().codes(list).map(|(code, _)| code).find(|one| *one == code)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_told_by_the_week_with_the_month_beside_them() {
        assert_eq!(
            HOURS.map(hours_label),
            [
                "etwa eine halbe Stunde in der Woche (2 im Monat)",
                "etwa 1 Stunde in der Woche (5 im Monat)",
                "etwa 2 Stunden in der Woche (9 im Monat)",
                "etwa 5 Stunden in der Woche (22 im Monat)",
            ]
        );
        assert_eq!(hours_label(100), "etwa 23 Stunden in der Woche (100 im Monat)");
    }
}
