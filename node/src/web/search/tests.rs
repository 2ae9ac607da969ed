//! The search page: what is said about the results, and that text stays text.

use super::*;
use crate::app::understand::Doubtful;
use crate::app::{coverage, search};
use crate::domain::language::Language;
use crate::search::answer::Locality;
use crate::search::answer::{Corrected, Facets};
use crate::web::language::tests::speaking;
use crate::web::opportunity::tests::{hostile, shown};
use serde_json::json;

fn config() -> Config {
    let minimal = "id = \"05558012\"\nname = \"Stadt Coesfeld\"\nlisten = \"127.0.0.1:0\"\n";
    Config::parse(minimal, "").unwrap()
}

pub(super) fn card(locality: Locality) -> search::Card {
    let shown = shown(&json!({"title": "Lesen <script>alert(1)</script>"}), true);
    search::Card {
        shown,
        score: 1.0,
        distance_km: Some(4.24),
        locality,
        also: Vec::new(),
        nearest_place: 0,
        has_all_words: true,
        lacks: Vec::new(),
        also_total: 0,
        why: Vec::new(),
        reasons: Vec::new(),
    }
}

pub(super) fn found(cards: Vec<search::Card>) -> Found {
    let total = u64::try_from(cards.len()).unwrap();
    let coverage = coverage::Coverage { nodes: 1, complete: 1, missing: Vec::new(), as_of: None };
    Found {
        cards,
        total,
        with_all_words: total,
        unopposed: None,
        stated: 0,
        facets: Facets::default(),
        coverage,
        next: None,
        near: None,
        corrected: Vec::new(),
        near_others: Vec::new(),
        doubtful: None,
        understood: Vec::new(),
        words: String::new(),
        beyond: None,
    }
}

fn page(query: &str, found: &Found) -> String {
    let asked = Asked::from_query(query).unwrap();
    let today = "2026-11-23".parse().unwrap();
    html(&Results::new(&config(), &asked, found, page_of(query), today)).unwrap().0
}

#[test]
fn count_and_words_are_in_title_and_heading() {
    let page = page("q=%3Cb%3E", &found(vec![card(Locality::Own)]));
    assert!(page.contains("<title>1 Treffer für „&#60;b&#62;“ – Stadt Coesfeld</title>"), "{page}");
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
    assert!(page.contains("Mit „in Dülmen“ gab es keine Treffer."));
    assert!(page.contains("Nicht beachtet: „Ortsunabhängig“."));
    assert!(!page.contains("</span>in Dülmen <span"), "what was given up is no filter any more");
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
fn a_word_that_is_a_town_too_leads_to_the_town() {
    let doubtful = Doubtful { place: "Essen".to_owned(), without: "Kochen".to_owned() };
    let found = Found { doubtful: Some(doubtful), ..found(vec![card(Locality::Own)]) };
    let page = page("q=Kochen+Essen&field=soziales", &found);
    assert!(page.contains("„Essen“ ist auch der Name eines Ortes."), "{page}");
    let href = "/suche?q=Kochen&#38;near=Essen&#38;field=soziales";
    assert!(page.contains(&format!("<a href=\"{href}\">Angebote in Essen zeigen</a>")), "{page}");
}

#[test]
fn a_search_without_a_word_says_so() {
    let found = found(vec![card(Locality::Own)]);
    let said = "In Ihrer Suche steht kein Wort, nach dem sich suchen lässt.";
    for (query, is_said) in [("q=%21%21", true), ("q=und", true), ("q=lesen", false), ("", false)] {
        assert_eq!(page(query, &found).contains(said), is_said, "{query}");
    }
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
    assert!(best.contains("<a href=\"/suche?q=lesen&#38;sort=new\">Neueste zuerst</a>"), "{best}");
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
    let page = |found: &Found| page("q=lesen", found);
    assert!(page(&found).contains("Kein Angebot enthält alle wichtigen Wörter."));
    assert!(page(&found).contains(">Kein Treffer mit allen Wörtern, 1 mit einigen für „lesen“<"));
    let some = Found { with_all_words: 3, total: 36, ..found };
    assert!(page(&some).contains(">3 Treffer mit allen Wörtern, 33 mit einigen für „lesen“<"));
}

#[test]
fn distances_that_nobody_asked_for_say_from_where() {
    let mut found = found(vec![card(Locality::Near)]);
    let said = "Entfernungen ab der Mitte von Coesfeld";
    assert!(page("q=lesen", &found).contains(said));
    found.near = Some("Dülmen".to_owned());
    assert!(!page("q=lesen", &found).contains(said));
    let (near, cards) = (None, vec![search::Card { distance_km: None, ..card(Locality::Land) }]);
    assert!(!page("q=lesen", &Found { near, cards, ..found }).contains(said));
    // How far was said, and not from where.
    let understood = |key: &'static str| Found {
        understood: vec![Understood {
            kind: Kind::Place,
            text: "in meiner Nähe".to_owned(),
            label: "in der Nähe".to_owned(),
            filter: [(key, vec!["15".to_owned()])].into(),
            overridden: false,
            relaxed: false,
            without: String::new(),
            others: Vec::new(),
        }],
        ..super::tests::found(vec![card(Locality::Near)])
    };
    assert!(page("q=lesen", &understood("radius_km")).contains(said));
    assert!(!page("q=lesen", &understood("near")).contains(said));
}

