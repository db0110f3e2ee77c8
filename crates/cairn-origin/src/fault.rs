use cairn_epoch::{Difference, Input, Origin};

/// What of an epoch's inputs contradicts its origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginFault {
    #[error("{file}: {column} is {found}, {origin} says {expected}")]
    Value {
        file: &'static str,
        column: &'static str,
        expected: String,
        found: String,
        /// Who says otherwise.
        origin: &'static str,
    },
    #[error(
        "inputs/devices.parquet: device tree {tree} has root {on_chain} on chain, the published leaves lead to {found}"
    )]
    Root {
        tree: u16,
        on_chain: String,
        found: String,
    },
    #[error(
        "inputs/devices.parquet: device tree {tree} holds {on_chain} devices on chain, the published file lists {found}"
    )]
    Count {
        tree: u16,
        on_chain: u32,
        found: usize,
    },
    #[error(
        "inputs/devices.parquet: position {index} of device tree {tree} is missing from the published devices"
    )]
    Gap { tree: u16, index: u32 },
    #[error("inputs/devices.parquet: device tree {tree} does not exist on chain")]
    NoTree { tree: u16 },
    #[error(
        "inputs/devices.parquet: device tree {tree} can not hold the published devices: {reason}"
    )]
    Shape { tree: u16, reason: String },
    #[error("inputs/ruleset.toml: {agreed}: its {party} {key} {problem}")]
    Partner {
        agreed: String,
        party: &'static str,
        key: String,
        problem: &'static str,
    },
    #[error("the epoch was computed by another ruleset: {0}")]
    Ruleset(Box<Difference>),
    #[error("{file}: {message}")]
    Succession { file: String, message: String },
    #[error("{what}: {reason}, so nothing says whether it is right")]
    Unknown { what: &'static str, reason: String },
}

impl OriginFault {
    /// The file and the columns that are wrong, as `cairn_epoch::columns` names them: a root is over all of a leaf's fields
    /// and can not tell which.
    #[must_use]
    pub fn columns(&self) -> (String, Vec<String>) {
        let all_of = |input: Input| {
            let names = input.columns().into_iter().map(|column| column.name);
            (input.name(), names.collect())
        };
        let text = |file: &str| (file.to_owned(), vec!["text".to_owned()]);
        match self {
            // Bound as a whole.
            Self::Value { file, .. } if Input::of(file) == Some(Input::Genesis) => {
                all_of(Input::Genesis)
            }
            Self::Value { file, column, .. } => ((*file).to_owned(), vec![(*column).to_owned()]),
            Self::Root { .. }
            | Self::Count { .. }
            | Self::Gap { .. }
            | Self::NoTree { .. }
            | Self::Shape { .. } => all_of(Input::Devices),
            Self::Partner { .. } => text("inputs/ruleset.toml"),
            Self::Ruleset(difference) => text(&difference.file),
            Self::Succession { file, .. } => match Input::of(file) {
                Some(input) => all_of(input),
                None => (file.clone(), Vec::new()),
            },
            Self::Unknown { what, .. } => ((*what).to_owned(), Vec::new()),
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Root { .. } | Self::Count { .. } | Self::Gap { .. } => {
                "fetch the registry's newest published devices file; its rows must be the tree's, change by change".to_owned()
            }
            Self::NoTree { .. } => "check that the file is this network's".to_owned(),
            Self::Shape { .. } => {
                "publish one file for all trees of this network, no more devices than they hold".to_owned()
            }
            Self::Partner { .. } => {
                "let the network's authority add the issuer (`cairn network add-issuer`), or correct it in the ruleset".to_owned()
            }
            Self::Ruleset(_) => {
                "do not attest before it is clear who is right: [inputs] ruleset of keeper.toml names this keeper's".to_owned()
            }
            Self::Value { origin, .. } => {
                format!("do not attest before it is clear who is right: compare with {origin}")
            }
            Self::Succession { .. } => {
                "fetch both epochs' files again; if they are what was published, do not trust the later one".to_owned()
            }
            Self::Unknown { .. } => {
                "name a node that keeps older blocks, or fetch the file that is missing from another keeper".to_owned()
            }
        }
    }
}

/// Where a column comes from, in words.
#[must_use]
pub(crate) const fn told_by(origin: Origin) -> &'static str {
    match origin {
        Origin::ChainAccount => "the account on chain",
        Origin::ChainEvent => "the block on chain",
        Origin::RulesetHash => "the ruleset hash on chain",
        Origin::PreviousManifest => "the epoch before",
        Origin::SignedEvidence => "its signatures",
        Origin::KeeperReceipt => "the keeper that received it",
        Origin::Computed => "the computation",
    }
}
