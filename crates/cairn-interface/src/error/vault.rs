use reward_vault::VaultError;

use super::rule::{self, BUG};

/// What a person does about a refusal of reward-vault. Empty only for a variant that was added since; a test names it.
pub(super) fn hint(error: VaultError) -> &'static str {
    use VaultError as E;
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
        E::WrongMint | E::WrongTokenProgram | E::WrongVault => {
            "read mint, token program and vault from the pool (`cairn pool show`)"
        }
        E::WrongPool => "the account belongs to another pool: check the pool's address",
        E::FundAmountZero => "give an amount above zero",
        E::Paused => {
            "wait until the pause ends (`cairn pool show` says when), or have the admin unpause it"
        }
        E::AlreadyPaused => "nothing to do: the pool is paused",
        E::NotPaused => "nothing to do: the pool is running",
        E::EpochNumber => "propose the pool's next epoch (`cairn pool show` names its number)",
        E::EpochInFlight => "activate or veto the proposed epoch first (`cairn epoch list`)",
        E::EpochNotVetoed => "this number is taken: propose the pool's next epoch",
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
        E::CanopyBytes | E::CanopyTooLong => {
            "store the canopy with this tool: `cairn-keeper propose` does"
        }
        E::CanopyIncomplete => {
            "have the proposer store the rest of the canopy (`cairn-keeper propose` resumes)"
        }
        E::AttestProposalMismatch => {
            "your recomputation differs from the proposal, or it was vetoed and proposed again: do not attest; `cairn audit epoch` names the difference"
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
        E::PageMissing => "open the member page first: `cairn claim` does so by itself",
        E::PageOutOfRange => "check the leaf's index: no tree has that many members",
        E::WrongPage => "give the member page that holds the leaf's index: index divided by 420",
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
        E::ClaimsAboveRoot => BUG,
        E::DestinationNotTokenAccount => {
            "create the owner's token account first: `cairn claim` does so by itself"
        }
        E::DestinationWrongMint => "give a token account of the pool's mint",
        E::DestinationMemoRequired | E::WrongMemoProgram => {
            "pass the SPL memo program along: `cairn claim` does so by itself"
        }
        E::BrokenTotals | E::BrokenEpochOrder | E::BrokenKeepers | E::BrokenEpoch => BUG,
        E::PoolVersion => "migrate the pool first: `cairn pool migrate`, which anyone may send",
        E::PartUnsigned => "claim all of it, or have the owner or delegate sign (`--authority`)",
        E::EmissionAboveCreation => {
            "choose a lower emission cap or a longer interval (`cairn pool show` names both at creation); more needs a new pool"
        }
        E::BreakerWindowRange => "choose a breaker window from 8 seconds to 366 days",
        E::BreakerShareRange => "choose a breaker share from 0.01 % to 100 %",
        E::RecipientCooldownRange => "choose a cooldown from 1 second to 30 days",
        E::ParamsDelayRange => {
            "choose a delay that is a day longer than the challenge window at least, and 60 days at most"
        }
        E::AnswerTimeRange => "choose a time to answer from an hour to seven days",
        E::PointsAboveCreation
        | E::CreditsAboveCreation
        | E::ChallengeWindowBelowCreation
        | E::CooldownBelowCreation
        | E::DelayBelowCreation
        | E::AnswerTimeBelowCreation
        | E::BreakerWindowBelowCreation
        | E::BreakerShareAboveCreation
        | E::BreakerFloorAboveCreation => {
            "choose what is no looser than at creation (`cairn pool show` names it); anything looser needs a new pool"
        }
        E::ParamsNotPending => "nothing to do: no parameters are announced",
        E::ParamsNotDue => {
            "wait until the announced parameters are due (`cairn pool show` says when)"
        }
        E::ParamsEpochPending => {
            "apply after the proposed epoch is active; a guardian may veto it and apply in one transaction"
        }
        E::BreakerOpen => {
            "claim what is available now (`cairn claim` asks for no more), and the rest later; a claim that the member signs (`--authority`) may use the whole room"
        }
        E::ClaimAmountZero => "give an amount above zero, or none to claim everything",
        E::NotOwner => "sign with the member's own key",
        E::RecipientMissing => {
            "pass the member's recipient account along: `cairn claim` does so by itself"
        }
        E::WrongRecipient => {
            "give the recipient account of this member in this pool, and the index that it was set with"
        }
        E::DestinationNotRecipient => {
            "pay the wallet that is in effect now (`cairn recipient show`): a new one waits for its cooldown"
        }
        E::ClaimRestricted => {
            "have the member or their delegate sign the claim (`cairn recipient show` names them)"
        }
        E::RecipientInUse => {
            "set the payout back to the member's own wallet, lift the restriction, and close after the cooldown"
        }
        E::CreditsRange => "report this: no rules grant that many data credits",
        E::BrokenParams | E::BrokenRecipient => BUG,
        E::EpochAttempts
        | E::AttestManifestMismatch
        | E::AttestRootMismatch
        | E::NotCreator
        | E::WrongCampaign
        | E::CampaignTimes
        | E::CampaignTokensZero
        | E::CampaignNotDraft
        | E::CampaignNotOpen
        | E::CampaignVaultShort
        | E::CampaignNotStarted
        | E::CampaignExpired
        | E::CampaignNotExpired
        | E::ExpiryShortened
        | E::AlreadyClaimed
        | E::CampaignPageMissing
        | E::CampaignPageRange
        | E::WrongReceiver
        | E::NothingVested
        | E::VestingMissing
        | E::DestinationNotOwner
        | E::CampaignNotSwept
        | E::CampaignNotEmpty
        | E::BrokenCampaign => {
            "the reward-vault that is deployed is older than this tool: have it upgraded (`cairn-migrations plan`)"
        }
        E::RoundNumber => "open the pool's next round (`cairn pool show` names its number)",
        E::RoundWindow => {
            "choose a start within 366 days, in seconds, and an end after it and after now, at most 366 days later"
        }
        E::RoundTokensZero => "give the tokens that the round shares",
        E::WrongRound => {
            "the round was closed or never opened, or is of another pool (`cairn points rounds` lists them)"
        }
        E::RoundNotStarted => "wait until the round starts (`cairn points rounds` says when)",
        E::RoundEnded => "the round has ended: burn in the next one",
        E::RoundNotEnded => "wait until the round has ended (`cairn points rounds` says when)",
        E::RoundUnsettled => "settle the open receipts first: `cairn points settle --all`",
        E::BurnBelowMinimum => {
            "burn at least the round's minimum (`cairn points rounds` names it), and not zero"
        }
        E::PointsShort => "burn fewer points (`cairn claim show` says how many are left)",
        E::WrongReceipt => {
            "the member did not burn in this round, or was paid already (`cairn points rounds --owner`)"
        }
        E::WrongRentPayer => {
            "give the account that paid the rent: it stands in the account that closes"
        }
        E::CarrierInactive => {
            "choose one of the pool's active carriers (`cairn credits show` lists them)"
        }
        E::WrongCarrier => "sign with the key of the carrier that the redemption names",
        E::RedemptionPeriodRange => "choose a time to fulfil from 1 second to 366 days",
        E::CreditsZero => "give an amount of credits above zero",
        E::CreditsShort => "redeem fewer credits (`cairn claim show` says how many are left)",
        E::CommitmentZero => {
            "give the hash of what is to be delivered: `cairn credits redeem` makes it"
        }
        E::WrongRedemption => {
            "the redemption was fulfilled or refunded, or never made (`cairn credits show`)"
        }
        E::RedemptionExpired => "the deadline has passed: the member gets the credits back",
        E::RedemptionNotExpired => {
            "wait until the deadline has passed (`cairn credits show` says when)"
        }
        E::EpochStillClaimable => {
            "wait until two later epochs are active: members may still claim with this one"
        }
        E::EpochUnknown => {
            "check the epoch's number: nobody has proposed it yet (`cairn epoch list`)"
        }
        E::EpochClosed => "nothing to do: the epoch is closed",
        E::PointsAboveRoot | E::CreditsAboveRoot => {
            "tell the network's operator: the active root's leaves grant more than its totals say (`cairn audit epoch`)"
        }
        E::RedemptionChanged => "fetch the redemption again: it is not the one that was fulfilled",
        E::CarrierKeyZero => "give the carrier's key",
        E::BrokenRound | E::BrokenSpending => BUG,
        _ => roles_and_challenges(error),
    }
}

