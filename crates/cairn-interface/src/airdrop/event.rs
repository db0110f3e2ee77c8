use crate::event::{event_table, pod};

event_table! {
    /// What airdrop says happened: found among a transaction's inner instructions, never in its logs, which a validator may
    /// truncate.
    pub enum AirdropEvent of airdrop::event, read by pod;

    CampaignCreated as it {
        campaign, creator, mint, receiver, root, snapshot_hash, id, tokens, starts_at, vesting_start, cliff_at,
        vesting_end, expires_at, leaf_count, depth, canopy_depth,
    }
    CampaignCanopyStored as it { campaign, stored, needed }
    CampaignOpened as it { campaign, tokens, vault_balance, opened_at }
    CampaignPageOpened as it { campaign, payer, page }
    DropClaimed as it { campaign, owner, index, unlocked, locked, paid, received }
    VestedClaimed as it { campaign, owner, index, paid, received, locked, vested_paid }
    CampaignExtended as it { campaign, old_expires_at, expires_at }
    CampaignSwept as it { campaign, receiver, swept, received, claimed }
    CampaignPageClosed as it { campaign, rent_payer, page }
    VestingClosed as it { campaign, owner, rent_payer, index, locked, paid }
    CampaignClosed as it { campaign, creator, claimed, swept }
}
