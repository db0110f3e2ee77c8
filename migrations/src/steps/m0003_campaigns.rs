//! Step 3: reward-vault holds no campaign. Campaigns have a program of their own (ADR 24), and an account can not change the one
//! it belongs to: a campaign that the vault of an older build made ends under that build, or its tokens are out of everybody's
//! reach. So this stops an upgrade, and names what is to be ended first.

use async_trait::async_trait;
use cairn_client::{AccountFilter, ClientError, Ledger};
use cairn_interface::DecodeError;
use cairn_interface::airdrop::{CampaignPageView, CampaignView, Kind, VestingView};
use cairn_interface::ids::{AIRDROP, REWARD_VAULT};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;

use crate::left::{Left, Standing};
use crate::{Findings, MigrationError, Step};

/// Nothing to send: only the build that made a campaign ends it, and only after its expiry.
pub struct Campaigns;

#[async_trait]
impl Step for Campaigns {
    fn number(&self) -> u16 {
        3
    }

    fn goal(&self) -> &'static str {
        "reward-vault holds no campaign"
    }

    async fn look(&self, ledger: &dyn Ledger) -> Result<Findings, MigrationError> {
        let mut left = Vec::new();
        let mut tombstones: usize = 0;
        for kind in Kind::ALL {
            // Asked for by kind: a pool's pages are many and large, and none of them is of interest.
            let filter = AccountFilter::Bytes {
                offset: 0,
                bytes: kind.discriminator().to_vec(),
            };
            let mut accounts = ledger.program_accounts(&REWARD_VAULT, &[filter]).await?;
            accounts.sort_unstable_by_key(|(address, _)| *address);
            if kind == Kind::Tombstone {
                // It stays for ever and holds no tokens.
                tombstones = accounts.len();
                continue;
            }
            for (address, account) in accounts {
                let what = standing(kind, address, account).map_err(ClientError::from)?;
                left.push(Left { address, what });
            }
        }
        if left.is_empty() {
            return Ok(Findings {
                facts: vec![("closed campaigns".to_owned(), tombstones.to_string())],
                tasks: Vec::new(),
            });
        }
        Err(MigrationError::CampaignsLeft { left })
    }
}

/// Reads an account that the vault made: all but the owning program is as airdrop's accounts are.
fn standing(kind: Kind, address: Pubkey, account: Account) -> Result<Standing, DecodeError> {
    let account = Account {
        owner: AIRDROP,
        ..account
    };
    Ok(match kind {
        Kind::Campaign | Kind::Tombstone => {
            let campaign = CampaignView::decode(address, &account)?;
            Standing::Campaign {
                status: campaign.status(),
                creator: campaign.creator,
                expires_at: campaign.expires_at,
            }
        }
        Kind::Page => {
            let page = CampaignPageView::decode(address, &account)?;
            Standing::Page {
                campaign: page.campaign,
                page: page.page,
            }
        }
        Kind::Vesting => {
            let vesting = VestingView::decode(address, &account)?;
            Standing::Vesting {
                campaign: vesting.campaign,
                owner: vesting.owner,
            }
        }
    })
}
