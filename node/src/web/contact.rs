//! How to get in touch: the origin's functional address and the pages of the offer and the organisation.
//!
//! The record has no person in it, and none is added here.

use super::phrase::{Phrase, german};
use super::text::t;
use super::{organisation, prose};
use crate::app::opportunity::Shown;

/// Ways to get in touch.
#[derive(Debug)]
pub(super) struct Contact {
    /// Whom to ask for.
    pub(super) role: Option<Phrase>,
    pub(super) write_to: String,
    pub(super) mail: Option<Mail>,
    /// Who reads the mail first, and for whom.
    pub(super) forwarded: Option<Phrase>,
    /// Pages, each with what it is.
    pub(super) pages: Vec<(String, String)>,
}

/// A mail address.
#[derive(Debug)]
pub(super) struct Mail {
    pub(super) address: String,
    /// The link, if the address is nothing but an address.
    pub(super) href: Option<String>,
}

impl Contact {
    /// Returns the ways that are given.
    pub(super) fn new(shown: &Shown) -> Self {
        let (record, origin) = (&shown.record, &shown.origin);
        let organisation = record.organisation.as_ref();
        let pages = [
            (t!("contact-page"), record.url.as_deref()),
            (t!("contact-organisation"), organisation.and_then(|one| one.url.as_deref())),
        ];
        let page = |(label, url): (String, Option<&str>)| {
            Some((label, url.and_then(prose::web_address)?.to_owned()))
        };
        let id = format!("{}/{}", origin.node, record.id);
        let subject = t!("contact-mail-subject", title = record.title.as_str(), id = id);
        Self {
            role: record
                .contact_role
                .as_deref()
                .map(|role| t!("contact-role", role = german(role)).into()),
            write_to: t!("contact-mail", node = origin.name.as_str()),
            forwarded: origin.contact.as_ref().and_then(|_| forwarded(shown)),
            mail: origin.contact.as_deref().map(|contact| Mail::new(contact, &subject)),
            pages: pages.into_iter().filter_map(page).collect(),
        }
    }

    /// Returns whether there is no way at all.
    pub(super) const fn is_empty(&self) -> bool {
        self.mail.is_none() && self.pages.is_empty()
    }
}

/// Says who reads a mail to the origin first; nothing if the origin offers this itself.
fn forwarded(shown: &Shown) -> Option<Phrase> {
    let node = shown.origin.name.as_str();
    match &shown.record.organisation {
        Some(by) if by.name == node => None,
        Some(by) => {
            let name = german(&organisation::shown(&by.name));
            Some(t!("contact-forwarded", node = node, organisation = name).into())
        }
        None => Some(t!("contact-forwarded-private", node = node).into()),
    }
}

/// Returns the way to tell the origin's editors that something is wrong with an opportunity.
pub(super) fn report(shown: &Shown) -> Option<Mail> {
    let id = format!("{}/{}", shown.origin.node, shown.record.id);
    let subject = t!("report-subject", title = shown.record.title.as_str(), id = id);
    let mail = Mail::new(shown.origin.contact.as_deref()?, &subject);
    mail.href.is_some().then_some(mail)
}

impl Mail {
    fn new(address: &str, subject: &str) -> Self {
        let href = prose::mail_address(address)
            .map(|address| format!("mailto:{address}?subject={}", escape(subject)));
        Self { address: address.to_owned(), href }
    }
}

/// Percent-encodes all but letters and digits: no title can add a receiver or a text to a mail.
fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::opportunity::tests::shown;
    use serde_json::json;

    #[test]
    fn says_who_reads_a_mail_first_and_for_whom() {
        let said = |fields: &serde_json::Value| {
            Contact::new(&shown(fields, false)).forwarded.map(|said| said.text())
        };
        let mail = "Ihre E-Mail liest zuerst Stadt & \"Region\" und gibt sie an Verein weiter.";
        assert_eq!(said(&json!({"organisation": {"name": "Verein"}})).as_deref(), Some(mail));
        assert_eq!(said(&json!({"organisation": {"name": "Stadt & \"Region\""}})), None);
        assert!(said(&json!({"organisation": null})).unwrap().contains("Privatperson"));
        let mut silent = shown(&json!({}), false);
        silent.origin.contact = None;
        assert_eq!(Contact::new(&silent).forwarded, None, "without an address nobody reads");
    }

    #[test]
    fn a_title_cannot_write_the_mail() {
        let mail = Mail::new("ehrenamt@stadt.example", "A&cc=x@y.example&body=ü");
        let href = mail.href.unwrap();
        assert_eq!(
            href,
            "mailto:ehrenamt@stadt.example?subject=A%26cc%3Dx%40y%2Eexample%26body%3D%C3%BC"
        );
        assert!(Mail::new("a@b.example?cc=c@d.example", "").href.is_none());
    }
}
