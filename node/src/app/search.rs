//! A search as people ask it: words and filters in, cards with coverage out. Web, API and command line
//! share it.

pub mod address;
pub mod beyond;
mod nearest;
mod parameter;
mod wildcard;
pub mod wish;

use engagement_protocol::hash::Hash;
use engagement_protocol::time::Day;

use super::App;
use super::coverage::Coverage;
use super::explain::{Explainer, Why};
use super::opportunity::{Origins, Shown};
use super::understand::{Doubtful, Plan, Understood};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::matching::facts::Facts;
use crate::domain::matching::reason::{self, Reason};
use crate::domain::vocabulary::List;
use crate::search::analysis;
use crate::search::answer::{Corrected, Facets, Locality};
use crate::search::index::IndexError;
use crate::search::query::{After, Near, Query, Wish};
use crate::store::StoreError;

use self::beyond::{Beyond, Look};
use self::parameter::{area, bands, codes, cursor, direction, each, parameter, slots};
use self::wildcard::Wildcards;
use self::wish::Wished;

/// Longest query, in characters.
pub const WORDS_CHARS: usize = 200;
/// Most results on one page.
pub const LIMIT: usize = 100;
/// Widest radius, in kilometres: the Land from end to end.
pub const RADIUS_KM: f64 = 400.0;
/// Most records that say the same as a result and are shown with it.
const ALSO: usize = 10;

/// What was asked, as text: not yet believed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// Words.
    pub words: String,
    /// A postal code, a place, or `lat,lon`.
    pub near: Option<String>,
    /// Radius around it, in kilometres.
    pub radius_km: Option<f64>,
    /// `seek`, `offer`.
    pub directions: Vec<String>,
    /// Codes of fields.
    pub fields: Vec<String>,
    /// Codes of activities.
    pub activities: Vec<String>,
    /// Codes of targets.
    pub targets: Vec<String>,
    /// Codes of commitments.
    pub commitments: Vec<String>,
    /// Codes of modes.
    pub modes: Vec<String>,
    /// Codes of slots.
    pub slots: Vec<String>,
    /// Codes of bands of hours.
    pub hours: Vec<String>,
    /// Codes of accessibility.
    pub accessibility: Vec<String>,
    /// Codes of those whom it suits.
    pub suited: Vec<String>,
    /// Age in years of who wants to take part.
    pub age: Option<u8>,
    /// What somebody wishes for: results are then ranked by how well they fit.
    pub wish: Wished,
    /// Whether results are judged even if nothing is wished for.
    pub judged: bool,
    /// Whether what was created last comes first.
    pub newest: bool,
    /// Official keys or their beginnings.
    pub areas: Vec<String>,
    /// A day: what was changed earlier is not wanted.
    pub modified_since: Option<String>,
    /// Whether records that say the same are shown one by one.
    pub ungrouped: bool,
    /// Whether words are taken as they are typed, even if no record has them.
    pub exact: bool,
    /// Whether each result says why it was found.
    pub explain: bool,
    /// Whether words are only words: no constraint is looked for in them.
    pub literal: bool,
    /// Whether it is counted what lies just outside of where somebody looked: pages want to know, addresses do not say.
    pub beyond: bool,
    /// Results on a page.
    pub limit: Option<usize>,
    /// Where the last page ended.
    pub cursor: Option<String>,
}

/// One card of a result page.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// The opportunity and its origin.
    pub shown: Shown,
    /// How well it fits; comparable within one answer only.
    pub score: f32,
    /// Distance to the place asked for, in kilometres.
    pub distance_km: Option<f64>,
    /// How near it is to whoever asks.
    pub locality: Locality,
    /// Which of its places is the nearest.
    pub nearest_place: usize,
    /// Whether it has all words that were looked for and name a subject.
    pub has_all_words: bool,
    /// Words that it lacks, if it was asked why it was found.
    pub lacks: Vec<String>,
    /// Others that say the same, best first.
    pub also: Vec<Shown>,
    /// How many there are, shown here or not.
    pub also_total: usize,
    /// Why it was found, if that was asked for.
    pub why: Vec<Why>,
    /// Why it fits what was wished for, and what does not.
    pub reasons: Vec<Reason>,
}

