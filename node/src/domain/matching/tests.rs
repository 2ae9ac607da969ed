//! Labelled cases, and the laws that no weight may break.

use engagement_protocol::opportunity::Opportunity;
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Value, json};

use super::reason::{About, Reason, Verdict, explain};
use super::*;

const CASES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/matching.tsv"));

fn today() -> Day {
    "2026-11-27".parse().unwrap()
}

fn record(fields: &Value) -> Opportunity {
    let mut record = json!({"id":"o-1","direction":"seek","title":"Titel","description":"Text.",
        "organisation":{"name":"Verein"},"status":"live","valid_until":"2027-05-02"});
    for (key, value) in fields.as_object().unwrap() {
        if key != "km" {
            record[key] = value.clone();
        }
    }
    serde_json::from_value(record).unwrap()
}

fn codes(list: List, json: &Value) -> Codes {
    Codes::of(list, json.as_array().into_iter().flatten().map(|code| code.as_str().unwrap()))
}

fn wish(json: &Value) -> Wish {
    let musts = json["musts"].as_array().into_iter().flatten();
    let aspect = |code: &Value| *Aspect::MUSTS.iter().find(|one| one.code() == code).unwrap();
    Wish {
        age: json["age"].as_u64().map(|age| u8::try_from(age).unwrap()),
        not_fields: codes(List::Fields, &json["not_fields"]),
        needs: codes(List::Accessibility, &json["needs"]),
        needs_known: json["needs_known"].as_bool().unwrap_or_default(),
        lacks: lacking(codes(List::Requirements, &json["lacks"])),
        musts: musts.fold(Musts::default(), |all, code| all.with(aspect(code))),
        fields: codes(List::Fields, &json["fields"]),
        activities: codes(List::Activities, &json["activities"]),
        targets: codes(List::Targets, &json["targets"]),
        suited: codes(List::Suited, &json["suited"]),
        slots: codes(List::Slots, &json["slots"]),
        commitments: codes(List::Commitment, &json["commitments"]),
        quarters: json["quarters"].as_u64().map(|most| u16::try_from(most).unwrap()),
        is_somewhere: json["is_somewhere"].as_bool().unwrap_or_default(),
    }
}

fn said(reason: &Reason) -> String {
    let names = |name: &str, list, codes: Codes| {
        let names: Vec<_> = codes.names(list).collect();
        if names.is_empty() { name.to_owned() } else { format!("{name}:{}", names.join(",")) }
    };
    let about = match reason.about {
        About::Distance { km } => format!("{km:.1}km"),
        About::FromHome => "home".to_owned(),
        About::Place => "place".to_owned(),
        About::Fields(codes) => names("field", List::Fields, codes),
        About::Activities(codes) => names("activity", List::Activities, codes),
        About::Targets(codes) => names("target", List::Targets, codes),
        About::Suited(codes) => names("suited", List::Suited, codes),
        About::Time(codes) => names("slot", List::Slots, codes),
        About::Negotiable => "negotiable".to_owned(),
        About::Effort { quarters } => format!("hours:{quarters}"),
        About::Commitment(codes) => names("commitment", List::Commitment, codes),
        About::Age { youngest, oldest } => format!("age:{youngest}-{oldest}"),
        About::Needs(codes) => names("need", List::Accessibility, codes),
        About::Requirements(codes) => names("requires", List::Requirements, codes),
    };
    let sign = match reason.verdict {
        Verdict::For => '+',
        Verdict::Against => '-',
        Verdict::Unknown => '?',
    };
    format!("{sign}{about}")
}

