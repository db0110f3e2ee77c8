#![expect(
    unused_variables,
    reason = "the derive reads the arguments once more on the way out, where nothing needs them"
)]

use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::{GROWTH, TREE_GROWING, TREE_SEED, VERSION},
    event::TreeCreated,
    merkle::Layout,
    state::{DeviceTree, DeviceTreeAccount, Network, adopt_words},
};

#[derive(Clone, Copy, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct CreateTreeArgs {
    /// Levels: the tree holds 2^depth devices, 3 to 24.
    pub depth: u8,
    /// Levels stored on chain, which proofs then leave out: at most 11 and less than the depth. A transaction holds a
    /// proof of 15 nodes beside a device's consent, of 20 beside two owners' signatures.
    pub canopy_depth: u8,
}

impl CreateTreeArgs {
    /// What one instruction can allocate of the tree's account. Shapes that do not exist are refused by `validate`.
    fn first_space(&self) -> usize {
        DeviceTree::space(self.depth, self.canopy_depth).map_or(GROWTH, |space| space.min(GROWTH))
    }
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateTreeArgs)]
pub struct CreateTree {
    /// Pays the rent; may be the authority.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The network whose devices it will hold.
    #[account(mut)]
    pub network: Account<Network>,
    /// The network's authority.
    #[account(address = network.authority @ RegistryError::NotAuthority)]
    pub authority: Signer,
    /// The new tree. An address derived from network and number, so that all trees of a network are found without an
    /// index and a leaf can name its tree before the tree exists.
    #[account(
        init,
        payer = payer,
        space = args.first_space(),
        seeds = [TREE_SEED, network.address().as_ref(), &network.trees.to_le_bytes()],
        bump,
    )]
    pub tree: DeviceTreeAccount,
    pub system_program: Program<System>,
}

impl CreateTree {
    fn validate(args: &CreateTreeArgs) -> core::result::Result<(), RegistryError> {
        Layout::new(args.depth, args.canopy_depth)?;
        Ok(())
    }
}

/// # Errors
/// [`RegistryError::NotAuthority`], [`RegistryError::TreeDepth`], [`RegistryError::CanopyDepth`],
/// [`RegistryError::TreeLimit`].
pub fn handler(ctx: &mut Context<CreateTree>, args: CreateTreeArgs) -> Result<()> {
    CreateTree::validate(&args)?;
    let network = &mut ctx.accounts.network;
    let index = network.trees;
    network.trees = index.checked_add(1).ok_or(RegistryError::TreeLimit)?;
    network.invariant()?;
    *ctx.accounts.tree = DeviceTree {
        network: *ctx.accounts.network.address(),
        root: [0; 32],
        devices_hash: [0; 32],
        sequence: 0,
        created_at: Clock::get()?.unix_timestamp,
        next_index: 0,
        imported: 0,
        index,
        depth: args.depth,
        canopy_depth: args.canopy_depth,
        state: TREE_GROWING,
        bump: ctx.bumps.tree,
        version: VERSION,
        padding: 0,
        reserved: [0; 8],
    };
    adopt_words(&mut ctx.accounts.tree)?;
    ctx.accounts.tree.invariant()?;
    emit_cpi!(TreeCreated {
        network: *ctx.accounts.network.address(),
        tree: *ctx.accounts.tree.address(),
        index,
        depth: args.depth,
        canopy_depth: args.canopy_depth,
    });
    Ok(())
}
