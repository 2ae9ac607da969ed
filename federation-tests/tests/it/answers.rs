//! What scripts may rely on in every answer of the JSON interface.

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::http;
use engagement_federation_tests::records::{record, records};
use engagement_protocol::opportunity::Occurrence;
use reqwest::Method;

#[tokio::test]
async fn what_no_handler_sees_is_refused_in_the_language_of_the_interface_too() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    for (path, body, status) in [
        ("/api/v1/opportunities", Vec::new(), 405),
        ("/api/v1/opportunities", vec![b'x'; 200 * 1024], 413),
    ] {
        let answer = cluster.post(node, path, body).await;
        assert_eq!(answer.status, status, "{path}");
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{problem}");
        assert!(problem["type"].as_str().unwrap().starts_with("urn:engagement:problem:"));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
}

/// A page for people, a problem for programs: both say what to do, and the node goes on.
#[tokio::test]
async fn what_is_too_long_gets_an_answer_that_says_so() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    let (client, url) = (http::client(), cluster.url(node));
    let long = "x".repeat(9 * 1024);
    let cookie = "x".repeat(17 * 1024);
    let html = ("accept", "text/html");
    for (path, headers, body, status, said) in [
        (format!("/suche?q={long}"), vec![html], 0, 414, "Adresse"),
        ("/".to_owned(), vec![html, ("cookie", cookie.as_str())], 0, 431, "Cookies"),
        ("/suche".to_owned(), vec![html], 200 * 1024, 413, "Kürzen"),
        ("/en/suche".to_owned(), vec![html, ("cookie", cookie.as_str())], 0, 431, "cookies"),
        (format!("/api/v1/opportunities?q={long}"), vec![], 0, 414, "Adresse"),
        ("/api/v1/network".to_owned(), vec![("cookie", cookie.as_str())], 0, 431, "Kopfzeilen"),
    ] {
        let method = if body == 0 { Method::GET } else { Method::POST };
        let url = format!("{url}{path}");
        let answer = http::ask(&client, method, &url, &headers, vec![b'x'; body]).await.unwrap();
        assert_eq!(answer.status, status, "{said}");
        let kind = answer.headers["content-type"].as_str();
        let expected =
            if path.starts_with("/api") { "application/problem+json" } else { "text/html" };
        assert!(kind.starts_with(expected), "{status}: {kind}");
        assert!(answer.text().contains(said), "{status}: {}", answer.text());
    }
    assert_eq!(cluster.get(node, "/").await.status, 200);
}

/// A misspelt parameter would otherwise be an answer to another question.
#[tokio::test]
async fn a_parameter_that_is_none_is_refused_with_those_that_there_are() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    for (path, name, allowed) in [
        ("/api/v1/opportunities?q=lesen&radius=5", "radius", "radius_km"),
        ("/api/v1/match?wishfield=sport", "wishfield", "wish_field"),
        ("/api/v1/suggest?typed=les", "typed", ": q."),
        ("/api/v1/opportunities?q=%ff", "q", "UTF-8"),
        ("/api/v1/suggest?q=%e4", "q", "UTF-8"),
        ("/api/v1/opportunities?sort=old", "sort", "new"),
    ] {
        let answer = cluster.get(node, path).await;
        let problem = answer.json();
        assert_eq!(
            (answer.status, &problem["parameter"]),
            (400, &name.into()),
            "{path}: {problem}"
        );
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(allowed), "{detail}");
        assert!(detail.starts_with(char::is_uppercase) && detail.ends_with('.'), "{detail}");
    }
    // Other people put their own marks on links to pages.
    assert_eq!(cluster.get(node, "/suche?q=lesen&utm_source=x").await.status, 200);
    assert_eq!(cluster.get(node, "/suche?q=%ff").await.status, 400);
}

#[tokio::test]
async fn the_description_names_every_way_to_be_refused() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    let described = cluster.get(node, "/api/v1/openapi.json").await.json();
    let paths = described["paths"].as_object().unwrap();
    assert!(paths.len() >= 6, "{paths:?}");
    for (path, methods) in paths {
        let answers = &methods["get"]["responses"];
        for status in ["200", "304", "429", "500"] {
            assert!(answers[status].is_object(), "{path}: {status}");
        }
        let has_query = methods["get"]["parameters"].to_string().contains("\"in\":\"query\"");
        assert_eq!(answers["400"].is_object(), has_query, "{path}");
        for (status, answer) in answers.as_object().unwrap() {
            let kind = answer["content"].as_object().and_then(|kinds| kinds.keys().next());
            let expected = match status.as_str() {
                "200" => Some("application/json"),
                "304" => None,
                _ => Some("application/problem+json"),
            };
            assert_eq!(kind.map(String::as_str), expected, "{path}: {status}");
        }
    }
}

