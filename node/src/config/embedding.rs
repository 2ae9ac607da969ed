//! Which other websites may show our results inside of their pages.
//!
//! What is embedded is public, knows nobody and has nothing to press but links, so everybody may show it
//! unless the operator says otherwise. No other page of ours can be put into a frame.

use serde::Deserialize;

use super::{ConfigError, check_url, value};

/// Most websites that can be named: all of them go along with every embedded page.
const SITES: usize = 50;

/// Who may embed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Embedding {
    /// Addresses of websites; nobody if the list is empty, everybody if there is none.
    pub sites: Option<Vec<String>>,
}

impl Embedding {
    /// Checks the addresses.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Value`].
    pub(super) fn check(&self, allow_loopback: bool) -> Result<(), ConfigError> {
        let sites = self.sites.as_deref().unwrap_or_default();
        if sites.len() > SITES {
            return Err(value("embedding.sites", format!("höchstens {SITES} sind möglich")));
        }
        for site in sites {
            // A star for all names below one is the only thing that a base address cannot say.
            let plain = site.replacen("://*.", "://", 1);
            check_url("embedding.sites", &plain, allow_loopback)?;
            let (_, host) = plain.split_once("://").unwrap_or_default();
            if host.contains(['/', '*']) {
                let rule = format!(
                    "nur Rechnername ohne Pfad, zum Beispiel https://www.verein.example oder https://*.stadt.example (angegeben ist {site:?})"
                );
                return Err(value("embedding.sites", rule));
            }
        }
        Ok(())
    }

    /// Returns who may embed in the words of `frame-ancestors`.
    #[must_use]
    pub fn ancestors(&self) -> String {
        match self.sites.as_deref() {
            None => "*".to_owned(),
            Some([]) => "'none'".to_owned(),
            Some(sites) => sites.join(" "),
        }
    }

    /// Returns whether anybody may embed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.sites.as_ref().is_none_or(|sites| !sites.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sites: &[&str]) -> Embedding {
        Embedding { sites: Some(sites.iter().map(|site| (*site).to_owned()).collect()) }
    }

    #[test]
    fn everybody_the_named_or_nobody() {
        assert_eq!(Embedding::default().ancestors(), "*");
        assert_eq!(of(&[]).ancestors(), "'none'");
        assert!(!of(&[]).is_allowed() && Embedding::default().is_allowed());
        let two = of(&["https://www.verein.example", "https://*.stadt.example"]);
        assert!(two.check(false).is_ok());
        assert_eq!(two.ancestors(), "https://www.verein.example https://*.stadt.example");
    }

    #[test]
    fn refuses_what_would_say_something_else_in_a_policy() {
        for bad in [
            "*",
            "https://*",
            "https://a.example/seite",
            "https://a.example; script-src *",
            "https://a.example https://b.example",
            "http://a.example",
            "'self'",
            "https://a.*.example",
        ] {
            assert!(of(&[bad]).check(false).is_err(), "{bad}");
        }
    }
}
