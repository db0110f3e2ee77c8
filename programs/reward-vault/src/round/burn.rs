use anchor_lang::{AccountInitialize, address_eq, prelude::*};
use cairn_onchain::constants::PDA_MARKER;
use solana_sha256_hasher::hashv;

use crate::{
    constants::{ACCOUNT_VERSION, RECEIPT_SEED},
    error::VaultError,
    event::{PointsBurnt, emit},
    member::leaf::{MemberLeaf, prove_leaf, prove_member, require_unrevoked},
    state::{BurnReceipt, KnownEpoch, KnownPool, KnownRound, OpenedPage},
};

/// The member's leaf with its proof, and what to burn of it.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct BurnPointsArgs {
    pub leaf: MemberLeaf,
    /// Milli-points to burn.
    pub points: u64,
    /// Bump of the receipt's address.
    pub receipt_bump: u8,
    /// Siblings from the leaf up to the canopy: 40 bytes each, hash, then sum as u64.
    pub proof: Vec<u8>,
}

/// As in a claim, the pool's accounts are recognised by what stands in them and not by deriving their addresses again.
#[event_cpi]
#[derive(Accounts)]
pub struct BurnPoints {
    /// Pays the receipt's rent when there is none yet; may be the owner.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The member. Nobody burns another one's points.
    pub owner: Signer,
    #[account(mut)]
    pub pool: KnownPool,
    /// The epoch that the round binds, whether it is claimable or not.
    #[account(
        constraint = address_eq(&epoch.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub epoch: KnownEpoch,
    /// The page that holds the member's counters.
    #[account(
        mut,
        constraint = address_eq(&page.pool, pool.address()) @ VaultError::WrongPool,
    )]
    pub page: OpenedPage,
    #[account(
        mut,
        constraint = address_eq(&round.pool, pool.address()) @ VaultError::WrongRound,
    )]
    pub round: KnownRound,
    /// The member's receipt in this round, or where it will be: `"receipt", round, owner`.
    #[account(mut)]
    pub receipt: UncheckedAccount,
    pub system_program: Program<System>,
}

impl BurnPoints {
    /// Checks fields in order.
    fn validate(&self, args: &BurnPointsArgs, now: i64) -> Result<()> {
        self.pool.require_running(now)?;
        self.round.validate_open(now)?;
        require!(
            args.points >= self.round.minimum.max(1),
            VaultError::BurnBelowMinimum
        );
        self.prove(&args.leaf, &args.proof)
    }

    /// Points burn against the root that stood when the round opened. A leaf's points are in no sum: one forged leaf of a
    /// later root could otherwise burn what all members together hold.
    fn prove(&self, leaf: &MemberLeaf, proof: &[u8]) -> Result<()> {
        let owner = self.owner.address();
        // Rounds of before this was noted bind no epoch.
        if self.round.epoch == 0 {
            return prove_member(&self.pool, &self.epoch, owner, leaf, proof);
        }
        require!(
            self.epoch.number == self.round.epoch,
            VaultError::WrongRoundEpoch
        );
        require_unrevoked(&self.epoch)?;
        prove_leaf(&self.epoch, owner, leaf, proof)
    }

    /// The member's receipt, and whether it is new. Not by `init_if_needed`, which would search for the address's bump
    /// every time, even for an account that says itself whose it is.
    fn receipt(&self, args: &BurnPointsArgs) -> Result<(Account<BurnReceipt>, bool)> {
        let (round, owner) = (self.round.address(), self.owner.address());
        let view = *self.receipt.account();
        if view.owned_by(&crate::ID) {
            // SAFETY: the account is `mut`, so it was refused had it come twice, and it has no other typed reference.
            let loaded = unsafe { Account::<BurnReceipt>::load_mut(view) };
            let receipt = loaded.map_err(|_| VaultError::WrongReceipt)?;
            require!(
                address_eq(&receipt.round, round) && address_eq(&receipt.owner, owner),
                VaultError::WrongReceipt
            );
            return Ok((receipt, false));
        }
        let bump = args.receipt_bump;
        require!(
            address_eq(&receipt_address(round, owner, bump), view.address()),
            VaultError::WrongReceipt
        );
        let mut receipt = Account::<BurnReceipt>::create_and_initialize(
            self.payer.account(),
            &view,
            <Account<BurnReceipt> as Space>::INIT_SPACE,
            &crate::ID,
            &(),
            Some(&[RECEIPT_SEED, round.as_ref(), owner.as_ref(), &[bump]]),
            None,
        )?;
        receipt.round = *round;
        receipt.owner = *owner;
        receipt.rent_payer = *self.payer.address();
        receipt.index = args.leaf.index;
        receipt.bump = bump;
        receipt.version = ACCOUNT_VERSION;
        Ok((receipt, true))
    }
}

/// The address of a receipt for `bump`, which is not proven canonical: a member who gives another one has two
/// receipts, and each is settled for what burnt into it.
fn receipt_address(round: &Address, owner: &Address, bump: u8) -> Address {
    let hash = hashv(&[
        RECEIPT_SEED,
        round.as_ref(),
        owner.as_ref(),
        &[bump],
        crate::ID.as_ref(),
        PDA_MARKER,
    ]);
    Address::new_from_array(hash.to_bytes())
}

pub fn handler(ctx: &mut Context<BurnPoints>, args: BurnPointsArgs) -> Result<()> {
    ctx.accounts.validate(&args, Clock::get()?.unix_timestamp)?;
    let (mut receipt, new) = ctx.accounts.receipt(&args)?;
    let BurnPoints {
        pool, page, round, ..
    } = &mut ctx.accounts;
    let slot = page.slot_mut(args.leaf.index)?;
    slot.burn_points(args.leaf.points, args.points)?;
    let points_burnt = slot.points_burnt;
    pool.burn_points(args.points)?;
    round.burn(args.points, new)?;
    let burnt = receipt.burnt.checked_add(args.points);
    receipt.burnt = burnt.ok_or(VaultError::Overflow)?;
    receipt.invariant()?;
    round.invariant()?;
    pool.invariant()?;

    let event = PointsBurnt {
        pool: *pool.address(),
        owner: receipt.owner,
        round: round.number,
        burnt: args.points,
        receipt_burnt: receipt.burnt,
        round_burnt: round.burnt,
        points_burnt,
        index: args.leaf.index,
        reserved: [0; 4],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
