//! What a lying relay tells: true bytes at the wrong place, old ones, other ones, or none.

use std::collections::BTreeMap;

use engagement_node::sync::transport::Reply;

use super::rng::Rng;

/// A way to lie, and what the liar remembers for it.
#[derive(Debug)]
pub struct Lie {
    way: Way,
    /// What was answered first, by path: what a freeze shows for ever.
    first: BTreeMap<String, Reply>,
    /// Objects seen, to be given out under other names.
    objects: Vec<Vec<u8>>,
    /// Heads seen, to be given out for other feeds.
    heads: Vec<Vec<u8>>,
}

/// Ways to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Objects are altered.
    Alter,
    /// The first head seen is shown for ever.
    Freeze,
    /// Nothing is known.
    Deny,
    /// Another object of the feed is given.
    SwapObject,
    /// The head of another feed is given.
    SwapHead,
    /// More bytes than there are.
    Pad,
    /// A web page.
    Page,
    /// An error.
    Fail,
    /// Nothing, for ever.
    Silence,
    /// Whole lines are left out of slices.
    Omit,
}

impl Way {
    /// All ways.
    pub const ALL: [Self; 10] = [
        Self::Alter,
        Self::Freeze,
        Self::Deny,
        Self::SwapObject,
        Self::SwapHead,
        Self::Pad,
        Self::Page,
        Self::Fail,
        Self::Silence,
        Self::Omit,
    ];
}

impl Lie {
    /// Begins to lie.
    #[must_use]
    pub const fn new(way: Way) -> Self {
        Self { way, first: BTreeMap::new(), objects: Vec::new(), heads: Vec::new() }
    }

    /// Lies about the answer to `path`, or tells the truth; returns which.
    pub(super) fn tell(&mut self, path: &str, reply: &mut Reply, rng: &mut Rng) -> bool {
        let (object, head) = (path.starts_with("/o/"), path.ends_with("/head"));
        if !(object || head) {
            return false;
        }
        if reply.status == 200 {
            let seen = if object { &mut self.objects } else { &mut self.heads };
            if seen.len() < 32 && !seen.contains(&reply.body) {
                seen.push(reply.body.clone());
            }
        }
        let before = (reply.status, reply.body.clone());
        match self.way {
            Way::Alter if object => flip(&mut reply.body, rng),
            Way::Freeze if head && reply.status == 200 => {
                *reply = self.first.entry(path.to_owned()).or_insert_with(|| reply.clone()).clone();
            }
            Way::Deny => *reply = answer(404, b""),
            Way::SwapObject if object && !self.objects.is_empty() => {
                *reply = answer(200, rng.pick::<Vec<u8>>(&self.objects));
            }
            Way::SwapHead if head && !self.heads.is_empty() => {
                *reply = answer(200, rng.pick::<Vec<u8>>(&self.heads));
            }
            Way::Pad => reply.body.extend_from_slice(b"{\"id\":\"padding\"}\n"),
            Way::Page => *reply = answer(200, b"<!doctype html><title>Wartung</title>"),
            Way::Fail => *reply = answer(503, b""),
            // No answer has this status: the transport takes it for silence.
            Way::Silence => reply.status = 0,
            Way::Omit if object => {
                let lines = reply.body.split_inclusive(|byte| *byte == b'\n');
                let kept: Vec<_> = lines.filter(|_| !rng.happens(400)).collect();
                reply.body = kept.concat();
            }
            _ => {}
        }
        (reply.status, reply.body.clone()) != before
    }
}

fn flip(bytes: &mut [u8], rng: &mut Rng) {
    let at = rng.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << rng.below(8);
    }
}

fn answer(status: u16, body: &[u8]) -> Reply {
    Reply { status, body: body.to_vec(), ..Reply::default() }
}
