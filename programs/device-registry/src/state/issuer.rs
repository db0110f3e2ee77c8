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

#[cfg(test)]
mod tests {
    use anchor_lang::bytemuck::Zeroable;

    use super::*;

    fn sound() -> Issuer {
        let mut issuer: Issuer = Zeroable::zeroed();
        (issuer.roles, issuer.active) = (ROLES_KNOWN, 1);
        issuer
    }

    #[test]
    fn texts_are_as_long_as_they_say() {
        let mut issuer = sound();
        issuer.did[..3].copy_from_slice(b"did");
        issuer.status_list_uri[..5].copy_from_slice(b"https");
        assert_eq!((issuer.did(), issuer.status_list_uri()), (&[][..], &[][..]));
        (issuer.did_len, issuer.status_list_uri_len) = (3, 5);
        assert_eq!(issuer.did(), b"did");
        assert_eq!(issuer.status_list_uri(), b"https");
        (issuer.did_len, issuer.status_list_uri_len) = (128, 128);
        assert_eq!(issuer.did(), issuer.did);
        assert_eq!(issuer.status_list_uri(), issuer.status_list_uri);
        (issuer.did_len, issuer.status_list_uri_len) = (129, 129);
        assert_eq!((issuer.did(), issuer.status_list_uri()), (&[][..], &[][..]));
    }

    #[test]
    fn an_issuer_holds_known_roles_and_at_least_one() {
        let mut issuer = sound();
        for (roles, verdict) in [
            (1, Ok(())),
            (8, Ok(())),
            (15, Ok(())),
            (0, Err(RegistryError::NoRoles)),
            (16, Err(RegistryError::NoRoles)),
            (17, Err(RegistryError::NoRoles)),
            (1 << 31, Err(RegistryError::NoRoles)),
        ] {
            issuer.roles = roles;
            assert_eq!(issuer.invariant(), verdict, "{roles}");
        }
    }

    #[test]
    fn a_key_is_of_one_of_three_kinds() {
        let mut issuer = sound();
        for (kind, verdict) in [
            (0, Ok(())),
            (1, Err(RegistryError::UnknownKeyKind)),
            (2, Ok(())),
            (3, Ok(())),
            (4, Err(RegistryError::UnknownKeyKind)),
        ] {
            issuer.key_kind = kind;
            assert_eq!(issuer.invariant(), verdict, "{kind}");
        }
    }

    #[test]
    fn an_issuer_is_active_or_retired() {
        let mut issuer = sound();
        let both_or_neither = Err(RegistryError::IssuerRetired);
        for (active, retired_at, is_active, verdict) in [
            (1, 0, true, Ok(())),
            (0, 5, false, Ok(())),
            (1, 5, true, both_or_neither),
            (0, 0, false, both_or_neither),
            (2, 0, false, both_or_neither),
        ] {
            (issuer.active, issuer.retired_at) = (active, retired_at);
            assert_eq!(issuer.is_active(), is_active);
            assert_eq!(issuer.invariant(), verdict);
        }
    }
}
