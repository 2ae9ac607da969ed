//! What people may be about to type: words that records hold, labels, places, titles and organisations.
//!
//! Everything suggested leads somewhere: words, titles and organisations are those of records that are shown now,
//! read where they are kept, so that what was withdrawn is not suggested. A text of less than two letters is
//! answered with nothing; every list is short, and each costs one bounded look.

use std::collections::BTreeSet;

use super::App;
use super::opportunity::Shown;
use super::search::{Asked, SearchError, WORDS_CHARS};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::spelling::begins_nearly;
use crate::domain::vocabulary::{List, Vocabulary};
use crate::search::analysis;
use crate::search::analysis::fold::{fold, umlauts};

/// Most suggestions.
pub const MOST: usize = 12;
/// Most suggestions of one kind.
const EACH: usize = 3;
/// Behind these a place is being typed.
const LEADS: &[&str] = &["in", "bei", "um", "nahe", "aus"];
/// How many of the best records are looked through for titles and organisations.
const RECORDS: usize = 10;

/// Something to search for, or to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub kind: Kind,
    /// What people read.
    pub text: String,
    /// Where it leads on this node.
    pub path: String,
}

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Words to search for.
    Words,
    /// A field to filter by.
    Field,
    /// An activity to filter by.
    Activity,
    /// A target group to filter by.
    Target,
    /// A place to search around.
    Place,
    /// An opportunity.
    Opportunity,
    /// An organisation, by its name.
    Organisation,
}

impl Kind {
    /// Returns the word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Field => "field",
            Self::Activity => "activity",
            Self::Target => "target",
            Self::Place => "place",
            Self::Opportunity => "opportunity",
            Self::Organisation => "organisation",
        }
    }
}

impl App {
    /// Returns what somebody may be about to type, at most [`MOST`].
    ///
    /// # Errors
    ///
    /// [`SearchError::Parameter`] for a text longer than a search may be.
    pub async fn suggest(&self, typed: &str) -> Result<Vec<Suggestion>, SearchError> {
        let chars = typed.chars().count();
        if chars > WORDS_CHARS {
            let rule = format!(
                "Der Parameter q hat {chars} Zeichen, höchstens {WORDS_CHARS} sind möglich."
            );
            return Err(SearchError::Parameter { name: "q", rule });
        }
        let Some(begun) = Begun::new(typed) else { return Ok(Vec::new()) };
        let there = begun.places_there();
        let words = self.index().completions(&begun.last, EACH)?;
        let sought = begun.with(words.first().map_or(begun.last.as_str(), String::as_str));
        let completed = words
            .iter()
            .map(|word| begun.with(&analysis::label(word)))
            .map(|text| Suggestion { kind: Kind::Words, path: search("q", &text), text });
        let mut found: Vec<Suggestion> = there.into_iter().chain(completed).collect();
        found.extend(labels(&begun));
        found.extend(places(&begun));
        let shown = self.shown(sought).await?;
        found.extend(titles(&begun, &shown));
        found.extend(organisations(&begun, &shown));
        let mut seen = BTreeSet::new();
        found.retain(|one| seen.insert(one.path.clone()));
        found.truncate(MOST);
        Ok(found)
    }

    /// The best records that have the words.
    async fn shown(&self, words: String) -> Result<Vec<Shown>, SearchError> {
        // What is half typed is no constraint.
        let asked = Asked { words, literal: true, limit: Some(RECORDS), ..Asked::default() };
        let found = self.search(&asked).await?;
        Ok(found.cards.into_iter().map(|card| card.shown).collect())
    }
}

/// A text that is being typed: the words before, and the beginning of the last one.
struct Begun {
    before: String,
    last: String,
    all: String,
}

impl Begun {
    fn new(typed: &str) -> Option<Self> {
        let typed = typed.trim_start();
        let (before, last) = typed.rsplit_once(char::is_whitespace).unwrap_or(("", typed));
        let spelled = |text: &str| umlauts(&fold(text));
        let begun =
            Self { before: before.trim().to_owned(), last: spelled(last), all: spelled(typed) };
        (begun.last.chars().count() >= 2).then_some(begun)
    }