/// The answer to a search.
#[derive(Debug, Clone)]
pub struct Found {
    /// The cards of this page.
    pub cards: Vec<Card>,
    /// How many records there are in all.
    pub total: u64,
    /// How many of them have all words that name a subject; the others have most of them, because there were too few.
    pub with_all_words: u64,
    /// How many of them say nothing against what was wished for; nothing if nothing was.
    pub unopposed: Option<u64>,
    /// How many of them state all of the time that was recognised in the words; the others leave some of it open.
    pub stated: u64,
    /// Counts by facet.
    pub facets: Facets,
    /// Over how many nodes the search went.
    pub coverage: Coverage,
    /// Where the next page begins.
    pub next: Option<After>,
    /// What the place asked for was understood as.
    pub near: Option<String>,
    /// Words that no record has, and what was looked for instead.
    pub corrected: Vec<Corrected>,
    /// Other places with the name that was asked for; each is text that finds it.
    pub near_others: Vec<String>,
    /// Constraints that were recognised in the words, in their order.
    pub understood: Vec<Understood>,
    /// The words that were looked for.
    pub words: String,
    /// One of them that may have been meant as a town.
    pub doubtful: Option<Doubtful>,
    /// What lies just outside of where somebody looked, if that was asked for and there is little inside.
    pub beyond: Option<Beyond>,
}

/// Why a search was not run.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A parameter cannot be understood; the text says what would do.
    #[error("{rule}")]
    Parameter {
        /// Which parameter.
        name: &'static str,
        /// What would do, in German.
        rule: String,
    },
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Asked {
    /// Returns what tells this search from others, whatever page of it and however long.
    fn fingerprint(&self) -> u32 {
        let same =
            Self { limit: None, cursor: None, explain: false, beyond: false, ..self.clone() };
        let hash = Hash::of(same.to_query().as_bytes());
        hash.as_bytes().first_chunk().map_or(0, |first| u32::from_be_bytes(*first))
    }

    /// Returns the other places with the name that was asked for, if `chosen` is one of several.
    fn namesakes(&self, chosen: Option<&str>) -> Vec<String> {
        let spots = Gazetteer::embedded().namesakes(self.near.as_deref().unwrap_or_default());
        let labels: Vec<String> = spots.into_iter().map(|spot| spot.label).collect();
        if !labels.iter().any(|label| Some(label.as_str()) == chosen) {
            return Vec::new();
        }
        labels.into_iter().filter(|label| Some(label.as_str()) != chosen).collect()
    }

    /// Parses everything that was asked.
    ///
    /// # Errors
    ///
    /// [`SearchError::Parameter`].
    pub fn parse(
        &self,
        home: Option<Near>,
        today: Day,
    ) -> Result<(Query, Option<String>), SearchError> {
        let chars = self.words.chars().count();
        if chars > WORDS_CHARS {
            let rule = format!(
                "Die Suche hat {chars} Zeichen, höchstens {WORDS_CHARS} sind möglich. Kürzen Sie sie auf die wichtigsten Wörter."
            );
            return Err(parameter("q", rule));
        }
        let words = analysis::count(&self.words);
        if words > analysis::QUERY_WORDS {
            let rule = format!(
                "Die Suche hat {words} Wörter, die etwas sagen, höchstens {} sind möglich. Kürzen Sie sie auf die wichtigsten.",
                analysis::QUERY_WORDS
            );
            return Err(parameter("q", rule));
        }
        let spot = match self.near.as_deref().map(str::trim).filter(|near| !near.is_empty()) {
            None => None,
            Some(near) => Some(Gazetteer::embedded().resolve(near).ok_or_else(|| {
                let near: String = near.chars().take(60).collect();
                parameter("near", format!("Den Ort „{near}“ kennen wir nicht. Geben Sie eine Postleitzahl, einen Ort in Nordrhein-Westfalen oder Koordinaten wie 51.94,7.17 an."))
            })?),
        };
        if let Some(radius) = self.radius_km
            && !(radius > 0.0 && radius <= RADIUS_KM)
        {
            let rule = format!("Der Umkreis liegt über 0 und bis {RADIUS_KM} Kilometer.");
            return Err(parameter("radius_km", rule));
        }
        if self.radius_km.is_some() && spot.is_none() && home.is_none() {
            let rule = "Ein Umkreis (radius_km) braucht einen Ort: Geben Sie near mit an.";
            return Err(parameter("radius_km", rule.to_owned()));
        }
        let limit = self.limit.unwrap_or(20);
        if limit > LIMIT {
            return Err(parameter(
                "limit",
                format!("Höchstens {LIMIT} Treffer je Seite sind möglich."),
            ));
        }
        let since = self.modified_since.as_deref();
        let since = since.map(|day| parameter::day("modified_since", day)).transpose()?;
        let fingerprint = self.fingerprint();
        let label = spot.as_ref().map(|spot| spot.label.clone());
        let near = spot.map(|spot| Near { lat: spot.lat, lon: spot.lon, ags: spot.ags });
        let is_judged = self.judged || !self.wish.is_empty();
        let is_somewhere = near.is_some() || home.is_some();
        let matching = self.wish.parse(self.age, is_somewhere)?;
        let query = Query {
            words: self.words.clone(),
            hints: String::new(),
            near,
            radius_km: self.radius_km,
            home,
            directions: each("direction", &self.directions, direction)?,
            fields: codes("field", List::Fields, &self.fields)?,
            activities: codes("activity", List::Activities, &self.activities)?,
            targets: codes("target", List::Targets, &self.targets)?,
            commitments: codes("commitment", List::Commitment, &self.commitments)?,
            modes: codes("mode", List::Mode, &self.modes)?,
            slots: slots("slot", &self.slots)?,
            hours: bands("hours", &self.hours)?,
            accessibility: codes("accessibility", List::Accessibility, &self.accessibility)?,
            suited: codes("suited", List::Suited, &self.suited)?,
            wish: Wish { age: self.age, ..Wish::NOTHING },
            matching: is_judged.then_some(matching),
            newest: self.newest,
            areas: each("ags", &self.areas, area)?,
            or_modes: Vec::new(),
            not_areas: Vec::new(),
            without: Vec::new(),
            begun: Vec::new(),
            modified_since: since,
            fingerprint,
            exact: self.exact,
            grouped: !self.ungrouped,
            today,
            limit,
            after: self.cursor.as_deref().map(|after| cursor(after, fingerprint)).transpose()?,
        };
        Ok((query, label))
    }
}

