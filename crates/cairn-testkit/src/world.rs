use cairn_interface::{
    airdrop::{CampaignPageView, CampaignView, ClosedCampaignView, VestingView},
    registry::{DeviceTreeView, IssuerView, NetworkView},
    spl,
    vault::{EpochView, MemberPageView, PoolView},
};
use litesvm::LiteSVM;
use sha2::{Digest, Sha256};
use solana_compute_budget::compute_budget::ComputeBudget;
use solana_sdk::{
    account::Account,
    clock::Clock,
    instruction::Instruction,
    message::{Message, VersionedMessage},
    pubkey::Pubkey,
    signature::Keypair,
    signer::Signer,
    transaction::VersionedTransaction,
};

use crate::{Landed, Refusal, outcome::outcome_of, programs};

/// What every actor starts with: 100 SOL.
const PURSE: u64 = 100_000_000_000;
/// When every world begins, unix seconds.
const BEGINNING: i64 = 1_700_000_000;

/// A ledger in memory with the programs deployed. Time stands still unless a test moves it.
pub struct World {
    svm: LiteSVM,
    payer: Keypair,
    mints: u32,
}

/// The same machine, where every transaction may use as many units, whatever it asks for.
fn with_units(machine: LiteSVM, units: u64) -> LiteSVM {
    machine.with_compute_budget(ComputeBudget {
        compute_unit_limit: units,
        ..ComputeBudget::new_with_defaults(true)
    })
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world with the programs as `cargo xtask build-programs` built them.
    pub fn new() -> Self {
        Self::on(LiteSVM::new())
    }

    /// The same on a machine with other features or programs than mainnet's.
    pub fn on(machine: LiteSVM) -> Self {
        let machine = match programs::compute_units() {
            Some(units) => with_units(machine, units),
            None => machine,
        };
        // Logs name the program that refused: a truncated one would blame another.
        let mut svm = machine
            .with_transaction_history(10_000)
            .with_log_bytes_limit(None);
        for (id, bytes) in programs::read() {
            svm.add_program(id, &bytes)
                .unwrap_or_else(|error| panic!("{id} does not load: {error:?}"));
        }
        let mut world = Self {
            svm,
            payer: key_of("payer"),
            mints: 0,
        };
        world.set_time(BEGINNING);
        let payer = world.payer.pubkey();
        world.airdrop(&payer, 1_000 * PURSE);
        world
    }

    /// Pays fees unless a test names another key.
    pub const fn payer(&self) -> &Keypair {
        &self.payer
    }

    /// The virtual machine itself.
    pub const fn svm(&mut self) -> &mut LiteSVM {
        &mut self.svm
    }

    /// A key that is always the same for the same name, with 100 SOL.
    pub fn actor(&mut self, name: &str) -> Keypair {
        let key = key_of(name);
        if self.svm.get_balance(&key.pubkey()).unwrap_or(0) == 0 {
            self.airdrop(&key.pubkey(), PURSE);
        }
        key
    }

    /// A key that is always the same for the same name, without lamports.
    pub fn pauper(name: &str) -> Keypair {
        key_of(name)
    }

    /// Gives `to` lamports.
    pub fn airdrop(&mut self, to: &Pubkey, lamports: u64) {
        self.svm
            .airdrop(to, lamports)
            .unwrap_or_else(|error| panic!("airdrop: {error:?}"));
        self.svm.expire_blockhash();
    }

    /// The chain's time, unix seconds.
    pub fn now(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Moves the chain's clock, also back.
    pub fn set_time(&mut self, unix_timestamp: i64) {
        let clock = Clock {
            unix_timestamp,
            ..self.svm.get_sysvar()
        };
        self.svm.set_sysvar(&clock);
    }

    /// Lets `secs` pass.
    pub fn warp(&mut self, secs: i64) {
        let now = self.now();
        self.set_time(now + secs);
    }

    /// Runs `instructions` in one transaction, whose fee the world pays.
    pub fn send(
        &mut self,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<Landed, Refusal> {
        let payer = self.payer.insecure_clone();
        self.send_as(&payer, instructions, signers)
    }

    /// Runs `instructions` in one transaction, whose fee `payer` pays.
    pub fn send_as(
        &mut self,
        payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<Landed, Refusal> {
        let transaction = self.sign(payer, instructions, signers);
        self.submit(&transaction)
    }

    /// Signs `instructions` as of the latest blockhash. Signers that the message does not ask for are left out, so
    /// that a test may name the payer among them.
    pub fn sign(
        &self,
        payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> VersionedTransaction {
        let message = VersionedMessage::Legacy(Message::new_with_blockhash(
            instructions,
            Some(&payer.pubkey()),
            &self.svm.latest_blockhash(),
        ));
        let required = usize::from(message.header().num_required_signatures);
        let wanted: Vec<&Keypair> = message
            .static_account_keys()
            .iter()
            .take(required)
            .map(|key| {
                std::iter::once(&payer)
                    .chain(signers)
                    .find(|signer| signer.pubkey() == *key)
                    .copied()
                    .unwrap_or_else(|| panic!("the test names no signer for {key}"))
            })
            .collect();
        VersionedTransaction::try_new(message, &wanted)
            .unwrap_or_else(|error| panic!("signing: {error}"))
    }

    /// Runs a signed transaction.
    pub fn submit(&mut self, transaction: &VersionedTransaction) -> Result<Landed, Refusal> {
        let outcome = self.svm.send_transaction(transaction.clone());
        // The same instructions may be sent again on purpose: that must not be the same transaction.
        self.svm.expire_blockhash();
        outcome_of(outcome, &transaction.message)
    }

    /// Runs `instructions` and fails the test with their logs when they are refused.
    #[track_caller]
    pub fn must(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Landed {
        match self.send(instructions, signers) {
            Ok(landed) => landed,
            Err(refused) => panic!("{refused:?}"),
        }
    }

    /// The account, if something lives there.
    pub fn account(&self, address: &Pubkey) -> Option<Account> {
        self.svm
            .get_account(address)
            .filter(|account| account.lamports > 0)
    }

    /// Makes a pool name other rules, as if it had been created with them.
    ///
    /// # Panics
    /// When the pool names none.
    pub fn set_ruleset(&mut self, pool: &Pubkey, hash: [u8; 32]) {
        let named = self.pool(pool).ruleset_hash;
        let mut account = self.expect_account(pool);
        let at = account.data.windows(32).position(|bytes| *bytes == named);
        let at = at.expect("a pool with rules");
        account.data[at..at + 32].copy_from_slice(&hash);
        self.set_account(pool, account);
    }

    /// The account; fails when nothing lives there.
    #[track_caller]
    pub fn expect_account(&self, address: &Pubkey) -> Account {
        self.account(address)
            .unwrap_or_else(|| panic!("nothing lives at {address}"))
    }

    /// Writes an account as no transaction could.
    pub fn set_account(&mut self, address: &Pubkey, account: Account) {
        self.svm
            .set_account(*address, account)
            .unwrap_or_else(|error| panic!("{address}: {error:?}"));
    }

    /// Lamports of `address`.
    pub fn lamports(&self, address: &Pubkey) -> u64 {
        self.svm.get_balance(address).unwrap_or(0)
    }

    #[track_caller]
    pub fn pool(&self, address: &Pubkey) -> PoolView {
        decoded(PoolView::decode(*address, &self.expect_account(address)))
    }

    #[track_caller]
    pub fn epoch(&self, address: &Pubkey) -> EpochView {
        decoded(EpochView::decode(*address, &self.expect_account(address)))
    }

    #[track_caller]
    pub fn page(&self, address: &Pubkey) -> MemberPageView {
        decoded(MemberPageView::decode(
            *address,
            &self.expect_account(address),
        ))
    }

    #[track_caller]
    pub fn campaign(&self, address: &Pubkey) -> CampaignView {
        decoded(CampaignView::decode(
            *address,
            &self.expect_account(address),
        ))
    }

    #[track_caller]
    pub fn closed_campaign(&self, address: &Pubkey) -> ClosedCampaignView {
        decoded(ClosedCampaignView::decode(
            *address,
            &self.expect_account(address),
        ))
    }

    #[track_caller]
    pub fn campaign_page(&self, address: &Pubkey) -> CampaignPageView {
        decoded(CampaignPageView::decode(
            *address,
            &self.expect_account(address),
        ))
    }

    #[track_caller]
    pub fn vesting(&self, address: &Pubkey) -> VestingView {
        decoded(VestingView::decode(*address, &self.expect_account(address)))
    }

    #[track_caller]
    pub fn network(&self, address: &Pubkey) -> NetworkView {
        decoded(NetworkView::decode(*address, &self.expect_account(address)))
    }

    #[track_caller]
    pub fn issuer(&self, address: &Pubkey) -> IssuerView {
        decoded(IssuerView::decode(*address, &self.expect_account(address)))
    }

    #[track_caller]
    pub fn tree(&self, address: &Pubkey) -> DeviceTreeView {
        decoded(DeviceTreeView::decode(
            *address,
            &self.expect_account(address),
        ))
    }

    #[track_caller]
    pub fn mint(&self, address: &Pubkey) -> spl::MintView {
        decoded(spl::MintView::decode(
            *address,
            &self.expect_account(address),
        ))
    }

    #[track_caller]
    pub fn token_account(&self, address: &Pubkey) -> spl::TokenAccountView {
        decoded(spl::TokenAccountView::decode(
            *address,
            &self.expect_account(address),
        ))
    }

    /// Base units in a token account; 0 when there is none.
    pub fn tokens(&self, address: &Pubkey) -> u64 {
        self.account(address).map_or(0, |account| {
            decoded(spl::TokenAccountView::decode(*address, &account)).amount
        })
    }

    /// A new mint of SPL Token; always the same address for the same number of mints before.
    pub fn create_mint(&mut self, authority: &Keypair, decimals: u8) -> Pubkey {
        let mint = self.next_mint();
        let lamports = self.svm.minimum_balance_for_rent_exemption(spl::MINT_LEN);
        let create = spl::create_mint(
            &self.payer.pubkey(),
            &mint.pubkey(),
            &authority.pubkey(),
            decimals,
            lamports,
        );
        self.must(&create, &[&mint]);
        mint.pubkey()
    }

    /// The key of the next mint.
    pub(crate) fn next_mint(&mut self) -> Keypair {
        self.mints += 1;
        key_of(&format!("mint {}", self.mints))
    }

    /// The token program that a mint belongs to.
    #[track_caller]
    pub fn token_program(&self, mint: &Pubkey) -> Pubkey {
        self.expect_account(mint).owner
    }

    /// `owner`'s canonical token account, created when absent.
    pub fn open_token_account(&mut self, owner: &Pubkey, mint: &Pubkey) -> Pubkey {
        let token_program = self.token_program(mint);
        let create =
            spl::create_associated_token_account(&self.payer.pubkey(), owner, mint, &token_program);
        self.must(&[create], &[]);
        spl::associated_token_address(owner, mint, &token_program)
    }

    /// Mints into `owner`'s canonical token account and returns its address.
    pub fn mint_to(
        &mut self,
        mint: &Pubkey,
        authority: &Keypair,
        owner: &Pubkey,
        amount: u64,
    ) -> Pubkey {
        let to = self.open_token_account(owner, mint);
        let token_program = self.token_program(mint);
        let mint_to = spl::mint_to(&token_program, mint, &to, &authority.pubkey(), amount);
        self.must(&[mint_to], &[authority]);
        to
    }
}

fn key_of(name: &str) -> Keypair {
    let mut hash = Sha256::new();
    hash.update(b"cairn/actor/");
    hash.update(name);
    Keypair::new_from_array(hash.finalize().into())
}

#[track_caller]
fn decoded<T, E: std::fmt::Display>(view: Result<T, E>) -> T {
    match view {
        Ok(view) => view,
        Err(error) => panic!("{error}"),
    }
}
