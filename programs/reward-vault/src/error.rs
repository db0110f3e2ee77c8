//! Every refusal of this program: one code each, append only. The table is the interface that clients and tests
//! rely on, so a variant is never reused, moved or removed.

use anchor_lang::prelude::*;
use cairn_merkle::MerkleError;

/// First code; Anchor's own errors stay below.
pub const ERROR_OFFSET: u32 = 6000;

macro_rules! refusals {
    ($($name:ident = $message:literal,)+) => {
        /// Why the program refused. The code on the wire is [`ERROR_OFFSET`] plus the variant's position.
        #[error_code]
        #[derive(Debug, PartialEq, Eq)]
        pub enum VaultError {
            $(#[doc = $message] #[msg($message)] $name,)+
        }

        impl VaultError {
            /// All refusals in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The variant's name, as in the IDL.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// The rule that was broken, with its bound.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }
        }
    };
}

impl VaultError {
    /// The code on the wire.
    #[must_use]
    pub const fn code(self) -> u32 {
        ERROR_OFFSET.saturating_add(self as u32)
    }

    /// The refusal behind a code, for clients.
    #[must_use]
    pub fn from_code(code: u32) -> Option<Self> {
        let at = usize::try_from(code.checked_sub(ERROR_OFFSET)?).ok()?;
        Self::ALL.get(at).copied()
    }
}

impl From<MerkleError> for VaultError {
    fn from(error: MerkleError) -> Self {
        match error {
            MerkleError::LeafCount => Self::LeafCountRange,
            MerkleError::IndexOutOfRange => Self::LeafIndexOutOfRange,
            MerkleError::ProofTooShort => Self::ProofTooShort,
            MerkleError::ProofTooLong => Self::ProofTooLong,
            MerkleError::SumOverflow => Self::ProofSumOverflow,
            MerkleError::HashMismatch => Self::ProofHashMismatch,
            MerkleError::SumMismatch => Self::ProofSumMismatch,
            MerkleError::CanopyLength => Self::CanopyIncomplete,
        }
    }
}

refusals! {
    NotAdmin = "the signer must be the pool's admin",
    NotPendingAdmin = "the signer must be the admin that the pool was offered to",
    NotGuardianOrAdmin = "the signer must be the pool's guardian or admin",
    NotKeeper = "the signer must be one of the pool's keepers",
    NotProposer = "the signer must be the keeper that proposed the epoch",
    NetworkUnknown = "the network must be an account of the device-registry",
    NotNetworkAuthority = "the pool's admin must be the network's authority and sign its creation",
    ZeroKey = "admin, guardian, keepers and receiver must not be the zero key",
    KeeperCount = "a pool has between 1 and 16 keepers",
    KeeperDuplicate = "a keeper must be named only once",
    ThresholdRange = "the threshold must be between 1 and the number of keepers",
    EpochIntervalRange = "the epoch interval must be between 1 second and 366 days",
    ChallengeWindowRange = "the challenge window must be between 1 second and 30 days",
    CanopyDepthRange = "the canopy depth must be at most 7",
    TokenProgramUnsupported = "the token program must be SPL Token or Token-2022",
    MintUnsupported = "the mint must be an initialised mint of the token program",
    WrongMint = "the mint must be the one that pool, round or campaign names",
    WrongTokenProgram = "the token program must be the one that pool or campaign names",
    WrongVault = "the vault must be the token account that pool, round or campaign names",
    WrongPool = "the account belongs to another pool",
    FundAmountZero = "the amount must be above zero",
    Paused = "the pool is paused; only its admin can unpause it",
    AlreadyPaused = "the pool is paused already",
    NotPaused = "the pool is not paused",
    EpochNumber = "the epoch's number must be the pool's next one",
    EpochInFlight = "another epoch is proposed; it must be activated or vetoed first",
    EpochNotVetoed = "an epoch number exists once; only a vetoed epoch is proposed again",
    EpochAttempts = "an epoch can be proposed at most 65,535 times",
    RootZero = "the root must not be zero",
    LeafCountRange = "a tree has between 1 and 16,777,216 leaves",
    PeriodOrder = "the period must end after it starts",
    TokensBelowActive = "cumulative tokens must not be below the active epoch's",
    PointsBelowActive = "cumulative points must not be below the active epoch's",
    CreditsBelowActive = "cumulative credits must not be below the active epoch's",
    LeafCountBelowActive = "the leaf count must not be below the active epoch's",
    EmissionCapExceeded = "tokens may grow by the emission cap for each whole interval since the emission anchor",
    EpochNotOpen = "the epoch must be the pool's proposed one, neither active nor vetoed",
    CanopyComplete = "the canopy is complete and fixed",
    CanopyBytes = "a canopy part must hold at least one node of 40 bytes, and only whole ones",
    CanopyOffset = "a canopy part must start where the last one ended, or at 0 to start over",
    CanopyTooLong = "the canopy must hold 2^canopy_depth nodes, no more",
    CanopyHashMismatch = "the canopy must fold to the root's hash",
    CanopySumMismatch = "the canopy must fold to the root's sum",
    CanopyIncomplete = "the canopy must hold 2^canopy_depth nodes before the epoch is activated or the campaign opened",
    AttestManifestMismatch = "the attested manifest hash must be the proposed one",
    AttestRootMismatch = "the attested root must be the proposed one",
    AttestedAlready = "a keeper attests an epoch once",
    AttestationsShort = "attestations of current keepers must reach the threshold",
    ChallengeWindowOpen = "the challenge window must have passed since the proposal",
    WrongPreviousEpoch = "the previous epoch must be the pool's active one, and absent before the first",
    VaultShort = "the vault must hold the root's tokens less what was claimed",
    EpochNotActive = "the epoch was not activated",
    EpochSuperseded = "the epoch is older than the last but one; claim with the active epoch's proof",
    PageMissing = "the member's page must be opened first",
    PageOutOfRange = "the page must be below 39,946, the pages of 16,777,216 members",
    WrongPage = "the page must be the one that holds the leaf's index",
    LeafIndexOutOfRange = "the leaf's index must be below the tree's leaf count",
    ProofBytes = "the proof must be whole nodes of 40 bytes",
    ProofTooShort = "the proof's length must equal depth less canopy depth; it is shorter",
    ProofTooLong = "the proof's length must equal depth less canopy depth; it is longer",
    ProofSumOverflow = "sums along the proof must fit 64 bits",
    ProofSumMismatch = "the proof must lead to the sum in the canopy",
    ProofHashMismatch = "the proof must lead to the hash in the canopy",
    NothingToClaim = "the leaf's tokens must be above what the member was paid before",
    ClaimsAboveRoot = "total claimed must not exceed the active root's sum",
    DestinationNotTokenAccount = "the destination must be an open account of the pool's token program",
    DestinationWrongMint = "the destination must hold the mint that is paid",
    DestinationNotCanonical = "the destination must be its owner's associated token account",
    DestinationFrozen = "the destination must not be frozen",
    DestinationDelegated = "the destination must have no delegate",
    DestinationCloseAuthority = "the destination must have no close authority",
    Overflow = "a sum must fit 64 bits",
    BrokenTotals = "invariant: claimed ≤ cumulative ≤ funded",
    BrokenEpochOrder = "invariant: next epoch = active epoch + 1, and only the next may be in flight",
    BrokenKeepers = "invariant: 1 ≤ threshold ≤ keepers ≤ 16",
    BrokenEpoch = "invariant: depth holds the leaves, the canopy is no deeper, a live epoch was attested",
    PoolVersion = "the pool must have the current layout; `migrate_pool` brings it there",
    BreakerWindowRange = "the breaker's window must be between 8 seconds and 366 days",
    BreakerShareRange = "the breaker's share must be between 1 and 10,000 hundredths of a percent",
    RecipientCooldownRange = "the recipient's cooldown must be between 1 second and 30 days",
    ParamsDelayRange = "the delay of parameters must be between 1 second and 30 days",
    ParamsNotPending = "no parameters are pending",
    ParamsNotDue = "pending parameters take effect only after their delay",
    ParamsEpochPending = "parameters take effect only while no epoch is proposed",
    BreakerOpen = "at most the breaker's share of the vault leaves in its window; the log says what is available, and when the rest is",
    ClaimAmountZero = "the most to pay must be above zero",
    NotOwner = "the signer must be the member whose leaf it is",
    RecipientMissing = "the member has a recipient account; it must come along",
    WrongRecipient = "the recipient account must be the member's in this pool",
    DestinationNotRecipient = "the destination must belong to the recipient in effect",
    ClaimRestricted = "the member allows claims by the owner or the delegate only; one of them must sign",
    RecipientInUse = "a recipient account closes once the owner is paid directly and anyone may claim",
    CreditsRange = "cumulative credits must be below 2^63",
    DestinationMemoRequired = "the destination requires a memo; the memo program must come along",
    WrongMemoProgram = "the memo program must be the SPL memo program",
    MintTransferHook = "the mint must have no transfer hook and nobody who could set one: a hook can refuse any payout",
    MintDefaultFrozen = "the mint's new accounts must not start frozen: no member could be paid",
    MintPermanentDelegate = "the mint must have no permanent delegate: it could empty the vault",
    MintNonTransferable = "the mint's tokens must be transferable",
    MintCloseAuthority = "the mint must have no close authority: it could come back with other rules",
    MintExtensionUnknown = "every extension of the mint must be one that this program knows",
    RoundNumber = "the round's number must be the pool's next one",
    RoundWindow = "a round must start within 366 days, end after it starts and now, and last at most 366 days",
    RoundTokensZero = "a round must hold tokens",
    WrongRound = "the round must be of this pool, the receipt of this round",
    RoundNotStarted = "points burn in a round from its start on",
    RoundEnded = "points burn in a round before its end",
    RoundNotEnded = "a round settles once it has ended",
    RoundUnsettled = "a round closes once every receipt is settled",
    BurnBelowMinimum = "a burn must reach the round's minimum",
    PointsShort = "points burnt over the member's life must not exceed the leaf's points",
    WrongReceipt = "the receipt must be the member's in this round",
    WrongRentPayer = "rent goes back to the account that paid it",
    CarrierInactive = "the carrier must be an active one of the pool",
    WrongCarrier = "the signer must be the carrier that the redemption names",
    RedemptionPeriodRange = "a carrier's time to fulfil must be between 1 second and 366 days",
    CreditsZero = "the credits must be above zero",
    CreditsShort = "credits redeemed over the member's life must not exceed the leaf's credits",
    CommitmentZero = "the commitment must not be zero",
    WrongRedemption = "the redemption must be of this pool and member",
    RedemptionExpired = "credits are fulfilled up to the deadline",
    RedemptionNotExpired = "credits are refunded after the deadline",
    NotCreator = "the signer must be the campaign's creator",
    WrongCampaign = "the account belongs to another campaign",
    CampaignTimes = "times must follow each other: start, vesting start, cliff, vesting end, expiry; expiry after now",
    CampaignTokensZero = "a campaign must grant tokens",
    CampaignNotDraft = "the campaign was opened",
    CampaignNotOpen = "the campaign must be open",
    CampaignVaultShort = "the campaign's vault must hold its root's tokens",
    CampaignNotStarted = "drops are claimed from the campaign's start on",
    CampaignExpired = "drops are claimed up to the campaign's expiry",
    CampaignNotExpired = "a campaign is swept after its expiry",
    ExpiryShortened = "a campaign's expiry can only move later",
    AlreadyClaimed = "a drop is claimed once",
    CampaignPageMissing = "the drop's page must be opened first",
    WrongReceiver = "what is left goes to the receiver that was named at creation",
    NothingVested = "nothing more has vested yet",
    VestingMissing = "the drop vests; its vesting account and who pays its rent must come along",
    CampaignNotSwept = "the campaign must be swept first",
    CampaignNotEmpty = "the campaign's pages and vesting accounts must be closed first",
    EpochStillClaimable = "an epoch closes once it is older than the last but one",
    BrokenParams = "invariant: every parameter is within its range",
    BrokenRound = "invariant: settled ≤ burnt, paid ≤ the round's tokens",
    BrokenCampaign = "invariant: claimed ≤ the root's tokens, times in order",
    BrokenRecipient = "invariant: the owner's own wallet is written as zero, and nothing pends without its time",
    DestinationNotOwner = "the destination must belong to the owner that the vesting account names",
    CampaignPageRange = "the page must be one of the campaign's: its claimants divided by 80,000, rounded up",
    EpochUnknown = "the epoch was never proposed",
    EpochClosed = "the epoch is closed; only its tombstone is left",
    PointsAboveRoot = "all points burnt must not exceed the active root's points",
    CreditsAboveRoot = "all credits redeemed must not exceed the active root's credits, nor those fulfilled the redeemed",
    RedemptionChanged = "a fulfilment must name the redemption's own credits and commitment",
    CarrierKeyZero = "the carrier must not be the zero key",
    BrokenSpending = "invariant: a receipt holds points, a redemption credits and a commitment, a carrier a period",
    EmissionAboveCreation = "parameters can not raise emission above the pool's rate at creation: cap × creation's interval ≤ creation's cap × interval",
    PartUnsigned = "of a token whose mint has extensions only the owner or the delegate claims a part; one of them must sign",
}

/// Fails with `error`, in the shape that `?` and `ok_or` want.
#[cold]
pub(crate) fn refuse<T>(error: impl Into<VaultError>) -> Result<T> {
    Err(error.into().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_the_order_of_the_table() {
        for (code, error) in (ERROR_OFFSET..).zip(VaultError::ALL) {
            assert_eq!(error.code(), code);
            assert_eq!(VaultError::from_code(code), Some(*error));
            assert_eq!(ProgramError::from(*error), ProgramError::Custom(code));
        }
        assert_eq!(VaultError::from_code(ERROR_OFFSET - 1), None);
        assert_eq!(VaultError::from_code(u32::MAX), None);
    }

    #[test]
    fn every_tree_error_has_a_code_of_its_own() {
        let errors = [
            MerkleError::LeafCount,
            MerkleError::IndexOutOfRange,
            MerkleError::ProofTooShort,
            MerkleError::ProofTooLong,
            MerkleError::SumOverflow,
            MerkleError::HashMismatch,
            MerkleError::SumMismatch,
            MerkleError::CanopyLength,
        ];
        let mut codes: Vec<u32> = errors
            .into_iter()
            .map(|error| VaultError::from(error).code())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), errors.len());
    }
}
