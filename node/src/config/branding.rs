//! How a town looks and what the law wants it to say: colour, logo, links, texts.
//!
//! All of it is read and checked when the node starts: a colour that people cannot read, or a text that is
//! not there, is refused with a sentence that says what would do. While the node runs nothing is read again.

use std::path::Path;

use serde::Deserialize;

use super::colour::Colour;
use super::{ConfigError, check_url, value};

/// Largest file of a town, in bytes: a logo is on every page, a text is read by people.
const FILE_BYTES: u64 = 64 * 1024;
/// Most links in the foot of a page.
const LINKS: usize = 8;

/// How a town looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Branding {
    /// The town's colour, `#rrggbb`.
    pub colour: Option<String>,
    /// The file of the logo beside `node.toml`: SVG, PNG or WebP.
    pub logo: Option<String>,
    /// Links to the town's other pages.
    pub links: Vec<Link>,
    /// The logo, once it is read.
    #[serde(skip)]
    pub logo_bytes: Vec<u8>,
}

/// A link to another page of the town.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// What the law wants a page to say: names of Markdown files beside `node.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Legal {
    /// Who answers for the pages.
    pub imprint: Option<String>,
    /// What the operator does with data beyond what the software does.
    pub privacy: Option<String>,
    /// What was tested and what is not accessible yet.
    pub accessibility: Option<String>,
    /// The texts, once they are read.
    #[serde(skip)]
    pub texts: Texts,
}

/// The texts of [`Legal`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the files of Legal")]
pub struct Texts {
    pub imprint: Option<String>,
    pub privacy: Option<String>,
    pub accessibility: Option<String>,
}

impl Branding {
    /// Checks what needs no file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Value`].
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.colour()?;
        if self.links.len() > LINKS {
            return Err(value("branding.links", format!("höchstens {LINKS} sind möglich")));
        }
        for link in &self.links {
            let line = engagement_protocol::text::check_line(&link.label, 60);
            line.map_err(|error| value("branding.links.label", error.to_string()))?;
            let base = link.url.split(['?', '#']).next().unwrap_or_default();
            check_url("branding.links.url", base, false)?;
        }
        let Some(logo) = &self.logo else { return Ok(()) };
        match logo_type(logo) {
            Some(_) => Ok(()),
            None => Err(value("branding.logo", "eine Datei .svg, .png oder .webp".to_owned())),
        }
    }

    /// Returns the colour.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Value`] if it is none, or if text in it could not be read.
    pub fn colour(&self) -> Result<Option<Colour>, ConfigError> {
        let Some(text) = &self.colour else { return Ok(None) };
        let colour: Colour = text.parse().map_err(|()| {
            let rule = format!("eine Farbe wie #0b4a8f wird erwartet (angegeben ist {text:?})");
            value("branding.colour", rule)
        })?;
        match colour.readable() {
            Ok(()) => Ok(Some(colour)),
            Err(contrast) => {
                let rule = format!(
                    "{colour} hebt sich nur mit {} : 1 vom hellen Grund der Seiten ab, nötig sind 4,5 : 1. Mit {} ginge es",
                    format!("{contrast:.1}").replace('.', ","),
                    colour.readable_shade()
                );
                Err(value("branding.colour", rule))
            }
        }
    }

    /// Returns the media type of the logo.
    #[must_use]
    pub fn logo_type(&self) -> Option<&'static str> {
        self.logo.as_deref().and_then(logo_type)
    }

    /// Reads the logo.
    pub(super) fn read(&mut self, folder: &Path) -> Result<(), ConfigError> {
        if let Some(name) = &self.logo {
            self.logo_bytes = read("branding.logo", folder, name)?;
        }
        Ok(())
    }
}

impl Legal {
    /// Reads the texts.
    pub(super) fn read(&mut self, folder: &Path) -> Result<(), ConfigError> {
        let text = |option: &str, name: &Option<String>| {
            let Some(name) = name else { return Ok(None) };
            let bytes = read(option, folder, name)?;
            let text = String::from_utf8(bytes);
            text.map(Some).map_err(|_| value(option, format!("{name} ist kein Text in UTF-8")))
        };
        self.texts = Texts {
            imprint: text("legal.imprint", &self.imprint)?,
            privacy: text("legal.privacy", &self.privacy)?,
            accessibility: text("legal.accessibility", &self.accessibility)?,
        };
        Ok(())
    }
}

fn logo_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}

fn read(option: &str, folder: &Path, name: &str) -> Result<Vec<u8>, ConfigError> {
    // A name and no path: what is shown to everybody lies where the operator put it for that.
    let plain = !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if !plain || name.ends_with(".key") || name.ends_with(".db") {
        let rule =
            "der Name einer Datei neben node.toml, ohne Verzeichnis, zum Beispiel impressum.md";
        return Err(value(option, rule.to_owned()));
    }
    let path = folder.join(name);
    let said = |error: std::io::Error| {
        value(option, format!("{} lässt sich nicht lesen ({error})", path.display()))
    };
    let size = std::fs::metadata(&path).map_err(said)?.len();
    if size > FILE_BYTES {
        let rule = format!("{name} hat {size} Byte, höchstens {FILE_BYTES} sind möglich");
        return Err(value(option, rule));
    }
    std::fs::read(&path).map_err(said)
}

#[cfg(test)]
mod tests {
    use super::super::Config;

    const MINIMAL: &str =
        "id = \"05558012\"\nname = \"Stadt Coesfeld\"\nlisten = \"127.0.0.1:8001\"\n";

    fn refused(more: &str) -> String {
        Config::parse(&format!("{MINIMAL}{more}"), "node.toml").unwrap_err().to_string()
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_one_that_can() {
        let said = refused("[branding]\ncolour = \"#ffcc00\"\n");
        assert!(said.contains("branding.colour") && said.contains("4,5 : 1"), "{said}");
        let shade = said.split("Mit ").nth(1).unwrap().split(' ').next().unwrap();
        let text = format!("{MINIMAL}[branding]\ncolour = \"{shade}\"\n");
        assert!(Config::parse(&text, "node.toml").is_ok(), "what is proposed is accepted: {shade}");
        assert!(refused("[branding]\ncolour = \"rot\"\n").contains("#0b4a8f"));
    }

    #[test]
    fn a_link_leads_to_another_page_and_nowhere_else() {
        for url in ["javascript:alert(1)", "http://stadt.example", "//stadt.example"] {
            let link = format!("[[branding.links]]\nlabel = \"Rathaus\"\nurl = \"{url}\"\n");
            assert!(refused(&link).contains("branding.links.url"), "{url}");
        }
        let good =
            "[[branding.links]]\nlabel = \"Rathaus\"\nurl = \"https://stadt.example/a?b=c#d\"\n";
        assert!(Config::parse(&format!("{MINIMAL}{good}"), "").is_ok());
    }

    #[test]
    fn files_lie_beside_the_configuration_and_are_no_secrets() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
        let read = |legal: &str| {
            write("node.toml", &format!("{MINIMAL}[legal]\nimprint = \"{legal}\"\n"));
            Config::read(&dir.path().join("node.toml"))
        };
        write("impressum.md", "# Impressum\n");
        write("node.key", "geheim");
        write("gross.md", &"x".repeat(70_000));
        let config = read("impressum.md").unwrap();
        assert_eq!(config.legal.texts.imprint.as_deref(), Some("# Impressum\n"));
        for name in
            ["fehlt.md", "node.key", "../impressum.md", "/etc/passwd", ".verborgen", "gross.md"]
        {
            assert!(read(name).is_err(), "{name}");
        }
    }
}
