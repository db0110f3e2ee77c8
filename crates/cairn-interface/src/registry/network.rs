use solana_sdk::pubkey::Pubkey;

use super::{KeyKind, Registration, issuer_address, network_address};
use crate::{build::instructions, ids::SYSTEM_PROGRAM};

instructions! { device_registry;
    /// Opens a network. `payer` and `authority` sign.
    CreateNetwork as it {
        payer: Pubkey,
        /// The first authority; its key is part of the network's address.
        authority: Pubkey,
        /// Number of the network among its creator's.
        id: u64,
        guardian: Pubkey,
        registration: Registration,
    }
    by { payer, authority, network: it.network(), system_program: SYSTEM_PROGRAM }
    with CreateNetworkArgs { id, guardian, registration: it.registration.byte() }

    /// Names the guardian and who may register. `authority` signs.
    ConfigureNetwork as it {
        authority: Pubkey,
        network: Pubkey,
        guardian: Pubkey,
        registration: Registration,
    }
    by { network, authority }
    with ConfigureNetworkArgs { guardian, registration: it.registration.byte() }

    /// Offers the network to another authority; the zero key withdraws. `authority` signs.
    ProposeAuthority as it { authority: Pubkey, network: Pubkey, new_authority: Pubkey }
    by { network, authority }
    with { new_authority }

    /// Takes over an offered network. `new_authority` signs.
    AcceptAuthority as it { new_authority: Pubkey, network: Pubkey }
    by { network, new_authority }
    with {}

    /// Trusts a manufacturer, carrier, partner or validator authority. `payer` and `authority` sign.
    AddIssuer as it {
        payer: Pubkey,
        authority: Pubkey,
        network: Pubkey,
        /// Ed25519 point, or x coordinate of a P-256 point.
        key: [u8; 32],
        key_kind: KeyKind,
        /// Bits `constants::ROLE_*`.
        roles: u32,
        /// `did:…`, at most 128 bytes.
        did: String,
        /// Printable ASCII, at most 128 bytes; empty when it publishes none.
        status_list_uri: String,
        /// SHA-256 of that list; zeros when it publishes none.
        status_list_hash: [u8; 32],
    }
    by { payer, network, authority, issuer: it.issuer(), system_program: SYSTEM_PROGRAM }
    with AddIssuerArgs {
        key, key_kind: it.key_kind.byte(), roles, did: it.did.as_bytes().to_vec(),
        status_list_uri: it.status_list_uri.as_bytes().to_vec(), status_list_hash,
    }

    /// Ends that trust for ever. `authority` signs.
    RetireIssuer as it {
        authority: Pubkey,
        network: Pubkey,
        /// The issuer's account, see [`issuer_address`].
        issuer: Pubkey,
    }
    by { network, authority, issuer }
    with {}
}

impl CreateNetwork {
    /// The address the network will have.
    #[must_use]
    pub fn network(&self) -> Pubkey {
        network_address(&self.authority, self.id).0
    }
}

impl AddIssuer {
    /// The address the issuer will have.
    #[must_use]
    pub fn issuer(&self) -> Pubkey {
        issuer_address(&self.network, &self.key).0
    }
}
