use reward_vault::VaultError;

/// What a person does about a refusal of reward-vault. Empty only for a variant that was added since; a test names it.
pub(super) fn hint(error: VaultError) -> &'static str {
    use VaultError as E;
    const BUG: &str = "report this: the program stopped before anything was written";
    match error {
        E::NotAdmin => "sign with the admin's key (`cairn pool show` names it)",
        E::NotPendingAdmin => {
            "sign with the key that the pool was offered to (`cairn pool show` names it)"
        }
        E::NotGuardianOrAdmin => {
            "sign with the guardian's or the admin's key (`cairn pool show` names them)"
        }
        E::NotKeeper => {
            "sign with a keeper's key (`cairn pool show` lists them), or have the admin add this one"
        }
        E::NotProposer => {
            "only the keeper that proposed the epoch stores its canopy: sign with that key"
        }
        E::NetworkUnknown => {
            "check the network's address, or create it with `cairn network create`"
        }
        E::NotNetworkAuthority => {
            "sign with the network authority's key as the pool's admin; hand the pool over afterwards"
        }
        E::ZeroKey => "give a real key for every role",
        E::KeeperCount => "name 1 to 16 keepers",
        E::KeeperDuplicate => "name each keeper once",
        E::ThresholdRange => "choose a threshold from 1 to the number of keepers",
        E::EpochIntervalRange => "choose an interval from 1 second to 366 days",
        E::ChallengeWindowRange => "choose a challenge window from 1 second to 30 days",
        E::CanopyDepthRange => "choose a canopy depth from 0 to 7",
        E::TokenProgramUnsupported => "use a mint of SPL Token; Token-2022 is not supported yet",
        E::MintUnsupported => "check the mint's address: it must be an initialised SPL Token mint",
        E::WrongMint | E::WrongTokenProgram | E::WrongVault => {
            "read mint, token program and vault from the pool (`cairn pool show`)"
        }
        E::WrongPool => "the account belongs to another pool: check the pool's address",
        E::FundAmountZero => "give an amount above zero",
        E::Paused => "wait until the pool's admin unpauses it (`cairn pool unpause`)",
        E::AlreadyPaused => "nothing to do: the pool is paused",
        E::NotPaused => "nothing to do: the pool is running",
        E::EpochNumber => "propose the pool's next epoch (`cairn pool show` names its number)",
        E::EpochInFlight => "activate or veto the proposed epoch first (`cairn epoch list`)",
        E::EpochNotVetoed => "this number is taken: propose the pool's next epoch",
        E::EpochAttempts => "have the guardian and keepers agree before proposing again",
        E::RootZero | E::LeafCountRange => {
            "close the epoch again: its tree is empty or was not built"
        }
        E::PeriodOrder => "close the epoch with an end after its start",
        E::TokensBelowActive
        | E::PointsBelowActive
        | E::CreditsBelowActive
        | E::LeafCountBelowActive => {
            "close the epoch from the state of the active one: cumulative amounts never shrink"
        }
        E::EmissionCapExceeded => {
            "wait for the next interval, or lower the epoch's emission to the pool's cap"
        }
        E::EpochNotOpen => "the epoch was activated or vetoed meanwhile (`cairn epoch list`)",
        E::CanopyComplete => "nothing to do: the canopy is stored",
        E::CanopyBytes | E::CanopyTooLong => {
            "store the canopy with this tool: `cairn-keeper propose` does"
        }
        E::CanopyOffset => "continue where the stored canopy ends, or start over at 0",
        E::CanopyHashMismatch | E::CanopySumMismatch => {
            "the canopy is of another tree: build it from the same leaves as the root"
        }
        E::CanopyIncomplete => {
            "have the proposer store the rest of the canopy (`cairn-keeper propose` resumes)"
        }
        E::AttestManifestMismatch | E::AttestRootMismatch => {
            "your recomputation differs from the proposal: do not attest; `cairn audit epoch` names the difference"
        }
        E::AttestedAlready => "nothing to do: this keeper has attested",
        E::AttestationsShort => "wait for more keepers to attest (`cairn epoch show` counts them)",
        E::ChallengeWindowOpen => {
            "wait until the challenge window has passed (`cairn epoch show` says when)"
        }
        E::WrongPreviousEpoch => "give the pool's active epoch as the previous one",
        E::VaultShort => {
            "fund the pool first: `cairn pool fund` (`cairn audit solvency` says how much is missing)"
        }
        E::EpochNotActive => "wait until the epoch is active (`cairn epoch list`)",
        E::EpochSuperseded => {
            "claim with the active epoch's proof: it includes everything earned before"
        }
        E::PageMissing => "open the member's page first: `cairn claim` does so by itself",
        E::PageOutOfRange => "check the leaf's index: no tree has that many members",
        E::WrongPage => "give the page that holds the leaf's index: index divided by 420",
        E::LeafIndexOutOfRange
        | E::ProofTooShort
        | E::ProofTooLong
        | E::ProofSumOverflow
        | E::ProofSumMismatch
        | E::ProofHashMismatch => {
            "fetch the claim file of this epoch again: this proof is damaged or of another pool or epoch"
        }
        E::ProofBytes => "the claim file is damaged: fetch it again",
        E::NothingToClaim => {
            "everything earned up to this epoch was paid: come back after the next one"
        }
        E::ClaimsAboveRoot | E::Overflow => BUG,
        E::DestinationNotTokenAccount => {
            "create the owner's token account first: `cairn claim` does so by itself"
        }
        E::DestinationWrongMint => "give a token account of the pool's mint",
        E::DestinationNotCanonical => {
            "claims are paid to the owner's associated token account only"
        }
        E::DestinationFrozen => "the mint's freeze authority must thaw the account first",
        E::DestinationDelegated => {
            "the owner must revoke the account's delegate first (`spl-token revoke`)"
        }
        E::DestinationCloseAuthority => "the owner must remove the account's close authority first",
        E::BrokenTotals | E::BrokenEpochOrder | E::BrokenKeepers | E::BrokenEpoch => BUG,
        #[allow(
            unreachable_patterns,
            reason = "a new variant must not break every client's build"
        )]
        _ => "",
    }
}
