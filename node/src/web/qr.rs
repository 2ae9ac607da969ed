//! A link as a QR code, for paper: drawn by us, inside the page, and shown only where it is printed.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

/// Longest text, in bytes: beyond it the squares on a printed page are too small for a phone.
const LONGEST: usize = 600;
/// Squares of white around a code, by which a phone knows where it ends (ISO/IEC 18004).
const EDGE: i32 = 4;

/// A code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Qr {
    /// What is drawn, as a `viewBox`.
    pub(super) view: String,
    /// The dark squares, row by row, each run of them one rectangle.
    pub(super) path: String,
}

/// Returns a text as a code, or nothing if it is too long for one that can be read.
pub(super) fn of(text: &str) -> Option<Qr> {
    if text.len() > LONGEST {
        return None;
    }
    let code = encode(text)?;
    let (size, mut path) = (code.size(), String::new());
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let run = (x..size).take_while(|x| code.get_module(*x, y)).count();
            let run = i32::try_from(run).unwrap_or(0);
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run.max(1);
        }
    }
    let side = size + 2 * EDGE;
    Some(Qr { view: format!("-{EDGE} -{EDGE} {side} {side}"), path })
}

/// Every reader takes every mask. Trying all eight for the prettiest would take longer than the rest of the page, and an
/// address is mixed enough to be without large plain squares in any of them.
fn encode(text: &str) -> Option<QrCode> {
    let parts = QrSegment::make_segments(text);
    let (least, most, mask) = (Version::MIN, Version::MAX, Some(Mask::new(3)));
    QrCode::encode_segments_advanced(&parts, QrCodeEcc::Medium, least, most, mask, true).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_the_code() {
        let text = "https://ehrenamt.coesfeld.example/angebot/05558012/o-1";
        let (qr, code) = (of(text).unwrap(), encode(text).unwrap());
        let mut dark = std::collections::BTreeSet::new();
        for run in qr.path.split('M').skip(1) {
            let (at, rest) = run.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y): (i32, i32) = (x.parse().unwrap(), y.parse().unwrap());
            let run: i32 = rest.split('v').next().unwrap().parse().unwrap();
            dark.extend((x..x + run).map(|x| (x, y)));
        }
        let size = code.size();
        for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))) {
            assert_eq!(dark.contains(&(x, y)), code.get_module(x, y), "{x} {y}");
        }
        assert_eq!(qr.view, format!("-4 -4 {0} {0}", size + 8));
    }

    #[test]
    fn what_no_phone_could_read_is_no_code() {
        assert!(of(&"x".repeat(LONGEST)).is_some());
        assert_eq!(of(&"x".repeat(LONGEST + 1)), None);
    }
}
