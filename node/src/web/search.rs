//! The search page.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use engagement_protocol::time::Day;

use super::card::Card;
use super::coverage::Coverage;
use super::empty::Empty;
use super::error::Error;
use super::facets::{self, Chip, Group};
use super::form::Form;
use super::frame::{Frame, html};
use super::phrase::{Phrase, german};
use super::text::t;
use super::wish::Note;
use super::{embed, feeds, format, language, link};
use crate::app::App;
use crate::app::corrected;
use crate::app::search::{self, Asked, Found};
use crate::app::understand::Understood;
use crate::config::Config;
use crate::search::answer::Locality;

/// `GET /suche`
pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Error> {
    let query = query.as_deref().unwrap_or_default();
    let asked = asked(query)?;
    // A page always says why; its links do not have to ask for it.
    let explained = Asked { explain: true, ..asked.clone() };
    let found = app.search(&explained).await.map_err(|error| explain(error.into(), &asked))?;
    let (page, today) = (page_of(query), app.clock().now().day());
    html(&Results::new(&app.config(), &asked, &found, page, today))
}

/// Reads what is asked for in an address; what is refused is said in the words of the form.
pub(super) fn asked(query: &str) -> Result<Asked, Error> {
    Asked::from_query(query).map_err(|error| explain(error.into(), &Asked::legible(query)))
}

/// Returns which page of the results an address is of, by its own word: only the title says it.
fn page_of(query: &str) -> u16 {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let number = pairs.find_map(|(key, value)| (key == link::PAGE).then(|| value.parse().ok()));
    number.flatten().unwrap_or(1)
}

/// Says what is refused in the words of the form rather than of the interface.
///
/// `asked` is what could be understood of it: what was typed and is not there could not even be read.
pub(super) fn explain(error: Error, asked: &Asked) -> Error {
    let near = asked.near.as_deref();
    match (error, near) {
        (Error::Refused { name: "radius_km", .. }, near) => match (asked.radius_km, near) {
            (None, _) => Error::Refused { name: "radius_km", rule: t!("refused-radius-bad") },
            (Some(_), None) => Error::Refused { name: "near", rule: t!("refused-radius") },
            (Some(km), Some(_)) => {
                let most = format::decimal(search::RADIUS_KM);
                let is_wide = km > search::RADIUS_KM;
                let wide = is_wide.then(|| t!("refused-radius-wide", km = most));
                let rule = wide.unwrap_or_else(|| t!("refused-radius-bad"));
                Error::Refused { name: "radius_km", rule }
            }
        },
        (Error::Refused { name: "near", .. }, Some(near)) => {
            let place: String = near.chars().take(60).collect();
            Error::Refused { name: "near", rule: t!("refused-near", place = place) }
        }
        (Error::Refused { name: "near", .. }, None) => {
            Error::Refused { name: "near", rule: t!("refused-text") }
        }
        (Error::Refused { name: "q", .. }, _) if asked.words.is_empty() => {
            Error::Refused { name: "q", rule: t!("refused-text") }
        }
        // The interface says its rules in German.
        (Error::Refused { name, .. }, _) if !language::is_german() => {
            Error::Refused { name, rule: t!("refused-other", name = name) }
        }
        (error, _) => error,
    }
}

#[derive(Template)]
#[template(path = "search.html")]
struct Results {
    frame: Frame,
    form: Form,
    heading: Phrase,
    chips: Vec<Chip>,
    groups: Vec<Group>,
    filters_chosen: Option<String>,
    /// How many have all words, if others have not.
    all_words: Option<String>,
    /// What was searched for instead of what was typed, and the way to search for that.
    corrected: Option<Correction>,
    /// By what the results are ordered, if something was wished for.
    wish: Option<Note>,
    /// How many say nothing against what was wished for.
    unopposed: Option<String>,
    /// The other order: what it is called, and the search in it; nothing if there is nothing to order.
    other_order: Option<(String, String)>,
    /// What was given up or passed over of what was recognised in the words.
    notes: Vec<Phrase>,
    /// Other places with the name that was asked for.
    namesakes: Vec<Chip>,
    /// The way to see records that say the same one by one, or together again.
    grouping: Option<(String, String)>,
    empty: Option<Empty>,
    /// Results of the own municipality, if the list is divided.
    own: Vec<Card>,
    /// The line between own and others.
    divider: Option<String>,
    others: Vec<Card>,
    next: Option<String>,
    first: Option<String>,
    /// The page that puts this search into other people's pages.
    embed: String,
    coverage: Coverage,
}