/// Who has time on Saturday mornings finds what is on a Saturday morning.
#[tokio::test]
async fn a_date_is_found_by_its_weekday() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    let mut dated = record("putz", "Dorfputz im Frühling");
    let start = "2026-12-05T10:00:00+01:00".to_owned();
    dated.dates = vec![Occurrence { start, end: Some("2026-12-05T12:00:00+01:00".to_owned()) }];
    cluster.publish(node, &[dated]).await.unwrap();
    for (query, verdict) in [("wish_day=sa&wish_time=am", "for"), ("wish_day=mo", "against")] {
        let found = cluster.get(node, &format!("/api/v1/match?{query}")).await.json();
        let reasons = found["data"][0]["reasons"].as_array().unwrap();
        let slot = reasons.iter().find(|one| one["about"] == "slot").unwrap();
        assert_eq!(slot["verdict"], verdict, "{query}: {found}");
    }
    for (query, total) in [("slot=sa_am", 1), ("slot=sa_pm", 0), ("q=Dorfputz+samstags", 1)] {
        let found = cluster.get(node, &format!("/api/v1/opportunities?{query}")).await.json();
        assert_eq!(found["total"], total, "{query}: {found}");
    }
}

#[tokio::test]
async fn every_result_names_a_page_where_people_can_go() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    cluster.publish(node, &[record("a", "Lesen üben")]).await.unwrap();
    let found = cluster.get(node, "/api/v1/opportunities").await.json();
    // This node has no public address: the path leads to the page here.
    assert_eq!(found["data"][0]["page"], "/angebot/05558012/a");
    assert_eq!(cluster.get(node, "/angebot/05558012/a").await.status, 200);
}

#[tokio::test]
async fn what_is_new_nearby_is_shown_wherever_it_ranks() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    let mut all = records("Alt", 120);
    for old in &mut all {
        old.created = "2026-01-02".parse().ok();
    }
    // A neighbour's ranks behind all that is in the own town.
    let mut new = record("neu", "Nagelneu in Dülmen");
    new.places[0].plz = Some("48249".to_owned());
    new.places[0].town = Some("Dülmen".to_owned());
    new.created = "2026-01-03".parse().ok();
    let mut far = record("weit", "Noch neuer in Aachen");
    far.places[0].plz = Some("52062".to_owned());
    far.places[0].town = Some("Aachen".to_owned());
    far.created = "2026-01-04".parse().ok();
    all.extend([new, far]);
    cluster.publish(node, &all).await.unwrap();
    let page = cluster.get(node, "/").await.text();
    assert!(page.contains("Nagelneu in Dülmen"), "it is the newest nearby");
    assert!(!page.contains("Noch neuer in Aachen"), "Aachen is not nearby");
    let sorted = cluster.get(node, "/api/v1/opportunities?sort=new&limit=3").await.json();
    let titles: Vec<_> =
        sorted["data"].as_array().unwrap().iter().map(|one| &one["title"]).collect();
    assert_eq!(titles[..2], ["Noch neuer in Aachen", "Nagelneu in Dülmen"]);
}

#[tokio::test]
async fn a_match_says_what_fits_and_leaves_out_what_cannot() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    let mut fits = record("passt", "Lesen mit Kindern");
    fits.fields = vec!["bildung".to_owned()];
    fits.slots = vec!["tu_pm".to_owned()];
    fits.requirements = vec!["fuehrungszeugnis".to_owned()];
    let mut grown = record("alt", "Lesen mit Erwachsenen");
    grown.age_min = Some(18);
    let mut steep = record("steil", "Lesen im Turm");
    steep.accessibility = [("stufenlos".to_owned(), "no".to_owned())].into();
    cluster.publish(node, &[fits, grown, steep]).await.unwrap();
    let wish = "age=16&need=stufenlos&wish_field=bildung&wish_day=tu";
    let found = cluster.get(node, &format!("/api/v1/match?{wish}")).await.json();
    assert_eq!(
        (found["total"].as_u64(), found["unopposed"].as_u64()),
        (Some(1), Some(1)),
        "{found}"
    );
    assert_eq!(found["coverage"]["nodes"], 1);
    assert_eq!(found["weights"]["field"], 30);
    let reasons = found["data"][0]["reasons"].as_array().unwrap();
    let said: Vec<_> = reasons
        .iter()
        .map(|one| {
            format!("{} {}", one["verdict"].as_str().unwrap(), one["about"].as_str().unwrap())
        })
        .collect();
    let expected = ["for distance", "for slot", "for field", "unknown need", "against requirement"];
    assert_eq!(said, expected, "{found}");
    let refused = cluster.get(node, "/api/v1/match?without=alles").await;
    let problem = refused.json();
    assert_eq!((refused.status, &problem["parameter"]), (400, &"without".into()));
    assert!(
        problem["detail"].as_str().unwrap().contains("fuehrungszeugnis"),
        "it says what would do"
    );
}
