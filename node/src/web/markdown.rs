//! The little Markdown of a town's own texts: headings, paragraphs, lists, links.
//!
//! The result is text in pieces and never markup; the template escapes it. What is not known stays text.

use super::prose::{self, Block, Line, Span};

/// A heading and what stands under it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) heading: Option<String>,
    pub(super) blocks: Vec<Block>,
    /// Whether the operator wrote it, in German; else it is ours, in the language of the page.
    pub(super) is_german: bool,
}

/// Cuts a text into sections; a heading of any level begins one.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            open = false;
            continue;
        }
        if let Some(heading) = heading(line) {
            sections.push(Section { heading: Some(heading), blocks: Vec::new(), is_german: true });
            open = false;
            continue;
        }
        if sections.is_empty() {
            sections.push(Section { heading: None, blocks: Vec::new(), is_german: true });
        }
        let Some(section) = sections.last_mut() else { continue };
        match (point(line), section.blocks.last_mut()) {
            (Some(point), Some(Block::List(points))) => points.push(spans(point)),
            (Some(point), _) => section.blocks.push(Block::List(vec![spans(point)])),
            (None, Some(Block::Paragraph(lines))) if open => lines.push(spans(line)),
            // A line under a point goes on with it.
            (None, Some(Block::List(points))) if open => {
                if let Some(last) = points.last_mut() {
                    last.push(Span { text: " ".to_owned(), href: None });
                    last.extend(spans(line));
                }
            }
            (None, _) => section.blocks.push(Block::Paragraph(vec![spans(line)])),
        }
        open = true;
    }
    sections
}

fn heading(line: &str) -> Option<String> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let text = rest.strip_prefix(' ')?.trim();
    ((1..=6).contains(&level) && !text.is_empty()).then(|| text.replace("**", ""))
}

fn point(line: &str) -> Option<&str> {
    let bullet = ["- ", "* ", "• "].into_iter().find_map(|mark| line.strip_prefix(mark));
    let number = || {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.strip_prefix(". ").filter(|_| rest.len() < line.len())
    };
    bullet.or_else(number).map(str::trim_start)
}

/// Cuts `[text](address)` out of a line; other addresses become links by themselves.
fn spans(line: &str) -> Line {
    let line = line.replace("**", "");
    let mut spans = Vec::new();
    let mut rest = line.as_str();
    while let Some((before, text, address, after)) = link(rest) {
        spans.extend(prose::spans(before));
        match target(address) {
            Some(href) => spans.push(Span { text: text.to_owned(), href: Some(href) }),
            None => spans.extend(prose::spans(&format!("{text} ({address})"))),
        }
        rest = after;
    }
    spans.extend(prose::spans(rest));
    spans
}

fn link(line: &str) -> Option<(&str, &str, &str, &str)> {
    let (head, rest) = line.split_once("](")?;
    let (before, text) = head.rsplit_once('[')?;
    let (address, after) = rest.split_once(')')?;
    Some((before, text, address, after))
}

/// Returns where a link may lead: a web page, a mail address, or another page of this node.
fn target(address: &str) -> Option<String> {
    if let Some(mail) = address.strip_prefix("mailto:").and_then(prose::mail_address) {
        return Some(format!("mailto:{mail}"));
    }
    let own = address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_#".contains(&byte));
    let web = || prose::web_address(address).map(str::to_owned);
    if own { Some(address.to_owned()) } else { web() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &Line) -> String {
        let show = |span: &Span| match &span.href {
            Some(href) => format!("<{}|{href}>", span.text),
            None => span.text.clone(),
        };
        line.iter().map(show).collect()
    }

    fn shown(markdown: &str) -> Vec<String> {
        let mut shown = Vec::new();
        for section in sections(markdown) {
            shown.extend(section.heading.map(|heading| format!("# {heading}")));
            for block in section.blocks {
                match block {
                    Block::Paragraph(lines) => {
                        shown.push(lines.iter().map(text).collect::<Vec<_>>().join("|"))
                    }
                    Block::List(points) => {
                        shown.extend(points.iter().map(|point| format!("- {}", text(point))))
                    }
                }
            }
        }
        shown
    }

    #[test]
    fn headings_paragraphs_and_lists() {
        let markdown = "Vorweg\n\n# Impressum\nStadt **Coesfeld**\nMarkt 8\n\n## Vertreten durch\n- eins\n- zwei\n  und mehr\n1. drei\n\nEnde\n#kein Titel";
        let expected = [
            "Vorweg",
            "# Impressum",
            "Stadt Coesfeld|Markt 8",
            "# Vertreten durch",
            "- eins",
            "- zwei und mehr",
            "- drei",
            "Ende|#kein Titel",
        ];
        assert_eq!(shown(markdown), expected);
        assert!(shown(" \n \n").is_empty());
    }

    #[test]
    fn links_lead_to_pages_and_mail_and_nowhere_else() {
        assert_eq!(
            shown(
                "Siehe [Rathaus](https://a.example/b) und [Mail](mailto:x@a.example) und [hier](/datenschutz)."
            ),
            [
                "Siehe <Rathaus|https://a.example/b> und <Mail|mailto:x@a.example> und <hier|/datenschutz>."
            ]
        );
        for bad in ["javascript:alert`1`", "//evil.example", "mailto:a@b.example?bcc=c", "data:x"] {
            let shown = shown(&format!("[Klick]({bad})")).join("");
            assert!(!shown.contains('|'), "{shown}");
        }
    }
}
