//! Where the frozen inputs of an epoch come from, and whether that is what they say: the one checker that a keeper asks
//! before it freezes or attests, and an auditor before it believes.
//!
//! The pure function pays rightly for whatever inputs it is given, so an input that is bound to nothing is money for whoever
//! writes it. `cairn_epoch::columns` names the origin of every column; here each is held against it:
//!
//! | origin | held against |
//! |---|---|
//! | chain account | the epoch's, pool's, network's, trees' and issuers' accounts ([`figures`], [`devices`], [`partners`]) |
//! | chain event | the block at that slot, or this keeper's own record of it ([`anchors`]); transactions that burn for traffic ([`burns`]), or that stand under a revoked root ([`taken`]) |
//! | ruleset hash | the hash in the epoch's account, and this keeper's own ruleset ([`ruleset`]); what people held before the pool began by the ruleset that names it ([`genesis`]) |
//! | previous manifest | the manifest under which the epoch before became active, or of what takes its place ([`succession`], [`check_replacement`]) |
//! | signed evidence | its signatures, by the pure function itself |
//! | keeper's receipt | the bounds of the proposal ([`receipts`]); the rest is that keeper's word |
//!
//! Nothing passes because something is missing: what could not be held against its origin is [`Outcome::Unknown`], which an
//! attester refuses and an auditor says. [`Outcome::Gone`] is what a closed epoch took with it: it is said too, and asked of nobody.
#![forbid(unsafe_code)]

mod account;
mod anchors;
mod burns;
mod caps;
mod fault;
mod finding;
mod genesis;
mod past;
mod receipts;
mod registry;
mod replacement;
mod ruleset;
mod succession;
mod taken;

use std::path::Path;

use cairn_client::{ClientError, Ledger};
use cairn_epoch::{Anchor, EpochError, EpochFolder, Input, Manifest, read_anchors, read_terms};
use cairn_interface::registry::NetworkView;
use cairn_interface::vault::{EpochRecord, PoolView};
use cairn_registry::Snapshot;
use solana_sdk::pubkey::Pubkey;

pub use account::{Figure, Measure, figures, proposal};
pub use anchors::anchors;
pub use burns::{Burned, burned, burns};
pub use caps::{BeyondCap, Capped, beyond_caps};
pub use fault::OriginFault;
pub use finding::{Finding, Outcome, insist};
pub use genesis::genesis;
pub use past::{Past, taken_under};
pub use receipts::receipts;
pub use registry::{devices, partners};
pub use replacement::check_replacement;
pub use ruleset::ruleset;
pub use succession::succession;
pub use taken::taken;

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Epoch(#[from] EpochError),
    #[error("network {address} does not exist at {place}")]
    NoNetwork { address: Pubkey, place: String },
}

/// A published epoch, whose manifest's hash was found on chain and whose files were found to be the manifest's.
#[derive(Clone, Copy, Debug)]
pub struct Published<'a> {
    pub folder: &'a EpochFolder,
    pub manifest: &'a Manifest,
    pub epoch: &'a EpochRecord,
    pub pool: &'a PoolView,
}

/// What the one who checks knows without the publisher.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Blocks that it saw itself, or was told of by somebody it trusts.
    pub anchors: &'a [Anchor],
    /// The folder of the ruleset it runs; none for an auditor, who has the hash on chain.
    pub ruleset: Option<&'a Path>,
    /// The epoch before: the record on chain and its manifest, as far as they are to be had.
    pub before: Option<Before<'a>>,
}

/// The epoch before the one that is checked.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// The manifest's hash under which it became active, from its account.
    pub manifest_hash: [u8; 32],
    /// The manifest that the one checked goes on from: of that hash, or, when the epoch was revoked, of the epoch that takes its
    /// place. None where its files are missing.
    pub manifest: Option<&'a Manifest>,
    /// Whether it was revoked.
    pub is_revoked: bool,
}

/// Holds every input of a published epoch against its origin.
///
/// # Errors
/// [`OriginError`] when a comparison could not be made. A difference is a finding, not an error.
pub async fn check(
    ledger: &dyn Ledger,
    published: Published<'_>,
    known: Known<'_>,
) -> Result<Vec<Finding>, OriginError> {
    let figures = figures(published.manifest, published.epoch, published.pool);
    let mut findings: Vec<Finding> = figures.iter().map(Figure::finding).collect();
    findings.extend(inputs(ledger, published, known).await?);
    Ok(findings)
}

/// Every input, without the figures that chain and manifest both have.
async fn inputs(
    ledger: &dyn Ledger,
    published: Published<'_>,
    known: Known<'_>,
) -> Result<Vec<Finding>, OriginError> {
    let Published {
        folder,
        manifest,
        epoch,
        pool,
    } = published;
    let mut findings = Vec::new();
    for input in Input::ALL {
        // Without a rest: an input that nobody holds against anything does not compile.
        match input {
            Input::Epoch => findings.push(account::epoch_json(folder, manifest, pool)?),
            Input::End => findings.push(succession(manifest, known.before)?),
            // Files under the manifest before, as its end is.
            Input::Members
            | Input::Waiting
            | Input::Unlinked
            | Input::Arrears
            | Input::Links
            | Input::Signers
            | Input::Leaves
            | Input::Memory => {}
            Input::Ruleset => findings.push(ruleset(folder, manifest, known.ruleset)?),
            // Under one hash with the ruleset.
            Input::Rules => {}
            Input::Evidence => findings.push(receipts(folder, epoch)?),
            Input::Devices => {
                let network = network(ledger, &pool.network).await?;
                findings
                    .push(devices(ledger, &network, &Snapshot::read(&folder.devices())?).await?);
                let terms = read_terms(&folder.inputs())?;
                findings.push(partners(ledger, &network, &terms).await?);
            }
            Input::Anchors => findings
                .push(anchors(ledger, known.anchors, &read_anchors(&folder.anchors())?).await?),
            Input::Genesis => findings.extend(genesis(folder, manifest)?),
            Input::Burns => findings.extend(burns(ledger, pool, folder, manifest).await?),
            Input::Taken => {
                findings
                    .extend(taken(ledger, &pool.address, folder, manifest, known.before).await?);
            }
        }
    }
    Ok(findings)
}

/// The network's account.
///
/// # Errors
/// [`OriginError::NoNetwork`]; an account of another program or kind.
pub async fn network(ledger: &dyn Ledger, address: &Pubkey) -> Result<NetworkView, OriginError> {
    let Some(account) = ledger.account(address).await? else {
        return Err(OriginError::NoNetwork {
            address: *address,
            place: ledger.place(),
        });
    };
    Ok(NetworkView::decode(*address, &account).map_err(ClientError::from)?)
}
