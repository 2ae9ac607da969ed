//! What a text is searched by: one pipeline for documents and queries.
//!
//! Find the words and what they are spelled from (`words`, `gender`), fold their letters (`fold`), take their
//! stems (`stem`), take compounds apart (`compound` with `lexicon`), put separated verbs together (`verbs`). A
//! document yields every term that should find it (`document`); a query yields, for each word, the alternatives
//! that satisfy it ([`Word`]), synonyms among them (`synonyms`). What people wrote is kept beside the stems
//! ([`wholes`]), only to rank: Snowball gives `Müll` and `Müller` one stem. Nothing here can fail: every text has
//! terms, at worst none.

pub mod compound;
pub mod document;
pub mod filler;
pub mod fold;
pub mod gender;
pub mod lexicon;
pub mod stem;
pub mod steps;
pub mod stop;
pub mod synonyms;
pub mod verbs;
pub mod word;
pub mod words;

use super::weights;

use self::compound::Parts;
use self::document::{Memo, whole, written};
use self::stem::stem;
use self::stop::is_stop;
use self::synonyms::Synonyms;
use self::word::{Alternative, Route, Word};
use self::words::{Spelled, words};

/// Most words of a query that count: each costs a look into every field.
pub const QUERY_WORDS: usize = 16;

/// Most synonyms of a word that are looked for; the list's order decides.
pub const SYNONYMS: usize = 12;

/// Most synonyms of one element of a compound that are looked for.
const ELEMENT_SYNONYMS: usize = 6;

/// Most bytes of a query that are read.
const QUERY_BYTES: usize = 1_000;

/// Returns the terms that a document's text is found by; the same term as often as it counts there.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    let words = written(text, &mut Memo::default());
    words
        .into_iter()
        .flat_map(|word| std::iter::once(word.terms).chain(word.behind))
        .flatten()
        .collect()
}

/// Returns the words of a query that say something, each once.
///
/// ```
/// # use engagement_node::search::analysis;
/// let words = analysis::query("Ich und der Müll");
/// assert_eq!(words.len(), 1);
/// assert_eq!(words[0].alternatives[0].terms, ["mull"]);
/// ```
#[must_use]
pub fn query(text: &str) -> Vec<Word> {
    query_with(text, Synonyms::embedded())
}

/// Returns the words of a query as [`query`] does, with another list of synonyms.
#[must_use]
pub fn query_with(text: &str, synonyms: &Synonyms) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let asked = asked(head(text));
    // Where somebody writes nouns as nouns, they say more than the words between them.
    let cased = asked.iter().any(|word| word.capital);
    let mut rest = asked.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        if found.len() == QUERY_WORDS {
            break;
        }
        let (word, left) = match phrase(rest, synonyms) {
            Some((word, count)) => (word, rest.get(count..).unwrap_or_default()),
            None => {
                let mut word = single(first, synonyms);
                if cased && !first.capital {
                    word.weight *= weights::LOWER;
                }
                (word, behind)
            }
        };
        rest = left;
        let known = found.iter().any(|held| held.alternatives == word.alternatives);
        if !word.alternatives.is_empty() && !known {
            found.push(word);
        }
    }
    found
}

/// Returns how many words of a text say something: more than [`QUERY_WORDS`] are not looked for.
#[must_use]
pub fn count(text: &str) -> usize {
    asked(head(text)).len()
}

/// Returns whether words name no subject: `ich möchte helfen`.
#[must_use]
pub fn names_nothing(text: &str) -> bool {
    query(text).iter().all(|word| word.weight < 1.0)
}

/// Returns whether the lexicon has a folded word, with whatever ending.
#[must_use]
pub fn is_noun(folded: &str) -> bool {
    let word = lexicon::bare(folded);
    ["", "s", "n", "en", "e", "er", "es"].iter().any(|ending| {
        let base = word.strip_suffix(ending);
        base.is_some_and(|base| base.len() > 2 && lexicon::entry(base).is_some())
    })
}

