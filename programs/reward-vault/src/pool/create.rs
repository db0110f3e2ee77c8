#![expect(
    unused_variables,
    reason = "Anchor reads the arguments again when the instruction ends and leaves them unused"
)]

use anchor_lang::{address_eq, prelude::*};
use cairn_onchain::{
    canopy::MAX_CANOPY_DEPTH,
    token::{NewVault, check_mint, create_vault},
};

use crate::{
    constants::{DEVICE_REGISTRY_ID, NETWORK_DISCRIMINATOR, POOL_SEED, POOL_VERSION, VAULT_SEED},
    error::{VaultError, refuse},
    event::{PoolCreated, emit},
    state::{Params, Pool, StoredParams},
};

/// What a pool is created with.
#[derive(Clone, Debug, SchemaRead, SchemaWrite, IdlType)]
pub struct CreatePoolArgs {
    /// Tells apart several pools of one network and mint.
    pub id: u64,
    /// Pauses and vetoes.
    pub guardian: Address,
    /// 1 to 16 keys that propose and attest.
    pub keepers: Vec<Address>,
    /// Attestations an epoch needs.
    pub threshold: u8,
    /// Levels of each tree that its epoch account stores, at most 7.
    pub canopy_depth: u8,
    /// What an admin may change later, with delay, and to nothing looser.
    pub params: Params,
    /// SHA-256 of the rules that epochs are scored by.
    pub ruleset_hash: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreatePoolArgs)]
pub struct CreatePool {
    /// Pays the rent of pool and vault; may be the admin.
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The pool's admin. It must be the network's authority and sign: a stranger could otherwise take the addresses
    /// that users of the network will look for, under roles of its own.
    pub admin: Signer,
    /// The device-registry network; its first field is its authority.
    #[account(
        constraint = network.owned_by(&DEVICE_REGISTRY_ID) @ VaultError::NetworkUnknown,
    )]
    pub network: UncheckedAccount,
    /// The token to pay.
    pub mint: UncheckedAccount,
    /// Its token program, checked with the mint.
    pub token_program: UncheckedAccount,
    #[account(
        init,
        payer = payer,
        seeds = [
            POOL_SEED,
            network.address().as_ref(),
            mint.address().as_ref(),
            args.id.to_le_bytes()
        ],
        bump
    )]
    pub pool: Account<Pool>,
    /// The token account to be, created below: Anchor would create it before the mint is checked.
    #[account(mut, seeds = [VAULT_SEED, pool.address().as_ref()], bump)]
    pub vault: UncheckedAccount,
    pub system_program: Program<System>,
}

impl CreatePool {
    /// Checks fields in order; the keepers are checked where they are written. Returns the mint's decimals.
    fn validate(&self, args: &CreatePoolArgs) -> Result<u8> {
        require_network_authority(&self.network, self.admin.address())?;
        require!(args.guardian != Address::default(), VaultError::ZeroKey);
        args.params.validate()?;
        require!(args.ruleset_hash != [0; 32], VaultError::RulesetZero);
        require!(
            args.canopy_depth <= MAX_CANOPY_DEPTH,
            VaultError::CanopyDepthRange
        );
        check_mint::<VaultError>(&self.mint, self.token_program.address())
    }

    /// Creates the vault, owned by the pool.
    fn create_vault(&self, bump: u8) -> Result<()> {
        let pool = self.pool.address();
        create_vault::<VaultError>(
            NewVault {
                payer: self.payer.account(),
                vault: &self.vault,
                mint: &self.mint,
                token_program: &self.token_program,
                owner: pool,
            },
            &[VAULT_SEED, pool.as_ref(), &[bump]],
        )
    }
}

/// The network account must begin with its discriminator and then `authority`'s key.
fn require_network_authority(network: &AccountView, authority: &Address) -> Result<()> {
    let data = network.try_borrow()?;
    let Some((discriminator, fields)) = data.split_first_chunk::<8>() else {
        return refuse(VaultError::NetworkUnknown);
    };
    require!(
        *discriminator == NETWORK_DISCRIMINATOR,
        VaultError::NetworkUnknown
    );
    let Some((first, _)) = fields.split_first_chunk::<32>() else {
        return refuse(VaultError::NetworkUnknown);
    };
    require!(
        address_eq(&Address::new_from_array(*first), authority),
        VaultError::NotNetworkAuthority
    );
    Ok(())
}

pub fn handler(ctx: &mut Context<CreatePool>, args: CreatePoolArgs) -> Result<()> {
    let decimals = ctx.accounts.validate(&args)?;
    ctx.accounts.create_vault(ctx.bumps.vault)?;
    let accounts = &mut ctx.accounts;
    let pool: &mut Pool = &mut accounts.pool;
    pool.network = *accounts.network.address();
    pool.mint = *accounts.mint.address();
    pool.vault = *accounts.vault.address();
    pool.token_program = *accounts.token_program.address();
    pool.admin = *accounts.admin.address();
    pool.decimals = decimals;
    pool.bump = ctx.bumps.pool;
    pool.vault_bump = ctx.bumps.vault;
    pool.version = POOL_VERSION;
    set_terms(pool, &args, Clock::get()?.unix_timestamp)?;
    pool.invariant()?;

    let event = PoolCreated {
        pool: *accounts.pool.address(),
        network: accounts.pool.network,
        mint: accounts.pool.mint,
        admin: accounts.pool.admin,
        guardian: args.guardian,
        id: args.id,
        created_at: accounts.pool.created_at,
        params: accounts.pool.creation,
        ruleset_hash: args.ruleset_hash,
    };
    emit(&accounts.event_authority, ctx.bumps.event_authority, event);
    Ok(())
}

/// Writes what the pool is created with.
fn set_terms(pool: &mut Pool, args: &CreatePoolArgs, now: i64) -> Result<()> {
    pool.guardian = args.guardian;
    pool.set_keepers(&args.keepers, args.threshold)?;
    pool.validate_guardian()?;
    pool.id = args.id;
    pool.set_params(&args.params);
    pool.creation = StoredParams::from(&args.params);
    pool.ruleset_hash = args.ruleset_hash;
    pool.canopy_depth = args.canopy_depth;
    pool.created_at = now;
    // The first epoch pays for the interval that led to the pool, so it need not wait for one to pass.
    pool.emission_anchor = pool.interval_before(now);
    pool.next_epoch = 1;
    Ok(())
}
