//! A search as people ask it: words and filters in, cards with coverage out. Web, API and command line
//! share it.

mod parameter;
mod wildcard;

use engagement_protocol::hash::Hash;
use engagement_protocol::time::Day;

use super::App;
use super::coverage::Coverage;
use super::explain::{Explainer, Why};
use super::opportunity::{Origins, Shown};
use super::understand::{Plan, Understood};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::vocabulary::List;
use crate::search::analysis;
use crate::search::answer::{Corrected, Facets, Locality};
use crate::search::index::IndexError;
use crate::search::query::{After, Near, Query, Wish};
use crate::store::StoreError;

use self::parameter::{area, bands, codes, cursor, direction, each, parameter};
use self::wildcard::Wildcards;

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
    /// Age in years of who wants to take part.
    pub age: Option<u8>,
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
    /// Others that say the same, best first.
    pub also: Vec<Shown>,
    /// How many there are, shown here or not.
    pub also_total: usize,
    /// Why it was found, if that was asked for.
    pub why: Vec<Why>,
}

/// The answer to a search.
#[derive(Debug, Clone)]
pub struct Found {
    /// The cards of this page.
    pub cards: Vec<Card>,
    /// How many records there are in all.
    pub total: u64,
    /// How many of them have all words; the others have most of them, because there were too few.
    pub with_all_words: u64,
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
    /// Reads a query string; keys that are not ours are passed over, empty values mean "not asked".
    ///
    /// # Errors
    ///
    /// [`SearchError::Parameter`] for a number that is none.
    pub fn from_query(query: &str) -> Result<Self, SearchError> {
        let mut asked = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()).take(200) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let list = match &*key {
                "q" => {
                    value.clone_into(&mut asked.words);
                    continue;
                }
                "near" => {
                    asked.near = Some(value.to_owned());
                    continue;
                }
                "modified_since" => {
                    asked.modified_since = Some(value.to_owned());
                    continue;
                }
                "cursor" => {
                    asked.cursor = Some(value.to_owned());
                    continue;
                }
                "radius_km" => {
                    let radius = value.replace(',', ".").parse().map_err(|_| {
                        parameter(
                            "radius_km",
                            "Der Umkreis ist eine Zahl in Kilometern, zum Beispiel 20.".to_owned(),
                        )
                    })?;
                    asked.radius_km = Some(radius);
                    continue;
                }
                "limit" => {
                    let limit = value.parse().map_err(|_| {
                        parameter("limit", format!("limit ist eine Zahl von 0 bis {LIMIT}."))
                    })?;
                    asked.limit = Some(limit);
                    continue;
                }
                "grouped" => {
                    asked.ungrouped = value == "false";
                    continue;
                }
                "exact" => {
                    asked.exact = value == "true";
                    continue;
                }
                "understand" => {
                    asked.literal = value == "false";
                    continue;
                }
                "explain" => {
                    asked.explain = value == "true";
                    continue;
                }
                "age" => {
                    let age = value.parse().ok().filter(|age| (1..=120).contains(age));
                    let rule = "age ist das Alter in Jahren, von 1 bis 120.";
                    asked.age = Some(age.ok_or_else(|| parameter("age", rule.to_owned()))?);
                    continue;
                }
                "direction" => &mut asked.directions,
                "field" => &mut asked.fields,
                "activity" => &mut asked.activities,
                "target" => &mut asked.targets,
                "commitment" => &mut asked.commitments,
                "mode" => &mut asked.modes,
                "slot" => &mut asked.slots,
                "hours" => &mut asked.hours,
                "accessibility" => &mut asked.accessibility,
                "ags" => &mut asked.areas,
                _ => continue,
            };
            if !list.iter().any(|held| held == value) {
                list.push(value.to_owned());
            }
        }
        Ok(asked)
    }

    /// Returns the query string of this search, without the cursor: the name of the search.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        if let Some(near) = &self.near {
            query.append_pair("near", near);
        }
        if let Some(radius) = self.radius_km {
            query.append_pair("radius_km", &radius.to_string());
        }
        let lists = [
            ("direction", &self.directions),
            ("field", &self.fields),
            ("activity", &self.activities),
            ("target", &self.targets),
            ("commitment", &self.commitments),
            ("mode", &self.modes),
            ("slot", &self.slots),
            ("hours", &self.hours),
            ("accessibility", &self.accessibility),
            ("ags", &self.areas),
        ];
        for (key, values) in lists {
            query.extend_pairs(values.iter().map(|value| (key, value)));
        }
        if let Some(since) = &self.modified_since {
            query.append_pair("modified_since", since);
        }
        if let Some(age) = self.age {
            query.append_pair("age", &age.to_string());
        }
        if self.ungrouped {
            query.append_pair("grouped", "false");
        }
        if self.exact {
            query.append_pair("exact", "true");
        }
        if self.literal {
            query.append_pair("understand", "false");
        }
        if self.explain {
            query.append_pair("explain", "true");
        }
        if let Some(limit) = self.limit {
            query.append_pair("limit", &limit.to_string());
        }
        query.finish()
    }

    /// Returns what tells this search from others, whatever page of it and however long.
    fn fingerprint(&self) -> u32 {
        let same = Self { limit: None, cursor: None, explain: false, ..self.clone() };
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
        if self.radius_km.is_some() && spot.is_none() {
            let rule = "Ein Umkreis braucht einen Ort: Geben Sie near mit an.";
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
            slots: codes("slot", List::Slots, &self.slots)?,
            hours: bands("hours", &self.hours)?,
            accessibility: codes("accessibility", List::Accessibility, &self.accessibility)?,
            wish: Wish { age: self.age, ..Wish::NOTHING },
            areas: each("ags", &self.areas, area)?,
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
        let plan = Plan::new(&plain, home.is_some());
        query.begun = wild.begun;
        let near_others = asked.namesakes(near.as_deref());
        let app = self.clone();
        let explained = asked.explain;
        // One hop to a thread that may wait: index and cards are read there together.
        self.store()
            .read(move |tx| {
                let coverage = app.coverage_in(tx)?;
                let (answer, words, understood) =
                    plan.search(&query, |query| app.index().search(query))?;
                let explain = explained.then(|| Explainer::new(answer.searched));
                let rows: Vec<u64> = answer.hits.iter().map(|hit| hit.row).collect();
                let mut origins = Origins::new(&app);
                let mut cards = Vec::with_capacity(rows.len());
                for stored in tx.records(&rows)? {
                    let hit = answer.hits.iter().find(|hit| hit.row == stored.row);
                    // A record that went since the index was read is not shown.
                    let (Some(hit), Some(shown)) = (hit, origins.show(tx, &stored)?) else {
                        continue;
                    };
                    let mut also = Vec::new();
                    let others = hit.also.iter().take(ALSO).copied().collect::<Vec<_>>();
                    for other in tx.records(&others)? {
                        also.extend(origins.show(tx, &other)?);
                    }
                    let why = explain.as_ref().map(|words| words.of(&shown.record));
                    cards.push(Card {
                        shown,
                        score: hit.score,
                        distance_km: hit.distance_km,
                        locality: hit.locality,
                        also,
                        also_total: hit.also.len(),
                        why: why.unwrap_or_default(),
                    });
                }
                Ok(Found {
                    cards,
                    total: answer.total,
                    with_all_words: answer.with_all_words,
                    facets: answer.facets,
                    coverage,
                    next: answer.next,
                    near,
                    corrected: answer.corrected,
                    near_others,
                    understood,
                    words,
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
        let other = some("1-2-3-4-5");
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
        assert_eq!(of("q=lesen&limit=5&explain=true"), of("q=lesen&cursor=1-2-3-4-5"));
        assert_ne!(of("q=lesen"), of("q=lesen&field=sport"));
    }

    #[test]
    fn a_query_string_is_read_as_it_is_written() {
        let query = "q=lesen+mit+Kindern&near=D%C3%BClmen&radius_km=20&field=sport&field=kultur&ags=05558&limit=5";
        let asked = Asked::from_query(query).unwrap();
        assert_eq!(asked.near.as_deref(), Some("Dülmen"));
        assert_eq!(asked.fields, ["sport", "kultur"]);
        assert_eq!(asked.to_query(), query);
        assert_eq!(Asked::from_query("q=&near=&utm=x&radius_km=").unwrap(), Asked::default());
        assert!(Asked::from_query("radius_km=weit").is_err());
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