impl Results {
    fn new(config: &Config, asked: &Asked, found: &Found, page: u16, today: Day) -> Self {
        let count = t!("results-count", count = found.total, shown = format::number(found.total));
        let heading = heading(&count, asked, found.near.as_deref());
        let title = heading.text();
        let title = if title == count { t!("results-title-all", count = count) } else { title };
        let page = if asked.cursor.is_some() { page.max(2) } else { 1 };
        let title =
            if page == 1 { title } else { t!("results-page", title = title, number = page) };
        let chosen = facets::chosen(asked);
        let border = border(asked, &found.cards);
        let mut own: Vec<_> = found.cards.iter().map(|card| Card::new(card, today)).collect();
        let others = own.split_off(border.unwrap_or_default());
        Self {
            frame: Frame {
                feeds: feeds::of(asked),
                description: Some(title.clone()),
                ..Frame::new(config, &title)
            },
            form: Form::new(asked),
            heading,
            chips: facets::chips(asked, found.near.as_deref(), &found.understood),
            groups: facets::groups(asked, &found.facets),
            filters_chosen: (chosen > 0).then(|| t!("filters-chosen", count = chosen)),
            all_words: all_words(found),
            corrected: Correction::new(asked, found),
            wish: Note::new(asked),
            unopposed: unopposed(found),
            other_order: other_order(asked, found),
            notes: notes(found),
            namesakes: namesakes(asked, found),
            grouping: grouping(asked, found),
            empty: Empty::new(asked, found),
            divider: border.map(|border| divider(&found.cards, border)),
            own,
            others,
            next: found
                .next
                .as_ref()
                .map(|after| link::search_from(asked, &after.to_string(), page.saturating_add(1))),
            embed: link::search_at(
                embed::BUILD,
                &Asked { limit: None, cursor: None, ..asked.clone() },
            ),
            first: asked.cursor.is_some().then(|| link::search(asked)),
            coverage: Coverage::new(&found.coverage),
        }
    }
}

/// Words that no record has: what was searched for.
struct Correction {
    said: Vec<Phrase>,
    exact: String,
    exact_label: Phrase,
}

impl Correction {
    fn new(asked: &Asked, found: &Found) -> Option<Self> {
        if found.corrected.is_empty() {
            return None;
        }
        let mut said = Vec::new();
        if found.corrected.iter().any(|one| one.is_typo) {
            let meant = corrected::text(&asked.words, &found.corrected);
            said.push(t!("results-corrected", words = german(&meant)).into());
        }
        for similar in found.corrected.iter().filter(|one| !one.is_typo) {
            let quoted: Vec<_> =
                similar.meant.iter().map(|word| t!("quoted", text = german(word))).collect();
            let typed = german(corrected::as_typed(&asked.words, &similar.typed));
            said.push(t!("results-similar", typed = typed, words = quoted.join(", ")).into());
        }
        let exact = link::search(&Asked { exact: true, ..asked.clone() });
        let exact_label = t!("results-exact", words = german(&asked.words)).into();
        Some(Self { said, exact, exact_label })
    }
}

/// Says that not all results have all words, if so.
fn all_words(found: &Found) -> Option<String> {
    let all = found.with_all_words;
    let shown = format::number(all);
    (all < found.total).then(|| t!("results-all-words", count = all, shown = shown))
}

/// Says how many results say nothing against what was wished for, if others do.
fn unopposed(found: &Found) -> Option<String> {
    let unopposed = found.unopposed.filter(|unopposed| *unopposed < found.total)?;
    Some(t!("finder-unopposed", count = unopposed, shown = format::number(unopposed)))
}

