//! Everything that can go wrong, with what to do about it and whether asking again helps.

use std::path::PathBuf;

use cairn_client::{Class, ClientError};
use cairn_epoch::EpochError;
use cairn_epoch::disk::DiskError;
use cairn_merkle::{EpochNumber, LeafIndex};
use cairn_mirror::{MirrorError, PlaceFault};
use cairn_origin::{OriginError, OriginFault};
use solana_sdk::pubkey::Pubkey;

use crate::attest::PublishedFault;
use crate::config::ConfigError;
use crate::domain::proposal::Unfit;
use crate::domain::schedule::OutsideCalendar;
use crate::domain::step::{Refusal, Wait};
use crate::genesis::BalancesError;
use crate::intake::ReadError;
use crate::publish::LeafFault;
use crate::store::folder::FolderError;
use crate::store::journal::JournalError;

/// How a command ended, when it did not end well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Refused or failed for good: exit code 1.
    Refused,
    /// Wrong usage or configuration: exit code 2.
    Usage,
    /// Not now: exit code 75. The same command may succeed later.
    Temporary,
}

impl Ending {
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Temporary => 75,
        }
    }
}

/// Why a keeper did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the ruleset in {} can not be used: {source}", path.display())]
    Ruleset { path: PathBuf, source: EpochError },
    #[error("the key file {} {problem}", path.display())]
    KeyFile { path: PathBuf, problem: String },
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Balances(#[from] BalancesError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Epoch(#[from] EpochError),
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Other keepers' files.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    #[error("where others publish was not understood: {0}")]
    Place(#[source] PlaceFault),
    #[error(transparent)]
    Calendar(#[from] OutsideCalendar),
    #[error("inputs of epoch {number} are not what they should be: {fault}")]
    Origin {
        number: EpochNumber,
        fault: OriginFault,
    },
    #[error(transparent)]
    Leaves(#[from] LeafFault),
    #[error(transparent)]
    Published(#[from] PublishedFault),
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Wait(#[from] Wait),
    #[error("{what} {address} does not exist at {place}")]
    NoAccount {
        what: &'static str,
        address: Pubkey,
        place: String,
    },
    #[error("pool {pool} belongs to network {found}, keeper.toml names network {expected}")]
    OtherNetwork {
        pool: Pubkey,
        found: Pubkey,
        expected: Pubkey,
    },
    #[error("epoch {number} is not closed here")]
    NotClosed { number: EpochNumber },
    #[error("epoch {number} is closed already, with manifest {manifest}")]
    AlreadyClosed {
        number: EpochNumber,
        manifest: String,
    },
    #[error(
        "epoch {number} is on chain and neither vetoed nor revoked: its content can not change any more"
    )]
    OnChain { number: EpochNumber },
    #[error(
        "the files of epoch {number}, which is active with manifest {manifest}, are not in this folder"
    )]
    NoPrevious {
        number: EpochNumber,
        manifest: String,
    },
    #[error("epoch {number} was revoked, and what was taken under its root is not known: {reason}")]
    NoPast { number: EpochNumber, reason: String },
    #[error("what payers burned for the traffic of epoch {number} is not known: {reason}")]
    NoBurns { number: EpochNumber, reason: String },
    #[error(
        "epoch {number} was revoked, and the files with manifest {manifest} that take its place are not here"
    )]
    NoReplacement {
        number: EpochNumber,
        manifest: String,
    },
    #[error("the leaves of epoch {number} are not at hand: {reason}")]
    NoLeaves { number: EpochNumber, reason: String },
    #[error(
        "member {index}'s leaf in epoch {number} of this keeper's own files is not whole, and it was asked for"
    )]
    NotWhole {
        number: EpochNumber,
        index: LeafIndex,
    },
    #[error("epoch {number} counts challenges that the node does not list yet")]
    StaleChallenges { number: EpochNumber },
    #[error("epoch {number} is not active yet, and epoch {next} continues from it")]
    PreviousNotActive {
        number: EpochNumber,
        next: EpochNumber,
    },
    #[error(
        "epoch {number} was closed with manifest {closed}, its folder now holds manifest {found}"
    )]
    ManifestChanged {
        number: EpochNumber,
        closed: String,
        found: String,
    },
    #[error("the state of epoch {number} was changed: {} has not the SHA-256 its manifest says", path.display())]
    StateChanged { number: EpochNumber, path: PathBuf },
    #[error("evidence of epoch {number} was changed: {} has not the SHA-256 it was acknowledged with", path.display())]
    EvidenceChanged { number: EpochNumber, path: PathBuf },
    #[error(
        "the chain keeps showing less than transaction {signature}, which it reported as landed"
    )]
    StaleChain { signature: String },
    #[error("the chain shows no block that is final yet")]
    NoAnchor,
    #[error("a background task ended unexpectedly: {0}")]
    Task(String),
    #[error("the keeper was told to stop")]
    Stopped,
}

