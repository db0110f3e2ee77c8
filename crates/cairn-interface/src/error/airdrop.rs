use airdrop::AirdropError;

use super::rule::{self, BUG};

/// What a person does about a refusal of airdrop. Empty only for a variant that was added since; a test names it.
pub(super) fn hint(error: AirdropError) -> &'static str {
    use AirdropError as E;
    match error {
        E::NotCreator => {
            "sign with the key that created the campaign (`cairn campaign show` names it)"
        }
        E::WrongCampaign => "the account belongs to another campaign: check the campaign's address",
        E::CampaignTimes => {
            "put the dates in order: start, vesting start, cliff, vesting end, expiry, and the expiry after now"
        }
        E::CampaignTokensZero => "give at least one recipient an amount above zero",
        E::CampaignNotDraft => "nothing to do: the campaign is open, and its tree is fixed",
        E::CampaignNotOpen => {
            "check the campaign's status (`cairn campaign show`): it is not open yet, or was swept"
        }
        E::CampaignVaultShort => {
            "open with an amount that covers the mint's fee too, or send the rest to the campaign's vault first"
        }
        E::CampaignNotStarted => "wait until the campaign starts (`cairn campaign show` says when)",
        E::CampaignExpired => "too late: what was not claimed goes to the campaign's receiver",
        E::CampaignNotExpired => {
            "wait until the campaign has expired (`cairn campaign show` says when); a draft is given up by its creator"
        }
        E::ExpiryShortened => "choose an expiry after the present one",
        E::AlreadyClaimed => {
            "nothing to do: this drop was claimed; what vests is claimed with `cairn campaign vested`"
        }
        E::CampaignPageMissing => {
            "open the claimant's campaign page first: `cairn campaign claim` does so by itself"
        }
        E::CampaignPageRange => "check the campaign page: claimants divided by 80,000",
        E::WrongReceiver => {
            "send it to the receiver's associated token account (`cairn campaign show` names the receiver)"
        }
        E::NothingVested => "come back later: everything that vested so far was paid",
        E::VestingMissing => {
            "pass the vesting account and who pays its rent along: `cairn campaign claim` does so by itself"
        }
        E::DestinationNotOwner => "pay the wallet that the vesting account names",
        E::CampaignNotSwept => "sweep the campaign first: `cairn campaign sweep`, after its expiry",
        E::CampaignNotEmpty => {
            "close the campaign pages and vesting accounts first: `cairn campaign close` does so by itself"
        }
        E::BrokenCampaign => BUG,
        E::WrongMint | E::WrongTokenProgram | E::WrongVault => {
            "read mint, token program and vault from the campaign (`cairn campaign show`)"
        }
        E::WrongRentPayer => {
            "give the account that paid the rent: it stands in the account that closes"
        }
        E::ZeroKey => "give the wallet that gets what nobody claims",
        E::RootZero | E::LeafCountRange => {
            "prepare the campaign again (`cairn campaign prepare`): its tree is empty or was not built"
        }
        E::CanopyDepthRange => "choose a canopy depth from 0 to 7",
        E::CanopyBytes | E::CanopyTooLong => {
            "store the canopy with this tool: `cairn campaign create` does"
        }
        E::CanopyIncomplete => "store the rest of the canopy (`cairn campaign create` resumes)",
        E::WrongPage => {
            "give the campaign page that holds the drop's index: index divided by 80,000"
        }
        E::LeafIndexOutOfRange
        | E::ProofTooShort
        | E::ProofTooLong
        | E::ProofSumOverflow
        | E::ProofSumMismatch
        | E::ProofHashMismatch => {
            "fetch the claim file of this campaign again: this proof is damaged or of another campaign"
        }
        E::ProofBytes => "the claim file is damaged: fetch it again",
        E::NothingToClaim => "nothing to do: this leaf grants nothing",
        E::DestinationNotTokenAccount => {
            "create the owner's token account first: `cairn campaign claim` does so by itself"
        }
        E::DestinationWrongMint => "give a token account of the campaign's mint",
        E::DestinationMemoRequired | E::WrongMemoProgram => {
            "pass the SPL memo program along: `cairn campaign claim` does so by itself"
        }
        _ => error.rule().map_or("", rule::hint),
    }
}