/// Returns a folded word as people write it: nouns begin with a capital.
#[must_use]
pub fn label(folded: &str) -> String {
    let mut letters = folded.chars();
    let noun = is_noun(folded) || !compound::parts(folded).is_empty();
    match letters.next().filter(|_| noun) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => folded.to_owned(),
    }
}

/// The words of a query without stop words; a verb that comes apart stands where its particle stood.
fn asked(text: &str) -> Vec<Spelled> {
    let mut words = words(text);
    let mut dropped = Vec::new();
    for apart in verbs::apart(&words) {
        if let Some(particle) = words.get_mut(apart.particle) {
            particle.parts = vec![vec![apart.infinitive]];
            dropped.push(apart.verb);
        }
    }
    let says = |at: &usize, word: &Spelled| {
        let stop = word.parts.len() == 1 && word.bases().all(is_stop);
        !stop && !dropped.contains(at)
    };
    (0..).zip(words).filter(|(at, word)| says(at, word)).map(|(_, word)| word).collect()
}

/// The longest entry of the list that the words begin with, if it has several.
fn phrase(words: &[Spelled], synonyms: &Synonyms) -> Option<(Word, usize)> {
    (2..=words.len().min(synonyms::WORDS)).rev().find_map(|count| {
        let words = words.get(..count)?;
        let texts: Vec<String> = words.iter().map(text).collect();
        let terms: Vec<String> = texts.iter().map(|text| stem(text)).collect();
        if synonyms.of(&terms).is_empty() {
            return None;
        }
        let mut alternatives = vec![Alternative {
            terms: terms.clone(),
            weight: 1.0,
            partial: false,
            route: Route::Stem,
        }];
        add_synonyms(&mut alternatives, &[terms], synonyms);
        Some((Word { text: texts.join(" "), whole: Vec::new(), weight: 1.0, alternatives }, count))
    })
}

fn single(word: &Spelled, synonyms: &Synonyms) -> Word {
    let mut alternatives = alternatives(word);
    let keys: Vec<Vec<String>> = alternatives
        .iter()
        .filter(|way| way.terms.len() == 1)
        .map(|way| way.terms.clone())
        .collect();
    add_synonyms(&mut alternatives, &keys, synonyms);
    add_elements(&mut alternatives, word, synonyms);
    let text = text(word);
    Word { weight: filler::weight(&text), text, whole: whole(word), alternatives }
}

/// How a word is written without hyphens and marks.
fn text(word: &Spelled) -> String {
    word.joined().or_else(|| word.bases().next().map(str::to_owned)).unwrap_or_default()
}

/// A word is any of its forms, or all its parts: of a compound, or between hyphens.
fn alternatives(word: &Spelled) -> Vec<Alternative> {
    let mut ways: Vec<Alternative> = Vec::new();
    let mut add = |terms: Vec<String>, weight, route| {
        if !terms.is_empty() && !ways.iter().any(|way| way.terms == terms) {
            ways.push(Alternative { terms, weight, partial: false, route });
        }
    };
    if let (None, [forms]) = (word.joined(), word.parts.as_slice()) {
        for (at, form) in stems(forms).into_iter().enumerate() {
            add(vec![form], 1.0, if at == 0 { Route::Stem } else { Route::Form });
        }
        if let Some(verb) = forms.first().and_then(|form| verbs::together(form)) {
            add(vec![stem(&verb)], 1.0, Route::Form);
        }
        let parts = elements(forms);
        add(distinct(parts.long), weights::PARTS, Route::Parts);
        add(distinct(parts.short), weights::SHORT_PARTS, Route::Parts);
    } else {
        add(word.joined().iter().map(|joined| stem(joined)).collect(), 1.0, Route::Stem);
        let parts = word.bases().map(stem).filter(|stem| !stem.is_empty()).collect();
        add(distinct(parts), weights::HYPHENED, Route::Parts);
    }
    ways
}

/// The elements of a word that has several forms: `Lesepat*innen` is taken apart as `Lesepate`.
fn elements(forms: &[String]) -> Parts {
    let mut parts = forms.first().map(|base| compound::parts(base)).unwrap_or_default();
    if parts.is_empty()
        && let [base, _, ..] = forms
    {
        parts = compound::parts(&format!("{base}e"));
    }
    parts
}

