//! What people may be about to type: words that records hold, labels, places, titles and organisations.
//!
//! Everything suggested leads somewhere: words, titles and organisations are those of records that are shown now,
//! read where they are kept, so that what was withdrawn is not suggested. A text of less than two letters is
//! answered with nothing; every list is short, and each costs one bounded look.

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::opportunity::Shown;
use super::search::{Asked, SearchError, WORDS_CHARS};
use crate::domain::gazetteer::{Gazetteer, Municipality};
use crate::domain::spelling::{self, begins_nearly};
use crate::domain::vocabulary::{List, Vocabulary};
use crate::search::analysis;
use crate::search::analysis::fold::{fold, umlauts};
use crate::search::analysis::stop::is_stop;
use crate::search::entry::Part;

/// Most suggestions.
pub const MOST: usize = 12;
/// Most suggestions of one kind.
const EACH: usize = 3;
/// Behind these a place is being typed.
const LEADS: &[&str] = &["in", "bei", "um", "nahe", "aus"];
/// How many of the best records are looked through for titles and organisations.
const RECORDS: usize = 10;
/// Fewest letters of a town behind other words.
const TOWN: usize = 3;
/// Fewest letters that a search takes for a beginning.
const WILDCARD: usize = 3;

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
        let (words, shown) = self.meant(&begun).await?;
        // Who has typed the beginning of a name wants that one, and no other end of its last word.
        let named = |one: &Suggestion| !begun.before.is_empty() && begun.begins(&one.text);
        let records = titles(&begun, &shown).into_iter().chain(organisations(&begun, &shown));
        let (named, records): (Vec<_>, Vec<_>) = records.partition(named);
        let home = Gazetteer::embedded().municipality(&self.node().ags());
        let is_known = words.iter().any(|word| begun.is_begin_of(word));
        let towns = begun.towns_behind(home);
        let (places, other_places): (Vec<_>, Vec<_>) =
            places(&begun, home, is_known).into_iter().partition(named_place(&begun));
        // A town or Kreis that begins so was meant, and no other word that nearly does.
        let is_place = !is_known && other_places.iter().any(|one| begun.begins(&one.text));
        let completed = words
            .iter()
            .filter(|_| !is_place)
            .map(|word| begun.with(&analysis::label(word)))
            .map(|text| Suggestion { kind: Kind::Words, path: search("q", &text), text });
        let mut found = begun.places_there(home);
        found.extend(places.into_iter().chain(named).chain(completed).chain(towns));
        found.extend(labels(&begun));
        found.extend(other_places.into_iter().chain(records));
        let mut seen = BTreeSet::new();
        found.retain(|one| seen.insert(one.path.clone()));
        found.truncate(MOST);
        Ok(found)
    }

    /// Words that end the one that is being typed, and the records that were most probably meant.
    ///
    /// Behind other words it ends as it does in records that have those: any other end would find nothing.
    async fn meant(&self, begun: &Begun) -> Result<(Vec<String>, Vec<Shown>), SearchError> {
        if !begun.before.is_empty() {
            let last = &begun.last;
            let is_begun =
                last.chars().count() >= WILDCARD && last.chars().all(char::is_alphanumeric);
            let star = begun.with(&format!("{last}*"));
            let shown = self.shown(if is_begun { star } else { begun.before.clone() }).await?;
            if !begun.has_last() || !shown.is_empty() {
                return Ok((begun.ends_in(&shown), shown));
            }
        }
        let words = self.index().completions(&begun.last, EACH)?;
        let sought = begun.with(words.first().unwrap_or(&begun.last));
        Ok((words, self.shown(sought).await?))
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
    /// Everything, as names are compared.
    plain: String,
}

impl Begun {
    fn new(typed: &str) -> Option<Self> {
        // A star asks for beginnings, as everything does here.
        let typed = typed.replace('*', "");
        let typed = typed.trim_start();
        let (before, last) = typed.rsplit_once(char::is_whitespace).unwrap_or(("", typed));
        let spelled = |text: &str| umlauts(&fold(text));
        let (before, plain) = (before.trim().to_owned(), spelling::fold(typed));
        let begun = Self { before, last: spelled(last), all: spelled(typed), plain };
        (begun.all.trim_end().chars().count() >= 2).then_some(begun)
    }

    /// Whether enough of the last word is typed to tell what it may be.
    fn has_last(&self) -> bool {
        self.last.chars().count() >= 2
    }

    /// Whether a word begins as the last one does.
    fn is_begin_of(&self, word: &str) -> bool {
        umlauts(&fold(word)).starts_with(&self.last)
    }

