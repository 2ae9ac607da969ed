//! Why a source did not bring what it should, in words for whoever runs the node.

use engagement_protocol::head::HeadError;
use engagement_protocol::id::NodeId;
use engagement_protocol::note::NoteError;
use engagement_protocol::replica::TransferError;

use super::transport::TransportError;
use crate::store::StoreError;

/// Why a source did not bring what it should.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The whole round took too long.
    #[error(
        "Der Abgleich wurde nach {0} Sekunden abgebrochen; was geprüft ist, bleibt für den nächsten Versuch."
    )]
    TooLong(u64),
    /// There is nobody to ask.
    #[error("Kein Weg zu diesem Knoten: Es ist weder eine Adresse noch ein Relais eingetragen.")]
    NoSource,
    /// The peer cannot be reached or broke a limit.
    #[error("{via}: {error}")]
    Transport {
        /// Whose server.
        via: NodeId,
        /// What happened.
        error: TransportError,
    },
    /// The peer answers with an unexpected status.
    #[error("{via}: antwortet mit HTTP {status}{}", advice(*status))]
    Status {
        /// Whose server.
        via: NodeId,
        /// The status.
        status: u16,
    },
    /// The peer does not have an object any more; its head has moved on.
    #[error("{via}: hat ein Stück des Feeds nicht mehr")]
    Gone {
        /// Whose server.
        via: NodeId,
    },
    /// The peer serves web pages.
    #[error(
        "{via}: antwortet mit einer Webseite (HTML) statt mit einem Feed. Prüfen Sie die eingetragene Adresse."
    )]
    Html {
        /// Whose server.
        via: NodeId,
    },
    /// The head is refused.
    #[error("{via}: {}", refused(error))]
    Head {
        /// Whose server.
        via: NodeId,
        /// Why.
        error: HeadError,
    },
    /// The head is signed by a key that is not the one configured.
    #[error(
        "{via}: Der Feed ist nicht mit dem eingetragenen Schlüssel unterschrieben. Vergleichen Sie den Schlüssel am Telefon mit dem Betreiber."
    )]
    WrongKey {
        /// Whose server.
        via: NodeId,
    },
    /// The bytes that a carrier brought are not those that the origin signed.
    #[error("{via}: liefert veränderte Daten ({error})")]
    Damaged {
        /// Whose server.
        via: NodeId,
        /// Which check failed.
        error: TransferError,
    },
    /// The origin went back to an older state.
    #[error(
        "Der Knoten bietet einen älteren Stand an ({offered}) als wir haben ({held}): vermutlich eine zurückgespielte Sicherung. Wir behalten den neueren."
    )]
    RolledBack {
        /// The number held.
        held: u64,
        /// The number offered.
        offered: u64,
    },
    /// The origin signed two states with one number.
    #[error(
        "Der Knoten hat zwei verschiedene Stände unter derselben Nummer ({seq}) unterschrieben. Der Beweis ist gespeichert."
    )]
    Equivocation {
        /// The number.
        seq: u64,
    },
    /// A first copy must be fresh.
    #[error(
        "{via}: bietet nur einen abgelaufenen Stand an. Sagen das mehrere Gegenstellen, prüfen Sie die Uhr dieses Rechners."
    )]
    Expired {
        /// Whose server.
        via: NodeId,
    },
    /// The origin's state breaks a rule of the protocol.
    #[error("Der Stand verletzt eine Regel des Protokolls: {0}")]
    Rule(#[from] TransferError),
    /// The state broke a rule before.
    #[error(
        "Der Stand wurde schon einmal wegen eines Regelverstoßes abgelehnt; ein neuer Stand des Knotens wird abgewartet."
    )]
    RefusedBefore,
    /// A relay has an older state than we hold.
    #[error("{via}: hat noch einen älteren Stand als dieser Knoten")]
    Behind {
        /// Whose server.
        via: NodeId,
    },
    /// A source lags behind the newest number known.
    #[error("Ein neuerer Stand ist angekündigt, aber noch bei keiner Quelle angekommen.")]
    Lagging,
    /// The peer has moved more today than it may.
    #[error("Der Knoten hat seine Tagesmenge verbraucht; er wird morgen wieder abgefragt.")]
    OverBudget,
    /// Our database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says what a status may mean to whoever entered the address.
const fn advice(status: u16) -> &'static str {
    match status {
        300..=399 => {
            ". Umleitungen wird nicht gefolgt: Tragen Sie die Adresse ein, auf die umgeleitet wird."
        }
        401 | 403 => ". Ein Knoten antwortet jedem: Prüfen Sie mit dem Betreiber die Adresse.",
        404 | 410 => ". Unter dieser Adresse liegt der Feed nicht: Prüfen Sie die Adresse.",
        500..=599 => ". Dort muss der Betreiber nachsehen; es wird weiter gefragt.",
        _ => "",
    }
}

fn refused(error: &HeadError) -> String {
    match error {
        HeadError::Future { .. } => {
            "Der Stand trägt eine Zeit aus der Zukunft: Die Uhr dort oder hier geht falsch."
                .to_owned()
        }
        HeadError::Misplaced { node, .. } => {
            format!("Hier antwortet der Knoten {node}. Prüfen Sie Kennung und Adresse.")
        }
        HeadError::Note(NoteError::Forged) => {
            "Die Unterschrift passt nicht zum Inhalt: Auf dem Weg hierher wurde er verändert. Fragen Sie den Betreiber, was \
             zwischen ihm und Ihnen steht; bis dahin gilt der letzte geprüfte Stand."
                .to_owned()
        }
        HeadError::Note(NoteError::Malformed(_) | NoteError::WrongType { .. }) => {
            "Was hier antwortet, ist kein Knoten. Prüfen Sie die eingetragene Adresse.".to_owned()
        }
        error => format!("Der Kopf des Feeds wird abgelehnt ({error})."),
    }
}

impl SyncError {
    /// Returns whether only people can end it: an address or a key is entered wrongly, or what
    /// lies between us alters what is sent.
    #[must_use]
    pub const fn needs_operator(&self) -> bool {
        matches!(
            self,
            Self::WrongKey { .. }
                | Self::Html { .. }
                | Self::Status { status: 300..=399, .. }
                | Self::Head { error: HeadError::Misplaced { .. }, .. }
                | Self::Head {
                    error: HeadError::Note(
                        NoteError::Forged | NoteError::Malformed(_) | NoteError::WrongType { .. }
                    ),
                    ..
                }
                | Self::Transport { error: TransportError::Forbidden(_), .. }
        )
    }

    /// Returns whether the same round may succeed later without anybody doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport { error, .. } => !matches!(error, TransportError::Forbidden(_)),
            Self::Store(error) => error.is_transient(),
            Self::TooLong(_)
            | Self::Status { .. }
            | Self::Gone { .. }
            | Self::Behind { .. }
            | Self::Lagging
            | Self::OverBudget
            | Self::Damaged { .. } => true,
            _ => false,
        }
    }

    /// Returns whether the source will not bring the next object either.
    pub(super) const fn is_hopeless(&self) -> bool {
        matches!(self, Self::Transport { .. } | Self::Status { .. })
    }
}
