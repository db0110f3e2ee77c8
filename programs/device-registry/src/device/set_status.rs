use anchor_lang::prelude::*;

use crate::{
    DeviceLeaf, RegistryError,
    constants::{STATUS_ACTIVE, STATUS_BANNED},
    device::{Place, replace_leaf},
    event::DeviceStatusSet,
    state::{DeviceTreeAccount, Network},
};

#[derive(Clone, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct SetStatusArgs {
    /// The device as it stands.
    pub leaf: DeviceLeaf,
    /// Where it stands.
    pub index: u32,
    /// The tree's sequence at which `proof` was made; at most 64 changes ago.
    pub proof_sequence: u64,
    /// Siblings below the canopy, lowest first.
    pub proof: Vec<[u8; 32]>,
    /// `STATUS_*`, other than the present one.
    pub status: u8,
    /// Why; not 0 for a ban.
    pub reason: u16,
    /// SHA-256 of the evidence; not zeros.
    pub evidence: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
pub struct SetStatus {
    /// The network; counts bans.
    #[account(mut)]
    pub network: Account<Network>,
    /// Its authority, or for a ban its guardian.
    pub authority: Signer,
    /// The tree the device stands in.
    #[account(
        mut,
        constraint = tree.network == *network.address() @ RegistryError::WrongNetwork,
    )]
    pub tree: DeviceTreeAccount,
}

impl SetStatus {
    fn validate(&self, args: &SetStatusArgs) -> Result<()> {
        let signer = self.authority.address();
        let is_authority = *signer == self.network.authority;
        require!(
            is_authority || *signer == self.network.guardian,
            RegistryError::NotGuardian
        );
        require!(
            matches!(args.status, STATUS_ACTIVE | STATUS_BANNED),
            RegistryError::DeviceStatus
        );
        require!(args.status != args.leaf.status, RegistryError::SameStatus);
        // A stolen guardian key can stop devices, visibly; it can not free the ones the network stopped.
        require!(
            is_authority || args.status == STATUS_BANNED,
            RegistryError::GuardianCannotLift
        );
        require!(
            args.evidence != [0; 32] && (args.status == STATUS_ACTIVE || args.reason != 0),
            RegistryError::ReasonRequired
        );
        Ok(())
    }
}

/// # Errors
/// [`RegistryError::NotGuardian`], [`RegistryError::WrongNetwork`], [`RegistryError::DeviceStatus`],
/// [`RegistryError::SameStatus`], [`RegistryError::GuardianCannotLift`], [`RegistryError::ReasonRequired`]; then the
/// tree's as for a transfer.
pub fn handler(ctx: &mut Context<SetStatus>, args: SetStatusArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let leaf = DeviceLeaf {
        status: args.status,
        reason: args.reason,
        // Saturates: an imported leaf may stand at the end already, and is banned all the same. Nothing signed is void by
        // this number alone there, so a transfer, which needs a signature, refuses.
        sequence: args.leaf.sequence.saturating_add(1),
        ..args.leaf
    };
    let place = Place {
        index: args.index,
        proof_sequence: args.proof_sequence,
        proof: &args.proof,
    };
    replace_leaf(&mut ctx.accounts.tree, &place, &args.leaf, &leaf)?;
    let network = &mut ctx.accounts.network;
    network.count_ban(args.leaf.is_banned(), leaf.is_banned());
    network.invariant()?;
    emit_cpi!(DeviceStatusSet {
        network: *ctx.accounts.network.address(),
        tree: *ctx.accounts.tree.address(),
        index: args.index,
        by: *ctx.accounts.authority.address(),
        leaf,
        evidence: args.evidence,
        root: ctx.accounts.tree.root,
        sequence: ctx.accounts.tree.sequence,
    });
    Ok(())
}
