//! Who acts, who is paid, and what must have happened at least once.

use std::{collections::BTreeMap, sync::LazyLock};

use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

use super::{MEMBERS, address, key, member};

/// Everyone who signs.
pub const ALL: &[&str] = &[
    "admin",
    "admin 1",
    "guardian",
    "guardian 1",
    "keeper 0",
    "keeper 1",
    "keeper 2",
    "keeper 3",
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
/// Who may be a keeper. Three of them are at the beginning.
pub const KEEPERS: [&str; 4] = ["keeper 0", "keeper 1", "keeper 2", "keeper 3"];
/// Who may be the guardian, and who may be the admin: some can not be both.
pub const GUARDIANS: [&str; 4] = ["guardian", "guardian 1", "keeper 3", "admin 1"];
pub const ADMINS: [&str; 3] = ["admin", "admin 1", "guardian 1"];
/// Who challenges and answers without any role.
pub const STRANGERS: [&str; 4] = ["stranger", "member 0", "member 1", "keeper 0"];
pub const CARRIERS: [&str; 2] = ["carrier 0", "carrier 1"];
/// Wallets that members redirect payouts to.
pub const PAYOUTS: [&str; 2] = ["payout 0", "payout 1"];
/// Gets what campaigns leave.
pub const RECEIVER: &str = "receiver";

/// Everybody's keys by their addresses, made once.
static KEYS: LazyLock<BTreeMap<Pubkey, Keypair>> = LazyLock::new(|| {
    let keys = ALL.iter().map(|name| key(name));
    keys.map(|key| (key.pubkey(), key)).collect()
});
/// Addresses by actors.
static ADDRESSES: LazyLock<BTreeMap<&str, Pubkey>> =
    LazyLock::new(|| ALL.iter().map(|name| (*name, address(name))).collect());

/// An actor's address.
pub fn address_of(name: &str) -> Pubkey {
    ADDRESSES[name]
}

/// The keys of all actors whose signature these instructions ask for.
pub fn signers_of(instructions: &[Instruction]) -> Vec<&'static Keypair> {
    let accounts = instructions.iter().flat_map(|it| &it.accounts);
    let signers = accounts.filter(|account| account.is_signer);
    signers
        .filter_map(|account| KEYS.get(&account.pubkey))
        .collect()
}

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
    "lapse",
    "activate",
    "activate a forgery",
    "activate a correction",
    "revoke",
    "open a challenge",
    "open a challenge beside",
    "answer a challenge",
    "answer with a theft",
    "expire a challenge",
    "expire a stale challenge",
    "close epoch",
    "pause",
    "resume",
    "tighten keepers",
    "announce keepers",
    "announce a guardian",
    "agree to a guardian",
    "offer the pool",
    "accept the pool",
    "cancel roles",
    "apply roles",
    "announce rules",
    "cancel rules",
    "activate under new rules",
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

/// Refusals that the model foresees at least once in the usual plays.
pub const REFUSALS: &[&str] = &[
    "AdminNotDue",
    "AttestProposalMismatch",
    "AttestationsShort",
    "AttestedAlready",
    "CanopyIncomplete",
    "ChallengeActiveEpoch",
    "ChallengeAnswerable",
    "ChallengeAttempt",
    "ChallengeLate",
    "ChallengeOfCorrection",
    "ChallengeWindowOpen",
    "ChallengesOpen",
    "CorrectionUnsigned",
    "CreditsBelowActive",
    "CreditsCapExceeded",
    "EmissionCapExceeded",
    "EpochInFlight",
    "EpochNotLapsed",
    "EpochNotOpen",
    "EpochRevoked",
    "GuardianHoldsRole",
    "KeeperRests",
    "NotAdmin",
    "NotGuardianOrAdmin",
    "NotKeeper",
    "PointsBelowActive",
    "PointsCapExceeded",
    "RolesEpochPending",
    "RolesNotDue",
    "RolesNotPending",
    "RulesetMismatch",
    "RulesetNotDue",
    "RulesetPast",
    "TokensBelowActive",
    "VaultShort",
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