/// Returns the other order of the same results, if there are several.
fn other_order(asked: &Asked, found: &Found) -> Option<(String, String)> {
    let other = Asked { newest: !asked.newest, ..asked.clone() };
    let label = if asked.newest { t!("results-best") } else { t!("results-newest") };
    (found.total > 1).then(|| (label, link::search(&other)))
}

/// Says how the words were read: what was corrected, given up or passed over.
pub(super) fn read(asked: &Asked, found: &Found) -> Vec<Phrase> {
    let corrected = Correction::new(asked, found).map(|corrected| corrected.said);
    corrected.into_iter().flatten().chain(notes(found)).collect()
}

/// Says which constraints were given up, and which an explicit choice has replaced: none is lost silently.
fn notes(found: &Found) -> Vec<Phrase> {
    let of = |which: fn(&Understood) -> bool| {
        let labels = found.understood.iter().filter(|one| which(one)).map(facets::understood);
        // On pages that are not German it is a quotation already.
        let quoted = |label: String| {
            if language::is_german() { t!("quoted", text = label) } else { label }
        };
        labels.map(quoted).collect::<Vec<_>>().join(", ")
    };
    let relaxed = of(|one| one.relaxed);
    let overridden = of(|one| one.overridden);
    [
        (!relaxed.is_empty()).then(|| t!("results-relaxed", filters = relaxed)),
        (!overridden.is_empty()).then(|| t!("results-overridden", filters = overridden)),
    ]
    .into_iter()
    .flatten()
    .map(Phrase::from)
    .collect()
}

/// Returns the way to other places with the name that was asked for, in its field or among the words.
fn namesakes(asked: &Asked, found: &Found) -> Vec<Chip> {
    let chip = |label: &String, asked: Asked| {
        let there = Asked { near: Some(label.clone()), ..asked };
        Chip { label: label.clone().into(), href: link::search(&there) }
    };
    let of_field = found.near_others.iter().map(|label| chip(label, asked.clone()));
    let of_words = found.understood.iter().filter(|one| !one.overridden).flat_map(|one| {
        // The place moves from the words into its field, and takes its radius along.
        let radius = one.filter.get("radius_km").and_then(|km| km.first()?.parse().ok());
        let words = one.without.clone();
        let rest = Asked { words, radius_km: radius.or(asked.radius_km), ..asked.clone() };
        one.others.iter().map(move |label| chip(label, rest.clone()))
    });
    of_field.chain(of_words).collect()
}

fn grouping(asked: &Asked, found: &Found) -> Option<(String, String)> {
    let other = Asked { ungrouped: !asked.ungrouped, ..asked.clone() };
    let label = if asked.ungrouped { t!("results-group") } else { t!("results-ungroup") };
    let concerns = asked.ungrouped || found.cards.iter().any(|card| card.also_total > 0);
    concerns.then(|| (link::search(&other), label))
}

/// Returns what was found, and for which words and place, as people would say it.
fn heading(count: &str, asked: &Asked, place: Option<&str>) -> Phrase {
    let words =
        (!asked.words.is_empty()).then(|| t!("results-words", words = german(&asked.words)));
    let place = place.map(|place| match asked.radius_km {
        Some(km) => t!("results-near-radius", place = place, km = format::decimal(km)),
        None => t!("results-near", place = place),
    });
    let said = [Some(count.to_owned()), words, place];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ").into()
}

