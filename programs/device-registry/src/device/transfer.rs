use anchor_lang::prelude::*;

use crate::{
    DeviceLeaf, RegistryError,
    consent::transfer_message,
    constants::KEY_ED25519,
    device::{Place, replace_leaf},
    event::DeviceTransferred,
    precompile::{self, Refusals},
    state::DeviceTreeAccount,
};

#[derive(Clone, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct TransferDeviceArgs {
    /// The device as it stands.
    pub leaf: DeviceLeaf,
    /// Where it stands.
    pub index: u32,
    /// The tree's sequence at which `proof` was made; at most 64 changes ago.
    pub proof_sequence: u64,
    /// Siblings below the canopy, lowest first.
    pub proof: Vec<[u8; 32]>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct TransferDevice {
    /// The present owner.
    pub owner: Signer,
    /// The next owner. Signs, unless the device does.
    pub new_owner: UncheckedAccount,
    /// The tree the device stands in.
    #[account(mut)]
    pub tree: DeviceTreeAccount,
    /// Where the device's consent is found, one instruction before this one; absent when the new owner signs.
    pub instructions: Option<UncheckedAccount>,
}

impl TransferDevice {
    fn validate(&self, args: &TransferDeviceArgs) -> Result<()> {
        require!(
            args.leaf.owner == self.owner.address().to_bytes(),
            RegistryError::NotOwner
        );
        require!(
            *self.new_owner.address() != Address::default(),
            RegistryError::ZeroKey
        );
        require!(
            self.new_owner.address() != self.owner.address(),
            RegistryError::SameOwner
        );
        // A ban that a sale washes off would be no ban.
        require!(!args.leaf.is_banned(), RegistryError::DeviceBanned);
        self.require_consent(args)
    }

    /// Two owners agree, or the device itself (in the hands of whoever holds it) agrees to the next.
    fn require_consent(&self, args: &TransferDeviceArgs) -> Result<()> {
        if self.new_owner.account().is_signer() {
            return Ok(());
        }
        let sysvar = self
            .instructions
            .as_ref()
            .ok_or(RegistryError::ConsentMissing)?;
        let instructions = precompile::instructions(sysvar.account())?;
        let hash = args.leaf.hash(&self.tree.address().to_bytes(), args.index);
        precompile::require_signed(
            &instructions,
            1,
            KEY_ED25519,
            &args.leaf.device,
            &transfer_message(
                &self.new_owner.address().to_bytes(),
                &self.tree.network.to_bytes(),
                &hash,
            ),
            &Refusals {
                missing: RegistryError::ConsentMissing,
                key: RegistryError::ConsentKey,
                message: RegistryError::ConsentMessage,
            },
        )
    }
}

/// # Errors
/// [`RegistryError::NotOwner`], [`RegistryError::ZeroKey`], [`RegistryError::SameOwner`],
/// [`RegistryError::DeviceBanned`]; the consent's codes; [`RegistryError::TreeNotReady`],
/// [`RegistryError::IndexOutOfRange`], [`RegistryError::ProofLength`], [`RegistryError::ProofStale`],
/// [`RegistryError::LeafChanged`], [`RegistryError::ProofMismatch`].
pub fn handler(ctx: &mut Context<TransferDevice>, args: TransferDeviceArgs) -> Result<()> {
    ctx.accounts.validate(&args)?;
    let leaf = DeviceLeaf {
        owner: ctx.accounts.new_owner.address().to_bytes(),
        sequence: args
            .leaf
            .sequence
            .checked_add(1)
            .ok_or(RegistryError::SequenceOverflow)?,
        ..args.leaf
    };
    let place = Place {
        index: args.index,
        proof_sequence: args.proof_sequence,
        proof: &args.proof,
    };
    let tree = &mut ctx.accounts.tree;
    replace_leaf(tree, &place, &args.leaf, &leaf)?;
    emit_cpi!(DeviceTransferred {
        network: ctx.accounts.tree.network,
        tree: *ctx.accounts.tree.address(),
        index: args.index,
        previous_owner: args.leaf.owner,
        leaf,
        root: ctx.accounts.tree.root,
        sequence: ctx.accounts.tree.sequence,
    });
    Ok(())
}
