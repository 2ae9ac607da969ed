//! Plain text of a record as paragraphs, lists and links.
//!
//! The text comes from anybody. Nothing in it is markup: it is cut into pieces, and the template escapes each
//! piece. Only an address that begins with `https://` or `http://` and names a host becomes a link.

/// A piece of a text that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// Lines that belong together.
    Paragraph(Vec<Line>),
    /// The points of a list.
    List(Vec<Line>),
}

/// A line: text and links.
pub(super) type Line = Vec<Span>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// What is read.
    pub(super) text: String,
    /// Where it leads, if it is a link.
    pub(super) href: Option<String>,
}

/// Cuts a text: an empty line ends a paragraph, a line that starts with `• ` is a point of a list.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        let point = line.strip_prefix('•').map(str::trim_start);
        match (point, blocks.last_mut()) {
            _ if line.is_empty() => {
                open = false;
                continue;
            }
            (Some(point), Some(Block::List(points))) if open => points.push(spans(point)),
            (Some(point), _) => blocks.push(Block::List(vec![spans(point)])),
            (None, Some(Block::Paragraph(lines))) if open => lines.push(spans(line)),
            (None, _) => blocks.push(Block::Paragraph(vec![spans(line)])),
        }
        open = true;
    }
    blocks
}

/// Returns a text without marks that turn the direction of what stands behind them.
pub(super) fn unmarked(text: &str) -> String {
    let marks = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !marks(*c)).collect()
}

/// Returns the address of a page if a click on it leads where it says, and nowhere else.
///
/// Refused is everything but https and http, a host that is none, and `name@` before it: what people read
/// first must be where they go.
pub(super) fn web_address(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let label = |label: &str| !label.is_empty() && !label.starts_with('-');
    let host = host.contains('.')
        && host.split('.').all(label)
        && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.');
    let clean =
        !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\`".contains(c));
    let port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (host && port && clean).then_some(text)
}

/// Returns a mail address if it is only that: no second receiver, no prepared text.
pub(super) fn mail_address(text: &str) -> Option<&str> {
    let (name, host) = text.split_once('@')?;
    let name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte));
    let host = host.contains('.')
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    (name && host).then_some(text)
}

/// Returns the beginning of a text, at most `chars` long, cut between words.
pub(super) fn beginning(text: &str, chars: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= chars {
        return text;
    }
    let cut: String = text.chars().take(chars).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches([',', ';', ':', '.', '–', '-']))
}

/// Cuts the addresses out of a line.
pub(super) fn spans(line: &str) -> Line {
    let mut spans = Vec::new();
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("http") {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let end =
            from.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(from.len());
        let found = without_punctuation(from.get(..end).unwrap_or(from));
        match web_address(found) {
            Some(address) => {
                push(&mut spans, &mut text);
                let href = Some(address.to_owned());
                spans.push(Span { text: address.to_owned(), href });
                rest = from.get(address.len()..).unwrap_or_default();
            }
            None => {
                text.push_str("http");
                rest = from.strip_prefix("http").unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    push(&mut spans, &mut text);
    spans
}

fn push(spans: &mut Line, text: &mut String) {
    if !text.is_empty() {
        spans.push(Span { text: std::mem::take(text), href: None });
    }
}

/// Leaves out the full stop of the sentence that an address ends, and a bracket that was opened before it.
fn without_punctuation(address: &str) -> &str {
    let mut address = address;
    loop {
        let shorter = address
            .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '“', '”', '»', '«', '…', '*']);
        let shorter = match shorter.strip_suffix(')') {
            Some(open) if open.matches('(').count() <= open.matches(')').count() => open,
            _ => shorter,
        };
        if shorter == address {
            return address;
        }
        address = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Span {
        Span { text: text.to_owned(), href: None }
    }

    fn link(text: &str) -> Span {
        Span { text: text.to_owned(), href: Some(text.to_owned()) }
    }

    #[test]
    fn an_empty_line_ends_a_paragraph_and_a_point_begins_a_list() {
        let text = "Eins\nzwei\n\n• drei\n• vier\nfünf\n\n\n•sechs\n\n• sieben";
        let point = |text: &str| vec![plain(text)];
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph(vec![vec![plain("Eins")], vec![plain("zwei")]]),
                Block::List(vec![point("drei"), point("vier")]),
                Block::Paragraph(vec![point("fünf")]),
                Block::List(vec![point("sechs")]),
                Block::List(vec![point("sieben")]),
            ]
        );
        assert_eq!(blocks(" \n\n "), []);
    }

    #[test]
    fn finds_addresses_inside_sentences() {
        assert_eq!(
            spans("Mehr (https://a.example/b_(c)) auf https://d.example/?e=f&g, danke."),
            [
                plain("Mehr ("),
                link("https://a.example/b_(c)"),
                plain(") auf "),
                link("https://d.example/?e=f&g"),
                plain(", danke."),
            ]
        );
        assert_eq!(spans("https://a.example."), [link("https://a.example"), plain(".")]);
        assert_eq!(spans("das http und https:// allein"), [plain("das http und https:// allein")]);
    }

    #[test]
    fn links_only_what_leads_where_it_says() {
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.example",
            "HTTPS://a.example",
            "https://",
            "https://a",
            "https://bank.example@evil.example",
            "https://a.example:x/",
            "https://a.example\\@b.example",
            "https://a.example/\"onclick=x",
            "https://a .example",
            "https://.example",
        ] {
            assert_eq!(web_address(text), None, "{text}");
            let linked = spans(text).into_iter().filter_map(|span| span.href).collect::<Vec<_>>();
            assert!(linked.iter().all(|href| href == "https://a.example/"), "{text}: {linked:?}");
        }
        assert!(web_address("https://a.example:8443/x").is_some());
        assert!(web_address("https://müller.example/").is_some());
    }

    #[test]
    fn a_mail_address_has_one_receiver_and_no_text() {
        assert!(mail_address("ehrenamt@stadt.example").is_some());
        for text in
            ["a@b.example?body=x", "a@b.example,c@d.example", "a b@c.example", "@b.example", "a@b"]
        {
            assert_eq!(mail_address(text), None, "{text}");
        }
    }

    #[test]
    fn cuts_between_words() {
        assert_eq!(beginning("Einmal in\n\nder Woche", 90), "Einmal in der Woche");
        assert_eq!(beginning("Einmal, in der Woche", 9), "Einmal …");
        assert_eq!(beginning("Donaudampfschifffahrt", 5), "Donau …");
    }
}
