//! Plain text out of whatever another system stores: HTML, doubled entities, invisible characters.
//!
//! What comes out has paragraphs, lists and line breaks and nothing that a page could run. A text that
//! holds no tags stays as its author wrote it, apart from characters that nobody can see.

use engagement_protocol::text;

/// Tags by which a text is recognised as HTML; "a < b" and "<3" are none.
const TAGS: &str = "a abbr address article b big blockquote body br center code dd div dl dt em figure \
    font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img label li link main \
    mark meta nav o:p ol p pre s script section small span strike strong style sub sup svg \
    table tbody td th thead title tr u ul";

/// Tags that stand apart from what is around them by a blank line.
const BLOCKS: &str = "address article blockquote div dl figure footer form h1 h2 h3 h4 h5 h6 header hr main \
    nav ol p pre section table ul";

/// Tags whose content is not for people.
const HIDDEN: &str = "head iframe script style svg title";

/// Entities by name, each followed by its value; what is not here stays as it is written.
const ENTITIES: &str = "amp & lt < gt > quot \" apos ' auml ä ouml ö uuml ü Auml Ä Ouml Ö Uuml Ü szlig ß \
    euro € ndash – mdash — hellip … bdquo „ ldquo “ rdquo ” lsquo ‘ rsquo ’ sbquo ‚ \
    laquo « raquo » lsaquo ‹ rsaquo › bull • middot · copy © reg ® trade ™ deg ° sect § \
    times × frac12 ½ frac14 ¼ frac34 ¾ sup2 ² sup3 ³ acute ´ rarr → larr ← minus − \
    plusmn ± hearts ♥ eacute é egrave è ecirc ê euml ë agrave à aacute á acirc â aring å \
    atilde ã aelig æ ccedil ç iacute í igrave ì icirc î iuml ï ntilde ñ oacute ó ograve ò \
    ocirc ô oslash ø uacute ú ugrave ù ucirc û scaron š Eacute É";

/// Returns a text of one or more lines: HTML is recognised by its tags, also by encoded ones.
#[must_use]
pub fn text(raw: &str) -> String {
    if has_tags(raw) {
        return html(raw);
    }
    let decoded = decode(raw);
    if has_tags(&decoded) { html(&decoded) } else { visible(raw) }
}

/// Returns a text of one line.
#[must_use]
pub fn line(raw: &str) -> String {
    fold(&text(raw))
}

/// Returns the text of HTML, whether or not it holds tags.
#[must_use]
pub fn html(raw: &str) -> String {
    let mut page = Page::default();
    let mut rest = raw;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        page.words(before);
        if let Some(comment) = tail.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let begins = tail.chars().nth(1).is_some_and(|c| c.is_alphabetic() || "/!?".contains(c));
        let Some((tag, after)) = tail.split_once('>') else {
            // No tag ends any more: what is left is words, found in one step however many "<" it has.
            rest = tail;
            break;
        };
        if !begins {
            page.words("<");
            rest = tail.strip_prefix('<').unwrap_or("");
            continue;
        }
        let tag = tag.trim_start_matches('<');
        let name = name(tag);
        rest = if is_in(HIDDEN, &name) && !tag.starts_with('/') {
            after_end(after, &name)
        } else {
            page.tag(&name, tag);
            after
        };
    }
    page.words(rest);
    visible(&page.out)
}

/// Returns the text with entities decoded, also those that were encoded twice.
#[must_use]
pub fn decode(raw: &str) -> String {
    let mut text = decode_once(raw);
    for _ in 0..2 {
        let again = decode_once(&text);
        if again == text {
            break;
        }
        text = again;
    }
    text
}

/// Returns the text on one line, white space folded.
#[must_use]
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns `text` with at most `limit` characters, ended at a word by "…"; `None` if it is short enough.
#[must_use]
pub fn cut(text: &str, limit: usize) -> Option<String> {
    if text.chars().count() <= limit {
        return None;
    }
    let head: String = text.chars().take(limit.saturating_sub(1)).collect();
    // A word that fills more than half of the room is cut inside: better than nearly nothing.
    let at = head.rfind(char::is_whitespace).filter(|at| at * 2 > head.len());
    let kept = at.and_then(|at| head.get(..at)).unwrap_or(&head);
    Some(format!("{}…", kept.trim_end_matches([' ', '\n', ',', ';', ':', '-', '–', '('])))
}

