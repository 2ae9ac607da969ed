//! Opportunities, searched and one by one, and over how many nodes the search went.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use engagement_protocol::id::{NodeId, RecordId};
use engagement_protocol::opportunity::Opportunity;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked;
use super::error::{Error, Problem};
use crate::app::App;
use crate::app::corrected;
use crate::app::coverage::Coverage;
use crate::app::explain::Why;
use crate::app::opportunity::{Lookup, Shown};
use crate::app::search::{Asked, Card, Found};
use crate::search::analysis::word::Route;
use crate::search::answer::{Corrected, Locality};
use crate::search::query::After;

/// A page of results.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List {
    /// The results of this page, best first.
    data: Vec<Item>,
    /// How many records there are in all.
    total: u64,
    /// How many of them have all words that name a subject ("helfen" and the like do not); the others have most of them, because too few have all.
    with_all_words: u64,
    /// By facet, how many records each code has if only the other filters apply.
    facets: std::collections::BTreeMap<&'static str, Vec<Count>>,
    /// Over how many nodes the search went.
    coverage: CoverageBody,
    /// What the place asked for was understood as.
    #[serde(skip_serializing_if = "Option::is_none")]
    near: Option<String>,
    /// What was searched for instead of words that no record has.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrected: Option<CorrectedBody>,
    /// Other places with that name; each is text for `near`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    near_others: Vec<String>,
    /// Constraints that were recognised in the words: they are filters now and no words to look for.
    understood: Vec<UnderstoodBody>,
    /// Those of them that were given up because nothing was found with them: records that do not meet them are
    /// among the results.
    relaxed: Vec<RelaxedBody>,
    /// A word that was looked for and is a town's name, too: perhaps the town was meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubtful: Option<DoubtfulBody>,
    /// Where to go on.
    links: Links,
}

/// A word that is a town's name, too.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DoubtfulBody {
    /// The town, as text for `near`.
    #[schema(example = "Essen")]
    place: String,
    /// The same search in that town.
    search: String,
}

/// What was searched for instead of words that no record has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CorrectedBody {
    /// The whole query as it was searched for.
    #[schema(example = "Fahrradwerkstatt")]
    searched: String,
    /// Each word that no record has.
    words: Vec<CorrectedWord>,
    /// The same search for exactly what was typed.
    exact: String,
}

/// A word that no record has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CorrectedWord {
    /// What was typed, letters folded.
    typed: String,
    /// What was searched for, the most probable first.
    meant: Vec<String>,
    /// `typo`: in its place. `similar`: too, because there were hardly any hits.
    route: &'static str,
}

/// A constraint that was recognised in the words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnderstoodBody {
    /// `direction`, `without`, `effort`, `time`, `age`, `mode`, `needs` or `place`.
    kind: &'static str,
    /// The words as they were typed.
    text: String,
    /// What they were understood as, in German.
    label: String,
    /// What is asked of records, by the names of parameters; `hours_at_once`, `hours_a_month` and `times_a_year`
    /// are upper limits that only words can ask for, `not_ags` and `not_target` what no record may have, `or_mode` in which
    /// modes a record need not lie in the area, `from` and `until` the first and the last day. Records that say nothing about
    /// time, effort or age stay, behind those that do.
    filter: std::collections::BTreeMap<&'static str, Vec<String>>,
    /// Whether an explicit parameter asks for something else, so that this asks for nothing.
    overridden: bool,
    /// The same search without these words.
    remove: String,
    /// Other places with that name; each is text for `near`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<String>,
}

/// A constraint that was given up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelaxedBody {
    /// Which kind.
    kind: &'static str,
    /// What was understood, in German.
    label: String,
}

/// One opportunity: the record as it was signed, and what this node adds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Item {
    /// The origin.
    #[schema(value_type = String, example = "05558012")]
    node: NodeId,
    /// The origin's name.
    node_name: String,
    /// The permanent address at the origin; if the origin has told no base address, the path of the page here.
    page: String,
    /// Distance to the place asked for, or else to this node's municipality, in kilometres.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_km: Option<f64>,
    /// How well it fits; comparable within one answer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    /// `own`, `neighbour`, `near`, `land` or `remote`.
    #[serde(skip_serializing_if = "Option::is_none")]
    locality: Option<&'static str>,
    /// Others that say the same, best first, at most ten; `total` counts them too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Also>,
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    also_total: Option<usize>,
    /// Why it was found, on `explain=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
    /// The fields of the record.
    #[serde(flatten)]
    #[schema(value_type = super::record::RecordBody)]
    record: Opportunity,
}

