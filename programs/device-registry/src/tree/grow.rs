use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::TREE_GROWING,
    state::{DeviceTreeAccount, adopt_words},
};

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

/// The account was lengthened by its constraint; what is left is to count the new words. No event: nothing but the
/// account's size changes, and a tree without devices is of no interest to anybody.
///
/// # Errors
/// [`RegistryError::TreeComplete`] once the tree has its size.
pub fn handler(ctx: &mut Context<GrowTree>) -> Result<()> {
    adopt_words(&mut ctx.accounts.tree)?;
    ctx.accounts.tree.invariant()?;
    Ok(())
}