    /// What was typed up to a place that is being typed: "lesen in dü", "48".
    fn places_there(&self) -> Vec<Suggestion> {
        let gazetteer = Gazetteer::embedded();
        let is_number = self.last.bytes().all(|byte| byte.is_ascii_digit());
        // "ich bin 45" is no place.
        let is_code = self.before.is_empty() || self.last.len() >= 3;
        if is_number && is_code {
            let codes = gazetteer.postal_codes(&self.last).filter_map(|plz| gazetteer.by_plz(plz));
            return codes.take(EACH).map(|spot| self.there(spot.label)).collect();
        }
        let lead = self.before.rsplit(char::is_whitespace).next().unwrap_or_default();
        if !LEADS.contains(&fold(lead).as_str()) {
            return Vec::new();
        }
        let mut towns: Vec<_> = gazetteer
            .municipalities()
            .filter(|town| umlauts(&fold(&town.name)).starts_with(&self.last))
            .collect();
        towns.sort_by_key(|town| (std::cmp::Reverse(town.population), &town.name));
        towns.into_iter().take(EACH).map(|town| self.there(town.name.clone())).collect()
    }

    /// The search that is being typed, with this place at its end.
    fn there(&self, place: String) -> Suggestion {
        if self.before.is_empty() {
            return Suggestion { kind: Kind::Place, path: search("near", &place), text: place };
        }
        let text = self.with(&place);
        Suggestion { kind: Kind::Words, path: search("q", &text), text }
    }

    /// The words before with another last one.
    fn with(&self, last: &str) -> String {
        if self.before.is_empty() { last.to_owned() } else { format!("{} {last}", self.before) }
    }

    /// Whether one of the words of a text begins as the last word does.
    fn begins_word_of(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| umlauts(&fold(word)).starts_with(&self.last))
    }

    /// Whether one of the words of a text begins nearly as the last word does.
    fn nearly_begins_word_of(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| begins_nearly(&umlauts(&fold(word)), &self.last))
    }

    /// Whether a text begins nearly as everything typed does.
    fn nearly_begins(&self, text: &str) -> bool {
        begins_nearly(&umlauts(&fold(text)), &self.all)
    }

    /// Whether a text begins as everything typed does.
    fn begins(&self, text: &str) -> bool {
        umlauts(&fold(text)).starts_with(&self.all)
    }
}

fn search(key: &str, value: &str) -> String {
    let mut query = form_urlencoded::Serializer::for_suffix("/suche?".to_owned(), 7);
    query.append_pair(key, value);
    query.finish()
}

fn labels(begun: &Begun) -> Vec<Suggestion> {
    let lists = [
        (List::Fields, Kind::Field, "field"),
        (List::Activities, Kind::Activity, "activity"),
        (List::Targets, Kind::Target, "target"),
    ];
    let all = lists.into_iter().flat_map(|(list, kind, key)| {
        let codes = Vocabulary::embedded().codes(list);
        codes.filter(|(_, label)| begun.begins_word_of(label)).map(move |(code, label)| {
            Suggestion { kind, text: label.to_owned(), path: search(key, code) }
        })
    });
    all.take(EACH).collect()
}

/// Towns first, the largest first; then Kreise, whose names begin with that word.
fn places(begun: &Begun) -> Vec<Suggestion> {
    let gazetteer = Gazetteer::embedded();
    let mut towns: Vec<_> =
        gazetteer.municipalities().filter(|town| begun.begins(&town.name)).collect();
    if towns.is_empty() {
        let near = gazetteer.municipalities().filter(|town| begun.nearly_begins(&town.name));
        towns.extend(near);
    }
    towns.sort_by(|one, two| {
        two.population.cmp(&one.population).then_with(|| one.name.cmp(&two.name))
    });
    let kreise = gazetteer.kreise().filter(|kreis| !kreis.is_city && begun.begins(&kreis.name));
    let names = towns.iter().map(|town| &town.name).chain(kreise.map(|kreis| &kreis.name));
    let place = |name: &String| Suggestion {
        kind: Kind::Place,
        text: name.clone(),
        path: search("near", name),
    };
    names.take(EACH).map(place).collect()
}