/// An opportunity that says the same as the one it stands with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Also {
    #[schema(value_type = String)]
    node: NodeId,
    #[schema(value_type = String)]
    id: RecordId,
    title: String,
    /// Where it takes place, if that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    town: Option<String>,
}

/// Why a result was found and what it is ranked by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explanation {
    /// The words that it has.
    words: Vec<WordBody>,
    /// Distance to where somebody stands, in kilometres.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_km: Option<f64>,
    /// The day somebody last confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<String>,
}

/// Why a word led to a result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WordBody {
    /// The word as it was typed.
    word: String,
    /// `title`, `summary`, `labels`, `organisation`, `place` or `text`.
    part: &'static str,
    /// `exact`, `stem`, `form`, `within`, `parts`, `part`, `synonym`, `typo` or `similar`.
    route: &'static str,
    /// The other word, for synonyms and typing errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<String>,
}

/// How many records have a code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Count {
    code: &'static str,
    count: u64,
}

/// Where to go on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Links {
    /// The next page; nothing on the last.
    next: Option<String>,
}

/// Over how many nodes a search goes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoverageBody {
    /// Nodes that a search covers, this one included.
    nodes: usize,
    /// Of these, how many are held in their newest known state.
    complete: usize,
    /// The others.
    missing: Vec<MissingBody>,
    /// When the least recently confirmed complete copy was confirmed, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
}

/// A node whose newest state is not held.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissingBody {
    #[schema(value_type = String)]
    node: NodeId,
    name: String,
    /// `never`, `behind` or `expired`.
    reason: &'static str,
    /// When the state held was signed, RFC 3339; null if none is held.
    as_of: Option<String>,
}