impl KeeperError {
    /// Whether a keeper that runs may do nothing more before a person has looked at its memory.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::Journal(error) if error.is_fatal())
    }
}

impl From<DiskError> for KeeperError {
    fn from(error: DiskError) -> Self {
        FolderError::from(error).into()
    }
}

impl KeeperError {
    /// How a command that failed with this ends.
    #[must_use]
    pub fn ending(&self) -> Ending {
        match self {
            Self::Config(_)
            | Self::KeyFile { .. }
            | Self::Ruleset { .. }
            | Self::Place(_)
            | Self::Balances(BalancesError::Argument { .. }) => Ending::Usage,
            Self::Mirror(error) if error.is_temporary() => Ending::Temporary,
            Self::Folder(error) if error.is_temporary() => Ending::Temporary,
            Self::Journal(error) if error.is_temporary() => Ending::Temporary,
            Self::Read(error) if error.is_temporary() => Ending::Temporary,
            Self::Wait(_)
            | Self::PreviousNotActive { .. }
            | Self::StaleChain { .. }
            | Self::StaleChallenges { .. }
            | Self::NoAnchor
            | Self::Stopped => Ending::Temporary,
            Self::Folder(FolderError::Exists { .. }) => Ending::Usage,
            Self::Client(error) => match error.class() {
                Class::Retryable => Ending::Temporary,
                Class::User | Class::Fatal => Ending::Refused,
            },
            Self::Unfit(Unfit::Cap(cap)) if cap.fits_at.is_some() => Ending::Temporary,
            _ => Ending::Refused,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Config(error) => error.hint(),
            Self::Ruleset { .. } => {
                "[inputs] ruleset of keeper.toml names the folder; every keeper of the pool has the same files in it".to_owned()
            }
            Self::KeyFile { .. } => {
                "give a key file (`solana-keygen new -o FILE` makes one; the Base58 text that wallets export will do) in [keys] keeper of keeper.toml".to_owned()
            }
            Self::Folder(error) => error.hint(),
            Self::Journal(error) => error.hint().to_owned(),
            Self::Balances(error) => error.hint(),
            Self::Read(error) => error.hint().to_owned(),
            Self::Epoch(error) => error.hint(),
            Self::Client(error) => error.hint(),
            Self::Mirror(error) => error.hint(),
            Self::Place(fault) => fault.hint().to_owned(),
            Self::Calendar(_) => "check the number, and [calendar] in ruleset.toml".to_owned(),
            Self::Origin { fault, .. } => fault.hint(),
            Self::Leaves(_) => "do not publish this folder: close the epoch again, and report it if that does not help".to_owned(),
            Self::Published(fault) => fault.hint(),
            Self::Unfit(unfit) => unfit_hint(unfit),
            Self::Refused(refusal) => refusal_hint(refusal),
            Self::Wait(wait) => wait_hint(wait),
            Self::NoAccount { .. } => {
                "check [chain] in keeper.toml: rpc_url must lead to the right cluster, network and pool to accounts on it".to_owned()
            }
            Self::OtherNetwork { .. } => "correct network or pool in [chain] of keeper.toml".to_owned(),
            Self::NotClosed { number } => format!("run `cairn-keeper close {number}` first"),
            Self::AlreadyClosed { number, .. } => format!(
                "go on with `cairn-keeper propose {number}`; after a veto, `close {number} --again` derives it anew"
            ),
            Self::OnChain { .. } => "only a vetoed or revoked epoch is derived anew".to_owned(),
            Self::NoLeaves { number, .. } => format!(
                "fetch the folder of epoch {number} from any keeper; it must be the one whose root is on chain"
            ),
            Self::NotWhole { number, .. } => format!(
                "do not let epoch {number} become active; find out why these files take something from a member"
            ),
            Self::NoPast { .. } => {
                "name a node in [chain] rpc_url that keeps transactions since the epoch became active".to_owned()
            }
            Self::NoBurns { .. } => {
                "name a node in [chain] rpc_url that keeps transactions since the epoch began".to_owned()
            }
            Self::NoReplacement { number, .. } => format!(
                "fetch the folder of epoch {number} from the keeper that closed its correction, beside the correction's own"
            ),
            Self::NoPrevious { number, .. } => format!(
                "fetch and recompute it from its publisher: `cairn-keeper attest {number} --source FOLDER`"
            ),
            Self::PreviousNotActive { number, .. } => format!("run `cairn-keeper activate {number}` once its window is over"),
            Self::ManifestChanged { .. } => "restore the epoch's folder from a backup; nothing in it may be edited".to_owned(),
            Self::StateChanged { .. } => "restore the file from a backup, or from its publisher; nothing in a closed epoch may be edited".to_owned(),
            Self::EvidenceChanged { .. } => "restore the file from a backup; evidence that was acknowledged must not change".to_owned(),
            Self::StaleChain { .. } | Self::StaleChallenges { .. } => "name a healthy node in [chain] rpc_url, then run the same command again".to_owned(),
            Self::NoAnchor => "run it again in a moment".to_owned(),
            Self::Task(_) => "run the same command again, and report it if it stays".to_owned(),
            Self::Stopped => "run the same command again: it continues where this one stopped".to_owned(),
        }
    }
}