fn answer(wish: &Wish, facts: &Facts) -> String {
    let star = match judge(wish, facts, today()) {
        Err(Gate::Age) => return "out age".to_owned(),
        Err(Gate::ExcludedField) => return "out excluded".to_owned(),
        Err(Gate::Need) => return "out need".to_owned(),
        Err(Gate::Requirement) => return "out requirement".to_owned(),
        Err(Gate::Must(aspect)) => return format!("out must {}", aspect.code()),
        Ok(score) => score.is_unopposed.then(|| "*".to_owned()),
    };
    let reasons = explain(wish, facts, today());
    star.into_iter().chain(reasons.iter().map(said)).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_labelled_case_is_judged_as_people_would() {
    let (mut wrong, mut cases) = (Vec::new(), 0);
    for line in CASES.lines().filter(|line| !line.starts_with('#')) {
        let [wished, says, expected] = *line.split('\t').collect::<Vec<_>>() else {
            panic!("{line}")
        };
        let says: Value = serde_json::from_str(says).unwrap();
        #[expect(clippy::cast_possible_truncation, reason = "a few kilometres")]
        let km = says["km"].as_f64().map(|km| km as f32);
        let facts = Facts::of(&record(&says), km);
        let answer = answer(&wish(&serde_json::from_str(wished).unwrap()), &facts);
        if answer != expected {
            wrong.push(format!("{wished} {says}: {answer}"));
        }
        cases += 1;
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases >= 60, "{cases}");
}

fn some_of(list: List) -> impl Strategy<Value = Codes> {
    let known: Vec<_> = Vocabulary::embedded().codes(list).map(|(code, _)| code).collect();
    let few = subsequence(known, 0..4).prop_map(move |codes| Codes::of(list, codes));
    prop_oneof![1 => Just(Codes::NONE), 2 => few]
}

fn musts() -> impl Strategy<Value = Musts> {
    subsequence(Aspect::MUSTS.to_vec(), 0..3)
        .prop_map(|all| all.into_iter().fold(Musts::default(), Musts::with))
}

prop_compose! {
    fn wishes()(
        age in prop::option::of(8u8..90), not_fields in some_of(List::Fields), needs in some_of(List::Accessibility),
        needs_known: bool, lacks in some_of(List::Requirements), musts in musts(), fields in some_of(List::Fields),
        activities in some_of(List::Activities), targets in some_of(List::Targets), suited in some_of(List::Suited),
        slots in some_of(List::Slots), commitments in some_of(List::Commitment),
        quarters in prop::option::of(1u16..200), is_somewhere: bool,
    ) -> Wish {
        Wish { age, not_fields, needs, needs_known, lacks: lacking(lacks), musts, fields, activities, targets, suited, slots,
            commitments, quarters, is_somewhere }
    }
}

prop_compose! {
    fn facts()(
        fields in some_of(List::Fields), activities in some_of(List::Activities), targets in some_of(List::Targets),
        suited in some_of(List::Suited), slots in some_of(List::Slots), commitments in some_of(List::Commitment),
        modes in some_of(List::Mode), requirements in some_of(List::Requirements),
        accessible in some_of(List::Accessibility), inaccessible in some_of(List::Accessibility),
        quarters in 0u16..200, youngest in 0u8..20, oldest in prop_oneof![Just(0u8), 20u8..90],
    )(
        verified in prop_oneof![Just(0u32), 20_000u32..21_000], distance_km in prop::option::of(0f32..400.0),
        fields in Just(fields), activities in Just(activities), targets in Just(targets), suited in Just(suited),
        slots in Just(slots), commitments in Just(commitments), modes in Just(modes),
        requirements in Just(requirements), accessible in Just(accessible), quarters in Just(quarters),
        inaccessible in Just(inaccessible.without(accessible)), youngest in Just(youngest), oldest in Just(oldest),
    ) -> Facts {
        Facts { fields, activities, targets, suited, slots, commitments, modes, requirements, accessible, inaccessible,
            quarters, youngest, oldest, verified, distance_km }
    }
}

/// The points; what is left out has fewer than none.
fn points(wish: &Wish, facts: &Facts) -> f32 {
    judge(wish, facts, today()).map_or(-1.0, |score| score.points)
}

/// The wish with all gates open.
fn ungated(wish: &Wish) -> Wish {
    Wish {
        age: None,
        not_fields: Codes::NONE,
        needs: Codes::NONE,
        needs_known: false,
        lacks: Codes::NONE,
        musts: Musts::default(),
        ..*wish
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn points_are_a_share_of_a_hundred(wish in wishes(), facts in facts()) {
        if let Ok(score) = judge(&wish, &facts, today()) {
            prop_assert!((0.0..=100.0).contains(&score.points), "{score:?}");
        }
    }

    #[test]
    fn a_gate_never_raises_a_score(wish in wishes(), facts in facts()) {
        let open = ungated(&wish);
        let gates = [
            Wish { age: wish.age, ..open },
            Wish { not_fields: wish.not_fields, ..open },
            Wish { needs: wish.needs, ..open },
            Wish { needs: wish.needs, needs_known: true, ..open },
            Wish { lacks: wish.lacks, ..open },
            Wish { musts: wish.musts, ..open },
            wish,
        ];
        for gated in gates {
            prop_assert!(points(&gated, &facts) <= points(&open, &facts), "{gated:?}");
        }
    }

    #[test]
    fn more_that_fits_never_lowers_a_score(wish in wishes(), facts in facts(), at in 0usize..64) {
        let one = |codes: Codes| Codes::from_bits(codes.bits() & (1 << at));
        let needed = one(wish.needs);
        let better = [
            Facts { fields: facts.fields.and(one(wish.fields.without(wish.not_fields))), ..facts },
            Facts { activities: facts.activities.and(one(wish.activities)), ..facts },
            Facts { targets: facts.targets.and(one(wish.targets)), ..facts },
            Facts { suited: facts.suited.and(one(wish.suited)), ..facts },
            Facts { slots: facts.slots.and(one(wish.slots)), ..facts },
            Facts { commitments: facts.commitments.and(one(wish.commitments)), ..facts },
            Facts { quarters: wish.quarters.unwrap_or(facts.quarters), ..facts },
            Facts { accessible: facts.accessible.and(needed), inaccessible: facts.inaccessible.without(needed), ..facts },
            Facts { requirements: facts.requirements.without(wish.lacks), ..facts },
            Facts { distance_km: facts.distance_km.map(|km| km / 2.0), ..facts },
            Facts { verified: today().number() + 1, ..facts },
            Facts { youngest: 0, oldest: 0, ..facts },
        ];
        for better in better {
            let (before, after) = (points(&wish, &facts), points(&wish, &better));
            prop_assert!(after >= before - 1e-4, "{before} {after} {better:?}");
        }
    }

    #[test]
    fn unknown_is_neither_yes_nor_no(wish in wishes(), facts in facts()) {
        let wish = Wish { musts: Musts::default(), ..ungated(&wish) };
        let ways = [
            (Aspect::Field, Facts { fields: Codes::NONE, ..facts }, Facts { fields: wish.fields, ..facts }),
            (Aspect::Activity, Facts { activities: Codes::NONE, ..facts }, Facts { activities: wish.activities, ..facts }),
            (Aspect::Time, Facts { slots: Codes::NONE, ..facts }, Facts { slots: wish.slots, ..facts }),
            (Aspect::Effort, Facts { quarters: 0, ..facts }, Facts { quarters: 1, ..facts }),
        ];
        for (aspect, unknown, yes) in ways {
            let fit = |facts: &Facts| {
                let all = wish.aspects(facts, today());
                all.into_iter().find(|(one, _)| *one == aspect).and_then(|(_, fit)| fit)
            };
            if fit(&unknown).is_none() {
                continue;
            }
            prop_assert_eq!(fit(&unknown), Some(Fit::Unknown));
            prop_assert!(points(&wish, &unknown) < points(&wish, &yes));
            if fit(&facts) == Some(Fit::No) {
                prop_assert!(points(&wish, &facts) < points(&wish, &unknown));
                prop_assert!(!judge(&wish, &facts, today()).unwrap().is_unopposed);
            }
        }
    }

    #[test]
    fn what_was_not_wished_for_counts_nothing(facts in facts()) {
        let nothing = Wish::default();
        // When it was confirmed and what stands before the beginning count for everybody.
        let (verified, requirements) = (facts.verified, facts.requirements);
        let empty = Facts { verified, requirements, suited: facts.suited, ..Facts::default() };
        prop_assert_eq!(points(&nothing, &facts), points(&nothing, &empty));
        prop_assert!(nothing.is_empty());
    }

    #[test]
    fn the_reasons_say_what_the_score_counted(wish in wishes(), facts in facts()) {
        let Ok(score) = judge(&wish, &facts, today()) else { return Ok(()) };
        let reasons = explain(&wish, &facts, today());
        let against = |reason: &Reason| {
            let free = matches!(
                reason.about,
                About::Requirements(_) | About::Distance { .. } | About::Age { .. }
            );
            reason.verdict == Verdict::Against && !free
        };
        prop_assert_eq!(score.is_unopposed, !reasons.iter().any(against));
        prop_assert_eq!(explain(&wish, &facts, today()), reasons, "the same again");
    }
}

/// Facts of an opportunity of today without a place.
fn plain(fields: &Value) -> Facts {
    Facts { verified: today().number() + 1, ..Facts::of(&record(fields), None) }
}

#[test]
fn what_nobody_has_ticked_off_does_not_lead_where_nothing_else_tells_them_apart() {
    let points = |fields: &Value| points(&Wish::default(), &plain(fields));
    let open = points(&json!({"suited": ["einsteiger"]}));
    let silent = points(&json!({}));
    let one = points(&json!({"suited": ["einsteiger"], "requirements": ["trainerlizenz"]}));
    let two = points(&json!({"suited": ["einsteiger"], "requirements": ["trainerlizenz", "pkw"]}));
    assert!(open > silent && silent > one && one > two, "{open} {silent} {one} {two}");
    let talk = points(&json!({"suited": ["einsteiger"], "requirements": ["gespraech"]}));
    assert!((open - talk).abs() < f32::EPSILON, "everybody can come to talk");
}

#[test]
fn twice_the_hours_cost_more_than_one_other_wish_that_is_missed() {
    let wish =
        Wish { quarters: Some(36), slots: Codes::of(List::Slots, ["mo_ev"]), ..Wish::default() };
    let hours =
        |per_occurrence: f64| json!({"per_occurrence": per_occurrence, "times": 1, "per": "month"});
    let points =
        |hours: Value, slot: &str| points(&wish, &plain(&json!({"hours": hours, "slots": [slot]})));
    let (fits, more, twice) =
        (points(hours(9.0), "mo_ev"), points(hours(12.0), "mo_ev"), points(hours(18.0), "mo_ev"));
    assert!(fits > more && more > twice, "{fits} {more} {twice}");
    assert!(twice <= points(hours(40.0), "mo_ev") + f32::EPSILON, "more than twice is no more");
    let silent = points(json!(null), "mo_ev");
    assert!(silent > more, "what is not said is better than what is too much");
    // In twice the time one does not come at all; another evening can be talked about.
    assert!(twice < 0.65 * fits, "{twice} of {fits}");
}
