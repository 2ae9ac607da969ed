//! What people type, and the place that is meant.

use super::*;

fn resolve(text: &str) -> Option<(String, String)> {
    let spot = Gazetteer::embedded().resolve(text)?;
    Some((spot.label, spot.ags.map(|ags| ags.to_string()).unwrap_or_default()))
}

fn is(text: &str, label: &str, ags: &str) {
    assert_eq!(resolve(text), Some((label.to_owned(), ags.to_owned())), "{text}");
}

#[test]
fn the_embedded_facts_are_whole() {
    let gazetteer = Gazetteer::embedded();
    assert_eq!(gazetteer.municipalities().count(), 396);
    assert_eq!(gazetteer.kreise().count(), 53);
    let people: u32 = gazetteer.municipalities().map(|town| town.population).sum();
    assert_eq!(people, 18_139_116);
    for town in gazetteer.municipalities() {
        assert!(town.kreis.contains(&town.ags), "{}", town.name);
        for ags in &town.neighbours {
            assert!(gazetteer.municipality(ags).unwrap().neighbours.contains(&town.ags));
        }
        for plz in &town.plz {
            assert!(gazetteer.plz_municipalities(plz).contains(&town.ags), "{plz}");
        }
    }
}

#[test]
fn every_municipality_is_found_by_its_own_names() {
    for town in Gazetteer::embedded().municipalities() {
        is(&town.name, &town.name, town.ags.as_str());
        is(&town.official_name, &town.name, town.ags.as_str());
        is(&town.name.to_uppercase(), &town.name, town.ags.as_str());
        is(&format!("Stadt {}", town.name), &town.name, town.ags.as_str());
    }
    for kreis in Gazetteer::embedded().kreise().filter(|kreis| !kreis.is_city) {
        is(&kreis.name, &kreis.name, kreis.ags.as_str());
    }
}

#[test]
fn finds_what_people_type() {
    is("48653", "48653 Coesfeld", "05558012");
    is("48653 Coesfeld", "48653 Coesfeld", "05558012");
    is("Dülmen", "Dülmen", "05558016");
    is("duelmen", "Dülmen", "05558016");
    is("dulmen", "Dülmen", "05558016");
    is("Stadt Dülmen", "Dülmen", "05558016");
    is("Kreis Coesfeld", "Kreis Coesfeld", "05558");
    is("kreis coesfeld, NRW", "Kreis Coesfeld", "05558");
    is("Rhein-Sieg", "Rhein-Sieg-Kreis", "05382");
    is("NRW", "Nordrhein-Westfalen", "05");
    is("05558012", "Coesfeld", "05558012");
    is("Lette, Coesfeld", "Coesfeld", "05558012");
    is("Coesfeld-Lette", "Coesfeld", "05558012");
    is("Wersten", "Wersten, Düsseldorf", "05111000");
    is("Wersten, Düsseldorf", "Wersten, Düsseldorf", "05111000");
    is("Köln-Mülheim", "Mülheim, Köln", "05315000");
    is("Mülheim", "Mülheim an der Ruhr", "05117000");
    is("Frechen b. Köln", "Frechen", "05362024");
    is("Landeshauptstadt Düsseldorf", "Düsseldorf", "05111000");
    is("Gronau", "Gronau (Westf.)", "05554020");
    is("45121", "45121 Essen", "05113000");
    is("51.94,7.17", "bei Coesfeld", "");
    is("51,94; 7,17", "bei Coesfeld", "");
}

#[test]
fn one_wrong_letter_is_forgiven() {
    is("Dülmn", "Dülmen", "05558016");
    is("Coesfled", "Coesfeld", "05558012");
    is("Düsseldrof", "Düsseldorf", "05111000");
    is("Lüdinghausn", "Lüdinghausen", "05558024");
    is("Kreis Coesfld", "Kreis Coesfeld", "05558");
}

#[test]
fn towns_elsewhere_are_not_taken_for_mistakes() {
    for town in [
        "Berlin",
        "Hamburg",
        "München",
        "Frankfurt",
        "Stuttgart",
        "Leipzig",
        "Dresden",
        "Hannover",
        "Nürnberg",
        "Bremen",
        "Mannheim",
        "Karlsruhe",
        "Wiesbaden",
        "Augsburg",
        "Braunschweig",
        "Kiel",
        "Chemnitz",
        "Magdeburg",
        "Freiburg",
        "Lübeck",
        "Erfurt",
        "Mainz",
        "Rostock",
        "Kassel",
        "Saarbrücken",
        "Potsdam",
        "Osnabrück",
        "Oldenburg",
        "Heidelberg",
        "Darmstadt",
        "Regensburg",
        "Würzburg",
        "Ingolstadt",
        "Ulm",
        "Göttingen",
        "Wolfsburg",
        "Heilbronn",
        "Pforzheim",
        "Bremerhaven",
        "Fürth",
        "Hildesheim",
        "Cottbus",
        "Hameln",
        "Kempten",
        "Trier",
        "Koblenz",
        "Lingen",
        "Nordhorn",
        "Meppen",
        "Papenburg",
        "Wetzlar",
        "Marburg",
        "Gießen",
        "Fulda",
        "Celle",
        "Lüneburg",
        "Emden",
        "Aurich",
        "Aalen",
        "Bamberg",
        "Bayreuth",
        "Passau",
        "Landshut",
        "Rosenheim",
        "Konstanz",
        "Altenburg",
        "Weimar",
        "Jena",
        "Gera",
        "Zwickau",
        "Görlitz",
        "Plauen",
        "Bautzen",
        "Schwerin",
        "Stralsund",
        "Greifswald",
        "Flensburg",
        "Neumünster",
        "Stade",
        "Verden",
        "Goslar",
        "Salzgitter",
        "Peine",
        "Gifhorn",
        "Vechta",
        "Cloppenburg",
        "Bad Bentheim",
        "Damme",
        "Singen",
    ] {
        let found = resolve(town);
        assert!(
            found.as_ref().is_none_or(|(label, _)| label.starts_with(town)),
            "{town}: {found:?}"
        );
    }
}

