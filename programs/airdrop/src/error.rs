//! Every refusal of this program: one code each, append only. The table is the interface that clients and tests
//! rely on, so a variant is never reused, moved or removed.

use cairn_onchain::refusals;

refusals! {
    AirdropError:
    NotCreator = "the signer must be the campaign's creator",
    WrongCampaign = "the account belongs to another campaign",
    WrongVault = "the vault must be the token account that the campaign names",
    WrongMint = "the mint must be the one that the campaign names",
    WrongTokenProgram = "the token program must be the one that the campaign names",
    WrongReceiver = "what is left goes to the receiver that was named at creation",
    WrongRentPayer = "rent goes back to the account that paid it",
    ZeroKey = "the receiver must not be the zero key",
    RootZero = "the root must not be zero",
    CampaignTokensZero = "a campaign must grant tokens",
    LeafCountRange = "a tree has between 1 and 16,777,216 leaves",
    CanopyDepthRange = "the canopy depth must be at most 7",
    CampaignTimes = "times must follow each other: start, vesting start, cliff, vesting end, expiry; expiry after now",
    TokenProgramUnsupported = "the token program must be SPL Token or Token-2022",
    MintUnsupported = "the mint must be an initialised mint of the token program",
    MintTransferHook = "the mint must have no transfer hook and nobody who could set one: a hook can refuse any payout",
    MintDefaultFrozen = "the mint's new accounts must not start frozen: no member could be paid",
    MintPermanentDelegate = "the mint must have no permanent delegate: it could empty the vault",
    MintNonTransferable = "the mint's tokens must be transferable",
    MintCloseAuthority = "the mint must have no close authority: it could come back with other rules",
    MintExtensionUnknown = "every extension of the mint must be one that this program knows",
    CampaignNotDraft = "the campaign was opened",
    CanopyComplete = "the canopy is complete and fixed",
    CanopyOffset = "a canopy part must start where the last one ended, or at 0 to start over",
    CanopyBytes = "a canopy part must hold at least one node of 40 bytes, and only whole ones",
    CanopyTooLong = "the canopy must hold 2^canopy_depth nodes, no more",
    CanopySumMismatch = "the canopy must fold to the root's sum",
    CanopyHashMismatch = "the canopy must fold to the root's hash",
    CanopyIncomplete = "the canopy must hold 2^canopy_depth nodes before the campaign is opened",
    CampaignVaultShort = "the campaign's vault must hold its root's tokens",
    ExpiryShortened = "a campaign's expiry can only move later",
    CampaignPageRange = "the page must be one of the campaign's: its claimants divided by 80,000, rounded up",
    CampaignPageMissing = "the drop's page must be opened first",
    WrongPage = "the page must be the one that holds the leaf's index",
    CampaignNotOpen = "the campaign must be open",
    CampaignNotStarted = "drops are claimed from the campaign's start on",
    CampaignExpired = "drops are claimed up to the campaign's expiry",
    DestinationNotTokenAccount = "the destination must be an open account of the campaign's token program",
    DestinationWrongMint = "the destination must hold the mint that is paid",
    DestinationFrozen = "the destination must not be frozen",
    DestinationDelegated = "the destination must have no delegate",
    DestinationCloseAuthority = "the destination must have no close authority",
    DestinationNotCanonical = "the destination must be its owner's associated token account",
    DestinationNotOwner = "the destination must belong to the owner that the vesting account names",
    DestinationMemoRequired = "the destination requires a memo; the memo program must come along",
    WrongMemoProgram = "the memo program must be the SPL memo program",
    ProofBytes = "the proof must be whole nodes of 40 bytes",
    LeafIndexOutOfRange = "the leaf's index must be below the tree's leaf count",
    ProofTooShort = "the proof's length must equal depth less canopy depth; it is shorter",
    ProofTooLong = "the proof's length must equal depth less canopy depth; it is longer",
    ProofSumOverflow = "sums along the proof must fit 64 bits",
    ProofSumMismatch = "the proof must lead to the sum in the canopy",
    ProofHashMismatch = "the proof must lead to the hash in the canopy",
    NothingToClaim = "a drop must be above zero",
    AlreadyClaimed = "a drop is claimed once",
    VestingMissing = "the drop vests; its vesting account and who pays its rent must come along",
    NothingVested = "nothing more has vested yet",
    CampaignNotExpired = "a campaign is swept after its expiry",
    CampaignNotSwept = "the campaign must be swept first",
    CampaignNotEmpty = "the campaign's pages and vesting accounts must be closed first",
    Overflow = "a sum must fit 64 bits",
    BrokenCampaign = "invariant: claimed ≤ the root's tokens, times in order",
}

#[cfg(test)]
mod tests {
    use anchor_lang::prelude::ProgramError;
    use cairn_onchain::ERROR_OFFSET;

    use super::*;

    #[test]
    fn codes_follow_the_order_of_the_table() {
        for (code, error) in (ERROR_OFFSET..).zip(AirdropError::ALL) {
            assert_eq!(error.code(), code);
            assert_eq!(AirdropError::from_code(code), Some(*error));
            assert_eq!(ProgramError::from(*error), ProgramError::Custom(code));
        }
        assert_eq!(AirdropError::from_code(ERROR_OFFSET - 1), None);
        assert_eq!(AirdropError::from_code(u32::MAX), None);
    }
}
