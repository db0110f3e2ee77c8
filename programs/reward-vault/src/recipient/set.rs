#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::{address_eq, prelude::*};

use crate::{
    constants::{ACCOUNT_VERSION, RECIPIENT_SEED},
    error::VaultError,
    event::{RecipientSet, emit},
    member::leaf::{MemberLeaf, prove_member},
    state::{KnownEpoch, KnownPool, OpenedPage, Recipient},
};

/// The member's leaf and their will.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SetRecipientArgs {
    /// The member's leaf. Once the account exists only its index counts.
    pub leaf: MemberLeaf,
    /// The wallet whose canonical token account is to be paid, in effect after the pool's cooldown; none or zero for
    /// the member's own. What is not there takes no bytes, or the proof of a large tree would leave no room.
    pub payout: Option<Address>,
    /// The key that may claim besides the member when claims are restricted. In effect at once.
    pub delegate: Option<Address>,
    /// Whether only the member and the delegate may claim. In effect at once.
    pub restricted: bool,
    /// Siblings from the leaf up to the canopy: 40 bytes each, hash, then sum as u64. Empty once the account exists.
    pub proof: Vec<u8>,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: SetRecipientArgs)]
pub struct SetRecipient {
    /// Pays the rent of a new account; may be the member.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The member: a wallet, or another program's address that signs by a call.
    pub owner: Signer,
    pub pool: KnownPool,
    /// The active epoch, or the one before it.
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
        init_if_needed,
        payer = payer,
        seeds = [RECIPIENT_SEED, pool.address().as_ref(), owner.address().as_ref()],
        bump
    )]
    pub recipient: Account<Recipient>,
    pub system_program: Program<System>,
}

impl SetRecipient {
    /// A new account is bound to the slot of a proven leaf, which its mark then stands in. Later the proof is not
    /// asked for again: a member whose leaf is gone can still change their mind.
    fn bind(&mut self, args: &SetRecipientArgs, bump: u8) -> Result<()> {
        let Self {
            payer,
            owner,
            pool,
            epoch,
            page,
            recipient,
            ..
        } = self;
        if recipient.version == 0 {
            prove_member(pool, epoch, owner.address(), &args.leaf, &args.proof)?;
            recipient.pool = *pool.address();
            recipient.owner = *owner.address();
            recipient.rent_payer = *payer.address();
            recipient.index = args.leaf.index;
            recipient.bump = bump;
            recipient.version = ACCOUNT_VERSION;
        }
        require!(
            recipient.index == args.leaf.index,
            VaultError::WrongRecipient
        );
        page.slot_mut(recipient.index)?.mark_recipient(true);
        Ok(())
    }
}

/// Works while the pool is paused: a member whose key was stolen must be able to act.
pub fn handler(ctx: &mut Context<SetRecipient>, args: SetRecipientArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    ctx.accounts.bind(&args, ctx.bumps.recipient)?;
    let SetRecipient {
        pool, recipient, ..
    } = &mut ctx.accounts;
    let payout = args.payout.unwrap_or_default();
    recipient.redirect(&payout, now, pool.recipient_cooldown_secs);
    recipient.delegate = args.delegate.unwrap_or_default();
    recipient.restricted = u8::from(args.restricted);
    recipient.invariant()?;

    let event = RecipientSet {
        pool: recipient.pool,
        owner: recipient.owner,
        payout: recipient.payout_at(now),
        pending_payout: recipient.payout_at(i64::MAX),
        delegate: recipient.delegate,
        effective_at: recipient.effective_at,
        index: recipient.index,
        restricted: recipient.restricted,
        reserved: [0; 3],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
