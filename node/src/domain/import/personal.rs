//! E-mail addresses and telephone numbers do not go into public texts.
//!
//! Enquiries go to the office that the page names, so nobody's address has to be printed. What merely looks like
//! a number (a date, a time, a postal code, an amount) stays.

use engagement_protocol::id::Ags;

use crate::domain::gazetteer::Gazetteer;

/// What stands in place of an address or a number.
pub const PLACEHOLDER: &str = "[Kontakt über die Ansprechstelle]";

/// Words after which digits are a telephone number even without a leading zero.
const KEYWORDS: &str = "tel telefon telefonnummer telefonisch fon festnetz mobil mobilnummer handy \
    handynummer fax telefax whatsapp durchwahl rufnummer";

/// Words that may stand between such a word and the digits.
const FILLERS: &str = "nr nummer unter";

/// Characters that may stand between two groups of a number.
const BETWEEN: [char; 13] =
    [' ', '\u{a0}', '\u{202f}', '/', '-', '\u{2010}', '\u{2011}', '–', '—', '.', '(', ')', '|'];

/// Longest number that is looked at, so that a text of digits costs no more than its length.
const RUN_BYTES: usize = 48;

/// Ways to write "@", also so that machines do not find it.
const AT: &str = "@ (at) [at] {at} <at> (ät) [ät] (@) [@] &#64; &#x40; &commat;";

/// Ways to write the dot of a domain.
const DOT: [&str; 6] = [".", "(dot)", "[dot]", "(punkt)", "[punkt]", "(.)"];

/// Returns the text without addresses and numbers, or `None` if it holds none.
#[must_use]
pub fn scrub(text: &str) -> Option<String> {
    let mut spans = mail_spans(text);
    spans.extend(phone_spans(text));
    if spans.is_empty() {
        return None;
    }
    spans.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (from, to) in spans {
        if from < at {
            at = at.max(to);
            continue;
        }
        out.push_str(text.get(at..from).unwrap_or(""));
        out.push_str(PLACEHOLDER);
        at = to;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    Some(out)
}

fn mail_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let lower = text.to_ascii_lowercase();
    for sign in AT.split(' ') {
        for (at, _) in lower.match_indices(sign) {
            let (before, after) = (lower.get(..at), lower.get(at + sign.len()..));
            let (Some(before), Some(after)) = (before, after) else { continue };
            // "name (at) verein.de": one space is part of the disguise.
            let name = before.strip_suffix(' ').unwrap_or(before);
            let from = tail(name, |c| c.is_alphanumeric() || "._%+-".contains(c));
            if let Some(length) = domain(after).filter(|_| from < name.len()) {
                spans.push((from, at + sign.len() + length));
            }
        }
    }
    spans
}

/// Returns the length of the domain that `text` begins with; its last part has letters only, at least two.
fn domain(text: &str) -> Option<usize> {
    let mut at = text.len() - text.strip_prefix(' ').unwrap_or(text).len();
    let (mut parts, mut end) = (0, None);
    loop {
        let rest = text.get(at..)?;
        let part = rest.get(..head(rest, |c| c.is_alphanumeric() || c == '-'))?;
        parts += 1;
        at += part.len();
        if parts > 1 && part.chars().count() > 1 && part.chars().all(char::is_alphabetic) {
            end = Some(at);
        }
        let rest = text.get(at..)?;
        let inner = rest.trim_start_matches(' ');
        let spaces = rest.len() - inner.len();
        let dot = DOT.iter().find(|dot| inner.starts_with(**dot));
        // Behind a real dot a space ends the sentence; "verein (dot) de" is written with spaces.
        let Some(dot) = dot.filter(|dot| !part.is_empty() && (**dot != "." || spaces == 0)) else {
            return end;
        };
        at += spaces + dot.len();
        if *dot != "." {
            let rest = text.get(at..)?;
            at += rest.len() - rest.trim_start_matches(' ').len();
        }
    }
}

