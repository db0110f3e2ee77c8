//! Airdrop campaigns off chain: from a table of recipients, or the points of an epoch, to a folder that can be published
//! as it is.
//!
//! ```text
//! table ──read_table──▶ Recipients ──prepare──▶ campaign.json  canopy.bin  recipients.csv  claims/…
//! points ──share──────▶     │            └ tree, every claim verified with the program's own check
//!                           └ canonical order: by a hash of the owner
//! ```
//!
//! Nothing here knows the chain: the CLI says what the campaign's address is and which decimals its token has. Amounts
//! are base units from the moment they are read; nothing is rounded that a person wrote, and what must be rounded (a
//! share, the part that vests) is rounded down, its remainder accounted for.
//!
//! A claimant fetches one file, [`shard_name`] of its key, and reads its claim with [`load_claim`].
#![forbid(unsafe_code)]

mod amount;
mod campaign_file;
mod claim_file;
mod error;
mod folder;
mod names;
mod points;
mod prepare;
mod progress;
mod published;
mod recipients;
mod table;
mod terms;

pub use amount::Units;
pub use cairn_table::{FAULTS_LISTED, NoTable, RowFault};
pub use campaign_file::{CAMPAIGN_FORMAT, CampaignFile, Source, read_campaign, read_canopy};
pub use claim_file::{CLAIMS_FORMAT, ClaimFile, DropClaim, shard_bits, shard_name, shard_of};
pub use error::{CampaignError, Column, Fault, Faults, Problem};
pub use names::{CAMPAIGN_JSON, CANOPY_BIN, CLAIMS, RECIPIENTS_CSV};
pub use points::{Dust, Shared, Sharing, share};
pub use prepare::prepare;
pub use progress::{Progress, Silent, Step};
pub use published::{FoundClaim, claim_files, load_claim, read_claim_file, read_recipients};
pub use recipients::{Recipient, Recipients, place_of};
pub use table::{Reading, WHOLE_BPS, read_table};
pub use terms::Terms;
