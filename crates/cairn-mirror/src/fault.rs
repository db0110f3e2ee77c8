use std::path::PathBuf;
use std::time::Duration;

use cairn_epoch::EpochError;
use cairn_epoch::disk::DiskError;
use cairn_merkle::EpochNumber;

/// What a mirror answered instead of what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("has no such file")]
    Absent,
    #[error("answered with status {0}")]
    Status(u16),
    /// Not now.
    #[error("answered with status {status}{}", waits(*after))]
    Busy {
        status: u16,
        after: Option<Duration>,
    },
    #[error("can not be reached: {0}")]
    Unreachable(String),
    #[error("did not answer within {} s", .0.as_secs_f32())]
    Silent(Duration),
    #[error("broke off after {got} bytes: {reason}")]
    Cut { got: u64, reason: String },
    #[error("sends less than {least} bytes in {} s", window.as_secs_f32())]
    Slow { least: u64, window: Duration },
    #[error("redirects without end")]
    Redirects,
    #[error("sends it packed as {0}, which was not asked for")]
    Packed(String),
    #[error("has {found} bytes{} where {due} are due", of_kind(kind.as_deref()))]
    Length {
        found: u64,
        due: u64,
        /// What it says they are.
        kind: Option<String>,
    },
    #[error("goes on beyond the {due} bytes that are due")]
    Endless { due: u64 },
    #[error("was asked for the bytes from {from} on and sends the file from its first")]
    Whole { from: u64 },
    #[error("was asked for the bytes from {from} on and sends \"{said}\"")]
    Range { from: u64, said: String },
    #[error("has another file: SHA-256 {found} instead of {due}")]
    Content { found: String, due: String },
    #[error("has a file that is none: {0}")]
    Malformed(String),
    #[error("has a symbolic link there")]
    Link,
    #[error("can not be read: {0}")]
    Unreadable(String),
}

/// What may help against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cure {
    /// The same mirror gives the same answer.
    None,
    /// It said when, or nothing.
    Later(Option<Duration>),
    /// Asking again soon.
    Soon,
}

impl Fault {
    pub(crate) const fn cure(&self) -> Cure {
        match self {
            Self::Busy { after, .. } => Cure::Later(*after),
            Self::Unreachable(_) | Self::Silent(_) | Self::Cut { .. } | Self::Slow { .. } => {
                Cure::Soon
            }
            _ => Cure::None,
        }
    }

    /// Whether the same question may have an answer later, without anybody changing a file.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        !matches!(self.cure(), Cure::None)
    }
}

fn waits(after: Option<Duration>) -> String {
    after.map_or_else(String::new, |after| {
        format!(", to be asked again in {} s", after.as_secs())
    })
}

fn of_kind(kind: Option<&str>) -> String {
    kind.map_or_else(String::new, |kind| format!(" of {kind}"))
}

/// What one mirror answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{mirror} {fault}")]
pub struct Told {
    /// Without credentials.
    pub mirror: String,
    pub fault: Fault,
}

/// Why something could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    #[error("no mirror has {what} of epoch {number}: {}", list(told))]
    Nowhere {
        number: EpochNumber,
        /// The file's name.
        what: String,
        told: Vec<Told>,
    },
    #[error("no mirror says which epochs it has: {}", list(told))]
    NoIndex { told: Vec<Told> },
    #[error("epoch {number}: the file name \"{name}\" is refused: {reason}")]
    UnsafeName {
        number: EpochNumber,
        name: String,
        reason: &'static str,
    },
    /// A manifest or list of the right hash that is none: the mistake is its publisher's, not a mirror's.
    #[error(transparent)]
    Epoch(#[from] EpochError),
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error("this machine can not open a line: {0}")]
    Line(String),
    #[error("this user has no folder for what may be lost")]
    NoCache,
    #[error("{} is used by another process: {source}", path.display())]
    Locked {
        path: PathBuf,
        source: std::io::Error,
    },
}

fn list(told: &[Told]) -> String {
    let each: Vec<String> = told.iter().map(ToString::to_string).collect();
    each.join("; ")
}

impl MirrorError {
    /// What each mirror answered.
    #[must_use]
    pub fn told(&self) -> &[Told] {
        match self {
            Self::Nowhere { told, .. } | Self::NoIndex { told } => told,
            _ => &[],
        }
    }

    /// Whether the same may succeed later without anybody changing a file.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.told().iter().any(|told| told.fault.is_temporary())
            || matches!(self, Self::Locked { .. } | Self::Line(_))
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Nowhere { .. } | Self::NoIndex { .. } if self.is_temporary() => {
                "try again later: what is there already is not fetched again; or name another mirror".to_owned()
            }
            Self::Nowhere { .. } => {
                "name another mirror; a keeper's folder, its epochs folder and a web server's copy of either serve".to_owned()
            }
            Self::NoIndex { .. } => {
                "name the address where index.json stands beside the folders of epochs, as keepers write it".to_owned()
            }
            Self::UnsafeName { .. } => "do not use this set of files; tell whoever published it".to_owned(),
            Self::Epoch(error) => error.hint(),
            Self::Disk(_) => "check that the folder belongs to this user and has room on its disk".to_owned(),
            Self::Line(_) => "check this machine's certificates and limits".to_owned(),
            Self::NoCache => "name one with --cache".to_owned(),
            Self::Locked { .. } => "wait for the other process, or name another folder with --cache".to_owned(),
        }
    }
}
