use proptest::prelude::*;

use super::*;

const QUERIES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/constraints.tsv"));

fn queries() -> Vec<(&'static str, &'static str, &'static str)> {
    let lines = QUERIES.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [query, words, chips] = *line.split('\t').collect::<Vec<_>>() else {
                panic!("{line}")
            };
            (query, words, chips)
        })
        .collect()
}

fn chips(reading: &Reading) -> String {
    let labels: Vec<_> = reading.constraints.iter().map(|c| c.label.as_str()).collect();
    labels.join(" | ")
}

#[test]
fn every_labelled_query_is_understood_as_people_mean_it() {
    let (mut wrong, queries) = (Vec::new(), queries());
    for (query, words, expected) in &queries {
        let reading = read(query);
        if (reading.words.as_str(), chips(&reading).as_str()) != (words, expected) {
            wrong.push(format!("{query}: „{}“ + [{}]", reading.words, chips(&reading)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), queries.len(), wrong.join("\n"));
    assert!(queries.len() >= 150, "{}", queries.len());
}

/// What a chip takes away is exactly what it stands for.
#[test]
fn a_chip_that_is_removed_leaves_the_others() {
    for (query, ..) in queries() {
        let reading = read(query);
        for constraint in &reading.constraints {
            let rest = read(&without(query, &constraint.span));
            let same = rest.constraints.iter().filter(|c| c.label == constraint.label).count();
            assert_eq!(same, 0, "{query}: {}", constraint.label);
            assert!(
                rest.constraints.len() + 1 >= reading.constraints.len(),
                "{query} without {}: {:?}",
                constraint.label,
                rest.constraints
            );
        }
    }
}

#[test]
fn a_town_with_the_name_of_a_word_is_doubtful_where_a_town_would_stand() {
    let table = [
        ("Kochen Essen", Some("Essen")),
        ("kochen essen", Some("Essen")),
        ("Essen", Some("Essen")),
        ("Essen abends", Some("Essen")),
        ("Essen auf Rädern", None),
        ("Kochen und Essen", None),
        ("gemeinsames Kochen in Essen", None),
        ("Essen in Dülmen", None),
        ("Essen ausgeben samstags", None),
        ("\"Essen\"", None),
    ];
    for (query, place) in table {
        let reading = read(query);
        let doubtful = reading.doubtful.as_ref().map(|(_, spot)| spot.label.as_str());
        assert_eq!(doubtful, place, "{query}");
        assert!(reading.words.contains("ssen") || place.is_none(), "{query}");
    }
}

#[test]
fn what_is_left_holds_no_constraint_any_more() {
    for (query, words, _) in queries() {
        let again = read(words);
        // "Kochen, Essen" may not become a place by losing its neighbours.
        assert_eq!(again.constraints, [], "{query}: {words}");
    }
}

proptest! {
    #[test]
    fn takes_any_query(query in "\\PC{0,220}") {
        let reading = read(&query);
        for constraint in &reading.constraints {
            prop_assert!(query.get(constraint.span.clone()).is_some_and(|text| !text.is_empty()));
            prop_assert!(!constraint.label.is_empty());
            let _ = without(&query, &constraint.span);
        }
    }

    #[test]
    fn spans_do_not_overlap(words in prop::collection::vec(word(), 0..14)) {
        let query = words.join(" ");
        let reading = read(&query);
        for pair in reading.constraints.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start, "{:?}", reading.constraints);
        }
        prop_assert!(reading.words.len() <= query.len());
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "in",
        "um",
        "bei",
        "Dülmen",
        "Essen",
        "48653",
        "10",
        "km",
        "Umkreis",
        "im",
        "von",
        "Kreis",
        "Coesfeld",
        "ab",
        "14",
        "Jahre",
        "alt",
        "ich",
        "bin",
        "biete",
        "suche",
        "Hilfe",
        "samstags",
        "abends",
        "am",
        "Wochenende",
        "2",
        "Stunden",
        "pro",
        "Woche",
        "einmal",
        "Monat",
        "und",
        ",",
        "-",
        "„",
        "“",
        "online",
        "vor",
        "Ort",
        "nur",
        "nicht",
        "jeden",
        "ersten",
        "Uhr",
        "Lesen",
        "oder",
        "ohne",
        "keine",
        "nichts",
        "mit",
        "Kinder",
        "Auto",
        "noch",
        "früh",
        "do",
        "Saturdays",
        "not",
        "kann",
        "stehen",
        "lange",
        "Sitzen",
        "wenig",
        "Deutsch",
        "meine",
        "Tochter",
        "ist",
        "vom",
        "bis",
        "zwischen",
        "1.12.",
        "5.",
        "Dezember",
        "nach",
        "der",
        "Schule",
        "heben",
        "Dülmenn",
    ])
}