/// Returns where the results of the own municipality end, if the first page is divided so.
///
/// Where words weigh more than the place, own results can stand behind others; then no line would be true.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::coverage;
    use crate::domain::language::Language;
    use crate::search::answer::{Corrected, Facets};
    use crate::web::language::tests::speaking;
    use crate::web::opportunity::tests::{hostile, shown};
    use serde_json::json;

    fn config() -> Config {
        let minimal = "id = \"05558012\"\nname = \"Stadt Coesfeld\"\nlisten = \"127.0.0.1:0\"\n";
        Config::parse(minimal, "").unwrap()
    }

    fn card(locality: Locality) -> search::Card {
        let shown = shown(&json!({"title": "Lesen <script>alert(1)</script>"}), true);
        search::Card {
            shown,
            score: 1.0,
            distance_km: Some(4.24),
            locality,
            also: Vec::new(),
            also_total: 0,
            why: Vec::new(),
            reasons: Vec::new(),
        }
    }

    fn found(cards: Vec<search::Card>) -> Found {
        let total = u64::try_from(cards.len()).unwrap();
        let coverage =
            coverage::Coverage { nodes: 1, complete: 1, missing: Vec::new(), as_of: None };
        Found {
            cards,
            total,
            with_all_words: total,
            unopposed: None,
            facets: Facets::default(),
            coverage,
            next: None,
            near: None,
            corrected: Vec::new(),
            near_others: Vec::new(),
            understood: Vec::new(),
            words: String::new(),
        }
    }

    fn page(query: &str, found: &Found) -> String {
        let asked = Asked::from_query(query).unwrap();
        let today = "2026-11-23".parse().unwrap();
        html(&Results::new(&config(), &asked, found, page_of(query), today)).unwrap().0
    }

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

    #[test]
    fn count_and_words_are_in_title_and_heading() {
        let page = page("q=%3Cb%3E", &found(vec![card(Locality::Own)]));
        assert!(
            page.contains("<title>1 Treffer für „&#60;b&#62;“ – Stadt Coesfeld</title>"),
            "{page}"
        );
        assert!(page.contains("<h2 id=\"treffer\">1 Treffer für „&#60;b&#62;“</h2>"));
        assert_eq!(page.matches("<h1").count(), 1);
    }

    #[test]
    fn what_was_corrected_is_said_and_can_be_undone() {
        let corrected = vec![Corrected {
            typed: "fahradwerkstat".to_owned(),
            meant: vec!["Fahrradwerkstatt".to_owned()],
            is_typo: true,
        }];
        let found = Found { corrected, ..found(vec![card(Locality::Own)]) };
        let page = page("q=Fahradwerkstat&field=sport", &found);
        assert!(page.contains("Ergebnisse für „Fahrradwerkstatt“"), "{page}");
        assert!(page.contains("q=Fahradwerkstat&#38;field=sport&#38;exact=true"), "{page}");
        assert!(page.contains("Nur nach „Fahradwerkstat“ suchen"), "{page}");
    }

    #[test]
    fn what_was_understood_is_a_chip_and_what_was_given_up_a_sentence() {
        let one = |text: &str, label: &str, without: &str, relaxed, overridden| Understood {
            kind: crate::domain::constraint::Kind::Time,
            text: text.to_owned(),
            label: label.to_owned(),
            filter: std::collections::BTreeMap::new(),
            overridden,
            relaxed,
            without: without.to_owned(),
            others: Vec::new(),
        };
        let understood = vec![
            one("abends", "abends", "Lesen in Dülmen <b> online", false, false),
            one("in Dülmen", "in Dülmen", "abends Lesen <b> online", true, false),
            one("online", "Ortsunabhängig", "abends Lesen in Dülmen <b>", false, true),
        ];
        let found = Found { understood, ..found(vec![card(Locality::Own)]) };
        let page = page("q=abends+Lesen+in+D%C3%BClmen+%3Cb%3E+online", &found);
        assert!(page.contains("href=\"/suche?q=Lesen+in+D%C3%BClmen+%3Cb%3E+online\""), "{page}");
        assert!(page.contains("Suchwort „Lesen &#60;b&#62;“"), "{page}");
        assert!(page.contains("<span>Aus Ihren Wörtern: abends</span>"), "{page}");
        assert!(page.contains("Mit „in Dülmen“ gab es keine Treffer."));
        assert!(page.contains("Nicht beachtet: „Ortsunabhängig“."));
        assert!(
            !page.contains("Aus Ihren Wörtern: in Dülmen"),
            "what was given up is no filter any more"
        );
    }

    #[test]
    fn a_name_of_several_places_leaves_a_choice() {
        let near_others = vec!["Mülheim, Köln".to_owned()];
        let near = Some("Mülheim an der Ruhr".to_owned());
        let found = Found { near, near_others, ..found(vec![card(Locality::Own)]) };
        let page = page("near=M%C3%BClheim&radius_km=5", &found);
        let link =
            "<a href=\"/suche?near=M%C3%BClheim%2C+K%C3%B6ln&#38;radius_km=5\">Mülheim, Köln</a>";
        assert!(page.contains(link), "{page}");
    }

    #[test]
    fn a_name_of_several_places_among_the_words_leaves_the_same_choice() {
        let understood = vec![Understood {
            kind: crate::domain::constraint::Kind::Place,
            text: "10 km um Mülheim".to_owned(),
            label: "10 km um Mülheim an der Ruhr".to_owned(),
            filter: [("radius_km", vec!["10".to_owned()])].into(),
            overridden: false,
            relaxed: false,
            without: "Lesen".to_owned(),
            others: vec!["Mülheim, Köln".to_owned()],
        }];
        let found = Found { understood, ..found(vec![card(Locality::Own)]) };
        let page = page("q=Lesen+10+km+um+M%C3%BClheim", &found);
        let href = "/suche?q=Lesen&#38;near=M%C3%BClheim%2C+K%C3%B6ln&#38;radius_km=10";
        assert!(page.contains(&format!("<a href=\"{href}\">Mülheim, Köln</a>")), "{page}");
    }

    #[test]
    fn text_of_a_record_is_only_text() {
        let mut card = card(Locality::Own);
        card.shown = shown(&hostile(), false);
        let page = page("", &found(vec![card]));
        assert!(page.matches("<script").count() == 1 && !page.contains("<img src=x"), "{page}");
        assert!(!page.contains("javascript:") || !page.contains("href=\"javascript:"));
        assert!(page.contains("&#60;script&#62;"));
        assert!(page.contains("4,2 km"));
    }

    #[test]
    fn the_other_order_is_one_link_away() {
        let cards = || vec![card(Locality::Own), card(Locality::Near)];
        let best = page("q=lesen", &found(cards()));
        assert!(
            best.contains("<a href=\"/suche?q=lesen&#38;sort=new\">Neueste zuerst</a>"),
            "{best}"
        );
        let newest = page("q=lesen&sort=new", &found(cards()));
        assert!(newest.contains("<a href=\"/suche?q=lesen\">Beste zuerst</a>"), "{newest}");
        assert!(!page("", &found(vec![card(Locality::Own)])).contains("zuerst</a>"));
    }

    #[test]
    fn records_that_say_the_same_are_one_card_and_the_way_back_is_offered() {
        let mut card = card(Locality::Own);
        let there = json!({"places": [{"plz": "48249", "town": "Dülmen"}]});
        (card.also, card.also_total) = (vec![shown(&there, false)], 2);
        let page = page("q=lesen", &found(vec![card]));
        assert!(page.contains("Auch in Dülmen und noch einmal anderswo"), "{page}");
        assert!(page.contains("href=\"/suche?q=lesen&#38;grouped=false\""), "{page}");
    }

    #[test]
    fn says_that_not_all_results_have_all_words() {
        let found = Found { with_all_words: 0, ..found(vec![card(Locality::Own)]) };
        assert!(page("q=lesen", &found).contains("Kein Angebot enthält alle Ihre Wörter."));
    }

    #[test]
    fn an_empty_page_says_what_would_help() {
        let page = |query: &str| page(query, &found(Vec::new()));
        assert!(
            page("q=Einhorn&field=sport").contains("Entfernen Sie einen der gewählten Filter.")
        );
        assert!(page("").contains("noch keine Angebote"));
    }

    #[test]
    fn a_full_page_is_light() {
        let many = (0..20).map(|_| {
            let text = json!({"summary": "x".repeat(200), "title": "y".repeat(90)});
            search::Card { shown: shown(&text, false), ..card(Locality::Land) }
        });
        let page = page("q=lesen", &found(many.collect()));
        assert!(page.len() < 30_000, "{} bytes", page.len());
    }

    #[test]
    fn the_words_of_a_search_are_german_on_every_page() {
        let one = Understood {
            kind: crate::domain::constraint::Kind::Time,
            text: "am Samstag".to_owned(),
            label: "samstags".to_owned(),
            filter: std::collections::BTreeMap::new(),
            overridden: false,
            relaxed: false,
            without: "Lesen".to_owned(),
            others: Vec::new(),
        };
        let corrected = vec![Corrected {
            typed: "lesen".to_owned(),
            meant: vec!["Vorlesen".to_owned()],
            is_typo: false,
        }];
        let cards = vec![card(Locality::Own)];
        let found = Found { understood: vec![one], corrected, ..found(cards) };
        let page = |language| speaking(language, || page("q=Lesen+am+Samstag", &found));
        let english = page(Language::English);
        for said in [
            "From your words: “<span lang=\"de\">am Samstag</span>”",
            "Words: “<span lang=\"de\">Lesen</span>”",
            "<h2 id=\"treffer\">1 result for “<span lang=\"de\">Lesen am Samstag</span>”</h2>",
            "hardly any results for “<span lang=\"de\">Lesen</span>”. We also searched for “<span lang=\"de\">Vorlesen</span>”",
            "for example <span lang=\"de\">Vorlesen</span> (reading aloud)",
            "<p class=\"by\"><span lang=\"de\">Musterverein",
        ] {
            assert!(english.contains(said), "{said}: {english}");
        }
        assert!(
            english.contains("<title>1 result for “Lesen am Samstag” – Stadt Coesfeld</title>")
        );
        assert!(!english.contains("samstags"), "what was understood is said in no other language");
        let german = page(Language::German);
        assert!(!german.contains("<span lang=\"de\">"), "{german}");
        assert!(german.contains("Aus Ihren Wörtern: samstags"));
    }

    #[test]
    fn a_later_page_says_in_its_title_which_it_is() {
        let found = Found { next: "5-6-7-8-9".parse().ok(), ..found(vec![card(Locality::Own)]) };
        let title = |query: &str| {
            let page = page(query, &found);
            let (_, rest) = page.split_once("<title>").unwrap();
            (rest.split('<').next().unwrap().to_owned(), page.clone())
        };
        assert_eq!(title("q=lesen").0, "1 Treffer für „lesen“ – Stadt Coesfeld");
        let (second, page) = title("q=lesen&cursor=1-2-3-4-5&seite=2");
        assert_eq!(second, "1 Treffer für „lesen“, Seite 2 – Stadt Coesfeld");
        assert!(page.contains("cursor=5-6-7-8-9&#38;seite=3\""), "{page}");
        assert_eq!(title("q=lesen&cursor=1-2-3-4-5").0, second, "an old link is no first page");
        assert_eq!(
            title("q=lesen&seite=7").0,
            title("q=lesen").0,
            "without a cursor it is the first"
        );
    }

    #[test]
    fn a_refusal_keeps_what_was_understood() {
        let refused = |query: &str| {
            let refused = asked(query).unwrap_err();
            let Error::Refused { name, rule } = &refused else { panic!("{refused}") };
            let found = refused.page(&config(), query, "", None).unwrap().0;
            ((*name, rule.clone()), found)
        };
        let ((name, rule), page) = refused("q=lesen&radius_km=abc&near=Coesfeld&field=sport");
        assert_eq!((name, rule.as_str()), ("radius_km", t!("refused-radius-bad").as_str()));
        for kept in ["value=\"lesen\"", "value=\"Coesfeld\"", "name=\"field\" value=\"sport\""] {
            assert!(page.contains(kept), "{kept}: {page}");
        }
        assert!(
            page.contains("aria-invalid=\"true\" aria-describedby=\"radius_km-rule\""),
            "{page}"
        );
        let ((name, rule), page) = refused("q=%ff&near=Coesfeld");
        assert_eq!((name, rule.as_str()), ("q", t!("refused-text").as_str()));
        assert!(page.contains("value=\"Coesfeld\"") && !page.contains("UTF-8"), "{page}");
        assert_eq!(refused("near=D%FClmen").0.0, "near");
    }

    #[test]
    fn refusals_speak_of_the_form() {
        let refused = |name| Error::Refused { name, rule: "near fehlt".to_owned() };
        let asked = Asked::from_query("radius_km=5").unwrap();
        let Error::Refused { name, rule } = explain(refused("radius_km"), &asked) else { panic!() };
        assert_eq!(name, "near");
        assert!(rule.contains("„Wo?“"));
        assert_eq!(explain(refused("limit"), &asked), refused("limit"));
    }
}
