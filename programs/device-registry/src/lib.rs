//! Networks, issuers and devices.
//!
//! A device is a leaf of a concurrent Merkle tree: a million cost the rent of one account. It enters with its own
//! signature over owner, network and nonce, or in a bulk import that stands under the authority's name; it changes
//! owner with both owners' signatures or the device's; a banned one stays where it is.
//!
//! | who | may |
//! |---|---|
//! | authority | everything below, hand the network over (two steps), add and retire issuers, create trees, import, lift bans |
//! | guardian | ban a device |
//! | issuer | endorse its devices, while active |
//! | owner | register and transfer its device, with the device's or the new owner's signature |
//! | anyone | pay for a tree's growth |
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::unwrap_used
    )
)]

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

use anchor_lang::prelude::*;

pub mod consent;
pub mod constants;
pub mod device;
pub mod error;
pub mod event;
pub mod issuer;
mod leaf;
pub mod network;
pub mod precompile;
pub mod state;
pub mod tree;

/// The tree of the devices, which is a crate of its own: clients that can not build a program make its proofs, too.
pub use cairn_device_tree as merkle;
pub use device::{
    register::RegisterDeviceArgs, set_status::SetStatusArgs, transfer::TransferDeviceArgs,
};
pub use error::{ERROR_OFFSET, RegistryError};
pub use issuer::add::AddIssuerArgs;
pub use leaf::{DeviceLeaf, LEAF_TAG, PREIMAGE_LEN, cell_location, is_cell, place_location};
pub use network::{configure::ConfigureNetworkArgs, create::CreateNetworkArgs};
pub use tree::{create::CreateTreeArgs, import::ImportTreeArgs, put_canopy::PutTreeCanopyArgs};

declare_id!("AMz9E7sLKiNa2JduBnnHtMonK7SCzfLN8xZ9QeSjLgHZ");

#[program]
pub mod device_registry {
    use super::*;

    /// Opens a network under its creator's key and a number.
    pub fn create_network(
        ctx: &mut Context<network::create::CreateNetwork>,
        args: CreateNetworkArgs,
    ) -> Result<()> {
        network::create::handler(ctx, args)
    }

    /// Names the guardian and who may register.
    pub fn configure_network(
        ctx: &mut Context<network::configure::ConfigureNetwork>,
        args: ConfigureNetworkArgs,
    ) -> Result<()> {
        network::configure::handler(ctx, args)
    }

    /// First step of handing the network over; zeros take the offer back.
    pub fn propose_authority(
        ctx: &mut Context<network::propose_authority::ProposeAuthority>,
        new_authority: Address,
    ) -> Result<()> {
        network::propose_authority::handler(ctx, new_authority)
    }

    /// Second step: the proposed key takes the network.
    pub fn accept_authority(
        ctx: &mut Context<network::accept_authority::AcceptAuthority>,
    ) -> Result<()> {
        network::accept_authority::handler(ctx)
    }

    /// Trusts a manufacturer, carrier, partner or validator authority.
    pub fn add_issuer(
        ctx: &mut Context<issuer::add::AddIssuer>,
        args: AddIssuerArgs,
    ) -> Result<()> {
        issuer::add::handler(ctx, args)
    }

    /// Ends that trust, for ever.
    pub fn retire_issuer(ctx: &mut Context<issuer::retire::RetireIssuer>) -> Result<()> {
        issuer::retire::handler(ctx)
    }

    /// Creates a tree's account; large ones then grow step by step.
    pub fn create_tree(
        ctx: &mut Context<tree::create::CreateTree>,
        args: CreateTreeArgs,
    ) -> Result<()> {
        tree::create::handler(ctx, args)
    }

    /// Lengthens a tree's account by up to 10,240 bytes; the last step opens it.
    pub fn grow_tree(ctx: &mut Context<tree::grow::GrowTree>) -> Result<()> {
        tree::grow::handler(ctx)
    }

    /// Stores canopy nodes of a prepared tree, before its import.
    pub fn put_tree_canopy(
        ctx: &mut Context<tree::put_canopy::PutTreeCanopy>,
        args: PutTreeCanopyArgs,
    ) -> Result<()> {
        tree::put_canopy::handler(ctx, args)
    }

    /// Takes over a whole prepared tree.
    pub fn import_tree(
        ctx: &mut Context<tree::import::ImportTree>,
        args: ImportTreeArgs,
    ) -> Result<()> {
        tree::import::handler(ctx, args)
    }

    /// Enters a device that consents.
    pub fn register_device(
        ctx: &mut Context<device::register::RegisterDevice>,
        args: RegisterDeviceArgs,
    ) -> Result<()> {
        device::register::handler(ctx, args)
    }

    /// Gives a device a new owner.
    pub fn transfer_device(
        ctx: &mut Context<device::transfer::TransferDevice>,
        args: TransferDeviceArgs,
    ) -> Result<()> {
        device::transfer::handler(ctx, args)
    }

    /// Bans a device or lifts its ban.
    pub fn set_status(
        ctx: &mut Context<device::set_status::SetStatus>,
        args: SetStatusArgs,
    ) -> Result<()> {
        device::set_status::handler(ctx, args)
    }
}
