//! The signed opportunity feed: everything that decides, nothing that does.
//!
//! This crate holds the wire protocol of Engagementnetz as `SPEC.md` beside it states it. It does no
//! I/O, reads no clock and draws no randomness: bytes and time come in as arguments, decisions go out
//! as values. So a whole state of nodes can be simulated in one thread, and every decision can be
//! replayed.
//!
//! ```text
//! head   small, signed, changes            who, which feed, seq, hash of the index
//!  └ index   immutable, named by its hash      one line per slice: SHA-256 and length
//!     └ slice   immutable, named by its hash       record lines, sorted by SHA-256(id)
//! ```
//!
//! Read in this order: [`limits`], [`note`] (the only signed thing), [`head`], [`index`], [`mod@slice`],
//! [`opportunity`], then the two machines, [`publisher`] and [`replica`].
//!
//! | word | means |
//! |---|---|
//! | node | one installation, named by its official key ([`id::NodeId`]) |
//! | origin | the node that signs a feed |
//! | feed | a set of records that one origin signs ([`id::Feed`]) |
//! | record | one line of JSON, named by its id ([`slice::Line`]) |
//! | head | the signed statement which state is current ([`head::Head`]) |
//! | index | the list of slices ([`index::Index`]) |
//! | slice | the records whose SHA-256(id) begins with the same k bits |
//! | seq | the number of a state, strictly increasing |
//! | replica | a verified copy of another node's feed ([`replica::Replica`]) |
//! | relay | any node that serves copies of others' feeds |
//! | register | the `members` feed: which nodes there are ([`register::Row`]) |
//! | anchor | a register that an installation believes ([`register::anchor`]) |
//! | pin, block | a node whose key, or whose absence, the local operator has decided |
//! | receipt | the row of my feed in another node's `heads` feed ([`heads::Row`]) |
//! | proof | two signed heads with one seq, checkable by anybody ([`proof::Proof`]) |

pub mod document;
pub mod hash;
pub mod head;
pub mod heads;
pub mod id;
pub mod index;
pub mod json;
pub mod key;
pub mod limits;
pub mod note;
pub mod opportunity;
pub mod planted;
pub mod proof;
pub mod publisher;
pub mod register;
pub mod replica;
pub mod seal;
pub mod signing;
pub mod slice;
pub mod text;
pub mod time;
pub mod verify;
pub mod words;
