//! What stands in a campaign's folder.

pub const CAMPAIGN_JSON: &str = "campaign.json";
pub const CANOPY_BIN: &str = "canopy.bin";
pub const RECIPIENTS_CSV: &str = "recipients.csv";
pub const CLAIMS: &str = "claims";