fn add_synonyms(ways: &mut Vec<Alternative>, keys: &[Vec<String>], synonyms: &Synonyms) {
    for entry in keys.iter().flat_map(|key| synonyms.of(key)).take(SYNONYMS) {
        if !ways.iter().any(|way| way.terms == entry.terms) {
            let route = Route::Synonym { label: entry.label.clone() };
            let terms = entry.terms.clone();
            let weight = weights::SYNONYM;
            ways.push(Alternative { terms, weight, partial: false, route });
        }
    }
}

/// A compound is also its elements in other words, and a little of it is any of its elements.
fn add_elements(ways: &mut Vec<Alternative>, word: &Spelled, synonyms: &Synonyms) {
    let parts = match word.parts.as_slice() {
        [forms] => distinct(elements(forms).long),
        _ => distinct(word.bases().map(stem).filter(|stem| !stem.is_empty()).collect()),
    };
    if parts.len() < 2 {
        return;
    }
    let mut add = |terms: Vec<String>, weight, partial, route| {
        if !ways.iter().any(|way| way.terms == terms) {
            ways.push(Alternative { terms, weight, partial, route });
        }
    };
    for (at, part) in parts.iter().enumerate() {
        for entry in synonyms.of(std::slice::from_ref(part)).iter().take(ELEMENT_SYNONYMS) {
            let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
            let terms = entry.terms.iter().chain(others.map(|(_, other)| other));
            let route = Route::Synonym { label: entry.label.clone() };
            add(
                distinct(terms.cloned().collect()),
                weights::SYNONYM * weights::PARTS,
                false,
                route,
            );
        }
    }
    let last = parts.len() - 1;
    for (at, part) in parts.iter().enumerate() {
        let weight = if at < last { weights::FRONT } else { weights::BACK };
        if filler::weight(part) >= 1.0 {
            add(vec![part.clone()], weight, true, Route::Part);
        }
    }
}

/// The stems of the forms, each once: most feminine forms have the stem of their base.
fn stems(forms: &[String]) -> Vec<String> {
    distinct(forms.iter().map(|form| stem(form)).filter(|stem| !stem.is_empty()).collect())
}

fn distinct(terms: Vec<String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::with_capacity(terms.len());
    for term in terms {
        if !once.contains(&term) {
            once.push(term);
        }
    }
    once
}

