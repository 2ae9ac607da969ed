//! E-mail addresses and telephone numbers do not go into public texts.
//!
//! Enquiries go through the form of the node, so nobody's address has to be printed. What merely looks like
//! a number (a date, a time, a postal code, an amount) stays.

/// What stands in place of an address or a number.
pub const PLACEHOLDER: &str = "[Kontakt über das Formular]";

/// Words after which digits are a telephone number even without a leading zero.
const KEYWORDS: &str = "tel telefon telefonnummer fon mobil mobilnummer handy handynummer fax \
    telefax whatsapp durchwahl rufnummer";

/// Characters that may stand between two groups of a number.
const BETWEEN: [char; 9] = [' ', '\u{a0}', '/', '-', '–', '.', '(', ')', '|'];

/// Longest number that is looked at, so that a text of digits costs no more than its length.
const RUN_BYTES: usize = 48;

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
    for sign in ["@", "(at)", "[at]", "(@)", "{at}"] {
        for (at, _) in text.to_ascii_lowercase().match_indices(sign) {
            let (before, after) = (text.get(..at), text.get(at + sign.len()..));
            let (Some(before), Some(after)) = (before, after) else { continue };
            // "name (at) verein.de" is written with spaces, "@" never is.
            let (name, domain) =
                if sign == "@" { (before, after) } else { (before.trim_end(), after.trim_start()) };
            let from = tail(name, |c| c.is_alphanumeric() || "._%+-".contains(c));
            let length = head(domain, |c| c.is_alphanumeric() || ".-".contains(c));
            let host = domain.get(..length).unwrap_or("").trim_end_matches(['.', '-']);
            let country = host.rsplit_once('.').map_or("", |(_, last)| last);
            if from < name.len() && country.len() > 1 && country.chars().all(char::is_alphabetic) {
                spans.push((from, text.len() - domain.len() + host.len()));
            }
        }
    }
    spans
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
        let after = tail.get(run.len()..).unwrap_or("");
        if is_phone(before, run, after) {
            spans.push((at, at + run.len()));
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

fn is_phone(before: &str, run: &str, after: &str) -> bool {
    let groups: Vec<&str> =
        run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let Some(first) = groups.first() else { return false };
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    let announced = is_announced(before);
    if after.trim_start().starts_with("Uhr") || !(announced || is_free(before)) {
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
        _ => announced && digits >= 4 && !is_date(run, &groups),
    }
}

/// Whether a number can begin behind `before`: not inside a word, an amount, a date or an address.
fn is_free(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some('.' | ',' | ':') => !back.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric() && !"/=?&#_-–+".contains(c),
        None => true,
    }
}

/// Whether the last word before a number announces a telephone number.
fn is_announced(before: &str) -> bool {
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || ".:-–/".contains(c));
    let word = before.get(tail(before, char::is_alphabetic)..).unwrap_or("");
    let word = word.to_lowercase();
    KEYWORDS.split(' ').any(|keyword| keyword == word)
}

/// Whether groups are days, months, years or hours: "01.02.2026", "2025-2026", "9.00-12.00".
fn is_date(run: &str, groups: &[&str]) -> bool {
    let year =
        |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    groups.iter().all(|group| group.len() <= 2 || year(group))
        && ((groups.len() == 3 && run.contains('.')) || groups.iter().all(|group| year(group)))
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
        ] {
            let text = format!("Bitte an {personal}, danke.");
            assert_eq!(scrub(&text).unwrap(), format!("Bitte an {PLACEHOLDER}, danke."), "{text}");
        }
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
