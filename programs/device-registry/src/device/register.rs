use anchor_lang::prelude::*;

use crate::{
    DeviceLeaf, RegistryError,
    consent::{endorsement_message, register_message},
    constants::{
        KEY_ED25519, REGISTRATION_CLOSED, REGISTRATION_ENDORSED, ROLE_MANUFACTURER, STATUS_ACTIVE,
    },
    event::DeviceRegistered,
    merkle::Sha256Nodes,
    precompile::{self, Refusals},
    state::{DeviceTreeAccount, Issuer, Network},
};

#[derive(Clone, Copy, Debug, PartialEq, IdlType, SchemaRead, SchemaWrite)]
pub struct RegisterDeviceArgs {
    /// The device's Ed25519 key.
    pub device: [u8; 32],
    /// Commitment to the hardware's fingerprint; zeros when not told.
    pub hardware: [u8; 32],
    /// Meaning by `location_kind`.
    pub location: [u8; 32],
    /// Index the device consented to: the tree's next one.
    pub nonce: u64,
    /// The maker's model number; 0 when not told.
    pub model: u32,
    /// ISO 3166-1 alpha-2 in capital letters; zeros when not told.
    pub country: [u8; 2],
    /// `CLASS_*`.
    pub class: u8,
    /// `LOCATION_*`.
    pub location_kind: u8,
}

impl RegisterDeviceArgs {
    /// The leaf that registration writes, whose hash the device signs.
    #[must_use]
    pub const fn leaf(&self, owner: [u8; 32], issuer: [u8; 32]) -> DeviceLeaf {
        DeviceLeaf {
            device: self.device,
            owner,
            issuer,
            hardware: self.hardware,
            location: self.location,
            sequence: 0,
            model: self.model,
            reason: 0,
            country: self.country,
            class: self.class,
            location_kind: self.location_kind,
            status: STATUS_ACTIVE,
        }
    }
}

#[event_cpi]
#[derive(Accounts)]
pub struct RegisterDevice {
    /// The device's owner. It signs, so that nobody pushes devices on a wallet to spend its per-owner limits.
    pub owner: Signer,
    /// The network; counts the device.
    #[account(mut)]
    pub network: Account<Network>,
    /// The tree that takes it.
    #[account(
        mut,
        constraint = tree.network == *network.address() @ RegistryError::WrongNetwork,
    )]
    pub tree: DeviceTreeAccount,
    /// Who made the device and endorsed it two instructions before this one.
    #[account(
        constraint = issuer.network == *network.address() @ RegistryError::WrongNetwork,
        constraint = issuer.is_active() @ RegistryError::IssuerRetired,
        constraint = issuer.roles & ROLE_MANUFACTURER != 0 @ RegistryError::IssuerNotManufacturer,
    )]
    pub issuer: Option<Account<Issuer>>,
    /// Where the device's consent is found, one instruction before this one.
    pub instructions: UncheckedAccount,
}

impl RegisterDevice {
    fn validate(&self, args: &RegisterDeviceArgs, leaf: &DeviceLeaf) -> Result<()> {
        self.tree.require_ready()?;
        require!(
            args.nonce == u64::from(self.tree.next_index),
            RegistryError::NonceUsed
        );
        require!(
            self.network.registration != REGISTRATION_CLOSED,
            RegistryError::RegistrationClosed
        );
        require!(
            self.network.registration != REGISTRATION_ENDORSED || self.issuer.is_some(),
            RegistryError::IssuerRequired
        );
        leaf.validate()?;
        self.require_consent(args, leaf)
    }

    /// The device consents to this owner, network, position and leaf; the issuer it names made it. A leaf that could
    /// name an issuer without asking would borrow its good name, which is worth points.
    fn require_consent(&self, args: &RegisterDeviceArgs, leaf: &DeviceLeaf) -> Result<()> {
        let instructions = precompile::instructions(self.instructions.account())?;
        let network = self.network.address().to_bytes();
        let hash = leaf.hash(&self.tree.address().to_bytes(), self.tree.next_index);
        precompile::require_signed(
            &instructions,
            1,
            KEY_ED25519,
            &args.device,
            &register_message(&leaf.owner, &network, args.nonce, &hash),
            &Refusals {
                missing: RegistryError::ConsentMissing,
                key: RegistryError::ConsentKey,
                message: RegistryError::ConsentMessage,
            },
        )?;
        let Some(issuer) = &self.issuer else {
            return Ok(());
        };
        precompile::require_signed(
            &instructions,
            2,
            issuer.key_kind,
            &issuer.key,
            &endorsement_message(
                &network,
                &leaf.issuer,
                &args.device,
                &args.hardware,
                args.model,
                args.class,
            ),
            &Refusals {
                missing: RegistryError::EndorsementMissing,
                key: RegistryError::EndorsementKey,
                message: RegistryError::EndorsementMessage,
            },
        )
    }
}

/// # Errors
/// [`RegistryError::WrongNetwork`], [`RegistryError::IssuerRetired`], [`RegistryError::IssuerNotManufacturer`];
/// [`RegistryError::TreeNotReady`], [`RegistryError::NonceUsed`], [`RegistryError::RegistrationClosed`],
/// [`RegistryError::IssuerRequired`]; the leaf's fields; the consent's and endorsement's codes;
/// [`RegistryError::TreeFull`].
pub fn handler(ctx: &mut Context<RegisterDevice>, args: RegisterDeviceArgs) -> Result<()> {
    let issuer = ctx
        .accounts
        .issuer
        .as_ref()
        .map_or([0; 32], |issuer| issuer.address().to_bytes());
    let leaf = args.leaf(ctx.accounts.owner.address().to_bytes(), issuer);
    ctx.accounts.validate(&args, &leaf)?;
    let tree = &mut ctx.accounts.tree;
    let hash = leaf.hash(&tree.address().to_bytes(), tree.next_index);
    let mut head = tree.head();
    let index = head
        .append::<Sha256Nodes>(tree.as_mut_slice(), &hash)
        .map_err(RegistryError::from)?;
    tree.set_head(&head);
    tree.invariant()?;
    ctx.accounts.network.count(leaf.class, 1)?;
    ctx.accounts.network.invariant()?;
    emit_cpi!(DeviceRegistered {
        network: *ctx.accounts.network.address(),
        tree: *ctx.accounts.tree.address(),
        index,
        leaf,
        root: head.root,
        sequence: head.sequence,
    });
    Ok(())
}
