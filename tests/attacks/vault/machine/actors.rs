//! Who acts, who is paid, and what must have happened at least once.

use solana_sdk::pubkey::Pubkey;

use super::{MEMBERS, address, member};

/// Everyone who signs.
pub const ALL: &[&str] = &[
    "admin",
    "guardian",
    "keeper 0",
    "keeper 1",
    "keeper 2",
    "stranger",
    "treasurer",
    "member 0",
    "member 1",
    "member 2",
    "member 3",
    "member 4",
    "member 5",
    "delegate",
    "creator",
    "sponsor",
    "carrier 0",
    "carrier 1",
];
pub const KEEPERS: [&str; 3] = ["keeper 0", "keeper 1", "keeper 2"];
pub const CARRIERS: [&str; 2] = ["carrier 0", "carrier 1"];
/// Wallets that members redirect payouts to.
pub const PAYOUTS: [&str; 2] = ["payout 0", "payout 1"];
/// Gets what campaigns leave.
pub const RECEIVER: &str = "receiver";

/// Every wallet whose balance the model knows.
pub fn paid() -> Vec<Pubkey> {
    let members = (0..MEMBERS).map(member);
    let others = PAYOUTS.iter().chain([&RECEIVER]).map(|name| address(name));
    members.chain(others).collect()
}

/// Acts that succeed at least once in the usual plays.
pub const ACTS: &[&str] = &[
    "claim",
    "claim to a payout",
    "claim in part",
    "claim at once",
    "fund",
    "donate",
    "propose",
    "propose a forgery",
    "canopy",
    "attest",
    "veto",
    "activate",
    "activate a forgery",
    "close epoch",
    "pause",
    "resume",
    "set keepers",
    "apply roles",
    "announce params",
    "apply params",
    "cancel params",
    "set recipient",
    "close recipient",
    "open round",
    "burn",
    "settle",
    "close round",
    "set carrier",
    "redeem",
    "fulfil",
    "refund",
    "create campaign",
    "claim drop",
    "claim vested",
    "extend",
    "sweep",
    "close page",
    "close vesting",
    "close campaign",
];

/// Refusals of claims that the model foresees at least once in the usual plays.
pub const REFUSALS: &[&str] = &[
    "Paused",
    "DestinationNotRecipient",
    "ClaimRestricted",
    "PartUnsigned",
    "EpochNotActive",
    "EpochSuperseded",
    "RecipientMissing",
    "NothingToClaim",
    "ClaimsAboveRoot",
    "BreakerOpen",
];