impl App {
    /// Searches everything this node holds.
    ///
    /// # Errors
    ///
    /// [`SearchError`].
    pub async fn search(&self, asked: &Asked) -> Result<Found, SearchError> {
        let home = self.home();
        let (mut query, near) = asked.parse(home.clone(), self.clock().now().day())?;
        let wild = Wildcards::read(&asked.words)?;
        let plain = Asked { words: wild.words, ..asked.clone() };
        let plan = Plan::new(&plain, home.is_some(), query.today);
        query.begun = wild.begun;
        let doubtful = plan.doubtful.clone();
        let near_others = asked.namesakes(near.as_deref());
        let app = self.clone();
        let (explained, matching, today) = (asked.explain, query.matching, query.today);
        let asked = asked.clone();
        // One hop to a thread that may wait: index and cards are read there together.
        self.store()
            .read(move |tx| {
                let coverage = app.coverage_in(tx)?;
                let mut tried = Vec::new();
                let (answer, words, understood) = plan.search(&query, |query| {
                    tried.push(query.clone());
                    app.index().search(query)
                })?;
                // Of several searches the last has found something, or none has and the first one stands.
                let searched =
                    if answer.total > 0 { tried.pop() } else { tried.into_iter().next() };
                let place =
                    searched.as_ref().and_then(|query| query.near.as_ref().or(query.home.as_ref()));
                let place = place.map(|near| (near.lat, near.lon));
                let look = searched.filter(|_| asked.beyond);
                let look = look.and_then(|query| Look::new(&asked, &query, &answer, &understood));
                let outside = look.map(|look| look.outside(&app.index(), &answer)).transpose()?;
                let mut explain =
                    explained.then(|| Explainer::new(answer.searched, &app.inner.explained));
                let rows: Vec<u64> = answer.hits.iter().map(|hit| hit.row).collect();
                let mut origins = Origins::new(&app);
                let mut cards = Vec::with_capacity(rows.len());
                for stored in tx.records(&rows)? {
                    let hit = answer.hits.iter().find(|hit| hit.row == stored.row);
                    // A record that went since the index was read is not shown.
                    let (Some(hit), Some(shown)) = (hit, origins.show_found(tx, &stored)?) else {
                        continue;
                    };
                    let mut also = Vec::new();
                    let others = hit.also.iter().take(ALSO).copied().collect::<Vec<_>>();
                    for other in tx.records(&others)? {
                        also.extend(origins.show_found(tx, &other)?);
                    }
                    let reasons = matching.as_ref().map(|wish| {
                        let facts = Facts::of(&shown.record, hit.distance_km.map(narrow));
                        reason::explain(wish, &facts, today)
                    });
                    let why = explain.as_mut().map(|words| words.of(&shown.record));
                    let why = why.unwrap_or_default();
                    let lacks = explain.as_ref().map(|words| words.lacking(&why));
                    cards.push(Card {
                        nearest_place: nearest::of(&shown.record, place),
                        has_all_words: hit.has_all_words,
                        lacks: lacks.unwrap_or_default(),
                        shown,
                        score: hit.score,
                        distance_km: hit.distance_km,
                        locality: hit.locality,
                        also,
                        also_total: hit.also.len(),
                        why,
                        reasons: reasons.unwrap_or_default(),
                    });
                }
                let beyond = match outside.flatten() {
                    Some(outside) => Some(outside.show(tx, &mut origins)?),
                    None => None,
                };
                if let Some(explain) = explain {
                    explain.end(&app.inner.explained);
                }
                Ok(Found {
                    cards,
                    total: answer.total,
                    with_all_words: answer.with_all_words,
                    unopposed: matching.map(|_| answer.unopposed),
                    stated: answer.stated,
                    facets: answer.facets,
                    coverage,
                    next: answer.next,
                    near,
                    corrected: answer.corrected,
                    near_others,
                    understood,
                    words,
                    doubtful,
                    beyond,
                })
            })
            .await
    }