fn phone_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut done = 0;
    for (at, c) in text.char_indices() {
        if at < done || !(c.is_ascii_digit() || matches!(c, '+' | '(')) {
            continue;
        }
        let (before, tail) = text.split_at(at);
        let run = run(tail);
        let run = without_hours(run, tail.get(run.len()..).unwrap_or(""));
        if is_phone(before, run) {
            // "(+49) 251": the bracket that the number closes is the number's.
            let (open, closed) = (run.matches('(').count(), run.matches(')').count());
            let from = at - usize::from(before.ends_with('(') && closed > open);
            spans.push((from + usize::from(c == '(' && open > closed), at + run.len()));
            done = at + run.len();
        } else {
            // A later group may begin a number: "am 05.06.2026, 0251 123456".
            done = at + head(tail, |c| c.is_ascii_digit()).max(1);
        }
    }
    spans
}

/// Returns digits and what stands between them, from the beginning of `tail` to the last digit.
fn run(tail: &str) -> &str {
    let (mut length, mut gap) = (0, 0);
    let mut chars = tail.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let digit_next = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if c.is_ascii_digit() {
            (length, gap) = (at + 1, 0);
        } else if at > 0
            && (gap == 3 || at > RUN_BYTES || !BETWEEN.contains(&c) || (c == '.' && !digit_next))
        {
            break;
        } else {
            gap += 1;
        }
    }
    tail.get(..length).unwrap_or("")
}

/// Returns a number without the hours behind it: "0251 49220" of "0251 49220 9-12 Uhr".
fn without_hours<'a>(run: &'a str, after: &str) -> &'a str {
    if !after.trim_start().starts_with("Uhr") {
        return run;
    }
    let cut = |run: &'a str| run.rsplit_once(char::is_whitespace).map_or("", |(rest, _)| rest);
    let rest = cut(run).trim_end();
    // "10 - 12 Uhr" is two words and a dash.
    let rest = rest.strip_suffix(['-', '–', '—']).map_or(rest, |rest| cut(rest.trim_end()));
    rest.trim_end_matches(|c: char| !c.is_ascii_digit())
}

fn is_phone(before: &str, run: &str) -> bool {
    let groups: Vec<&str> =
        run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let Some(first) = groups.first() else { return false };
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    let before = near(before);
    let announced = is_announced(before);
    if !announced && (!is_free(before, first) || is_iban(before) || is_municipality(run)) {
        return false;
    }
    let abroad = first.strip_prefix("00").is_some_and(|rest| !rest.starts_with('0'));
    let area = first.starts_with('0') && !first.starts_with("00");
    if run.starts_with('+') || abroad {
        return digits >= 8;
    }
    match first.len() {
        // "0 25 91 / 12 34", the old way to write it.
        1 if area => digits >= 8 && groups.len() > 2,
        // No area code has fewer than three digits; days, months and hours have two.
        3.. if area => digits >= 7,
        2 if area && is_in_pairs(run) => digits >= 7,
        _ => announced && digits >= 4 && !is_date(run, &groups),
    }
}

/// Returns the end of a text: what stands far away says nothing, and looking there takes time.
fn near(before: &str) -> &str {
    let from = before.len().saturating_sub(300);
    (from..).find_map(|from| before.get(from..)).unwrap_or("")
}

/// Whether a number can begin behind `before`: not inside a word, an amount, a date or an address.
fn is_free(before: &str, first: &str) -> bool {
    let word = before.get(tail(before, |c| !c.is_whitespace())..).unwrap_or("");
    if word.contains("://") || word.starts_with("www.") {
        return false;
    }
    let mut back = before.chars().rev();
    let (last, digit) = (back.next(), back.next().is_some_and(|c| c.is_ascii_digit()));
    match last {
        // Behind a comma, "0251 1,0252 2" begins anew; "0,50" does not.
        Some(',') => !digit || (first.len() > 3 && first.starts_with('0')),
        Some('.' | ':' | '-' | '–') => !digit,
        Some('/') => !digit && !word.contains('.'),
        Some(c) => !c.is_alphanumeric() && !"=?&#_+".contains(c),
        None => true,
    }
}

