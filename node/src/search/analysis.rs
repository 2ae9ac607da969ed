//! What a text is searched by: one pipeline for documents and queries.
//!
//! Find the words and what they are spelled from (`words`, `gender`), fold their letters (`fold`), take their
//! stems (`stem`), take compounds apart (`compound` with `lexicon`), put separated verbs together (`verbs`). A
//! document yields every term that should find it (`document`); a query yields, for each word, the alternatives
//! that satisfy it ([`Word`], made by `reader`), synonyms among them (`synonyms`). What people wrote is kept beside the stems
//! (`document`), only to rank: Snowball gives `Müll` and `Müller` one stem. Nothing here can fail: every text has
//! terms, at worst none.

pub mod compound;
pub mod document;
pub mod filler;
pub mod fold;
pub mod gender;
pub mod lexicon;
pub mod reader;
pub mod spelled;
pub mod stem;
pub mod steps;
pub mod stop;
pub mod synonyms;
pub mod verbs;
pub mod word;
pub mod words;

use self::document::{Memo, written};
use self::reader::Reader;
use self::steps::Without;
use self::word::Word;
use crate::domain::gazetteer::Gazetteer;

/// Most words of a query that count: each costs a look into every field.
pub const QUERY_WORDS: usize = 16;

/// Most synonyms of a word that are looked for; the list's order decides.
pub const SYNONYMS: usize = 12;

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
    Reader::without(Without::NOTHING).query(text)
}

/// Returns how many words of a text say something: more than [`QUERY_WORDS`] are not looked for.
#[must_use]
pub fn count(text: &str) -> usize {
    Reader::without(Without::NOTHING).asked(text).len()
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
        let base = word.strip_suffix(ending).filter(|base| base.len() > 2);
        // `Bauern` and `Regeln`, but no `Seniorn`.
        let takes =
            |base: &str| *ending != "n" || ["e", "el", "er"].iter().any(|end| base.ends_with(end));
        base.is_some_and(|base| takes(base) && lexicon::entry(base).is_some())
    })
}

/// Returns whether a folded word says where somebody or something is from: `kölner`, `hattinger`.
#[must_use]
pub fn is_of_a_town(folded: &str) -> bool {
    let Some(base) = folded.strip_suffix("er").filter(|base| base.len() > 2) else { return false };
    ["", "e", "en", "n"].iter().any(|end| {
        let spot = Gazetteer::embedded().named(&format!("{base}{end}"));
        spot.is_some_and(|spot| spot.is_town())
    })
}

/// Gives a word its sharp s back where it always has one: folded it is lost.
fn sharp(folded: &str) -> String {
    const SHARP: &[(&str, &str)] = &[
        ("fuss", "fuß"),
        ("strasse", "straße"),
        ("spass", "spaß"),
        ("gross", "groß"),
        ("grüss", "grüß"),
        ("massnahm", "maßnahm"),
        ("aussen", "außen"),
        ("giessen", "gießen"),
    ];
    let sharpened =
        SHARP.iter().fold(folded.to_owned(), |word, (plain, sharp)| word.replace(plain, sharp));
    if folded.starts_with("fussel") { folded.to_owned() } else { sharpened }
}

/// Returns a folded word as people write it: nouns begin with a capital.
#[must_use]
pub fn label(folded: &str) -> String {
    // `Coesfeld` is folded like a word with an umlaut, and is none.
    let spot = Gazetteer::embedded().named(folded);
    let is_it = |name: &String| fold::umlauts(&fold::fold(name)) == fold::umlauts(folded);
    if let Some(name) = spot.map(|spot| spot.label).filter(is_it) {
        return name;
    }
    let folded = sharp(folded);
    let folded = folded.as_str();
    let mut letters = folded.chars();
    let noun = is_noun(folded) || !compound::parts(folded).is_empty();
    match letters.next().filter(|_| noun) {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => folded.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::stem::stem;
    use super::synonyms::Synonyms;
    use super::word::Route;
    use super::words::words;
    use super::*;
    use crate::search::weights;

    fn query_with(asked: &str, synonyms: &Synonyms) -> Vec<Word> {
        Reader::with(synonyms).query(asked)
    }

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
    fn either_of_two_words_will_do() {
        let words = query("Vorlesen oder Garten für Kinder");
        assert_eq!(words.len(), 2);
        let asked = "Vorlesen oder Garten";
        assert!(meets("Vorlesen", asked) && meets("Garten", asked) && !meets("Chor", asked));
        assert!(!meets("Vorlesen", "Vorlesen und Garten"));
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
        // Help alone is nothing to look for, a mobile phone is: and nothing else was meant.
        assert!(has(&["handy"]) && !ways.iter().any(|way| way.partial), "{ways:?}");
        let parts = query_with("Handyladen", &list).remove(0).alternatives;
        assert_eq!(parts.iter().filter(|way| way.partial).count(), 2);
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
