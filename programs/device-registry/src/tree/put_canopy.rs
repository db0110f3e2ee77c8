use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::TREE_IMPORTING,
    event::TreeCanopyPut,
    state::{DeviceTreeAccount, Network},
};

#[derive(Clone, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct PutTreeCanopyArgs {
    /// Position of the first node in the canopy's lowest level.
    pub offset: u16,
    /// Nodes of that level, left to right; about 28 fit one transaction.
    pub nodes: Vec<[u8; 32]>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct PutTreeCanopy {
    /// The network whose tree it is.
    pub network: Account<Network>,
    /// The network's authority.
    #[account(address = network.authority @ RegistryError::NotAuthority)]
    pub authority: Signer,
    /// The tree to prepare.
    #[account(
        mut,
        constraint = tree.network == *network.address() @ RegistryError::WrongNetwork,
    )]
    pub tree: DeviceTreeAccount,
}

impl PutTreeCanopy {
    fn validate(&self) -> core::result::Result<(), RegistryError> {
        if self.tree.state == TREE_IMPORTING {
            return Ok(());
        }
        self.tree.require_ready()
    }
}

/// Nothing is believed here: `import_tree` folds the whole canopy to the root. Until then the tree takes no device, so
/// that a half filled canopy can not stand under a living tree.
///
/// # Errors
/// [`RegistryError::NotAuthority`], [`RegistryError::WrongNetwork`], [`RegistryError::TreeNotReady`] while it grows,
/// [`RegistryError::TreeNotEmpty`], [`RegistryError::CanopyRange`].
pub fn handler(ctx: &mut Context<PutTreeCanopy>, args: PutTreeCanopyArgs) -> Result<()> {
    ctx.accounts.validate()?;
    let tree = &mut ctx.accounts.tree;
    let head = tree.head();
    head.fill_canopy(tree.as_mut_slice(), args.offset, &args.nodes)
        .map_err(RegistryError::from)?;
    tree.state = TREE_IMPORTING;
    tree.invariant()?;
    emit_cpi!(TreeCanopyPut {
        network: ctx.accounts.tree.network,
        tree: *ctx.accounts.tree.address(),
        offset: args.offset,
        nodes: u16::try_from(args.nodes.len()).map_err(|_| RegistryError::CanopyRange)?,
    });
    Ok(())
}