/// Text that grows from tags and words; breaks are written when the next word comes.
#[derive(Default)]
struct Page {
    out: String,
    breaks: usize,
    space: bool,
    link: Option<(String, usize)>,
}

impl Page {
    fn words(&mut self, raw: &str) {
        let decoded = decode(raw);
        for (at, word) in decoded.split(char::is_whitespace).enumerate() {
            self.space |= at > 0;
            if !word.is_empty() {
                self.write(word);
            }
        }
    }

    fn write(&mut self, word: &str) {
        if self.breaks > 0 && !self.out.is_empty() && !self.out.ends_with("• ") {
            self.out.truncate(self.out.trim_end().len());
            self.out.extend(std::iter::repeat_n('\n', self.breaks));
        } else if self.space && !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
            self.out.push(' ');
        }
        (self.breaks, self.space) = (0, false);
        self.out.push_str(word);
    }

    fn tag(&mut self, name: &str, tag: &str) {
        let ends = tag.starts_with('/');
        match name {
            "br" => self.breaks = (self.breaks + 1).min(2),
            // After an item the next one follows directly, even if the item held paragraphs.
            "li" if ends => self.breaks = 1,
            "li" => {
                self.breaks = self.breaks.max(1);
                self.write("• ");
            }
            "tr" | "dt" | "dd" => self.breaks = self.breaks.max(1),
            "td" | "th" => self.space = true,
            "a" if ends => self.end_link(),
            "a" => self.link = address(tag).map(|address| (address, self.out.len())),
            _ if is_in(BLOCKS, name) => self.breaks = 2,
            _ => {}
        }
    }

    /// Writes the address of a link behind its words, unless the words are the address.
    fn end_link(&mut self) {
        let Some((address, from)) = self.link.take() else { return };
        let words = self.out.get(from..).unwrap_or("").trim();
        if !words.is_empty() && !words.starts_with("http") && !words.starts_with("www.") {
            self.space = true;
            self.write(&format!("({address})"));
        }
    }
}

fn address(tag: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find("href=")?;
    let value = tag.get(at + 5..)?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => value.get(1..)?.split(quote).next()?,
        None => value.split_whitespace().next()?,
    };
    let value = decode(value.trim());
    let web = value.starts_with("https://") || value.starts_with("http://");
    (web && !value.contains(char::is_whitespace)).then_some(value)
}

fn name(tag: &str) -> String {
    let name = tag.trim_start_matches('/');
    let end = name.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(name.len());
    name.get(..end).unwrap_or("").to_ascii_lowercase()
}

/// Returns what follows the end tag of `name`; an element that never ends takes the rest with it.
fn after_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, tail)) = rest.split_once("</") {
        let found = tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        if found {
            return tail.split_once('>').map_or("", |(_, after)| after);
        }
        rest = tail;
    }
    ""
}

fn has_tags(text: &str) -> bool {
    text.split('<').skip(1).any(|tail| {
        tail.starts_with("!--")
            || tail.split_once('>').is_some_and(|(tag, _)| is_in(TAGS, &name(tag)))
    })
}

