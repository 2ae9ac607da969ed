//! Style sheet and pictures: part of the program, named by their content.
//!
//! A name that changes with the content may be kept for ever. Nothing is read from disk while the node runs.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;

use super::error::Error;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
struct Files;

const STYLE: &str = "engagementnetz.css";
const ICON: &str = "favicon.svg";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

/// What crawlers leave out: every combination of filters is the same offers again.
const ROBOTS: &str = "User-agent: *\nDisallow: /suche?\nDisallow: /api/\n";

type File = ([(HeaderName, &'static str); 2], Cow<'static, [u8]>);

/// Returns the address of the style sheet.
pub(super) fn style() -> &'static str {
    static STYLE_URL: LazyLock<String> = LazyLock::new(|| format!("/assets/{}", name()));
    &STYLE_URL
}

/// `GET /assets/{name}`
pub(super) async fn hashed(Path(asked): Path<String>) -> Result<impl IntoResponse, Error> {
    // The name of an older content must not answer with the newer one, which would be kept for ever.
    if asked == name() {
        file(STYLE, "text/css; charset=utf-8", FOR_EVER)
    } else {
        Err(Error::NoSuchPage)
    }
}

/// `GET /favicon.svg`
pub(super) async fn favicon() -> Result<impl IntoResponse, Error> {
    file(ICON, "image/svg+xml", A_DAY)
}

/// `GET /robots.txt`
pub(super) async fn robots() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, A_DAY)];
    (headers, ROBOTS)
}

fn name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let hash = Files::get(STYLE).map(|file| file.metadata.sha256_hash()).unwrap_or_default();
        let hex: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("engagementnetz-{hex}.css")
    });
    &NAME
}

fn file(name: &str, kind: &'static str, kept: &'static str) -> Result<File, Error> {
    let file = Files::get(name).ok_or(Error::NoSuchPage)?;
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], file.data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Ink and ground as they meet on the pages.
    const PAIRS: &[(&str, &str)] = &[
        ("ink", "ground"),
        ("ink", "panel"),
        ("ink", "tint"),
        ("soft", "panel"),
        ("soft", "tint"),
        ("soft", "ground"),
        ("link", "ground"),
        ("link", "panel"),
        ("link", "tint"),
        ("brand-deep", "panel"),
        ("on-brand", "brand"),
        ("on-brand", "brand-deep"),
        ("on-offer", "offer"),
        ("on-urgent", "urgent"),
        ("on-good", "good"),
        ("on-wrong", "wrong"),
        ("on-wrong", "panel"),
    ];

    fn style() -> String {
        String::from_utf8(Files::get(STYLE).unwrap().data.into_owned()).unwrap()
    }

    fn tokens(css: &str) -> BTreeMap<String, String> {
        let declared =
            css.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
        declared
            .map(|(name, hex)| (name.to_owned(), hex.trim_end_matches(';').to_owned()))
            .collect()
    }

    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    #[test]
    fn ink_stands_out_from_its_ground_by_day_and_by_night() {
        let css = style();
        let (day, rest) = css.split_once("prefers-color-scheme: dark").unwrap();
        let (night, _) = rest.split_once("box-sizing").unwrap();
        let day = tokens(day);
        let night: BTreeMap<_, _> = day.clone().into_iter().chain(tokens(night)).collect();
        for (scheme, tokens) in [("day", day), ("night", night)] {
            for (ink, ground) in PAIRS {
                let (a, b) = (luminance(&tokens[*ink]), luminance(&tokens[*ground]));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{scheme}: {ink} on {ground} is {contrast:.2}");
            }
            let (edge, panel) = (luminance(&tokens["edge"]), luminance(&tokens["panel"]));
            assert!((edge.max(panel) + 0.05) / (edge.min(panel) + 0.05) >= 3.0, "{scheme}: edge");
        }
    }

    #[test]
    fn the_style_sheet_asks_nobody_else() {
        let css = style();
        assert!(!css.contains("url(") && !css.contains("@import"));
    }

    #[test]
    fn a_name_says_its_content() {
        assert_eq!(super::style(), format!("/assets/{}", name()));
        assert_eq!(name().len(), "engagementnetz-000000000000.css".len());
    }
}
