//! Constraints in words, from the imported file to the found record.

use engagement_node::app::search::{Asked, Found};

use crate::index::{Node, node};

fn record(title: &str, rest: &str) -> String {
    format!(
        r#"{{"title":"{title}","description":"Wir lesen gemeinsam.","organisation":{{"name":"Musterverein e. V."}},"source":{{"system":"x","id":"{title}"}},{rest}}}"#
    )
}

async fn filled() -> Node {
    let node = node().await;
    let records = [
        record(
            "Lesen am Samstag",
            r#""places":[{"ags":"05558016"}],"slots_text":"samstags 10-12 Uhr""#,
        ),
        record(
            "Lesen am Abend",
            r#""places":[{"ags":"05558016"}],"slots_text":"Mo-Fr ab 18 Uhr","age_min":18"#,
        ),
        record("Lesen irgendwann", r#""places":[{"ags":"05558016"}],"age_min":14"#),
        record(
            "Lesen nach Absprache",
            r#""places":[{"ags":"05558012"}],"slots_text":"Mo vormittags, nach Absprache""#,
        ),
        record("Lesen am Telefon", r#""mode":"remote","slots_text":"5 Stunden pro Woche""#),
        record(
            "Lesen zu zweit",
            r#""direction":"offer","places":[{"ags":"05515000"}],"slots_text":"1 Std. im Monat""#,
        ),
    ];
    let summary = node.import("a", &records.join("\n")).await;
    assert_eq!((summary.new, summary.understood.len()), (6, 5), "{:?}", summary.refused);
    node
}

async fn search(node: &Node, query: &str) -> Found {
    node.app.search(&Asked::from_query(query).unwrap()).await.unwrap()
}

/// The titles without their first word, in the order of rank.
async fn titles(node: &Node, query: &str) -> Vec<String> {
    let found = search(node, query).await;
    let titles = found.cards.iter().map(|card| card.shown.record.title.replacen("Lesen ", "", 1));
    titles.collect()
}

#[tokio::test]
async fn words_about_time_place_and_people_are_filters() {
    let node = filled().await;
    assert_eq!(
        titles(&node, "q=Lesen+nur+samstags+in+D%C3%BClmen").await,
        ["am Samstag", "irgendwann"],
        "who says nothing about time stays, behind"
    );
    let evenings = titles(&node, "q=Lesen+abends+in+D%C3%BClmen").await;
    assert_eq!(evenings, ["am Abend", "irgendwann"]);
    let mut young = titles(&node, "q=Lesen+in+D%C3%BClmen+ich+bin+15").await;
    young.sort();
    assert_eq!(young, ["am Samstag", "irgendwann"]);
    assert_eq!(titles(&node, "q=Lesen+von+zu+Hause").await, ["am Telefon"]);
    assert_eq!(titles(&node, "q=suche+Hilfe+Lesen").await, ["zu zweit"]);
    assert_eq!(titles(&node, "q=Lesen+48653").await, ["nach Absprache"]);
    let little = titles(&node, "q=Lesen+h%C3%B6chstens+2+Stunden+im+Monat").await;
    assert!(little.contains(&"zu zweit".to_owned()), "{little:?}");
    assert!(!little.contains(&"am Telefon".to_owned()), "{little:?}");
}

#[tokio::test]
async fn what_can_be_talked_about_is_not_lost() {
    let node = filled().await;
    let found = titles(&node, "q=Lesen+sonntags+in+Coesfeld").await;
    assert_eq!(found, ["nach Absprache"]);
    assert!(
        search(&node, "q=Lesen+sonntags+in+Coesfeld").await.understood.iter().all(|c| !c.relaxed)
    );
}

#[tokio::test]
async fn a_constraint_that_finds_nothing_is_given_up_and_named() {
    let node = filled().await;
    let found = search(&node, "q=Lesen+online+in+Bottrop").await;
    let relaxed: Vec<_> =
        found.understood.iter().filter(|c| c.relaxed).map(|c| c.label.as_str()).collect();
    assert_eq!((found.total, relaxed), (1, vec!["in Bottrop"]));
    let nothing = search(&node, "q=Einhorn+in+Bottrop").await;
    assert_eq!(nothing.total, 0);
    assert!(nothing.understood.iter().all(|c| !c.relaxed), "nothing to be gained by giving up");
}

#[tokio::test]
async fn an_explicit_choice_beats_the_words() {
    let node = filled().await;
    let found = search(&node, "q=Lesen+in+D%C3%BClmen&ags=05558012").await;
    assert_eq!(found.total, 1);
    assert!(found.understood[0].overridden);
    let literal = search(&node, "q=Lesen+samstags&understand=false").await;
    assert!(literal.understood.is_empty());
}

#[tokio::test]
async fn pages_of_an_understood_search_follow_each_other() {
    let node = filled().await;
    let query = "q=Lesen+abends+in+D%C3%BClmen&limit=1";
    let first = search(&node, query).await;
    let next = format!("{query}&cursor={}", first.next.unwrap());
    let second = search(&node, &next).await;
    assert_eq!((first.total, second.total, second.next), (2, 2, None));
    assert_ne!(first.cards[0].shown.record.title, second.cards[0].shown.record.title);
}
