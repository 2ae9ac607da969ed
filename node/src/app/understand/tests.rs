use std::collections::BTreeMap;
use std::convert::Infallible;

use super::*;
use crate::search::answer::Facets;

fn answer(total: u64) -> Answer {
    Answer {
        hits: Vec::new(),
        total,
        with_all_words: total,
        unopposed: total,
        stated: total,
        facets: Facets(BTreeMap::new()),
        next: None,
        corrected: Vec::new(),
        searched: Vec::new(),
    }
}

fn today() -> Day {
    "2026-11-26".parse().unwrap()
}

fn base() -> Query {
    Query::all(today())
}

fn plan(query: &str) -> Plan {
    Plan::new(&Asked::from_query(query).unwrap(), true, today())
}

/// Runs a plan against an index that holds what `holds` says of a query.
fn run(query: &str, holds: impl Fn(&Query) -> bool) -> (u64, String, Vec<&'static str>) {
    let search = |query: &Query| Ok::<_, Infallible>(answer(u64::from(holds(query))));
    let (answer, words, understood) = plan(query).search(&base(), search).unwrap();
    let relaxed = understood.iter().filter(|one| one.relaxed).map(|one| one.kind.code());
    (answer.total, words, relaxed.collect())
}

const ALL: &str = "q=ich+biete+Vorlesen+einmal+im+Monat+samstags+ab+16+online+in+D%C3%BClmen";

#[test]
fn every_constraint_becomes_a_filter_and_leaves_the_words() {
    let query = plan(ALL).query(&base(), &[]);
    assert_eq!(query.words, "Vorlesen");
    assert_eq!(query.directions.len(), 1);
    assert_eq!(query.wish.times_a_year, Some(12));
    assert_eq!(query.wish.slots, ["sa_am", "sa_pm", "sa_ev"]);
    assert_eq!(query.wish.age, Some(16));
    assert_eq!(query.modes, ["remote", "hybrid"]);
    assert_eq!(query.areas, ["05558016".parse().unwrap()]);
    assert!(query.near.is_some());
}

#[test]
fn days_of_the_calendar_are_days_of_the_week_as_well() {
    // The 26th is a Thursday.
    let query = plan("q=heute+Abend+Garten").query(&base(), &[]);
    assert_eq!((query.words.as_str(), query.wish.slots), ("Garten", vec!["th_ev".to_owned()]));
    let days = query.wish.days.unwrap();
    assert_eq!((days.from, days.to), (today(), today()));
    let next = plan("q=Garten+n%C3%A4chste+Woche+samstags").query(&base(), &[]);
    assert_eq!(next.wish.slots, ["sa_am", "sa_pm", "sa_ev"]);
    assert_eq!(next.wish.days.unwrap().from.to_string(), "2026-11-30");
    let filter = plan("q=im+Dezember").understood(&[]).remove(0).filter;
    assert_eq!(
        (&filter["from"][0], &filter["until"][0]),
        (&"2026-12-01".into(), &"2026-12-31".into())
    );
    assert_eq!(filter.get("slot"), None);
}

#[test]
fn nothing_is_given_up_while_something_is_found() {
    assert_eq!(run(ALL, |_| true), (1, "Vorlesen".to_owned(), vec![]));
    assert_eq!(run("q=Vorlesen", |_| false), (0, "Vorlesen".to_owned(), vec![]));
}

#[test]
fn one_is_given_up_if_one_is_enough() {
    assert_eq!(run(ALL, |query| query.wish.age.is_none()).2, ["age"]);
    assert_eq!(run(ALL, |query| query.areas.is_empty()).2, ["place"]);
    // Either would do: the one that is most easily misunderstood goes.
    let either = |query: &Query| query.directions.is_empty() || query.modes.is_empty();
    assert_eq!(run(ALL, either).2, ["direction"]);
}

#[test]
fn several_are_given_up_in_the_stated_order() {
    let two = |query: &Query| query.directions.is_empty() && query.wish.times_a_year.is_none();
    assert_eq!(run(ALL, two).2, ["direction", "effort"]);
    // Two are enough, wherever they stand in the order: the others are kept.
    let other_two = |query: &Query| query.areas.is_empty() && query.wish.age.is_none();
    assert_eq!(run(ALL, other_two).2, ["age", "place"]);
    let three = |query: &Query| other_two(query) && query.modes.is_empty();
    let all = ["direction", "effort", "time", "age", "mode", "place"];
    let mut given_up = run(ALL, three).2;
    given_up.sort_by_key(|kind| all.iter().position(|one| one == kind));
    assert_eq!(given_up, ["direction", "effort", "age", "mode", "place"]);
}

#[test]
fn at_last_the_words_are_looked_for_as_they_were_typed() {
    let typed = |query: &Query| query.words == "Treff am Samstag";
    let (total, words, relaxed) = run("q=Treff+am+Samstag", typed);
    assert_eq!((total, words.as_str(), relaxed), (1, "Treff am Samstag", vec!["time"]));
}

#[test]
fn a_place_that_is_given_up_is_still_where_distances_begin() {
    let query = plan("q=Garten+in+D%C3%BClmen").query(&base(), &[Kind::Place]);
    assert!(query.areas.is_empty() && query.near.is_some());
}

