use anchor_lang::prelude::*;

use crate::{
    RegistryError,
    constants::{KEY_ED25519, KEY_P256_EVEN, KEY_P256_ODD, ROLES_KNOWN, TEXT_LEN},
};

/// A manufacturer, carrier, partner or validator authority that a network trusts to vouch for others.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Unix seconds.
    pub added_at: i64,
    /// Unix seconds; 0 while active. What it vouched for before stays; it vouches for nothing after.
    pub retired_at: i64,
    /// The network that trusts it. The same key in another network is another issuer.
    pub network: Address,
    /// The key without its kind: Ed25519 point, or x coordinate of a P-256 point.
    pub key: [u8; 32],
    /// SHA-256 of the status list (revocations) this issuer publishes; zeros when it has none.
    pub status_list_hash: [u8; 32],
    /// Bits `ROLE_*`.
    pub roles: u32,
    /// `KEY_*`: 0 for Ed25519, the SEC1 parity byte 2 or 3 for P-256.
    pub key_kind: u8,
    /// 1 while it may vouch, 0 for ever after.
    pub active: u8,
    /// Bump of this account's address.
    pub bump: u8,
    /// Layout version.
    pub version: u8,
    /// Bytes used of `did`.
    pub did_len: u8,
    /// Bytes used of `status_list_uri`.
    pub status_list_uri_len: u8,
    /// Zeros; room for later.
    pub padding: [u8; 6],
    /// Its decentralised identifier, UTF-8.
    pub did: [u8; TEXT_LEN],
    /// Where the status list is published, ASCII.
    pub status_list_uri: [u8; TEXT_LEN],
    /// Zeros; room for later.
    pub reserved: [u64; 8],
}

const _: () = assert!(size_of::<Issuer>() == 448);

impl Issuer {
    /// The DID's bytes.
    #[must_use]
    pub fn did(&self) -> &[u8] {
        self.did
            .get(..usize::from(self.did_len))
            .unwrap_or_default()
    }

    /// The URI's bytes; empty when the issuer publishes no list.
    #[must_use]
    pub fn status_list_uri(&self) -> &[u8] {
        self.status_list_uri
            .get(..usize::from(self.status_list_uri_len))
            .unwrap_or_default()
    }

    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.active == 1
    }

    /// What holds after every instruction.
    ///
    /// # Errors
    /// The first truth that does not hold.
    pub fn invariant(&self) -> core::result::Result<(), RegistryError> {
        if self.roles == 0 || self.roles & !ROLES_KNOWN != 0 {
            return Err(RegistryError::NoRoles);
        }
        if !matches!(self.key_kind, KEY_ED25519 | KEY_P256_EVEN | KEY_P256_ODD) {
            return Err(RegistryError::UnknownKeyKind);
        }
        // Active and retired at once would let a retired key vouch.
        if self.is_active() != (self.retired_at == 0) {
            return Err(RegistryError::IssuerRetired);
        }
        Ok(())
    }
}