/// The rest: what guards the way of an epoch and the roles.
fn roles_and_challenges(error: VaultError) -> &'static str {
    use VaultError as E;
    match error {
        E::EpochVersion => {
            "migrate the epoch first: `cairn-migrations apply`, which anyone may send"
        }
        E::PointsCapExceeded | E::CreditsCapExceeded => {
            "wait for the next interval, or lower what the rules grant to the pool's caps (`cairn pool show`)"
        }
        E::GuardianHoldsRole => "choose a guardian that is neither the admin nor a keeper",
        E::PauseRests => {
            "wait until the pool ran as long as it was last paused (`cairn pool show`)"
        }
        E::RolesNotPending => "nothing to do: nothing of the kind is announced (`cairn pool show`)",
        E::RolesNotDue => "wait until the announced roles are due (`cairn pool show` says when)",
        E::RolesEpochPending => {
            "apply after the proposed epoch is active; a guardian may veto it and apply in one transaction"
        }
        E::NotGuardian => "sign with the guardian's key (`cairn pool show` names it)",
        E::AdminNotDue => "wait until the offer is due (`cairn pool show` says when)",
        E::KeeperRests => {
            "another keeper proposes now; this one may again after a challenge window (`cairn pool show` says when)"
        }
        E::EpochNotLapsed => {
            "wait until the challenge window has passed; a proposal that is complete does not lapse"
        }
        E::ReasonReserved => "choose a reason below 65280",
        E::ChallengesOpen => "answer the open challenges first: `cairn epoch answer`",
        E::ChallengeLate => {
            "too late: the epoch may be activated; have the guardian veto or pause (`cairn pool pause`)"
        }
        E::ChallengeOfCorrection => {
            "a correction is stopped by guardian or admin: `cairn epoch veto`"
        }
        E::ChallengeActiveEpoch => {
            "show the leaf in the pool's active epoch (`cairn pool show` names it)"
        }
        E::ChallengeOpen => "nothing to do: the leaf is challenged already; anybody may answer",
        E::WrongChallenge => {
            "the challenge was answered or has expired, or is of another epoch (`cairn epoch show`)"
        }
        E::ChallengeAttempt => "the attempt is over: `cairn epoch expire` returns the deposit",
        E::ChallengeAnswerable => "wait until the time to answer has passed",
        E::WrongChallenger => "give the account that opened the challenge: it stands in it",
        E::RoundWithoutEpoch => {
            "wait until an epoch is active, and name the pool's active one (`cairn pool show`)"
        }
        E::WrongRoundEpoch => {
            "burn with the proof of the epoch that the round binds (`cairn points rounds` names it)"
        }
        E::EpochKept => "wait until the burn round that binds the epoch has ended",
        E::EpochRevoked => "the epoch was taken back: wait for its correction (`cairn epoch list`)",
        E::RevokeUnknown => "veto is possible before activation only; wait for the next epoch",
        E::CorrectionUnsigned => {
            "have admin and guardian sign the correction too (docs/runbooks says how)"
        }
        E::RulesetZero => "give the hash of the rules",
        E::RulesetMismatch => {
            "close the epoch under the pool's rules (`cairn pool show` names their hash), or have the admin announce these"
        }
        E::RulesetNotDue => "wait until the announced rules are due (`cairn pool show` says when)",
        E::RulesetPast => {
            "name an epoch that is not proposed yet (`cairn pool show` names the next)"
        }
        E::RulesetNotPending => "nothing to do: no rules are announced",
        _ => error.rule().map_or("", rule::hint),
    }
}
