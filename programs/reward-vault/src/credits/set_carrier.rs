#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::prelude::*;

use crate::{
    constants::{ACCOUNT_VERSION, CARRIER_SEED, MAX_PERIOD_SECS},
    error::VaultError,
    event::{CarrierSet, emit},
    state::{Carrier, KnownPool},
};

/// The carrier and its terms.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct SetCarrierArgs {
    /// The key that signs fulfilments.
    pub carrier: Address,
    /// Seconds it has to fulfil a redemption; those made before keep their deadline.
    pub period_secs: u64,
    /// Whether members may redeem with it. What they redeemed before can be fulfilled all the same.
    pub active: bool,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: SetCarrierArgs)]
pub struct SetCarrier {
    /// Pays the rent of a new carrier; may be the admin.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    #[account(address = pool.admin @ VaultError::NotAdmin)]
    pub admin: Signer,
    pub pool: KnownPool,
    #[account(
        init_if_needed,
        payer = payer,
        seeds = [CARRIER_SEED, pool.address().as_ref(), args.carrier.as_ref()],
        bump
    )]
    pub carrier: Account<Carrier>,
    pub system_program: Program<System>,
}

impl SetCarrier {
    /// Checks fields in order.
    fn validate(&self, args: &SetCarrierArgs) -> Result<()> {
        require!(
            args.carrier != Address::default(),
            VaultError::CarrierKeyZero
        );
        require!(
            (1..=MAX_PERIOD_SECS).contains(&args.period_secs),
            VaultError::RedemptionPeriodRange
        );
        Ok(())
    }
}

pub fn handler(ctx: &mut Context<SetCarrier>, args: SetCarrierArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let SetCarrier { pool, carrier, .. } = &mut ctx.accounts;
    carrier.pool = *pool.address();
    carrier.carrier = args.carrier;
    carrier.period_secs = args.period_secs;
    carrier.active = u8::from(args.active);
    carrier.bump = ctx.bumps.carrier;
    carrier.version = ACCOUNT_VERSION;
    carrier.invariant()?;

    let event = CarrierSet {
        pool: carrier.pool,
        carrier: carrier.carrier,
        period_secs: carrier.period_secs,
        active: carrier.active,
        reserved: [0; 7],
    };
    emit(
        &ctx.accounts.event_authority,
        ctx.bumps.event_authority,
        event,
    );
    Ok(())
}
