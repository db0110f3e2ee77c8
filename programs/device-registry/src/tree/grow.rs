use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::{TREE_GROWING, TREE_READY},
    event::TreeGrown,
    state::{DeviceTreeAccount, adopt_words},
};

#[event_cpi]
#[derive(Accounts)]
pub struct GrowTree {
    /// Pays the rent of what is added; anyone.
    #[account(mut)]
    pub payer: Signer,
    /// The tree to lengthen.
    #[account(
        mut,
        constraint = tree.state == TREE_GROWING @ RegistryError::TreeComplete,
        realloc = tree.next_space(tree.current_space())?,
        realloc_payer = payer,
        realloc_zero = true,
    )]
    pub tree: DeviceTreeAccount,
    pub system_program: Program<System>,
}

/// The account was lengthened by its constraint; what is left is to count the new words.
///
/// # Errors
/// [`RegistryError::TreeComplete`] once the tree has its size.
pub fn handler(ctx: &mut Context<GrowTree>) -> Result<()> {
    adopt_words(&mut ctx.accounts.tree)?;
    ctx.accounts.tree.invariant()?;
    let tree = &ctx.accounts.tree;
    emit_cpi!(TreeGrown {
        network: tree.network,
        tree: *tree.address(),
        bytes: tree.current_space() as u64,
        ready: u8::from(tree.state == TREE_READY),
    });
    Ok(())
}