#[test]
fn places_with_one_name_are_all_named() {
    let names = |text: &str| {
        let spots = Gazetteer::embedded().namesakes(text);
        spots.into_iter().map(|spot| spot.label).collect::<Vec<_>>()
    };
    assert_eq!(names("Mülheim"), ["Mülheim an der Ruhr", "Mülheim, Köln"]);
    assert_eq!(names("Dülmen"), ["Dülmen"]);
    assert_eq!(names("München"), [""; 0]);
    for label in names("Mülheim") {
        assert_eq!(Gazetteer::embedded().resolve(&label).map(|spot| spot.label), Some(label));
    }
}

#[test]
fn what_is_unknown_is_not_guessed() {
    for text in ["", "  ", "München", "99999", "12", "1.5", "Hier, dort", "%"] {
        assert_eq!(resolve(text), None, "{text}");
    }
}

#[test]
fn towns_in_free_text_are_recognised() {
    let town = |name, plz| {
        Gazetteer::embedded().town(name, plz).map(|town| town.name.as_str()).unwrap_or("-")
    };
    assert_eq!(town("Essen/ Stadtkern", None), "Essen");
    assert_eq!(town("Lüdinghausen-Seppenrade", None), "Lüdinghausen");
    assert_eq!(town("Rheda-Wiedenbrück", None), "Rheda-Wiedenbrück");
    assert_eq!(town("48249 Dülmen", None), "Dülmen");
    assert_eq!(town("Rath", Some("40472")), "Düsseldorf");
    assert_eq!(town("Rath", None), "Köln");
    assert_eq!(town("Irgendwo", Some("48653")), "Coesfeld");
    assert_eq!(town("", Some("48653")), "Coesfeld");
    assert_eq!(town("Essen", Some("48653")), "Essen");
    assert_eq!(town("Irgendwo", None), "-");
}

#[test]
fn names_stand_for_every_length_of_key() {
    let name = |ags: &str| Gazetteer::embedded().name_of(&ags.parse().unwrap());
    assert_eq!(name("05558012").as_deref(), Some("Coesfeld"));
    assert_eq!(name("05558").as_deref(), Some("Kreis Coesfeld"));
    assert_eq!(name("055").as_deref(), Some("Regierungsbezirk Münster"));
    assert_eq!(name("05").as_deref(), Some("Nordrhein-Westfalen"));
    assert_eq!(name("06"), None);
}

#[test]
fn postal_codes_of_two_towns_name_the_larger_first() {
    let gazetteer = Gazetteer::embedded();
    let [first, second] = gazetteer.plz_municipalities("52525") else { panic!() };
    let people = |ags| gazetteer.municipality(ags).unwrap().population;
    assert!(people(first) > people(second));
    assert!(gazetteer.plz_municipalities("80331").is_empty());
}

#[test]
fn distances_are_kilometres() {
    let (muenster, koeln) = ((51.9607, 7.6261), (50.9375, 6.9603));
    let distance = distance_km(muenster, koeln);
    assert!((122.0..124.0).contains(&distance), "{distance}");
    assert!(distance_km(koeln, koeln) < 1e-9);
    let gazetteer = Gazetteer::embedded();
    assert_eq!(gazetteer.nearest(51.945, 7.165).unwrap().name, "Coesfeld");
}

proptest::proptest! {
    #[test]
    fn the_nearest_municipality_is_nearer_than_all_others(
        (lat, lon) in proptest::prop_oneof![
            4 => (50.2f64..52.6, 5.8f64..9.5), 1 => (-90.0f64..=90.0, -180.0f64..=180.0),
        ],
    ) {
        let gazetteer = Gazetteer::embedded();
        let distance = |town: &Municipality| distance_km((lat, lon), (town.lat, town.lon));
        let nearest = distance(gazetteer.nearest(lat, lon).unwrap());
        proptest::prop_assert!(gazetteer.municipalities().all(|town| distance(town) >= nearest));
    }
}
