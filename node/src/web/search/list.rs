//! The list of results in its parts: the lines between them, and what stands on a card if no line would be true.
//!
//! A line says what is below it. Where words weigh more than the place, own results stand behind others, and
//! results with all words behind some without: then there is no line, and each card speaks for itself.

use std::collections::BTreeMap;

use engagement_protocol::time::Day;

use crate::app::search::{self, Asked, Found};
use crate::search::answer::Locality;
use crate::web::card::{Badge, Card};
use crate::web::text::t;

/// Results below one line.
#[derive(Debug)]
pub(super) struct Part {
    /// The line above them.
    pub(super) divider: Option<String>,
    /// What names the line to the list below it.
    pub(super) id: String,
    pub(super) cards: Vec<Card>,
}

/// Returns the cards of a page in their parts.
pub(super) fn parts(asked: &Asked, found: &Found, today: Day) -> Vec<Part> {
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    if let Some(at) = border(asked, &found.cards) {
        lines.entry(at).or_default().push(divider(&found.cards, at));
    }
    let words = some_words(asked, found);
    if let Some(at) = words {
        lines.entry(at).or_default().push(t!("results-divider-words"));
    }
    // Without a line, and with some that have all words, nobody would know which these are.
    let is_marked = words.is_none() && found.with_all_words > 0;
    let mut parts = Vec::new();
    let mut part = Part { divider: None, id: String::new(), cards: Vec::new() };
    for (at, found) in found.cards.iter().enumerate() {
        if let Some(said) = lines.remove(&at) {
            let next = Part {
                divider: Some(said.join(" · ")),
                id: format!("teil-{at}"),
                cards: Vec::new(),
            };
            parts.push(std::mem::replace(&mut part, next));
        }
        let mut card = Card::new(found, today);
        if is_marked && !found.has_all_words {
            card.badges.push(Badge { label: t!("badge-some-words"), class: "some" });
        }
        part.cards.push(card);
    }
    parts.push(part);
    parts.retain(|part| !part.cards.is_empty());
    parts
}

/// Returns where the results of the own municipality end, if the first page is divided so.
fn border(asked: &Asked, cards: &[search::Card]) -> Option<usize> {
    // What fits best comes first, wherever it is; so does what is newest.
    if asked.newest || !asked.wish.is_empty() {
        return None;
    }
    let own = |card: &search::Card| card.locality == Locality::Own;
    let border = cards.iter().position(|card| !own(card))?;
    let divided = border > 0 && !cards.iter().skip(border).any(own);
    (divided && asked.cursor.is_none()).then_some(border)
}

fn divider(cards: &[search::Card], border: usize) -> String {
    // What is done from home may well be our own: the line must not call it somebody else's.
    let remote = cards.iter().skip(border).any(|card| card.locality == Locality::Remote);
    if remote { t!("results-divider-remote") } else { t!("results-divider") }
}

/// Returns where the results begin that have only some of the words, if all that have all of them stand before.
fn some_words(asked: &Asked, found: &Found) -> Option<usize> {
    let border = found.cards.iter().position(|card| !card.has_all_words)?;
    let (all, some) = found.cards.split_at_checked(border)?;
    let shown: usize = all.iter().map(|card| 1 + card.also_total).sum();
    let is_last = u64::try_from(shown).is_ok_and(|shown| shown >= found.with_all_words);
    let divided = border > 0 && is_last && !some.iter().any(|card| card.has_all_words);
    (divided && asked.cursor.is_none()).then_some(border)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{card, found};
    use super::*;

    #[test]
    fn the_line_stands_where_the_own_municipality_ends() {
        use Locality::{Land, Near, Own, Remote};
        let border = |query: &str, localities: &[Locality]| {
            let cards: Vec<_> = localities.iter().copied().map(card).collect();
            super::border(&Asked::from_query(query).unwrap(), &cards)
        };
        assert_eq!(border("", &[Own, Own, Near, Land]), Some(2));
        assert_eq!(border("", &[Own, Own]), None);
        assert_eq!(border("", &[Near, Land]), None);
        assert_eq!(border("", &[Own, Near, Own]), None, "what follows is not all from elsewhere");
        assert_eq!(border("need=dgs", &[Own, Near]), None, "what fits is not divided");
        assert_eq!(border("cursor=1-2-3-4", &[Own, Near]), None);
        let cards = [card(Own), card(Near), card(Remote)];
        assert_eq!(divider(&cards, 1), "Ab hier: aus anderen Kommunen und ortsunabhängig");
        assert_eq!(divider(&cards[..2], 1), "Ab hier: aus anderen Kommunen");
    }

    /// Returns the lines and the marks of a page with these results, of which `all` have all words on all pages.
    fn lines(query: &str, has_all: &[bool], all: u64) -> (Vec<Option<String>>, usize) {
        let one = |has_all_words: &bool| search::Card {
            has_all_words: *has_all_words,
            ..card(Locality::Near)
        };
        let cards = has_all.iter().map(one).collect();
        let found = Found { with_all_words: all, ..found(cards) };
        let today = "2026-11-23".parse().unwrap();
        let parts = parts(&Asked::from_query(query).unwrap(), &found, today);
        let marked = |card: &&Card| card.badges.iter().any(|badge| badge.class == "some");
        let marks = parts.iter().flat_map(|part| &part.cards).filter(marked).count();
        (parts.into_iter().map(|part| part.divider).collect(), marks)
    }

    #[test]
    fn what_has_only_some_words_stands_below_a_line_or_says_so_itself() {
        let line = Some("Ab hier: nur mit einigen Ihrer Wörter".to_owned());
        assert_eq!(lines("q=a", &[true, true], 2), (vec![None], 0));
        assert_eq!(lines("q=a", &[true, false, false], 1), (vec![None, line], 0));
        let none = vec![None];
        assert_eq!(lines("q=a", &[true, false, true], 2), (none.clone(), 1), "mixed");
        assert_eq!(lines("q=a", &[true, false], 2), (none.clone(), 1), "one more on the next page");
        assert_eq!(lines("q=a&cursor=1-2-3-4-5-6", &[false, false], 2), (none.clone(), 2));
        assert_eq!(lines("q=a", &[false, false], 0), (none, 0), "the heading has said it");
    }
}
