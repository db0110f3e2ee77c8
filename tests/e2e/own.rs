//! A network of one test's own, for tests that say what is too early or too late: others move the shared clock.

use cairn_client::{ClientError, Ledger, Receipt};
use cairn_interface::{
    ids, spl,
    vault::{
        ActivateEpoch, AttestEpoch, Claim, OpenMemberPage, PoolParams, PoolView, VaultError,
        vault_address,
    },
};
use cairn_localnet::{Localnet, Travel};
use cairn_merkle::EpochNumber;
use cairn_testkit::{Member, Rewards};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};
use tempfile::TempDir;

use crate::reads::{epoch_of, pool_of, tokens_of};
use crate::stage::{CAP, DAY, Stage, WEEK, attempt, config, funded, must};

/// A pool of an own network.
pub struct Own {
    pub network: Localnet,
    pub stage: Stage,
    /// Somebody with lamports and no role, who pays the fees.
    pub stranger: Keypair,
    pub files: TempDir,
}

/// A network that nobody else uses, and its files.
pub async fn start() -> (Localnet, TempDir) {
    let files = tempfile::tempdir().expect("a folder");
    match Localnet::start(config(files.path())).await {
        Ok(network) => (network, files),
        Err(error) => panic!("{error}\n hint: {}", error.hint()),
    }
}

/// What [`Stage::new`] gives its pools.
pub const fn params() -> PoolParams {
    PoolParams::new(WEEK, DAY, CAP)
}

impl Own {
    /// With [`CAP`] in the vault.
    pub async fn new(params: PoolParams) -> Self {
        let (network, files) = start().await;
        let stage = Stage::with(&network, params).await;
        stage.fund(&network, CAP).await;
        Self {
            stranger: funded(&network).await,
            network,
            stage,
            files,
        }
    }

    /// The stranger sends it; `signers` have a role in it.
    pub async fn must(&self, instructions: &[Instruction], signers: &[&Keypair]) -> Receipt {
        must(&self.stage.ledger, instructions, &self.stranger, signers).await
    }

    /// The same, and reward-vault refuses it by this rule.
    pub async fn refused(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        rule: VaultError,
    ) -> ClientError {
        let outcome = attempt(&self.stage.ledger, instructions, &self.stranger, signers).await;
        let error = outcome.expect_err("it must be refused");
        let expected = Some((ids::REWARD_VAULT, rule.code()));
        assert_eq!(error.refusal(), expected, "{error}\n{:#?}", error.logs());
        error
    }

    pub async fn now(&self) -> i64 {
        let clock = self.stage.ledger.clock().await.expect("a clock");
        clock.unix_timestamp
    }

    pub async fn travel(&self, to: Travel) -> i64 {
        self.network.travel(to).await.expect("later")
    }

    pub async fn pool(&self) -> PoolView {
        pool_of(&self.stage.ledger, self.stage.pool).await
    }

    /// Base units in the pool's vault.
    pub async fn vault(&self) -> u64 {
        tokens_of(&self.stage.ledger, vault_address(&self.stage.pool).0).await
    }

    /// Base units of a wallet.
    pub async fn tokens_of(&self, wallet: &Pubkey) -> u64 {
        tokens_of(&self.stage.ledger, self.wallet(wallet)).await
    }

    /// A wallet's canonical token account.
    pub fn wallet(&self, wallet: &Pubkey) -> Pubkey {
        spl::associated_token_address(wallet, &self.stage.mint, &self.stage.token_program)
    }

    /// Creates a wallet's token account.
    pub fn receive(&self, wallet: &Pubkey) -> Instruction {
        spl::create_associated_token_account(
            &self.stranger.pubkey(),
            wallet,
            &self.stage.mint,
            &self.stage.token_program,
        )
    }

    /// A claim after the account that it pays to is there.
    pub fn claim(&self, claim: &Claim) -> [Instruction; 2] {
        let wallet = claim.payout.unwrap_or(claim.owner);
        [self.receive(&wallet), claim.instruction()]
    }

    pub async fn propose(&self, number: u64, members: &[Member]) -> Rewards {
        let rewards = Rewards::new(&self.stage.pool, members);
        let [first, second, _] = &self.stage.keepers;
        let proposal = rewards.proposal(&first.pubkey(), number);
        self.must(&[proposal.instruction()], &[first]).await;
        for part in rewards.put_canopy(&first.pubkey(), number, 2) {
            self.must(&[part.instruction()], &[first]).await;
        }
        let proposed = epoch_of(&self.stage.ledger, &self.stage.pool, number).await;
        let attest = AttestEpoch {
            keeper: second.pubkey(),
            pool: self.stage.pool,
            number: EpochNumber::new(number),
            proposal: proposed.proposal,
        };
        self.must(&[attest.instruction()], &[second]).await;
        rewards
    }

    /// Lets the challenge window of a proposed epoch pass.
    pub async fn activate(&self, number: u64) {
        self.travel(Travel::By(DAY)).await;
        let activate = ActivateEpoch {
            pool: self.stage.pool,
            number: EpochNumber::new(number),
            previous: number
                .checked_sub(1)
                .filter(|before| *before > 0)
                .map(EpochNumber::new),
        };
        self.must(&[activate.instruction()], &[]).await;
    }

    /// Makes the first epoch of these members active, and opens their page.
    pub async fn grant(&self, members: &[Member]) -> Rewards {
        let rewards = self.propose(1, members).await;
        self.activate(1).await;
        let open = OpenMemberPage {
            payer: self.stranger.pubkey(),
            pool: self.stage.pool,
            page: 0,
        };
        self.must(&[open.instruction()], &[]).await;
        rewards
    }
}
