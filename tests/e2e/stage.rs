//! One network for all tests of this binary, and the pieces that several of them need.

use std::{path::Path, time::Duration};

use cairn_client::{ClientError, Receipt, RpcLedger, SendOptions, send};
use cairn_interface::{
    ids,
    registry::{CreateNetwork, Registration},
    vault::{CreatePool, Fund, PoolParams},
};
use cairn_localnet::{Config, Localnet};
use cairn_merkle::Tokens;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub const DAY: u64 = 86_400;
pub const WEEK: u64 = 7 * DAY;
/// Base units a week may add.
pub const CAP: u64 = 1_000_000;

static NETWORK: OnceCell<(Localnet, TempDir)> = OnceCell::const_new();

/// The configuration of a network of this workspace's programs with its files in `state`.
pub fn config(state: &Path) -> Config {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/deploy");
    Config::new(deploy, state)
}

/// The network that the tests share. Its clock only moves forward, so a test that moves it harms no other.
pub async fn network() -> &'static Localnet {
    let started = NETWORK.get_or_init(|| async {
        let state = tempfile::tempdir().expect("a folder");
        let network = match Localnet::start(config(state.path())).await {
            Ok(network) => network,
            Err(error) => panic!("{error}\n hint: {}", error.hint()),
        };
        (network, state)
    });
    &started.await.0
}

pub fn options() -> SendOptions {
    SendOptions {
        poll: Duration::from_millis(20),
        patience: 100,
        ..SendOptions::default()
    }
}

/// A key with 10 SOL.
pub async fn funded(network: &Localnet) -> Keypair {
    let key = Keypair::new();
    network
        .airdrop(&key.pubkey(), 10_000_000_000)
        .await
        .expect("lamports");
    key
}

/// Sends and expects success.
pub async fn must(
    ledger: &RpcLedger,
    instructions: &[Instruction],
    payer: &Keypair,
    signers: &[&Keypair],
) -> Receipt {
    match attempt(ledger, instructions, payer, signers).await {
        Ok(receipt) => receipt,
        Err(error) => panic!("{error}\n hint: {}\n{:#?}", error.hint(), error.logs()),
    }
}

pub async fn attempt(
    ledger: &RpcLedger,
    instructions: &[Instruction],
    payer: &Keypair,
    signers: &[&Keypair],
) -> Result<Receipt, ClientError> {
    let mut all: Vec<&dyn Signer> = vec![payer];
    for signer in signers {
        all.push(*signer);
    }
    send(ledger, instructions, &payer.pubkey(), &all, &options()).await
}

/// A funded pool of its own network with three keepers, two of whom must attest.
pub struct Stage {
    pub ledger: RpcLedger,
    pub admin: Keypair,
    pub guardian: Keypair,
    pub keepers: [Keypair; 3],
    /// The devices' network.
    pub network: Pubkey,
    pub pool: Pubkey,
    pub mint: Pubkey,
    pub token_program: Pubkey,
}

impl Stage {
    pub async fn new(network: &Localnet) -> Self {
        Self::with(network, PoolParams::new(WEEK, DAY, CAP)).await
    }

    /// The same with other parameters.
    pub async fn with(network: &Localnet, params: PoolParams) -> Self {
        Self::over(network, network.mint(), ids::TOKEN_PROGRAM, params).await
    }

    /// The same of another mint.
    pub async fn over(
        network: &Localnet,
        mint: Pubkey,
        token_program: Pubkey,
        params: PoolParams,
    ) -> Self {
        let ledger = network.ledger().expect("a client");
        let admin = funded(network).await;
        let keepers = [
            funded(network).await,
            funded(network).await,
            funded(network).await,
        ];
        let guardian = funded(network).await;
        let create_network = CreateNetwork {
            payer: admin.pubkey(),
            authority: admin.pubkey(),
            id: 1,
            guardian: guardian.pubkey(),
            registration: Registration::Open,
        };
        let create_pool = CreatePool {
            payer: admin.pubkey(),
            admin: admin.pubkey(),
            network: create_network.network(),
            mint,
            token_program,
            id: 1,
            guardian: guardian.pubkey(),
            keepers: keepers.iter().map(Signer::pubkey).collect(),
            threshold: 2,
            canopy_depth: 2,
            ruleset_hash: [0x22; 32],
            params,
        };
        must(&ledger, &[create_network.instruction()], &admin, &[]).await;
        must(&ledger, &[create_pool.instruction()], &admin, &[]).await;
        Self {
            ledger,
            admin,
            guardian,
            keepers,
            network: create_network.network(),
            pool: create_pool.pool(),
            mint,
            token_program,
        }
    }

    /// Mints `amount` to the admin, who puts it into the vault.
    pub async fn fund(&self, network: &Localnet, amount: u64) {
        let from = network
            .mint_to(&self.admin.pubkey(), amount)
            .await
            .expect("tokens");
        let fund = Fund {
            funder: self.admin.pubkey(),
            pool: self.pool,
            mint: self.mint,
            token_program: ids::TOKEN_PROGRAM,
            from,
            amount: Tokens::new(amount),
        };
        must(&self.ledger, &[fund.instruction()], &self.admin, &[]).await;
    }
}