/// Whether `before` ends inside an IBAN: two letters and two digits, then groups of four.
fn is_iban(before: &str) -> bool {
    let mut words = before.split(' ').rev().skip_while(|word| word.is_empty());
    let group = |word: &&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let first = words.by_ref().take(7).find(|word| !group(word)).unwrap_or("");
    let (letters, digits) = first.split_at_checked(2).unwrap_or((first, ""));
    letters.bytes().all(|b| b.is_ascii_uppercase())
        && digits.len() >= 2
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Whether eight digits in one piece are the official key of a municipality.
fn is_municipality(run: &str) -> bool {
    let ags = run.parse::<Ags>().ok();
    ags.is_some_and(|ags| Gazetteer::embedded().municipality(&ags).is_some())
}

/// Whether digits are grouped in pairs, the old way, known by its one slash: "02 51 / 4 92 20".
fn is_in_pairs(run: &str) -> bool {
    let Some((area, rest)) = run.split_once('/') else { return false };
    let digits = area.bytes().filter(u8::is_ascii_digit).count();
    let groups = area.split_whitespace().count();
    (3..=5).contains(&digits) && groups > 1 && !rest.contains('/') && !run.contains('.')
}

/// Whether the last word before a number announces a telephone number.
fn is_announced(before: &str) -> bool {
    let mut before = before;
    for _ in 0..2 {
        before = before.trim_end_matches(|c: char| c.is_whitespace() || ".:-–/(".contains(c));
        let (rest, word) = before.split_at(tail(before, char::is_alphabetic));
        let word = word.to_lowercase();
        if is_in(KEYWORDS, &word) {
            return true;
        }
        if !is_in(FILLERS, &word) {
            return false;
        }
        before = rest;
    }
    false
}

fn is_in(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// Whether groups are days, months, years or hours: "01.02.2026", "2025-2026", "9.00-12.00".
fn is_date(run: &str, groups: &[&str]) -> bool {
    let year =
        |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    groups.iter().all(|group| group.len() <= 2 || year(group))
        && ((groups.len() == 3 && run.contains('.')) || groups.first().is_some_and(|g| year(g)))
}

/// Returns where the last characters of a kind begin.
fn tail(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.trim_end_matches(|c: char| is(c)).len()
}

/// Returns where the first characters of a kind end.
fn head(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.len() - text.trim_start_matches(|c: char| is(c)).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_addresses_and_numbers() {
        for personal in [
            "erika.muster@verein.example",
            "Erika.Müller (at) verein-x.de",
            "info[at]verein.de",
            "info@sub.verein-essen.de",
            "INFO@VEREIN.DE",
            "büro@grünes-haus.de",
            "info[at]verein[dot]de",
            "info (at) verein (punkt) de",
            "info<at>verein.de",
            "info(ät)verein.de",
            "info @ verein.de",
            "info&#64;verein.de",
            "a+b_c%d@x.org",
            "02591 926-0",
            "0251/1234567",
            "(02591) 12 34 56",
            "+49 251 12345",
            "0049 171 1234567",
            "0171-1234567",
            "0 25 91 / 12 34 56",
            "0171.1234567",
            "+49 (0) 2591 926",
            "025911234",
            "02541840",
            "0251 4920",
            "(02541) 8400",
            "(+49) 251 49220",
            "+49 (0)251 492 20 00",
            "0171.123.45.67",
            "02 51 / 4 92 20",
            "030 – 1234567",
            "0800 1110111",
            "0251\u{202f}49220",
            "0251\u{2011}49220",
        ] {
            for (before, after) in [
                ("Bitte an ", ", danke."),
                ("", "."),
                ("(", ")"),
                ("Am 05.12.2026, ", ""),
                ("Rathaus/", ""),
                ("Mo 9-12 Uhr ", " 9.00-12.00 Uhr"),
                ("", " 10 – 12 Uhr"),
            ] {
                let text = format!("{before}{personal}{after}");
                let public = scrub(&text).unwrap_or_default();
                assert_eq!(public, format!("{before}{PLACEHOLDER}{after}"), "{text}");
            }
        }
        for announced in [
            "Telefon 84 00-21",
            "mobil: 171 1234567",
            "Telefonisch unter 84 00 21",
            "Tel.-Nr.: 840021",
        ] {
            assert!(!scrub(announced).unwrap().contains("21"), "{announced}");
        }
        let two = scrub("02541-840,02541-841").unwrap();
        assert_eq!(two, format!("{PLACEHOLDER},{PLACEHOLDER}"));
        assert_eq!(scrub("Tel. 92 61-0").unwrap(), format!("Tel. {PLACEHOLDER}"));
        assert_eq!(scrub("Telefon:4711-12").unwrap(), format!("Telefon:{PLACEHOLDER}"));
        let both = scrub("Am 05.06.2026: 0251 123456 oder a@b.de.").unwrap();
        assert_eq!(both, format!("Am 05.06.2026: {PLACEHOLDER} oder {PLACEHOLDER}."));
    }

    #[test]
    fn leaves_what_only_looks_like_one() {
        for text in [
            "am 05.06.2026 um 09:00 Uhr",
            "05.06. - 07.08.2026",
            "2026-06-05",
            "09.00-10.30 Uhr",
            "0900-1030 Uhr",
            "48653 Coesfeld",
            "01067 Dresden",
            "24/7",
            "2 x 3 Std.",
            "0,50 Euro",
            "1.250.000 Euro",
            "10.000,00 €",
            "2025-2026",
            "2025/2026",
            "Musterweg 12-14",
            "Haus 05",
            "0 bis 3 Jahre",
            "10 - 12 Kinder, 100 Plätze",
            "3-4 Stunden, 2-mal im Monat",
            "https://verein.example/0251123456",
            "VR 4711",
            "Kinder@home",
            "Preis @ 3.50",
            "Telefon 24/7",
            "Telefonseelsorge 2026",
            "Telefon: 9.00-12.00 Uhr",
            "ISO 9001:2015",
            "Tel am 01.02.2026",
            "§ 43 IfSG",
            "von 14 bis 99 Jahren",
            "08:00-12:00, 13:00-17:00",
            "am 05.12.2026 von 09:00-11:30 Uhr",
            "01.12.2026 - 05.12.2026",
            "01.12. bis 05.12.2026, 01.-05.12.2026",
            "05.12.2026 08.30-12.30 Uhr",
            "09.00-11.00 und 14.00-16.00",
            "05/06/2026, 01/2026 - 02/2026, 05 12 2026",
            "2026-12-05T10:00:00+01:00",
            "48653 Coesfeld, 04109 Leipzig",
            "mobil 2025-26 unterwegs, Schuljahr 2025/26",
            "10 - 12, 14 - 16, 18 - 20 Uhr",
            "IBAN DE89 3704 0044 0532 0130 00",
            "DE02120300000000202051",
            "Gemeindeschlüssel 05558012",
            "https://verein.example/a/0251-1234567?id=0171555666",
            "Freizeit@home, wir @ Essen",
            "Notruf 112, Telefon 110",
            "Klasse 007, Raum 0.12",
            "Telefonzeiten: 9-12 Uhr",
            "Jahrgang 1950-1965, geb. 01.01.1950",
            "ca. 100-200 Gäste, 10 000 Schritte",
        ] {
            assert_eq!(scrub(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "[a@.( )+0-9/é-]{0,40}") {
            if let Some(once) = scrub(&text) {
                proptest::prop_assert!(once.contains(PLACEHOLDER));
            }
        }
    }
}
