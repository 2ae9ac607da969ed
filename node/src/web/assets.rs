//! Style sheet, script and pictures: part of the program, named by their content.
//!
//! A name that changes with the content may be kept for ever. Nothing is read from disk while the node runs.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use engagement_protocol::hash::Hash;

use super::error::Error;
use crate::app::App;
use crate::config::Config;
use crate::config::colour::Colour;

#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
struct Files;

const STYLE: &str = "engagementnetz.css";
const SCRIPT: &str = "engagementnetz.js";
const ICON: &str = "favicon.svg";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const A_DAY: &str = "public, max-age=86400";

type File = ([(HeaderName, &'static str); 2], Cow<'static, [u8]>);

/// Returns the address of the style sheet.
pub(super) fn style(config: &Config) -> String {
    format!("/assets/{}", style_name(config))
}

/// Returns the address of the script.
pub(super) fn script() -> String {
    format!("/assets/{}", script_name())
}

/// Returns the address of the town's logo, or of ours.
pub(super) fn logo_url(config: &Config) -> String {
    logo_name(config).map_or_else(|| format!("/{ICON}"), |name| format!("/assets/{name}"))
}

/// `GET /assets/{name}`
pub(super) async fn hashed(
    State(app): State<App>,
    Path(asked): Path<String>,
) -> Result<File, Error> {
    // The name of an older content must not answer with the newer one, which would be kept for ever.
    let config = app.config();
    if asked == style_name(&config) {
        let (headers, sheet) = file(STYLE, "text/css; charset=utf-8", FOR_EVER)?;
        let mut sheet = sheet.into_owned();
        sheet.extend_from_slice(colours(&config).as_bytes());
        return Ok((headers, Cow::Owned(sheet)));
    }
    if asked == script_name() {
        return file(SCRIPT, "text/javascript; charset=utf-8", FOR_EVER);
    }
    match config.branding.logo_type() {
        Some(kind) if Some(&asked) == logo_name(&config).as_ref() => {
            let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)];
            Ok((headers, Cow::Owned(config.branding.logo_bytes.clone())))
        }
        _ => Err(Error::NoSuchPage),
    }
}

/// `GET /favicon.svg`
pub(super) async fn favicon() -> Result<impl IntoResponse, Error> {
    file(ICON, "image/svg+xml", A_DAY)
}

/// The colours of the town, by day and by night; on paper everything is black.
fn colours(config: &Config) -> String {
    let Ok(Some(colour)) = config.branding.colour() else { return String::new() };
    let tokens = |brand: Colour, deep: Colour| {
        format!(":root{{--brand:{brand};--brand-deep:{deep};--link:{brand}}}")
    };
    let (day, night) = (tokens(colour, colour.deeper()), colour.by_night());
    let night = tokens(night, night.by_night());
    format!(
        "\n@media not print{{{day}}}\n@media not print and (prefers-color-scheme: dark){{{night}}}\n"
    )
}

fn style_name(config: &Config) -> String {
    static BASE: LazyLock<String> = LazyLock::new(|| hash(STYLE));
    let colours = colours(config);
    let own = if colours.is_empty() { String::new() } else { beginning(colours.as_bytes()) };
    format!("engagementnetz-{}{own}.css", *BASE)
}

fn script_name() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| format!("engagementnetz-{}.js", hash(SCRIPT)));
    &NAME
}

/// Returns the beginning of the hash of a file of ours, as it was when the program was built.
fn hash(name: &str) -> String {
    let hash = Files::get(name).map(|file| file.metadata.sha256_hash()).unwrap_or_default();
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn logo_name(config: &Config) -> Option<String> {
    let bytes = config.branding.logo_bytes.as_slice();
    let (_, kind) = config.branding.logo_type()?.split_once('/')?;
    let kind = kind.split('+').next().unwrap_or(kind);
    (!bytes.is_empty()).then(|| format!("logo-{}.{kind}", beginning(bytes)))
}

/// Returns the beginning of the hash that names a content.
fn beginning(bytes: &[u8]) -> String {
    Hash::of(bytes).to_string().chars().take(12).collect()
}

fn file(name: &str, kind: &'static str, kept: &'static str) -> Result<File, Error> {
    let file = Files::get(name).ok_or(Error::NoSuchPage)?;
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], file.data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::colour;
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
        let config = |more: &str| {
            let minimal = "id = \"05558012\"\nname = \"Coesfeld\"\nlisten = \"127.0.0.1:0\"\n";
            Config::parse(&format!("{minimal}{more}"), "").unwrap()
        };
        let (plain, green) = (config(""), config("[branding]\ncolour = \"#14532d\"\n"));
        assert_eq!(style_name(&plain).len(), "engagementnetz-000000000000.css".len());
        assert_ne!(style_name(&plain), style_name(&green), "another colour is another content");
        assert_eq!(logo_url(&plain), "/favicon.svg");
        let mut logo = config("[branding]\nlogo = \"wappen.svg\"\n");
        logo.branding.logo_bytes = b"<svg/>".to_vec();
        let name = logo_url(&logo);
        assert!(name.starts_with("/assets/logo-") && name.ends_with(".svg"), "{name}");
    }

    #[test]
    fn the_colour_of_a_town_can_be_read_wherever_it_stands() {
        let css = style();
        let (day, rest) = css.split_once("prefers-color-scheme: dark").unwrap();
        let (day, night) = (tokens(day), tokens(rest.split_once("box-sizing").unwrap().0));
        assert_eq!(format!("#{}", day["tint"]), colour::TINT.to_string());
        assert_eq!(format!("#{}", night["panel"]), colour::NIGHT.to_string());
        let minimal = "id = \"05558012\"\nname = \"C\"\nlisten = \"127.0.0.1:0\"\n[branding]\ncolour = \"#14532d\"\n";
        let colours = colours(&Config::parse(minimal, "").unwrap());
        let (by_day, by_night) = colours.split_once("dark").unwrap();
        let token = |css: &str, name: &str| {
            let value = css.split(&format!("--{name}:#")).nth(1).unwrap();
            value[..6].to_owned()
        };
        for (css, grounds, on) in
            [(by_day, &day, &day["on-brand"]), (by_night, &night, &night["on-brand"])]
        {
            for name in ["brand", "brand-deep", "link"] {
                let own = luminance(&token(css, name));
                for ground in [&grounds["ground"], &grounds["panel"], &grounds["tint"], on] {
                    let other = luminance(ground);
                    let contrast = (own.max(other) + 0.05) / (own.min(other) + 0.05);
                    assert!(contrast >= 4.5, "{name} on {ground} is {contrast:.2}");
                }
            }
        }
    }
}
