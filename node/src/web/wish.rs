//! What was wished for, above the results: a chip for each answer, and the way back to the questions.

use super::facets::Chip;
use super::finder::question::{self, Question};
use super::text::t;
use super::{format, label, language, link, schedule};
use crate::app::search::Asked;
use crate::app::search::wish::{DAYS, NEED, TIMES, Wished};
use crate::domain::vocabulary::List;

/// The line that says by what the results are ordered.
#[derive(Debug)]
pub(super) struct Note {
    /// The questions, with the answers in them.
    pub(super) change: String,
    /// What counts how much.
    pub(super) weights: String,
    /// The same without what does not say whether it has what is needed; nothing if nobody needs anything, or it is
    /// so already.
    pub(super) sure: Option<String>,
}

impl Note {
    /// Returns the line, if anything was wished for.
    pub(super) fn new(asked: &Asked) -> Option<Self> {
        let first = question::first_answered(asked)?;
        let is_open = !asked.wish.needs.is_empty() && !has_must(&asked.wish, NEED);
        let sure = || {
            let mut asked = Asked { cursor: None, ..asked.clone() };
            asked.wish.musts.push(NEED.to_owned());
            link::search(&asked)
        };
        Some(Self {
            change: finder(first, asked),
            weights: language::to(question::WEIGHTS),
            sure: is_open.then(sure),
        })
    }
}

/// Returns the address of a question of the finder, with everything that was asked.
pub(super) fn finder(question: Question, asked: &Asked) -> String {
    let asked = Asked { cursor: None, limit: None, explain: false, ..asked.clone() };
    link::search_at(&question.path(), &asked)
}

/// Returns a chip for each list of answers; without it, all of them are gone.
pub(super) fn chips(asked: &Asked) -> Vec<Chip> {
    let wish = &asked.wish;
    let without = |change: &dyn Fn(&mut Wished)| {
        let mut asked = asked.clone();
        change(&mut asked.wish);
        link::search(&asked)
    };
    let names = |list, codes: &[String]| label::joined(&label::all(list, codes));
    let mut chips = Vec::new();
    let mut chip = |codes: &[String], label: &dyn Fn() -> String, href: &dyn Fn(&mut Wished)| {
        if !codes.is_empty() {
            chips.push(Chip { label: label().into(), href: without(href) });
        }
    };
    let fields = || {
        let what = names(List::Fields, &wish.fields);
        if has_must(wish, "field") {
            t!("wish-chip-only", what = what)
        } else {
            t!("wish-chip-field", what = what)
        }
    };
    chip(&wish.fields, &fields, &|wish| {
        wish.fields.clear();
        wish.musts.retain(|must| must != "field");
    });
    let lists: [(&'static str, List, &Vec<String>); 4] = [
        ("wish_activity", List::Activities, &wish.activities),
        ("wish_target", List::Targets, &wish.targets),
        ("wish_suited", List::Suited, &wish.suited),
        ("wish_commitment", List::Commitment, &wish.commitments),
    ];
    for (key, list, codes) in lists {
        let label = || t!("wish-chip-field", what = names(list, codes));
        chip(codes, &label, &|wish| clear(wish, key));
    }
    let times = times(wish);
    let when = || {
        let when = schedule::slots(&times);
        if has_must(wish, "slot") {
            t!("wish-chip-only", what = when)
        } else {
            t!("wish-chip-time", when = when)
        }
    };
    chip(&times, &when, &|wish| {
        ["wish_day", "wish_time", "wish_slot"].into_iter().for_each(|key| clear(wish, key));
        wish.musts.retain(|must| must != "slot");
    });
    let not = || t!("wish-chip-not", what = names(List::Fields, &wish.not_fields));
    chip(&wish.not_fields, &not, &|wish| wish.not_fields.clear());
    let need = || {
        let what = names(List::Accessibility, &wish.needs);
        if has_must(wish, NEED) {
            t!("wish-chip-need-sure", what = what)
        } else {
            t!("wish-chip-need", what = what)
        }
    };
    chip(&wish.needs, &need, &|wish| {
        wish.needs.clear();
        wish.musts.retain(|must| must != NEED);
    });
    let lack = || t!("wish-chip-without", what = names(List::Requirements, &wish.without));
    chip(&wish.without, &lack, &|wish| wish.without.clear());
    if let Some(hours) = wish.hours {
        let label = t!("wish-chip-hours", count = hours, hours = format::number(u64::from(hours)));
        let href = without(&|wish| wish.hours = None);
        chips.push(Chip { label: label.into(), href });
    }
    chips
}

fn has_must(wish: &Wished, code: &str) -> bool {
    wish.musts.iter().any(|must| must == code)
}

fn clear(wish: &mut Wished, key: &str) {
    if let Some(list) = wish.list_mut(key) {
        list.clear();
    }
}

/// Returns the slots that days, times and slots of a wish are together.
fn times(wish: &Wished) -> Vec<String> {
    let or_all = |chosen: &[String], all: &[&str]| -> Vec<String> {
        if chosen.is_empty() {
            all.iter().map(|&one| one.to_owned()).collect()
        } else {
            chosen.to_vec()
        }
    };
    let mut slots = wish.slots.clone();
    if !(wish.days.is_empty() && wish.times.is_empty()) {
        let (days, times) = (or_all(&wish.days, &DAYS), or_all(&wish.times, &TIMES));
        slots.extend(
            days.iter().flat_map(|day| times.iter().map(move |time| format!("{day}_{time}"))),
        );
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_a_chip_that_takes_it_back() {
        let query = "direction=seek&wish_field=sport&wish_activity=fahren&wish_target=kinder&wish_suited=mit_hund&wish_day=sa&wish_time=ev&wish_commitment=once&not_field=kirche&need=stufenlos&without=pkw&must=field&must=slot&wish_hours=5";
        let asked = Asked::from_query(query).unwrap();
        let chips = chips(&asked);
        let labels: Vec<_> = chips.iter().map(|chip| chip.label.text()).collect();
        assert_eq!(
            labels,
            [
                "Nur: Sport und Bewegung",
                "Wunsch: Fahren und Transport",
                "Wunsch: Kinder",
                "Wunsch: Mitmachen mit Hund",
                "Wunsch: Einmalig",
                "Nur: samstags abends",
                "Nicht: Kirche und Religion",
                "Nötig: Stufenlos zugänglich",
                "Ohne: Eigenes Auto",
                "bis 5 Stunden im Monat",
            ]
        );
        let first = Asked::from_query(chips[0].href.split_once('?').unwrap().1).unwrap();
        assert!(first.wish.fields.is_empty());
        assert_eq!(first.wish.musts, ["slot"], "what nobody asks for any more is no must");
        let mut left = asked;
        for _ in 0..chips.len() {
            let href = super::chips(&left)[0].href.clone();
            left = Asked::from_query(href.split_once('?').unwrap().1).unwrap();
        }
        assert_eq!(left.to_query(), "direction=seek", "every chip takes its own answer away");
    }

    #[test]
    fn the_way_back_knows_the_answers() {
        let asked = Asked::from_query("need=dgs&age=20&cursor=1-2-3-4").unwrap();
        let note = Note::new(&asked).unwrap();
        assert_eq!(note.change, "/finden?age=20&need=dgs");
        assert!(Note::new(&Asked::from_query("q=lesen&age=20").unwrap()).is_none());
    }
}
