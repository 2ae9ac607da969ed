//! The questions as pages: what stands in them, and that no answer is lost on the way.

use super::*;
use crate::app::coverage::Coverage;
use crate::domain::language::Language;
use crate::web::language::tests::speaking;
use crate::web::opportunity::tests::config;

fn found(total: u64, unopposed: Option<u64>) -> Found {
    Found {
        cards: Vec::new(),
        total,
        with_all_words: total,
        unopposed,
        stated: total,
        facets: Facets::default(),
        coverage: Coverage { nodes: 1, complete: 1, missing: Vec::new(), as_of: None },
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

fn page(question: Question, query: &str) -> String {
    let asked = normal(Asked::from_query(query).unwrap());
    let found = found(12, Some(5));
    html(&Page::new(&config(), question, &asked, &found, &Facets::default(), None)).unwrap().0
}

/// An answer to every question.
const ALL: &str = "near=Coesfeld&radius_km=20&direction=seek&mode=remote&wish_field=sport&wish_activity=fahren&wish_target=kinder&wish_suited=mit_hund&wish_day=sa&wish_time=ev&wish_commitment=once&not_field=kirche&need=stufenlos&without=pkw&must=field&must=slot&age=16&wish_hours=5";

#[test]
fn every_answer_belongs_to_one_question_and_none_is_lost() {
    let asked = Asked::from_query(ALL).unwrap();
    let mut left = asked.clone();
    for question in Question::ALL {
        let others = question.removed_from(&asked);
        assert_ne!(others, asked, "{question:?} was answered");
        left = question.removed_from(&left);
        let page = page(question, ALL);
        for (key, value) in pairs(&others) {
            let hidden = format!("<input type=\"hidden\" name=\"{key}\" value=\"{value}\">");
            assert!(page.contains(&hidden), "{question:?} carries {key}={value}");
        }
        // What this question asks for is not carried along beside its own boxes.
        for key in question.keys() {
            assert!(!page.contains(&format!("type=\"hidden\" name=\"{key}\"")), "{key} twice");
        }
    }
    assert_eq!(left.to_query(), "direction=seek");
}

#[test]
fn what_was_answered_stands_in_its_box_again() {
    for (question, box_) in [
        (Question::Field, "name=\"wish_field\" value=\"sport\" checked"),
        (Question::Field, "name=\"must\" value=\"field\" checked"),
        (Question::Field, "name=\"not_field\" value=\"kirche\" checked"),
        (Question::Activity, "name=\"wish_activity\" value=\"fahren\" checked"),
        (Question::Target, "name=\"wish_target\" value=\"kinder\" checked"),
        (Question::Place, "name=\"near\" value=\"Coesfeld\""),
        (Question::Place, "<option value=\"20\" selected"),
        (Question::Place, "name=\"mode\" value=\"remote\" checked"),
        (Question::Time, "name=\"wish_day\" value=\"sa\" checked"),
        (Question::Time, "name=\"wish_hours\" value=\"5\" checked"),
        (Question::You, "name=\"age\" value=\"16\""),
        (Question::Field, "name=\"need\" value=\"stufenlos\" checked"),
        (Question::You, "name=\"without\" value=\"pkw\" checked"),
    ] {
        assert!(page(question, ALL).contains(box_), "{question:?}: {box_}");
    }
}

#[test]
fn every_page_says_where_it_is_and_leads_on_back_and_out() {
    for question in Question::ALL {
        let page = page(question, "");
        let number = question.number();
        assert!(page.contains(&format!("<title>Frage {number} von 6: ")), "{page}");
        assert_eq!(page.matches("<h1").count(), 1);
        assert_eq!(page.matches("aria-current=\"step\"").count(), 1);
        assert!(
            page.contains("12 Angebote. 5 davon passen zu allen Ihren Wünschen, soweit"),
            "{page}"
        );
        assert!(page.contains("Wir speichern sie nicht."));
        assert_eq!(page.contains("Zurück"), number > 1);
        assert_eq!(page.contains("Frage überspringen"), number < 6);
        // Enter in a field takes the first button: it must be the one that goes on.
        let form = page.split("class=\"ask\"").nth(1).unwrap();
        let action =
            if number < 6 { format!("/finden/{}", number + 1) } else { "/suche".to_owned() };
        assert!(form.contains(&format!("action=\"{action}\"")), "{form}");
        let first = form.split("<button").nth(1).unwrap();
        assert!(!first.split('>').next().unwrap().contains("formaction"), "{first}");
        for group in page.split("<fieldset").skip(1) {
            let named = group.split("</fieldset>").next().unwrap();
            assert!(named.contains("aria-labelledby=\"frage\"") || named.contains("<legend>"));
        }
    }
}

#[test]
fn what_was_named_for_the_first_time_is_meant_alone() {
    let ticked = |question, query, code: &str| {
        page(question, query).contains(&format!("name=\"must\" value=\"{code}\" checked"))
    };
    assert!(ticked(Question::Field, "", "field") && ticked(Question::Time, "", "slot"));
    assert!(!ticked(Question::Time, "wish_time=ev", "slot"), "who took it back did so");
    assert!(
        !ticked(Question::Field, "need=stufenlos", "need"),
        "unknown is no reason to lose most"
    );
}

#[test]
fn every_picture_is_drawn() {
    for question in [Question::Field, Question::Activity, Question::Target] {
        let page = page(question, "");
        let used: Vec<_> = page
            .split("<use href=\"#")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert!(used.len() >= 13, "{question:?}");
        for id in used {
            assert_eq!(page.matches(&format!("<symbol id=\"{id}\"")).count(), 1, "{id}");
        }
    }
}

#[test]
fn an_answer_that_means_nothing_is_not_carried_on() {
    let query = |query: &str| normal(Asked::from_query(query).unwrap()).to_query();
    assert_eq!(query("radius_km=20&must=field&must=slot&cursor=1-2-3-4&limit=3"), "direction=seek");
    assert_eq!(query("must=hours&direction=offer"), "direction=offer&must=hours");
    assert_eq!(query("wish_time=ev&must=slot"), "direction=seek&wish_time=ev&must=slot");
}

#[test]
fn a_mistake_is_said_at_its_field_and_only_text() {
    let query = "near=%3Cb%3EAtlantis&age=alt&wish_field=sport";
    assert_eq!(Question::of("near"), Some(Question::Place));
    assert_eq!(Question::of("q"), None);
    let rule = Question::Place.rule("near", query, String::new());
    let asked = normal(Asked::from_query(&without(&without(query, "near"), "age")).unwrap());
    let refused = ("near", rule);
    let found = found(0, None);
    let page =
        Page::new(&config(), Question::Place, &asked, &found, &Facets::default(), Some(&refused));
    let page = html(&page).unwrap().0;
    assert!(page.contains("<title>Fehler: Frage 4 von 6"), "{page}");
    assert!(page.contains("aria-invalid=\"true\" aria-describedby=\"near-rule\""));
    assert!(page.contains("&#60;b&#62;Atlantis") && !page.contains("<b>Atlantis"));
    assert!(page.contains("name=\"wish_field\" value=\"sport\""), "the other answers are kept");
}

#[test]
fn a_mistake_is_said_in_the_language_of_the_page() {
    let said = |name: &str, query: &str| {
        speaking(Language::English, || {
            Question::of(name).unwrap().rule(name, query, "Der Parameter ist …".to_owned())
        })
    };
    assert!(said("radius_km", "radius_km=weit").starts_with("The distance must be a number."));
    assert!(said("near", "near=%ff").starts_with("Your search contains characters"));
    assert!(said("near", "near=Atlantis").contains("“Atlantis”"));
    assert!(said("wish_hours", "wish_hours=viel").contains("“wish_hours”"));
}