fn unfit_hint(unfit: &Unfit) -> String {
    match unfit {
        Unfit::NoMembers { .. } => "leave the epoch open until somebody has earned something".to_owned(),
        Unfit::Shrinks { .. } => {
            "totals are cumulative: this folder does not continue the active epoch; derive the epoch again from its state".to_owned()
        }
        Unfit::Cap(cap) => {
            let lower = cap.what.lower();
            cap.fits_at.map_or_else(
                || format!("{lower} in the ruleset, which the pool's admin announces, or let the admin raise the cap within what it was at the pool's creation"),
                |at| format!("run it again after unix second {at}; so that it does not happen again, {lower} in the ruleset, which the pool's admin announces"),
            )
        }
        Unfit::Anomaly(_) => {
            "look at the epoch's manifest and decisions; if the jump is right, run it again with --accept-anomaly".to_owned()
        }
    }
}

fn refusal_hint(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotAKeeper => "let the pool's admin add this key (`cairn pool set-keepers`), or name another in [keys]".to_owned(),
        Refusal::OtherManifest { .. } => {
            "recompute it with `cairn-keeper attest N --source FOLDER`: it names the first file that differs".to_owned()
        }
        Refusal::NothingDerived { .. } => {
            "file the evidence this keeper lacks, or name a publisher's folder in [attest] source; it attests and activates nothing it can not check".to_owned()
        }
        Refusal::OtherFigures { .. } => {
            "do not attest: tell the guardian, who can veto it".to_owned()
        }
        Refusal::Revoked { .. } => {
            "go on with the next epoch, which corrects it (docs/runbooks/wrong-root.md)".to_owned()
        }
        Refusal::CanopyTooLong { .. } => "check the pool's canopy depth".to_owned(),
        Refusal::Vetoed { number } => format!(
            "find out why; then `cairn-keeper close {number} --again` derives it anew and `propose {number}` proposes it again"
        ),
        Refusal::Past { next, .. } => format!("go on with epoch {next}"),
    }
}

fn wait_hint(wait: &Wait) -> String {
    match wait {
        Wait::NotProposed { .. } => "run it again once a keeper has proposed it".to_owned(),
        Wait::CanopyIncomplete { .. } => {
            "the proposer's `cairn-keeper propose` completes it".to_owned()
        }
        Wait::Attestations { .. } => "other keepers attest with `cairn-keeper attest`".to_owned(),
        Wait::Window { at, .. } => format!(
            "run it again after {}: until then the guardian may veto",
            crate::text::instant(*at)
        ),
        Wait::NotYet { next, .. } => format!("go on with epoch {next} first"),
        Wait::NotOver { closable, .. } => {
            format!("close it after {}", crate::text::instant(*closable))
        }
        Wait::NobodyEarned { .. } => {
            "late proofs may still come; when none can, start the calendar later: no epoch of it is on chain yet".to_owned()
        }
        Wait::Correction { number, .. } => format!(
            "once a keeper has closed it and published the folders of both, the three sign it: `cairn epoch correct {number}`"
        ),
        Wait::Vetoed { .. } => "wait until a keeper proposes it again".to_owned(),
        Wait::Paused => "wait until the pause ends, or the pool's admin ends it".to_owned(),
        Wait::Challenged { number, .. } => {
            format!("answer them: `cairn epoch answer {number}` shows the challenged leaves")
        }
        Wait::Resting { .. } => "leave it to another keeper, or wait".to_owned(),
    }
}

impl From<OriginError> for KeeperError {
    fn from(error: OriginError) -> Self {
        match error {
            OriginError::Client(error) => error.into(),
            OriginError::Epoch(error) => error.into(),
            OriginError::NoNetwork { address, place } => Self::NoAccount {
                what: "network",
                address,
                place,
            },
        }
    }
}