    /// The words of records that begin as the last one does: those of most records first.
    fn ends_in(&self, shown: &[Shown]) -> Vec<String> {
        if !self.has_last() {
            return Vec::new();
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for shown in shown {
            let texts = Part::ALL.map(|part| part.text(&shown.record));
            let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
            // "co" begins "Coesfeld", though it is read like a word with an umlaut.
            let words = words.map(fold).filter(|word| {
                word.starts_with(&self.last) || umlauts(word).starts_with(&self.last)
            });
            let words = words.map(|word| umlauts(&word));
            let begun: BTreeSet<String> = words.filter(|word| !is_stop(word)).collect();
            begun.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by(|(one, a), (two, b)| b.cmp(a).then_with(|| one.cmp(two)));
        counts.into_iter().take(EACH).map(|(word, _)| word).collect()
    }

    /// What was typed up to a place that is being typed: "lesen in dü", "48".
    fn places_there(&self, home: Option<&Municipality>) -> Vec<Suggestion> {
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
        let plain = spelling::fold(&self.last);
        let mut towns: Vec<_> = gazetteer
            .municipalities()
            .filter(|town| !plain.is_empty() && is_begin(&town.name, &self.last, &plain))
            .collect();
        sort(&mut towns, home);
        towns.into_iter().take(EACH).map(|town| self.there(town.name.clone())).collect()
    }

    /// The search that is being typed, with a town at its end as most people type: "tafel coe".
    fn towns_behind(&self, home: Option<&Municipality>) -> Vec<Suggestion> {
        let plain = spelling::fold(&self.last);
        if self.before.is_empty() || plain.chars().count() < TOWN {
            return Vec::new();
        }
        let all = Gazetteer::embedded().municipalities();
        let mut towns: Vec<_> =
            all.filter(|town| is_begin(&town.name, &self.last, &plain)).collect();
        sort(&mut towns, home);
        towns.into_iter().take(1).map(|town| self.there(town.name.clone())).collect()
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
        self.has_last()
            && text
                .split(|c: char| !c.is_alphanumeric())
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
        is_begin(text, &self.all, &self.plain)
    }
}

/// Whether a name begins so: letter by letter, or as people type who leave out the dots and what is no letter.
fn is_begin(name: &str, spelled: &str, plain: &str) -> bool {
    umlauts(&fold(name)).starts_with(spelled)
        || spelling::fold(name).starts_with(plain)
        || spelling::fold_without_dots(name).starts_with(plain)
}

/// Sorts towns: the own one, those around it, then the largest.
fn sort(towns: &mut [&Municipality], home: Option<&Municipality>) {
    towns.sort_by_key(|town| {
        let away = home.map_or(0, |home| {
            2 - u8::from(home.ags == town.ags) * 2 - u8::from(home.neighbours.contains(&town.ags))
        });
        (away, std::cmp::Reverse(town.population), town.name.clone())
    });
}

/// Tells a place of which several words are typed: "Kreis Coe".
fn named_place(begun: &Begun) -> impl Fn(&Suggestion) -> bool {
    |one| !begun.before.is_empty() && begun.begins(&one.text)
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
    let all = |begins: fn(&Begun, &str) -> bool| -> Vec<Suggestion> {
        let all = lists.into_iter().flat_map(|(list, kind, key)| {
            let codes = Vocabulary::embedded().codes(list);
            let begun = codes.filter(|(_, label)| begins(begun, label));
            begun.map(move |(code, label)| Suggestion {
                kind,
                text: label.to_owned(),
                path: search(key, code),
            })
        });
        all.take(EACH).collect()
    };
    let exact = all(Begun::begins_word_of);
    if exact.is_empty() { all(Begun::nearly_begins_word_of) } else { exact }
}

/// Towns, nearest and largest first; then Kreise, whose names begin with that word, the own one first. A mistyped one only if
/// no other word begins so.
fn places(begun: &Begun, home: Option<&Municipality>, is_known: bool) -> Vec<Suggestion> {
    let gazetteer = Gazetteer::embedded();
    let mut towns: Vec<_> =
        gazetteer.municipalities().filter(|town| begun.begins(&town.name)).collect();
    let mut kreise: Vec<_> =
        gazetteer.kreise().filter(|kreis| !kreis.is_city && begun.begins(&kreis.name)).collect();
    kreise.sort_by_key(|kreis| home.is_none_or(|home| home.kreis != kreis.ags));
    if towns.is_empty() && kreise.is_empty() && !is_known {
        let near = gazetteer.municipalities().filter(|town| begun.nearly_begins(&town.name));
        towns.extend(near);
    }
    sort(&mut towns, home);
    let names = towns.iter().map(|town| &town.name).chain(kreise.iter().map(|kreis| &kreis.name));
    let place = |name: &String| Suggestion {
        kind: Kind::Place,
        text: name.clone(),
        path: search("near", name),
    };
    names.take(EACH).map(place).collect()
}

fn titles(begun: &Begun, shown: &[Shown]) -> Vec<Suggestion> {
    let title = |shown: &Shown| shown.record.title.clone();
    let one = |shown: &&Shown| Suggestion {
        kind: Kind::Opportunity,
        text: title(shown),
        path: format!("/angebot/{}/{}", shown.origin.node, shown.record.id),
    };
    distinct(begun_by(begun, shown.iter(), |shown| title(shown)).iter().map(one))
}

fn organisations(begun: &Begun, shown: &[Shown]) -> Vec<Suggestion> {
    let names = shown.iter().filter_map(|shown| shown.record.organisation.as_ref());
    let one = |name: &&String| Suggestion {
        kind: Kind::Organisation,
        text: (*name).clone(),
        path: search("q", name),
    };
    distinct(begun_by(begun, names.map(|by| &by.name), |name| (*name).clone()).iter().map(one))
}

/// What begins as everything typed does, then what has a word that begins as the last one does; if there is none, what
/// nearly does.
fn begun_by<T>(
    begun: &Begun,
    all: impl Iterator<Item = T> + Clone,
    name: impl Fn(&T) -> String,
) -> Vec<T> {
    let exact = all.clone().filter(|one| begun.begins(&name(one)));
    let word =
        all.clone().filter(|one| !begun.begins(&name(one)) && begun.begins_word_of(&name(one)));
    let found: Vec<T> = exact.chain(word).collect();
    if found.is_empty() {
        all.filter(|one| begun.nearly_begins_word_of(&name(one))).collect()
    } else {
        found
    }
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

    fn home() -> Option<&'static Municipality> {
        Gazetteer::embedded().municipality(&"05558012".parse().unwrap())
    }

    fn texts(suggestions: Vec<Suggestion>) -> Vec<String> {
        suggestions.into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn places_begin_as_everything_typed_does() {
        let places = |typed: &str| texts(places(&Begun::new(typed).unwrap(), home(), false));
        assert_eq!(places("coesf"), ["Coesfeld"]);
        assert_eq!(places("duelm"), ["Dülmen"]);
        assert_eq!(places("Kreis Coe"), ["Kreis Coesfeld"]);
        assert!(places("Garten in").is_empty());
        assert_eq!(places("ha").len(), EACH);
        assert_eq!(places("köl"), ["Köln"]);
        assert_eq!(places("Dülmn"), ["Dülmen"]);
        assert_eq!(places("coesfled"), ["Coesfeld"]);
        // Without the dots, and those around first.
        assert_eq!(places("dul"), ["Dülmen"]);
        assert_eq!(places("du").first().map(String::as_str), Some("Dülmen"));
        assert_eq!(places("Kreis C"), ["Kreis Coesfeld"]);
        assert_eq!(places("Kreis").first().map(String::as_str), Some("Kreis Coesfeld"));
        let known = Begun::new("begl").unwrap();
        assert_eq!(super::places(&known, home(), true), [], "of a word that there is");
    }

    #[test]
    fn behind_a_word_that_leads_to_a_place_stands_one() {
        let there = |typed: &str| texts(Begun::new(typed).unwrap().places_there(home()));
        assert_eq!(there("lesen in dü").first().map(String::as_str), Some("lesen in Dülmen"));
        assert_eq!(there("lesen in duelm"), ["lesen in Dülmen"]);
        assert_eq!(there("4824"), ["48249 Dülmen"]);
        assert_eq!(there("lesen 48249"), ["lesen 48249 Dülmen"]);
        let behind = |typed: &str| texts(Begun::new(typed).unwrap().towns_behind(home()));
        assert_eq!(behind("tafel coe"), ["tafel Coesfeld"]);
        assert_eq!((behind("tafel co"), behind("coesfeld")), (vec![], vec![]));
        assert!(there("lesen dü").is_empty() && there("hilfe in gärt").is_empty());
    }

    #[test]
    fn labels_have_a_word_that_begins_so() {
        let found = labels(&Begun::new("helfen bei umw").unwrap());
        assert_eq!(found.first().map(|one| one.path.as_str()), Some("/suche?field=umwelt"));
        let near = labels(&Begun::new("umwlet").unwrap());
        assert_eq!(near.first().map(|one| one.path.as_str()), Some("/suche?field=umwelt"));
        assert!(labels(&Begun::new("xyz").unwrap()).is_empty());
    }

    #[test]
    fn one_letter_begins_nothing() {
        for typed in ["", " ", "a", "a ", "*", "\u{308}"] {
            assert!(Begun::new(typed).is_none(), "{typed:?}");
        }
        // Behind other words it may begin the rest of a name.
        let name = Begun::new("Garten a").unwrap();
        assert!(name.begins("Garten am Bach") && !name.begins_word_of("Garten am Bach"));
        let begun = Begun::new("Hilfe im Gä").unwrap();
        assert_eq!(begun.with("garten"), "Hilfe im garten");
    }
}
