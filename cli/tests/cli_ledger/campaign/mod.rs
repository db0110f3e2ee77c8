//! Campaigns from a table or points to the tombstone: prepared, created, opened, claimed, vested, swept, closed.

mod claims;
mod life;
mod opening;
mod payees;
mod payer;
mod prepare;

use std::path::PathBuf;
use std::sync::Arc;

use cairn::command::campaign::{CampaignArg, claim, create, open, prepare as preparing};
use cairn::context::{Context, Manner};
use cairn::moment::{Moment, Seconds};
use cairn::wallet::Wallet;
use cairn_interface::airdrop::{CampaignView, campaign_address};
use cairn_interface::spl::associated_token_address;
use cairn_testkit::{LiteSvmLedger, World};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

use crate::stage::{Listener, TOKEN};

const DAY: i64 = 86_400;
/// Days between start and expiry.
const LASTS: i64 = 100;

/// A creator with tokens, and a folder for tables and campaigns.
struct Scene {
    ledger: LiteSvmLedger,
    creator: Keypair,
    mint: Pubkey,
    home: tempfile::TempDir,
    /// Of the first campaign.
    starts_at: i64,
}

impl Scene {
    fn new() -> Self {
        Self::over(|world, creator| world.create_mint(creator, 6))
    }

    /// Over another mint of six decimals, of which the creator has a million tokens.
    fn over(mint: impl FnOnce(&mut World, &Keypair) -> Pubkey) -> Self {
        Self::over_unfunded(|world, creator| {
            let mint = mint(world, creator);
            world.mint_to(&mint, creator, &creator.pubkey(), 1_000_000 * TOKEN);
            mint
        })
    }

    /// Over a mint of which the creator has only what `mint` gave it.
    fn over_unfunded(mint: impl FnOnce(&mut World, &Keypair) -> Pubkey) -> Self {
        let mut world = World::new();
        let creator = world.actor("creator");
        let mint = mint(&mut world, &creator);
        let starts_at = world.now() + DAY;
        Self {
            ledger: LiteSvmLedger::new(world),
            creator,
            mint,
            home: tempfile::tempdir().unwrap(),
            starts_at,
        }
    }

    fn context(&self, key: &Keypair) -> Context {
        Context::decided(
            Arc::new(self.ledger.clone()),
            Wallet::from(key.insecure_clone()),
        )
    }

    fn as_creator(&self) -> Context {
        self.context(&self.creator)
    }

    /// Somebody with lamports and nothing to do with the campaign.
    fn as_stranger(&self) -> Context {
        let stranger = self.ledger.with_world(|world| world.actor("stranger"));
        self.context(&stranger)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A table of `count` owners: the n-th, from 1, gets n tokens at once and n tokens that vest.
    fn table(&self, count: u64) -> PathBuf {
        let mut text = "owner,amount,locked\n".to_owned();
        for n in 1..=count {
            text.push_str(&format!("{},{n},{n}\n", owner(n).pubkey()));
        }
        self.file("drops.csv", &text)
    }

    fn preparation(&self, table: PathBuf) -> preparing::Args {
        preparing::Args {
            table: Some(table),
            out: self.folder(),
            mint: self.mint,
            base_units: false,
            each: None,
            decimals: None,
            offline: false,
            points: None,
            epoch: None,
            tokens: None,
            min_points: None,
            cap: None,
            leave_dust: false,
            creator: None,
            id: 0,
            receiver: None,
            starts: Moment(self.starts_at),
            expires: None,
            lasts: Some(days(LASTS)),
            locked: None,
            vesting_start: None,
            cliff: days(10),
            vesting: days(50),
            canopy_depth: 7,
        }
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("spring")
    }

    fn which(&self) -> CampaignArg {
        CampaignArg {
            campaign: None,
            files: Some(self.folder()),
        }
    }

    fn claim_for(&self, owner: &Pubkey) -> claim::Args {
        claim::Args {
            which: self.which(),
            owner: Some(*owner),
            all: false,
        }
    }

    fn claim_all(&self) -> claim::Args {
        claim::Args {
            which: self.which(),
            owner: None,
            all: true,
        }
    }

    /// Prepares and creates a campaign of `count` owners.
    async fn created(&self, count: u64) {
        self.created_from(&self.preparation(self.table(count)))
            .await;
    }

    /// Prepares and creates the campaign of `args`.
    async fn created_from(&self, args: &preparing::Args) {
        preparing::run(&self.as_creator(), args).await.unwrap();
        create::run(&self.as_creator(), &self.creating())
            .await
            .unwrap();
    }

    fn creating(&self) -> create::Args {
        create::Args {
            files: self.folder(),
        }
    }

    /// Prepares, creates and opens a campaign of `count` owners.
    async fn opened(&self, count: u64) {
        self.created(count).await;
        open::run(&self.as_creator(), &self.opening())
            .await
            .unwrap();
    }

    fn opening(&self) -> open::Args {
        open::Args {
            files: self.folder(),
            from: None,
        }
    }

    fn address(&self) -> Pubkey {
        campaign_address(&self.creator.pubkey(), 0).0
    }

    fn campaign(&self) -> CampaignView {
        let address = self.address();
        self.ledger.with_world(|world| world.campaign(&address))
    }

    /// Moves the clock `days` after the start, and `secs` more.
    fn at(&self, days: i64, secs: i64) {
        let time = self.starts_at + days * DAY + secs;
        self.ledger.with_world(|world| world.set_time(time));
    }

    fn wallet_of(&self, owner: &Pubkey) -> Pubkey {
        let token_program = self
            .ledger
            .with_world(|world| world.token_program(&self.mint));
        associated_token_address(owner, &self.mint, &token_program)
    }

    /// Base units in an owner's token account; 0 without one.
    fn tokens_of(&self, owner: &Pubkey) -> u64 {
        let wallet = self.wallet_of(owner);
        self.ledger
            .with_world(|world| world.account(&wallet).map_or(0, |_| world.tokens(&wallet)))
    }
}

/// The n-th owner, who has no lamports: others pay the fees.
fn owner(n: u64) -> Keypair {
    World::pauper(&format!("recipient {n}"))
}

fn days(count: i64) -> Seconds {
    Seconds((count * DAY).unsigned_abs())
}

fn listening(ctx: Context, listener: &Listener) -> Context {
    Context {
        talk: Arc::new(listener.clone()),
        ..ctx
    }
}

fn in_manner(ctx: Context, manner: Manner) -> Context {
    Context { manner, ..ctx }
}