/// Searches everything this node holds, local results first.
#[utoipa::path(
    get,
    path = "/api/v1/opportunities",
    params(
        ("q" = Option<String>, Query, description = "Wörter, höchstens 200 Zeichen und 16 Wörter, die etwas sagen; höchstens zwei mit Stern am Ende (Garten*). Angaben wie „samstags“, „in Dülmen“, „ab 14“ oder „online“ werden zu Filtern (understood); Parameter gehen vor"),
        ("understand" = Option<bool>, Query, description = "false sucht alle Wörter so, wie sie dastehen"),
        ("age" = Option<u8>, Query, description = "Alter in Jahren; Angebote mit anderer Altersgrenze fallen weg"),
        ("near" = Option<String>, Query, description = "Postleitzahl, Ort oder Breite,Länge"),
        ("radius_km" = Option<f64>, Query, description = "Umkreis um near, ohne near um den eigenen Ort, über 0 bis 400"),
        ("direction" = Option<Vec<String>>, Query, description = "seek, offer"),
        ("field" = Option<Vec<String>>, Query, description = "Kürzel des Bereichs"),
        ("activity" = Option<Vec<String>>, Query, description = "Kürzel der Tätigkeit"),
        ("target" = Option<Vec<String>>, Query, description = "Kürzel der Zielgruppe"),
        ("commitment" = Option<Vec<String>>, Query, description = "Kürzel des Umfangs"),
        ("mode" = Option<Vec<String>>, Query, description = "onsite, hybrid, remote, mobile"),
        ("ags" = Option<Vec<String>>, Query, description = "Amtlicher Schlüssel oder sein Anfang: Land, Kreis oder Gemeinde"),
        ("slot" = Option<Vec<String>>, Query, description = "Kürzel der Zeit, zum Beispiel sa_am; am, pm, ev und we meinen alle Vormittage, Nachmittage, Abende und das Wochenende"),
        ("hours" = Option<Vec<String>>, Query, description = "Stunden im Monat: bis_2, 2_bis_5, 5_bis_10, ueber_10"),
        ("accessibility" = Option<Vec<String>>, Query, description = "Kürzel der Barrierefreiheit; mehrere müssen alle erfüllt sein"),
        ("suited" = Option<Vec<String>>, Query, description = "Kürzel derer, für die es geeignet ist, zum Beispiel wenig_deutsch"),
        ("sort" = Option<String>, Query, description = "new: was zuletzt angelegt wurde, zuerst"),
        ("grouped" = Option<bool>, Query, description = "false zeigt gleichlautende Angebote einzeln"),
        ("explain" = Option<bool>, Query, description = "true sagt zu jedem Treffer, warum er gefunden wurde"),
        ("exact" = Option<bool>, Query, description = "true: Wörter so suchen, wie sie getippt sind, ohne Korrektur von Tippfehlern"),
        ("modified_since" = Option<String>, Query, description = "Tag wie 2026-11-01: nur Angebote, die nach eigener Angabe seitdem angelegt oder geändert wurden, und solche ohne Angabe"),
        ("limit" = Option<u32>, Query, description = "Treffer je Seite, 0 bis 100, sonst 20"),
        ("cursor" = Option<String>, Query, description = "Aus links.next")
    ),
    responses(
        (status = 200, body = List, description = "Eine Seite Treffer"),
        (status = 304, description = "Unverändert: If-None-Match nennt den ETag der Antwort"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Ein Parameter ist unbekannt oder nicht zu verstehen; detail sagt, was möglich ist"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Zu viele Anfragen; Retry-After sagt, wann wieder"),
        (status = 500, body = Problem, content_type = "application/problem+json", description = "Ein Fehler bei uns")
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Json<List>, Error> {
    let asked = asked::search(query.as_deref())?;
    let found = app.search(&asked).await?;
    Ok(Json(List::of(&asked, found)?))
}

/// Returns one opportunity.
#[utoipa::path(
    get,
    path = "/api/v1/opportunities/{node}/{id}",
    params(("node" = String, Path, description = "Herkunft"), ("id" = String, Path, description = "Kennung")),
    responses(
        (status = 200, body = Item, description = "Das Angebot"),
        (status = 304, description = "Unverändert: If-None-Match nennt den ETag der Antwort"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "Hier nicht bekannt"),
        (status = 410, body = Problem, content_type = "application/problem+json", description = "Zurückgezogen oder abgelaufen"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Zu viele Anfragen; Retry-After sagt, wann wieder"),
        (status = 500, body = Problem, content_type = "application/problem+json", description = "Ein Fehler bei uns")
    )
)]
pub(super) async fn one(
    State(app): State<App>,
    Path((node, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let unknown = || {
        Error::not_found(
            "Dieses Angebot gibt es hier nicht. Es wurde zurückgezogen, oder die Adresse ist unvollständig.",
        )
    };
    let node = node.parse::<NodeId>().map_err(|_| unknown())?;
    let id = id.parse::<RecordId>().map_err(|_| unknown())?;
    match app.opportunity(node, id).await? {
        Lookup::Shown(shown) => Ok(Json(Item::of(*shown)).into_response()),
        Lookup::Over(_) => {
            Err(Error::gone("Dieses Angebot ist abgelaufen, besetzt oder pausiert."))
        }
        Lookup::Gone => Err(Error::gone("Dieses Angebot wurde zurückgezogen oder ist abgelaufen.")),
        Lookup::Unknown => Err(unknown()),
    }
}

/// Says how many nodes a search covers.
#[utoipa::path(
    get,
    path = "/api/v1/coverage",
    responses(
        (status = 200, body = CoverageBody, description = "Über wie viele Knoten eine Suche geht, und welche fehlen"),
        (status = 304, description = "Unverändert: If-None-Match nennt den ETag der Antwort"),
        (status = 429, body = Problem, content_type = "application/problem+json", description = "Zu viele Anfragen; Retry-After sagt, wann wieder"),
        (status = 500, body = Problem, content_type = "application/problem+json", description = "Ein Fehler bei uns")
    )
)]
pub(super) async fn coverage(State(app): State<App>) -> Result<Json<CoverageBody>, Error> {
    Ok(Json(CoverageBody::of(app.coverage().await?)))
}

impl List {
    /// Makes the body of an answer; the command line prints the same.
    pub(crate) fn of(asked: &Asked, found: Found) -> Result<Self, Error> {
        let relaxed = found.understood.iter().filter(|one| one.relaxed);
        let relaxed =
            relaxed.map(|one| RelaxedBody { kind: one.kind.code(), label: one.label.clone() });
        let relaxed = relaxed.collect();
        let understood = found.understood.into_iter().map(|one| {
            let rest = Asked { words: one.without, ..asked.clone() }.to_query();
            let remove = if rest.is_empty() { String::new() } else { format!("?{rest}") };
            UnderstoodBody {
                kind: one.kind.code(),
                text: one.text,
                label: one.label,
                filter: one.filter,
                overridden: one.overridden,
                remove: format!("/api/v1/opportunities{remove}"),
                others: one.others,
            }
        });
        let facets = found.facets.0.into_iter().map(|(facet, counts)| {
            let counts =
                counts.into_iter().map(|count| Count { code: count.code, count: count.count });
            (facet, counts.collect())
        });
        Ok(Self {
            data: found.cards.into_iter().map(|card| Item::of_card(card, asked.explain)).collect(),
            total: found.total,
            with_all_words: found.with_all_words,
            facets: facets.collect(),
            coverage: CoverageBody::of(found.coverage),
            near: found.near,
            corrected: CorrectedBody::of(asked, found.corrected),
            near_others: found.near_others,
            understood: understood.collect(),
            relaxed,
            doubtful: found.doubtful.map(|doubtful| {
                let there = doubtful.there(asked).to_query();
                let search = format!("/api/v1/opportunities?{there}");
                DoubtfulBody { place: doubtful.place, search }
            }),
            links: Links::new("/api/v1/opportunities", asked, found.next),
        })
    }
}

