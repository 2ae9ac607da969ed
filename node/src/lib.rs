//! A node of Engagementnetz.
//!
//! Modules look only downwards; `tests/it/house_rules.rs` keeps it so:
//!
//! ```text
//! cli                      commands; demo and bench are commands too
//! server  jobs             the front door · the timetable
//! web  api                 pages · JSON and federation
//! app                      everything a handler may reach
//! search  feed  sync       index and ranking · our feed out · others' feeds in
//! store                    SQLite, all SQL
//! domain                   rules, pure
//! config  clock  entropy   what the operator decides · seams
//! ```
//!
//! | word | people see | means |
//! |---|---|---|
//! | opportunity | Angebot, Gesuch | one thing somebody can do |
//! | organisation | Organisation | who seeks or offers |
//! | citizen | Bürgerin, Bürger | who searches |
//! | editor | Redaktion | who decides in the town hall |
//! | operator | Betreiber | who runs the machine |
//! | node, peer, origin | Knoten, Gegenstelle, Herkunft | an installation; another one; whose record it is |
//! | feed, record, head, index, slice, seq | Feed, Datensatz, Kopf, Verzeichnis, Abschnitt, Nummer | see `engagement_protocol` |
//! | replica, relay | Kopie, Relais | a verified copy; a node that passes copies on |
//! | draft | Entwurf | an own opportunity before it federates |
//! | register, member | Register, Mitglied | which nodes there are, by a register's word; one of them |
//! | anchor, pin, block | Anker, Eintrag, Sperre | whom the local operator believes, follows by hand, or never |
//! | trust | Vertrauen | whom this node follows now, settled from all of these |
//! | receipt | Quittung | the row of our feed in another node's heads feed: it says that it holds our state |
//! | proof | Beweis | two signed heads with one number, in a file that anybody can check |
//! | fence | fence.json | the newest own states, outside the database |
//! | adopted, withheld | zurückgeholt, zurückgehalten | what a restored backup takes from the peers; what only it had |
//! | coverage | Vollständigkeit | over how many nodes a search went |
//! | word, term | Wort | what somebody typed or wrote; what it is looked up by |
//! | alternative, route | – | one way in which a record satisfies a word; which way that is |
//! | language, version | Sprache | in which a page is said; the page in one of them |
//! | lexicon, element | – | the nouns that compounds are taken apart with; one part of a compound |
//! | wish, gate, aspect | Wunsch, Ausschluss, – | what somebody says in the finder; what only ever leaves out; what points are given for |
//! | finder, question | geführte Suche, Frage | the way to a wish; one page of it |
//! | border, outside | außerhalb | where a search ends on the map; what lies a little farther |
//! | group | – | a code for several slots at once: all mornings, the weekend |
//! | desk | Schalter | the page for a clerk with a caller |
//! | synonym, suggestion | ähnliches Wort, Vorschlag | looked for beside a word; offered while somebody types |

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod entropy;
pub mod feed;
pub mod jobs;
pub mod search;
pub mod server;
pub mod store;
pub mod sync;
pub mod web;
