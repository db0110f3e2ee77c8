//! What stands before the first proof: a local network whose clock shows the month, a registry with every device, a
//! funded pool, three keepers with a folder each. Set up with the commands of `cairn`, as an operator would.

mod founding;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cairn::{
    args::{FilesArg, PoolArg},
    context::Context,
    wallet::Wallet,
};
use cairn_client::{Ledger, RpcLedger, SendOptions, send};
use cairn_epoch::{EpochFolder, NetworkTerms, shipped_ruleset, write_anchors, write_devices};
use cairn_interface::{
    spl,
    traffic::write_burn_memo,
    vault::{EpochView, PoolView, epoch_address, vault_address},
};
use cairn_keeper::{
    Keeper,
    init::{InitOptions, RulesetSource, init},
};
use cairn_localnet::{Blocks, Config, Localnet, find_deploy_folder};
use cairn_merkle::EpochNumber;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer as _};

use crate::{
    app,
    args::Args,
    fault::DemoError,
    month::{
        Month,
        roster::{Part, Seed},
        traffic::{PAYER, PAYER_NAME},
    },
    snapshot,
    talk::Talk,
};

use founding::{add_issuers, create_network, create_pool, register};

pub const DECIMALS: u8 = 6;
/// Base units that an epoch divides: a million tokens.
pub const EMISSION: u64 = 1_000_000 * 1_000_000;
pub const CHALLENGE_WINDOW_SECS: u64 = 24 * 3_600;
/// Enough for every week's emission, and some.
const FUNDING_TOKENS: u64 = 8_000_000;
const DEFAULT_PORT: u16 = 8899;

#[must_use]
pub const fn sol(amount: u64) -> u64 {
    amount * 1_000_000_000
}

/// A network ready for its first week.
pub struct Stage {
    pub localnet: Localnet,
    pub ledger: Arc<RpcLedger>,
    pub network: Pubkey,
    pub pool: Pubkey,
    pub first: Keeper,
    pub second: Keeper,
    pub third: Keeper,
    seed: Seed,
    state: PathBuf,
}

impl Stage {
    /// Starts the local network and sets everything up.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn set(args: &Args, month: &Month, talk: &Talk) -> Result<Self, DemoError> {
        let state = args
            .state
            .clone()
            .unwrap_or_else(|| PathBuf::from(".cairn/demo"));
        clear(&state)?;
        let localnet = start(args, month, &state).await?;
        talk.done(&format!(
            "a local network answers at {}; its clock shows the month's first day",
            localnet.rpc_url()
        ));
        let ledger = Arc::new(localnet.ledger()?);
        let admin = context(&ledger, localnet.key("admin")?);

        let network = create_network(&admin, &localnet).await?;
        let issuer = add_issuers(&admin, network, month.settings.seed).await?;
        let published = state.join("registry");
        publish(&published, month, issuer)?;
        let devices = published.join("devices.parquet");
        let transactions = register(&admin, network, &devices, month.places.all.len()).await?;
        talk.done(&format!(
            "{} devices entered the registry in {transactions} transactions",
            month.places.all.len(),
        ));