impl Links {
    /// Returns the way to what follows on a page of `path`.
    pub(super) fn new(path: &str, asked: &Asked, next: Option<After>) -> Self {
        let query = asked.to_query();
        let and = if query.is_empty() { "" } else { "&" };
        Self { next: next.map(|after| format!("{path}?{query}{and}cursor={after}")) }
    }
}

impl CorrectedBody {
    fn of(asked: &Asked, corrected: Vec<Corrected>) -> Option<Self> {
        if corrected.is_empty() {
            return None;
        }
        let exact = Asked { exact: true, ..asked.clone() }.to_query();
        let word = |one: Corrected| CorrectedWord {
            typed: one.typed,
            meant: one.meant,
            route: if one.is_typo { "typo" } else { "similar" },
        };
        Some(Self {
            searched: corrected::text(&asked.words, &corrected),
            exact: format!("/api/v1/opportunities?{exact}"),
            words: corrected.into_iter().map(word).collect(),
        })
    }
}

impl Item {
    fn of(shown: Shown) -> Self {
        let here = || format!("/angebot/{}/{}", shown.origin.node, shown.record.id);
        Self {
            page: shown.page().unwrap_or_else(here),
            node: shown.origin.node,
            node_name: shown.origin.name,
            distance_km: None,
            score: None,
            locality: None,
            also: Vec::new(),
            also_total: None,
            explanation: None,
            record: shown.record,
        }
    }

    /// Makes the body of a result.
    pub(super) fn of_card(card: Card, explain: bool) -> Self {
        // Tenths of a kilometre: more would pretend to know a house.
        let distance_km = card.distance_km.map(|km| (km * 10.0).round() / 10.0);
        let explanation = explain.then(|| Explanation {
            words: card.why.iter().map(WordBody::of).collect(),
            distance_km,
            verified_at: card.shown.record.verified_at.map(|day| day.to_string()),
        });
        Self {
            distance_km,
            score: Some(card.score),
            locality: Some(word(card.locality)),
            also: card.also.into_iter().map(Also::of).collect(),
            also_total: (card.also_total > 0).then_some(card.also_total),
            explanation,
            ..Self::of(card.shown)
        }
    }
}

impl Also {
    fn of(shown: Shown) -> Self {
        let Shown { record, origin } = shown;
        let town = record.places.into_iter().find_map(|place| place.town);
        Self { node: origin.node, id: record.id, title: record.title, town }
    }
}

impl WordBody {
    fn of(why: &Why) -> Self {
        let (route, other) = match &why.route {
            Route::Exact => ("exact", None),
            Route::Stem => ("stem", None),
            Route::Form => ("form", None),
            Route::Within => ("within", None),
            Route::Parts => ("parts", None),
            Route::Part => ("part", None),
            Route::Synonym { label } => ("synonym", Some(label)),
            Route::Typo { meant } => ("typo", Some(meant)),
            Route::Similar { meant } => ("similar", Some(meant)),
        };
        Self { word: why.word.clone(), part: why.part.as_str(), route, other: other.cloned() }
    }
}

/// How near a result is, in one word.
const fn word(locality: Locality) -> &'static str {
    match locality {
        Locality::Own => "own",
        Locality::Neighbour => "neighbour",
        Locality::Near => "near",
        Locality::Land => "land",
        Locality::Remote => "remote",
    }
}

impl CoverageBody {
    pub(crate) fn of(coverage: Coverage) -> Self {
        let missing = coverage.missing.into_iter().map(|missing| MissingBody {
            node: missing.node,
            name: missing.name,
            reason: missing.reason.as_str(),
            as_of: missing.as_of.map(|at| at.to_string()),
        });
        Self {
            nodes: coverage.nodes,
            complete: coverage.complete,
            missing: missing.collect(),
            as_of: coverage.as_of.map(|at| at.to_string()),
        }
    }
}