    /// Returns where this node stands, for local first: a municipality has a centre, a Land has none.
    fn home(&self) -> Option<Near> {
        let ags = self.node().ags();
        let town = Gazetteer::embedded().municipality(&ags)?;
        Some(Near { lat: town.lat, lon: town.lon, ags: Some(ags) })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it was made of one")]
const fn narrow(km: f64) -> f32 {
    km as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "each case is written in place")]
    fn parse(asked: Asked) -> Result<(Query, Option<String>), SearchError> {
        asked.parse(None, "2026-11-23".parse().unwrap())
    }

    fn refused(asked: Asked) -> &'static str {
        match parse(asked) {
            Err(SearchError::Parameter { name, .. }) => name,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_parameter_says_what_would_do() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(refused(Asked { words: "x".repeat(201), ..Asked::default() }), "q");
        assert_eq!(refused(Asked { near: some("Atlantis"), ..Asked::default() }), "near");
        assert_eq!(refused(Asked { radius_km: Some(5.0), ..Asked::default() }), "radius_km");
        let near = some("48653");
        assert_eq!(
            refused(Asked { near, radius_km: Some(f64::NAN), ..Asked::default() }),
            "radius_km"
        );
        assert_eq!(refused(Asked { limit: Some(101), ..Asked::default() }), "limit");
        assert_eq!(
            refused(Asked { directions: vec!["up".into()], ..Asked::default() }),
            "direction"
        );
        assert_eq!(refused(Asked { fields: vec!["a b".into()], ..Asked::default() }), "field");
        assert_eq!(refused(Asked { areas: vec!["5".into()], ..Asked::default() }), "ags");
        assert_eq!(refused(Asked { cursor: some("?"), ..Asked::default() }), "cursor");
        let other = some("1-2-3-4-5-6");
        assert_eq!(refused(Asked { cursor: other, ..Asked::default() }), "cursor");
        let since = some("gestern");
        assert_eq!(refused(Asked { modified_since: since, ..Asked::default() }), "modified_since");
        let long = (0..17).map(|at| format!("wort{at} ")).collect();
        assert_eq!(refused(Asked { words: long, ..Asked::default() }), "q");
    }

    #[test]
    fn a_code_that_nothing_has_is_refused_with_those_that_there_are() {
        let list = |code: &str| vec![code.to_owned()];
        let wrong = [
            Asked { fields: list("sprot"), ..Asked::default() },
            Asked { activities: list("x"), ..Asked::default() },
            Asked { targets: list("x"), ..Asked::default() },
            Asked { commitments: list("x"), ..Asked::default() },
            Asked { modes: list("x"), ..Asked::default() },
            Asked { slots: list("x"), ..Asked::default() },
            Asked { hours: list("x"), ..Asked::default() },
            Asked { accessibility: list("x"), ..Asked::default() },
            Asked { suited: list("x"), ..Asked::default() },
        ];
        for asked in wrong {
            assert!(
                parse(asked.clone()).unwrap_err().to_string().contains("Möglich sind:"),
                "{asked:?}"
            );
        }
        let error = parse(Asked { modes: list("online"), ..Asked::default() }).unwrap_err();
        assert!(error.to_string().contains("onsite, "), "{error}");
        assert!(parse(Asked { modes: list("weitere"), ..Asked::default() }).is_ok());
    }

    #[test]
    fn a_search_is_told_from_others_whatever_its_page() {
        let of = |query: &str| Asked::from_query(query).unwrap().fingerprint();
        assert_eq!(of("q=lesen&limit=5&explain=true"), of("q=lesen&cursor=1-2-3-4-5-6"));
        assert_ne!(of("q=lesen"), of("q=lesen&field=sport"));
    }

    #[test]
    fn names_the_other_places_of_one_name() {
        let others = |near: &str| {
            let asked = Asked { near: Some(near.to_owned()), ..Asked::default() };
            let (_, chosen) = parse(asked.clone()).unwrap();
            asked.namesakes(chosen.as_deref())
        };
        assert_eq!(others("Mülheim"), ["Mülheim, Köln"]);
        assert_eq!(others("Mülheim, Köln"), [""; 0]);
        assert_eq!(others("Dülmen"), [""; 0]);
    }

    #[test]
    fn says_what_the_place_was_understood_as() {
        let asked = Asked { near: Some("48653".to_owned()), ..Asked::default() };
        let (query, label) = parse(asked).unwrap();
        assert!(label.unwrap().contains("Coesfeld"));
        assert!((query.near.unwrap().lat - 51.9).abs() < 0.2);
    }
}