/// The beginning of a text, cut between characters.
fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(QUERY_BYTES)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a record with this text satisfies every word of the query.
    fn meets(text: &str, asked: &str) -> bool {
        satisfies(text, &query(asked))
    }

    fn satisfies(text: &str, words: &[Word]) -> bool {
        let terms = terms(text);
        words.iter().all(|word| {
            let mut whole = word.alternatives.iter().filter(|way| !way.partial);
            whole.any(|way| way.terms.iter().all(|term| terms.contains(term)))
        })
    }

    /// Every pair is a claim about what people must find and must not.
    fn wholes(text: &str) -> Vec<String> {
        document::read(text, &mut Memo::default()).1
    }

    #[test]
    fn pairs_meet_as_the_table_says() {
        let (none, mut wrong, mut rows) = (Synonyms::default(), Vec::new(), 0);
        for line in include_str!("analysis/pairs.tsv").lines() {
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let [asked, text, says] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("three columns: {line}")
            };
            assert!(matches!(says, "yes" | "no"), "{line}");
            rows += 1;
            if satisfies(text, &query_with(asked, &none)) != (says == "yes") {
                wrong.push(line);
            }
        }
        assert!(rows >= 300, "{rows}");
        assert!(wrong.is_empty(), "{} of {rows}: {wrong:#?}", wrong.len());
    }

    #[test]
    fn spellings_meet_both_ways() {
        let table = [
            ("Müll", "Muell"),
            ("Fußball", "FUSSBALL"),
            ("Straße", "strasse"),
            ("E-Mail", "Email"),
            ("Eltern-Kind-Gruppe", "Elternkindgruppe"),
            ("Eltern-Kind-Gruppe", "Eltern-Kind"),
            ("Bu\u{308}cher", "Buch"),
            ("Café", "Cafe"),
            ("Lehrer*innen-Fortbildung", "Lehrerfortbildung"),
            ("Begleitung", "begleiten"),
        ];
        for (one, other) in table {
            assert!(meets(one, other), "{one} {other}");
            if one != "Eltern-Kind-Gruppe" {
                assert!(meets(other, one) || one.contains('-'), "{other} {one}");
            }
        }
        assert!(meets("Elternkind", "Eltern-Kind"));
        assert!(!meets("Eltern", "Eltern-Kind"));
    }

    #[test]
    fn a_document_meets_every_query_made_of_its_own_words() {
        let text = "Helfer*innen für das Eltern-Kind-Café gesucht (m/w/d), Schüler/-innen ab 14!";
        for word in text.split(' ') {
            assert!(meets(text, word), "{word}");
        }
        assert!(meets(text, text));
    }

    #[test]
    fn only_stop_words_ask_for_nothing() {
        assert!(query("ich und die für").is_empty());
        assert!(query(" ?!* ").is_empty());
        assert!(terms("für").contains(&"fur".to_owned()));
    }

    #[test]
    fn a_query_is_bounded() {
        let long: String = (0..500).map(|n| format!("wort{n} ")).collect();
        assert_eq!(query(&long).len(), QUERY_WORDS);
        assert!(query(&"ä".repeat(5_000)).len() == 1);
    }

    #[test]
    fn the_whole_word_tells_apart_what_the_stem_does_not() {
        for (one, other) in [("Müll", "Müller"), ("Schule", "Schüler"), ("Muell", "Mull")] {
            let word = query(one).remove(0);
            assert_eq!(stem(&fold::fold(one)), stem(&fold::fold(other)), "{one} {other}");
            assert!(wholes(one).iter().any(|whole| word.whole.contains(whole)), "{one}");
            assert!(!wholes(other).iter().any(|whole| word.whole.contains(whole)), "{one} {other}");
        }
    }

    #[test]
    fn what_stands_in_every_second_query_counts_less_than_what_names_a_subject() {
        let weights =
            |asked: &str| -> Vec<f32> { query(asked).iter().map(|word| word.weight).collect() };
        assert_eq!(weights("Garten"), [1.0]);
        assert_eq!(
            weights("mit hund ehrenamtlich helfen"),
            [1.0, weights::FILLER, weights::FILLER]
        );
        // Who writes nouns as nouns says which words are.
        assert_eq!(weights("Gitarre stimmen"), [1.0, weights::LOWER]);
        assert!(names_nothing("ich möchte gern helfen") && !names_nothing("Hund"));
    }

    #[test]
    fn a_compound_is_also_its_elements_in_other_words() {
        let list = Synonyms::read("Handy, Smartphone").unwrap();
        let ways = query_with("Handyhilfe", &list).remove(0).alternatives;
        let has = |terms: &[&str]| ways.iter().any(|way| way.terms == terms && !way.partial);
        assert!(has(&["smartphon", "hilf"]), "{ways:?}");
        // Help alone is nothing to look for, a mobile phone is.
        assert_eq!(ways.iter().filter(|way| way.partial).count(), 1);
    }

    #[test]
    fn parts_count_less_than_the_word() {
        let count = |text: &str| terms(text).iter().filter(|term| *term == "fahr").count();
        assert_eq!((count("Fahrer"), count("Bücherbusfahrer")), (2, 1));
        let ways = query("Bücherbusfahrer").remove(0).alternatives;
        let all: Vec<_> = ways.iter().map(|way| way.route.clone()).take(3).collect();
        assert_eq!(all, [Route::Stem, Route::Parts, Route::Parts]);
        assert!(ways[..3].windows(2).all(|pair| pair[0].weight > pair[1].weight));
        let parts = ways.iter().filter(|way| way.partial);
        let parts: Vec<_> = parts.map(|way| (way.terms.as_slice(), way.weight)).collect();
        let of = |part: &str| [stem(part)];
        assert_eq!(
            parts,
            [
                (of("bücherbus").as_slice(), weights::FRONT),
                (of("fahrer").as_slice(), weights::BACK)
            ]
        );
    }

    #[test]
    fn a_word_is_asked_with_its_synonyms_at_low_weight() {
        let list = Synonyms::read("DRK, Rotes Kreuz\nMüll > Dorfputz").unwrap();
        let way = |asked: &str, terms: &[&str]| {
            let words = query_with(asked, &list);
            assert_eq!(words.len(), 1, "{asked}");
            words[0].alternatives.iter().find(|way| way.terms == terms).cloned()
        };
        let found = way("DRK", &["rot", "kreuz"]).unwrap();
        assert_eq!(found.route, Route::Synonym { label: "Rotes Kreuz".to_owned() });
        assert!(found.weight < weights::PARTS);
        assert!(way("das Rote Kreuz", &["drk"]).is_some());
        assert!(way("Mülls", &["dorfputz"]).is_some());
        assert!(way("Dorfputz", &["mull"]).is_none());
        assert_eq!(query_with("Rotes Band", &list).len(), 2);
    }

    /// Letters, marks and gaps that the pipeline reads in a special way, and some that it does not.
    const HOSTILE: &str =
        "([a-zäöüßA-ZÄÖÜ]{1,12}|[*:_/()\\-.]|in|innen|Innen|e|s|\\PC| |\u{308}|\n){0,60}";

    proptest! {
        #[test]
        fn a_document_meets_the_query_of_each_of_its_words(text in HOSTILE) {
            for word in words(&text).iter().flat_map(|word| word.parts.iter().flatten()) {
                for asked in query_with(word, &Synonyms::default()) {
                    let all = terms(word);
                    let met = asked.alternatives.iter().any(|way| way.terms.iter().all(|term| all.contains(term)));
                    prop_assert!(met, "{word}: {asked:?} {all:?}");
                }
            }
        }

        #[test]
        fn what_is_folded_stays_as_it_is(text in HOSTILE) {
            let folded = fold::fold(&text);
            prop_assert_eq!(fold::fold(&folded), folded.clone());
            let spelled = fold::umlauts(&folded);
            let plain = lexicon::bare(&spelled);
            prop_assert_eq!(lexicon::bare(&folded), plain);
        }

        #[test]
        fn umlauts_have_one_spelling(front in "[bdfghk-np-tvwz]{1,4}", rest in "[bdfghk-np-tvwz]{1,4}") {
            for (one, two) in [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")] {
                // Behind q it is none; and a word of a consonant and an umlaut has no stem to speak of.
                prop_assume!(!front.ends_with('q'));
                let (one, two) = (format!("{front}{one}{rest}"), format!("{front}{two}{rest}"));
                prop_assert_eq!(wholes(&one), wholes(&two));
                prop_assert_eq!(terms(&one), terms(&two));
            }
        }

        #[test]
        fn terms_are_bounded_by_the_text(text in HOSTILE) {
            let letters = text.chars().count();
            prop_assert!(terms(&text).len() <= 6 * letters.max(1));
            prop_assert!(terms(&text).iter().all(|term| !term.is_empty() && term.chars().count() <= 6 * 128));
            for word in query(&text) {
                prop_assert!(!word.alternatives.is_empty());
                prop_assert!(word.alternatives.iter().all(|way| !way.terms.is_empty() && way.weight > 0.0 && way.weight <= 1.0));
                prop_assert!(word.alternatives.len() <= 8 + SYNONYMS);
            }
        }
    }

    /// A text of the length of the longest description, built to be expensive, has no more terms than usual.
    #[test]
    fn hostile_texts_cost_no_more_than_their_length() {
        let seeds = ["er", "haus", "a-", "a.", "s*in", "eisenbahn", "InnenI", "\u{308}", "ä\u{ad}"];
        for seed in seeds {
            let text = seed.repeat(16_000 / seed.len());
            assert!(terms(&text).len() <= text.chars().count() * 3, "{seed}");
            assert!(
                terms(&text).iter().map(String::len).sum::<usize>() <= text.len() * 8,
                "{seed}"
            );
        }
    }
}