        let terms = snapshot::terms(month, EMISSION);
        let ruleset = shipped_ruleset(&terms)?.hash();
        let pool = create_pool(&admin, &localnet, network, ruleset).await?;
        talk.done(&format!(
            "pool {pool} holds {FUNDING_TOKENS} tokens; 2 of 3 keepers must agree, a guardian may veto for a day"
        ));
        let keeper = |which| {
            open_keeper(
                which,
                &state,
                &localnet,
                (network, pool),
                terms.clone(),
                &published,
            )
        };
        Ok(Self {
            first: keeper(1).await?,
            second: keeper(2).await?,
            third: keeper(3).await?,
            localnet,
            ledger,
            network,
            pool,
            seed: month.settings.seed,
            state,
        })
    }

    /// The payer of traffic buys what a week's sessions will cost, and burns it before they are.
    ///
    /// # Errors
    /// The chain refuses.
    pub async fn burn_for_traffic(&self, tokens: u64, talk: &Talk) -> Result<(), DemoError> {
        if tokens == 0 {
            return Ok(());
        }
        let payer = self.wallet(self.seed.secret(Part::Partner, PAYER_NAME));
        let wallet = payer.pubkey();
        self.localnet.airdrop(&wallet, sol(1)).await?;
        let from = self.localnet.mint_to(&wallet, tokens).await?;
        let pool = self.pool_view().await?;
        let burn = spl::burn(&pool.token_program, &pool.mint, &from, &wallet, tokens);
        let steps = [write_burn_memo(&self.pool, PAYER), burn];
        let options = SendOptions::default();
        send(&*self.ledger, &steps, &wallet, &[&payer], &options).await?;
        let whole = tokens / 10_u64.pow(u32::from(DECIMALS));
        talk.done(&format!(
            "the payer of travellers' traffic burned {whole} tokens for the week"
        ));
        Ok(())
    }

    /// The first keeper's published files.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        keeper_folder(&self.state, 1)
    }

    /// The blocks of the month, which no node of a local network keeps.
    #[must_use]
    pub fn anchors_file(&self) -> PathBuf {
        self.state.join("registry/anchors.parquet")
    }

    /// The rules that the network promised: those of the keeper that proposes.
    #[must_use]
    pub fn ruleset(&self) -> PathBuf {
        keeper_folder(&self.state, 1).join("ruleset")
    }

    /// One published epoch.
    #[must_use]
    pub fn published(&self, number: u64) -> EpochFolder {
        self.first.folder().epoch(EpochNumber::new(number))
    }

    /// The wallet of a derived secret.
    #[must_use]
    pub fn wallet(&self, secret: [u8; 32]) -> Keypair {
        Keypair::new_from_array(secret)
    }

    /// `cairn` with `key` as `-k`.
    #[must_use]
    pub fn as_signer(&self, key: &Keypair) -> Context {
        context(&self.ledger, key)
    }

    #[must_use]
    pub fn pool_arg(&self) -> PoolArg {
        PoolArg { pool: self.pool }
    }

    #[must_use]
    pub fn files_arg(&self) -> FilesArg {
        self.files().into()
    }

    /// The pool as the chain has it.
    ///
    /// # Errors
    /// The ledger can not be asked, or the pool is gone.
    pub async fn pool_view(&self) -> Result<PoolView, DemoError> {
        let account = self
            .ledger
            .account(&self.pool)
            .await?
            .ok_or_else(|| DemoError::Unexpected(format!("pool {} is gone", self.pool)))?;
        Ok(PoolView::decode(self.pool, &account).map_err(cairn_client::ClientError::from)?)
    }

    /// An epoch as the chain has it.
    ///
    /// # Errors
    /// As [`Self::pool_view`].
    pub async fn epoch_view(&self, number: u64) -> Result<EpochView, DemoError> {
        let address = epoch_address(&self.pool, EpochNumber::new(number)).0;
        let account = self
            .ledger
            .account(&address)
            .await?
            .ok_or_else(|| DemoError::Unexpected(format!("epoch {number} is not on chain")))?;
        Ok(EpochView::decode(address, &account).map_err(cairn_client::ClientError::from)?)
    }

    /// Base units in the pool's vault.
    ///
    /// # Errors
    /// As [`Self::pool_view`].
    pub async fn vault_balance(&self, pool: &PoolView) -> Result<u64, DemoError> {
        let vault = vault_address(&pool.address).0;
        let account = self
            .ledger
            .account(&vault)
            .await?
            .ok_or_else(|| DemoError::Unexpected(format!("vault {vault} is gone")))?;
        let token = spl::TokenAccountView::decode(vault, &account)
            .map_err(cairn_client::ClientError::from)?;
        Ok(token.amount)
    }

    /// Ends the demonstration: stops the network, or keeps it, and the app, until an interrupt. Says what to try either way.
    ///
    /// # Errors
    /// The app can not be served; the network does not stop.
    pub async fn leave(self, args: &Args) -> Result<(), DemoError> {
        let Self {
            localnet,
            first,
            second,
            third,
            pool,
            network,
            state,
            ..
        } = self;
        for keeper in [first, second, third] {
            keeper.shut_down().await;
        }
        if args.keep {
            let files = keeper_folder(&state, 1);
            let app = match &args.app {
                Some(folder) => Some(app::serve(folder, &files, localnet.rpc_url(), pool).await?),
                None => None,
            };
            Talk.next(&what_to_try(&localnet, network, pool, &files));
            if let Some(app) = &app {
                Talk.next(&format!("The web app, with this month: {}", app.url()));
            }
            // Only waiting for the interrupt can fail, and then there is nothing to wait for.
            let _ = tokio::signal::ctrl_c().await;
        } else {
            Talk.next(&format!(
                "Try next: `cargo xtask demo --keep` leaves the network running for the commands of `cairn`;\n\
                 `cargo xtask install --debug` puts `cairn` on the PATH, and `cairn why DEVICE --files {}` explains what \
                 became of a device's proofs.",
                keeper_folder(&state, 1).display()
            ));
        }
        Ok(localnet.stop()?)
    }
}