#[test]
fn explicit_parameters_beat_what_was_recognised() {
    let explicit = "&direction=offer&age=40&mode=onsite&near=48653&commitment=once&slot=mo_am";
    let asked = Asked::from_query(&format!("{ALL}{explicit}")).unwrap();
    let plan = Plan::new(&asked, true, today());
    let held: Vec<Kind> =
        plan.constraints.iter().filter(|one| !one.1).map(|one| one.0.kind).collect();
    // A box that is ticked beside these narrows them: it counts what it finds.
    assert_eq!(held, [Kind::Effort, Kind::Time]);
    let (base, _) = asked.parse(None, "2026-11-26".parse().unwrap()).unwrap();
    let query = plan.query(&base, &[]);
    assert_eq!((query.directions, query.modes), (base.directions, base.modes));
    assert_eq!((query.near, query.areas), (base.near, base.areas));
    assert_eq!((query.wish.age, query.slots), (base.wish.age, base.slots));
    assert_eq!(query.wish.slots, ["sa_am", "sa_pm", "sa_ev"]);
    let understood = plan.understood(&Kind::RELAXED);
    assert!(understood.iter().filter(|one| one.overridden).all(|one| !one.relaxed));
}

#[test]
fn words_that_name_nothing_leave_the_constraints_alone() {
    assert_eq!(plan("q=ich+m%C3%B6chte+samstags+helfen").words, "");
    assert_eq!(plan("q=samstags+Hund+ausf%C3%BChren").words, "Hund ausführen");
    assert_eq!(plan("q=ich+m%C3%B6chte+helfen").words, "");
    assert_eq!(plan("q=I+want+to+help").words, "");
    let hints = plan("q=samstags+Garten").query(&base(), &[]).hints;
    assert_eq!(hints, "samstags");
}

#[test]
fn a_mistyped_place_is_understood_unless_the_word_is_another_one() {
    let chips = |query: &str| -> Vec<String> {
        plan(query).understood(&[]).into_iter().map(|one| one.label).collect()
    };
    assert_eq!(chips("q=Vorlesen+in+D%C3%BClemn"), ["in Dülmen"]);
    assert_eq!(chips("q=Helfen+in+Heimen"), <[String; 0]>::default());
    assert_eq!(chips("q=Helfen+in+heidne"), <[String; 0]>::default());
}

#[test]
fn a_name_of_several_places_is_understood_with_the_others_to_choose_from() {
    let others = |query: &str| plan(query).understood(&[]).remove(0).others;
    assert_eq!(others("q=Lesen+in+M%C3%BClheim"), ["Mülheim, Köln"]);
    assert_eq!(others("q=Lesen+in+D%C3%BClmen"), <[String; 0]>::default());
}

#[test]
fn a_radius_needs_something_to_be_around() {
    let asked = Asked::from_query("q=Garten+im+Umkreis+von+10+km").unwrap();
    assert_eq!(Plan::new(&asked, true, today()).words, "Garten");
    let nowhere = Plan::new(&asked, false, today());
    assert_eq!(
        (nowhere.words.as_str(), nowhere.constraints.len()),
        ("Garten im Umkreis von 10 km", 0)
    );
    let near = Asked { near: Some("48653".to_owned()), ..asked };
    assert_eq!(Plan::new(&near, false, today()).words, "Garten");
}

#[test]
fn either_of_two_places_to_help_from_will_do() {
    let query = plan("q=lesen+in+D%C3%BClmen+oder+online").query(&base(), &[]);
    assert_eq!(query.areas, ["05558016".parse().unwrap()]);
    assert_eq!(query.or_modes, ["remote", "hybrid"]);
    assert!(query.modes.is_empty() && query.near.is_some());
    assert!(plan("q=lesen+in+D%C3%BClmen").query(&base(), &[]).or_modes.is_empty());
    let around = plan("q=lesen+10+km+um+D%C3%BClmen+oder+online").query(&base(), &[]);
    assert!(around.radius_km.is_some() && around.near.is_some() && around.modes.is_empty());
    let given_up = plan("q=in+D%C3%BClmen+oder+online").query(&base(), &[Kind::Place]);
    assert!(given_up.areas.is_empty() && given_up.or_modes.is_empty());
}

#[test]
fn what_is_refused_is_left_out_until_it_is_given_up() {
    let plan = plan("q=Garten+keine+Kinder");
    let query = plan.query(&base(), &[]);
    assert!(query.without.contains(&(List::Targets, "kinder".to_owned())));
    assert_eq!(query.words, "Garten");
    assert!(plan.query(&base(), &[Kind::Without]).without.is_empty());
    let filter = plan.understood(&[]).remove(0).filter;
    assert_eq!(filter["not_target"], ["kinder"]);
    assert_eq!(filter["not_field"], ["schule"]);
    assert_eq!(query.hints, "", "what is not wanted does not count more");
    let not_then = self::plan("q=Garten+nicht+samstags").query(&base(), &[]);
    assert_eq!(not_then.hints, "");
}

#[test]
fn a_sentence_that_names_nothing_asks_for_anything() {
    assert_eq!(plan("q=Hallo,+ich+suche+ein+Ehrenamt").words, "");
    assert_eq!(plan("q=Ehrenamt").words, "Ehrenamt");
    assert_eq!(plan("q=ich+suche+einen+Chor").words, "ich suche einen Chor");
    let daily = plan("q=nur+1+Stunde+am+Tag").query(&base(), &[]).wish;
    assert_eq!((daily.hours_at_once, daily.hours_a_month), (Some(1.0), None));
}

#[test]
fn words_can_be_taken_literally() {
    let plan = plan(&format!("{ALL}&understand=false"));
    assert!(plan.constraints.is_empty() && plan.words == plan.typed);
}

#[test]
fn times_narrow_each_other_or_add_up() {
    let slots = |query: &str| plan(query).query(&base(), &[]).wish.slots;
    assert_eq!(slots("q=samstags+Vorlesen+abends"), ["sa_ev"]);
    assert_eq!(slots("q=montags+Vorlesen+mittwochs").len(), 6);
}