fn titles(begun: &Begun, shown: &[Shown]) -> Vec<Suggestion> {
    let exact = |shown: &&Shown| begun.begins_word_of(&shown.record.title);
    let near = |shown: &&Shown| begun.nearly_begins_word_of(&shown.record.title);
    let mut titled: Vec<&Shown> = shown.iter().filter(exact).collect();
    if titled.is_empty() {
        titled.extend(shown.iter().filter(near));
    }
    let one = |shown: &Shown| Suggestion {
        kind: Kind::Opportunity,
        text: shown.record.title.clone(),
        path: format!("/angebot/{}/{}", shown.origin.node, shown.record.id),
    };
    distinct(titled.into_iter().map(one))
}

fn organisations(begun: &Begun, shown: &[Shown]) -> Vec<Suggestion> {
    let names = shown.iter().filter_map(|shown| shown.record.organisation.as_ref());
    let one = |name: &String| Suggestion {
        kind: Kind::Organisation,
        text: name.clone(),
        path: search("q", name),
    };
    distinct(names.map(|by| &by.name).filter(|name| begun.begins_word_of(name)).map(one))
}

/// The first few, no text twice.
fn distinct(suggestions: impl Iterator<Item = Suggestion>) -> Vec<Suggestion> {
    let mut once: Vec<Suggestion> = Vec::new();
    for suggestion in suggestions {
        if once.len() < EACH && once.iter().all(|held| held.text != suggestion.text) {
            once.push(suggestion);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(suggestions: Vec<Suggestion>) -> Vec<String> {
        suggestions.into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn places_begin_as_everything_typed_does() {
        let places = |typed: &str| texts(places(&Begun::new(typed).unwrap()));
        assert_eq!(places("coesf"), ["Coesfeld"]);
        assert_eq!(places("duelm"), ["Dülmen"]);
        assert_eq!(places("Kreis Coe"), ["Kreis Coesfeld"]);
        assert!(places("Garten in").is_empty());
        assert_eq!(places("ha").len(), EACH);
        assert_eq!(places("köl"), ["Köln"]);
        assert_eq!(places("Dülmn"), ["Dülmen"]);
        assert_eq!(places("coesfled"), ["Coesfeld"]);
    }

    #[test]
    fn behind_a_word_that_leads_to_a_place_stands_one() {
        let there = |typed: &str| texts(Begun::new(typed).unwrap().places_there());
        assert_eq!(there("lesen in dü").first().map(String::as_str), Some("lesen in Düsseldorf"));
        assert_eq!(there("lesen in duelm"), ["lesen in Dülmen"]);
        assert_eq!(there("4824"), ["48249 Dülmen"]);
        assert_eq!(there("lesen 48249"), ["lesen 48249 Dülmen"]);
        assert!(there("lesen dü").is_empty() && there("hilfe in gärt").is_empty());
    }

    #[test]
    fn labels_have_a_word_that_begins_so() {
        let found = labels(&Begun::new("helfen bei umw").unwrap());
        assert_eq!(found.first().map(|one| one.path.as_str()), Some("/suche?field=umwelt"));
        assert!(labels(&Begun::new("xyz").unwrap()).is_empty());
    }

    #[test]
    fn one_letter_begins_nothing() {
        for typed in ["", " ", "a", "Garten ", "Garten a", "\u{308}"] {
            assert!(Begun::new(typed).is_none(), "{typed:?}");
        }
        let begun = Begun::new("Hilfe im Gä").unwrap();
        assert_eq!(begun.with("garten"), "Hilfe im garten");
    }
}