fn decode_once(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, tail)) = rest.split_once('&') {
        out.push_str(before);
        // No name is longer than this: the search ends early on a text of ampersands.
        let near = tail.char_indices().nth(10).map_or(tail.len(), |(at, _)| at);
        let end = tail.get(..near).and_then(|near| near.find(';'));
        let name = end.and_then(|end| tail.get(..end));
        if let (Some(end), Some(value)) = (end, name.and_then(entity)) {
            out.push_str(&value);
            rest = tail.get(end + 1..).unwrap_or("");
        } else {
            out.push('&');
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

fn named(name: &str) -> Option<&'static str> {
    match name {
        "nbsp" | "thinsp" | "ensp" | "emsp" => Some(" "),
        "shy" | "zwnj" | "zwj" => Some(""),
        _ => {
            let mut words = ENTITIES.split(' ');
            while let (Some(known), Some(value)) = (words.next(), words.next()) {
                if known == name {
                    return Some(value);
                }
            }
            None
        }
    }
}

fn is_in(list: &str, name: &str) -> bool {
    list.split(' ').any(|known| known == name)
}

fn entity(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else {
        return named(name).map(str::to_owned);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // Browsers read 128 to 159 as Windows-1252, and so did whoever wrote them.
    if let Ok(byte @ 128..160) = u8::try_from(code) {
        let bytes = [byte];
        return Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned());
    }
    char::from_u32(code).map(String::from)
}

/// Returns the text without what nobody sees, at most one blank line in a row, no space at line ends.
fn visible(raw: &str) -> String {
    let text = raw.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let text: String = text
        .chars()
        .map(|c| if c != '\n' && c.is_whitespace() { ' ' } else { c })
        // A soft hyphen shows only where a line breaks, and would hide an address from who looks for one.
        .filter(|c| *c == '\n' || (!text::is_forbidden(*c) && *c != '\u{ad}'))
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.trim().lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_blocks_lists_and_breaks_into_lines() {
        let html = "<p>Einmal pro  Woche<br>lesen Sie.</p>\n\n<ul>\n\t<li>Zeit: 9&#8211;10&nbsp;Uhr</li>\n\
            <li><p>Mit <b>zwei</b> Kindern</p></li>\n</ul><div>Danke</div>";
        let plain = "Einmal pro Woche\nlesen Sie.\n\n• Zeit: 9–10 Uhr\n• Mit zwei Kindern\n\nDanke";
        assert_eq!(text(html), plain);
        assert_eq!(text(plain), plain);
    }

    #[test]
    fn nothing_that_could_run_is_left() {
        let html = "a<script>alert(1)</script><STYLE>p{}</STYLE><!-- x --><img src=x onerror=y> b";
        assert_eq!(text(html), "a b");
        assert_eq!(text("<p>a<script>never ends"), "a");
    }

    #[test]
    fn a_hostile_text_takes_no_longer_than_its_length() {
        for part in ["<a", "<script></script>", "<!-- -->", "&amp;", "</", "<style></STYLE>x"] {
            let html = format!("<p>{}", part.repeat(200_000));
            assert!(text(&html).len() <= html.len());
        }
    }

    #[test]
    fn decodes_entities_also_when_they_were_encoded_twice() {
        assert_eq!(
            text("<p>M&amp;uuml;ll &amp;amp; mehr &#x1F600; &#150; &kein;</p>"),
            "Müll & mehr 😀 – &kein;"
        );
        assert_eq!(text("&lt;p&gt;Hallo&lt;/p&gt;&lt;p&gt;Welt&lt;/p&gt;"), "Hallo\n\nWelt");
    }

    #[test]
    fn leaves_a_text_without_tags_as_it_is() {
        let plain = "Wir <3 Sie: a < b && c > d\n  eingerückt &amp; so";
        assert_eq!(text(plain), plain);
        assert_eq!(text("a\u{202e}b\u{200b}\tc\r\nd\re"), "ab c\nd\ne");
        assert_eq!(line(" a\n b\t c "), "a b c");
        assert_eq!(text("vere\u{ad}in\u{202f}e.\u{a0}V."), "verein e. V.");
    }

    #[test]
    fn keeps_where_a_link_leads() {
        assert_eq!(
            text("<a href=\"https://v.example/a?x=1&amp;y\">mehr</a>!"),
            "mehr (https://v.example/a?x=1&y)!"
        );
        assert_eq!(text("<a href='https://v.example'>www.v.example</a>"), "www.v.example");
        assert_eq!(text("<a href=\"javascript:x()\">mehr</a>"), "mehr");
    }

    #[test]
    fn cuts_at_a_word() {
        assert_eq!(cut("eins zwei drei", 14), None);
        assert_eq!(cut("eins zwei, drei", 12).unwrap(), "eins zwei…");
        assert_eq!(cut(&"x".repeat(20), 10).unwrap(), format!("{}…", "x".repeat(9)));
    }

    proptest::proptest! {
        #[test]
        fn every_result_may_be_published(raw in "[<>/&;#a-z\\t\\n\\r \u{202e}\u{200b}äÖ]{0,80}") {
            let plain = text(&raw);
            proptest::prop_assert!(plain.chars().all(|c| c == '\n' || !text::is_forbidden(c)));
            proptest::prop_assert!(html(&raw).chars().all(|c| c == '\n' || !text::is_forbidden(c)));
        }
    }
}