fn what_to_try(localnet: &Localnet, network: Pubkey, pool: Pubkey, files: &Path) -> String {
    format!(
        "The network keeps running at {url} until Ctrl-C. In another terminal:\n\n  \
         cargo xtask install --debug\n  \
         export CAIRN_POOL={pool} CAIRN_NETWORK={network} CAIRN_FILES={files}\n  \
         cairn pool show -u {url}\n  \
         cairn epoch list -u {url}\n  \
         cairn audit epoch 2 -u {url}\n  \
         cairn audit solvency -u {url}\n  \
         cairn claim --all -u {url} -k {key} --dry-run\n",
        url = localnet.rpc_url(),
        files = files.display(),
        key = localnet.key_file("alice").display(),
    )
}

fn keeper_folder(state: &Path, which: u8) -> PathBuf {
    state.join(format!("keeper-{which}"))
}

/// Empties the state folder, but only one that a demonstration made: a mistyped --state must not delete a home.
fn clear(state: &Path) -> Result<(), DemoError> {
    let mark = state.join(".cairn-demo");
    if state.exists() {
        let empty = fs::read_dir(state)
            .map_err(DemoError::io("reading", state))?
            .next()
            .is_none();
        if !empty && !mark.exists() {
            return Err(DemoError::Unexpected(format!(
                "{} holds files that no demonstration made; name another folder with --state",
                state.display()
            )));
        }
        fs::remove_dir_all(state).map_err(DemoError::io("emptying", state))?;
    }
    fs::create_dir_all(state).map_err(DemoError::io("creating", state))?;
    fs::write(&mark, "emptied by the next demonstration\n").map_err(DemoError::io("writing", &mark))
}

async fn start(args: &Args, month: &Month, state: &Path) -> Result<Localnet, DemoError> {
    let programs = find_deploy_folder(Path::new(env!("CARGO_MANIFEST_DIR"))).ok_or_else(|| {
        DemoError::Unexpected(
            "the programs are not built; run: cargo xtask build-programs".to_owned(),
        )
    })?;
    let mut config = Config::new(programs, state.join("localnet"));
    config.blocks = Blocks::OnDemand;
    config.port = args.port.or(args.keep.then_some(DEFAULT_PORT));
    config.start_at = month.periods.first().map(|period| period.start_ms / 1_000);
    config.decimals = DECIMALS;
    Ok(Localnet::start(config).await?)
}

fn context(ledger: &Arc<RpcLedger>, key: &Keypair) -> Context {
    let ledger: Arc<dyn Ledger> = ledger.clone();
    let mut context = Context::decided(ledger, Wallet::Key(Box::new(key.insecure_clone())));
    // Blocks come at once here; the pause of a cluster would be most of the demonstration's time.
    context.send.poll = std::time::Duration::from_millis(10);
    context
}

fn publish(folder: &Path, month: &Month, issuer: [u8; 32]) -> Result<(), DemoError> {
    fs::create_dir_all(folder).map_err(DemoError::io("creating", folder))?;
    write_devices(
        &folder.join("devices.parquet"),
        &snapshot::devices(month, issuer),
    )?;
    write_anchors(&folder.join("anchors.parquet"), &snapshot::anchors(month))?;
    Ok(())
}

async fn open_keeper(
    which: u8,
    state: &Path,
    localnet: &Localnet,
    (network, pool): (Pubkey, Pubkey),
    terms: NetworkTerms,
    published: &Path,
) -> Result<Keeper, DemoError> {
    let folder = keeper_folder(state, which);
    let options = InitOptions {
        rpc_url: localnet.rpc_url().to_owned(),
        network,
        pool,
        keypair: Some(localnet.key_file(&format!("keeper-{which}"))),
        grace_secs: 0,
        ruleset: match which {
            1 => RulesetSource::Shipped(Box::new(terms)),
            _ => RulesetSource::Folder(keeper_folder(state, 1).join("ruleset")),
        },
    };
    init(&folder, &options)?;
    for file in ["devices.parquet", "anchors.parquet"] {
        let to = folder.join("registry").join(file);
        fs::copy(published.join(file), &to).map_err(DemoError::io("copying to", &to))?;
    }
    Ok(Keeper::open(&folder).await?)
}