#[test]
fn an_empty_page_says_what_would_help() {
    let page = |query: &str| page(query, &found(Vec::new()));
    assert!(page("q=Einhorn&field=sport").contains("Entfernen Sie einen der gewählten Filter."));
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
fn refusals_speak_of_the_form() {
    let refused = |name| Error::Refused { name, rule: "near fehlt".to_owned() };
    let asked = Asked::from_query("radius_km=5").unwrap();
    let Error::Refused { name, rule } = explain(refused("radius_km"), &asked) else { panic!() };
    assert_eq!(name, "near");
    assert!(rule.contains("„Wo?“"));
    assert_eq!(explain(refused("limit"), &asked), refused("limit"));
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
        "for example <span lang=\"de\">Vorlesen am Dienstag</span> (reading aloud on Tuesdays)",
        "<p class=\"by\"><span lang=\"de\">Musterverein",
    ] {
        assert!(english.contains(said), "{said}: {english}");
    }
    assert!(english.contains("<title>1 result for “Lesen am Samstag” – Stadt Coesfeld</title>"));
    assert!(!english.contains("samstags"), "what was understood is said in no other language");
    let german = page(Language::German);
    assert!(!german.contains("<span lang=\"de\">"), "{german}");
    assert!(german.contains("Aus Ihren Wörtern: samstags"));
}

#[test]
fn a_later_page_says_in_its_title_which_it_is() {
    let found = Found { next: "5-6-7-8-9-a".parse().ok(), ..found(vec![card(Locality::Own)]) };
    let title = |query: &str| {
        let page = page(query, &found);
        let (_, rest) = page.split_once("<title>").unwrap();
        (rest.split('<').next().unwrap().to_owned(), page.clone())
    };
    assert_eq!(title("q=lesen").0, "1 Treffer für „lesen“ – Stadt Coesfeld");
    let (second, page) = title("q=lesen&cursor=1-2-3-4-5-6&seite=2");
    assert_eq!(second, "1 Treffer für „lesen“, Seite 2 – Stadt Coesfeld");
    assert!(page.contains("cursor=5-6-7-8-9-a&#38;seite=3\""), "{page}");
    assert_eq!(title("q=lesen&cursor=1-2-3-4-5-6").0, second, "an old link is no first page");
    assert_eq!(title("q=lesen&seite=7").0, title("q=lesen").0, "without a cursor it is the first");
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
    assert!(page.contains("aria-invalid=\"true\" aria-describedby=\"radius_km-rule\""), "{page}");
    let ((name, rule), page) = refused("q=%ff&near=Coesfeld");
    assert_eq!((name, rule.as_str()), ("q", t!("refused-text").as_str()));
    assert!(page.contains("value=\"Coesfeld\"") && !page.contains("UTF-8"), "{page}");
    assert_eq!(refused("near=D%FClmen").0.0, "near");
}
