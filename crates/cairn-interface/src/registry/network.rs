use device_registry::{
    AddIssuerArgs, ConfigureNetworkArgs, CreateNetworkArgs, accounts, instruction,
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use super::{KeyKind, Registration, event_authority, issuer_address, network_address};
use crate::{
    build,
    ids::{DEVICE_REGISTRY, SYSTEM_PROGRAM},
};

/// Opens a network. `payer` and `authority` sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateNetwork {
    pub payer: Pubkey,
    /// The first authority; its key is part of the network's address.
    pub authority: Pubkey,
    /// Number of the network among its creator's.
    pub id: u64,
    pub guardian: Pubkey,
    pub registration: Registration,
}

impl CreateNetwork {
    /// The address the network will have.
    #[must_use]
    pub fn network(&self) -> Pubkey {
        network_address(&self.authority, self.id).0
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::CreateNetwork {
                payer: self.payer,
                authority: self.authority,
                network: self.network(),
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::CreateNetwork {
                args: CreateNetworkArgs {
                    id: self.id,
                    guardian: self.guardian,
                    registration: self.registration.byte(),
                },
            },
        )
    }
}

/// Names the guardian and who may register. `authority` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigureNetwork {
    pub authority: Pubkey,
    pub network: Pubkey,
    pub guardian: Pubkey,
    pub registration: Registration,
}

impl ConfigureNetwork {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::ConfigureNetwork {
                network: self.network,
                authority: self.authority,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::ConfigureNetwork {
                args: ConfigureNetworkArgs {
                    guardian: self.guardian,
                    registration: self.registration.byte(),
                },
            },
        )
    }
}

/// Offers the network to another authority; the zero key withdraws. `authority` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposeAuthority {
    pub authority: Pubkey,
    pub network: Pubkey,
    pub new_authority: Pubkey,
}

impl ProposeAuthority {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::ProposeAuthority {
                network: self.network,
                authority: self.authority,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::ProposeAuthority {
                new_authority: self.new_authority,
            },
        )
    }
}

/// Takes over an offered network. `new_authority` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptAuthority {
    pub new_authority: Pubkey,
    pub network: Pubkey,
}

impl AcceptAuthority {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::AcceptAuthority {
                network: self.network,
                new_authority: self.new_authority,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::AcceptAuthority {},
        )
    }
}

/// Trusts a manufacturer, carrier, partner or validator authority. `payer` and `authority` sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddIssuer {
    pub payer: Pubkey,
    pub authority: Pubkey,
    pub network: Pubkey,
    /// Ed25519 point, or x coordinate of a P-256 point.
    pub key: [u8; 32],
    pub key_kind: KeyKind,
    /// Bits `constants::ROLE_*`.
    pub roles: u32,
    /// `did:…`, at most 128 bytes.
    pub did: String,
    /// Printable ASCII, at most 128 bytes; empty when it publishes none.
    pub status_list_uri: String,
    /// SHA-256 of that list; zeros when it publishes none.
    pub status_list_hash: [u8; 32],
}

impl AddIssuer {
    /// The address the issuer will have.
    #[must_use]
    pub fn issuer(&self) -> Pubkey {
        issuer_address(&self.network, &self.key).0
    }

    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::AddIssuer {
                payer: self.payer,
                network: self.network,
                authority: self.authority,
                issuer: self.issuer(),
                system_program: SYSTEM_PROGRAM,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::AddIssuer {
                args: AddIssuerArgs {
                    key: self.key,
                    key_kind: self.key_kind.byte(),
                    roles: self.roles,
                    did: self.did.as_bytes().to_vec(),
                    status_list_uri: self.status_list_uri.as_bytes().to_vec(),
                    status_list_hash: self.status_list_hash,
                },
            },
        )
    }
}

/// Ends that trust for ever. `authority` signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetireIssuer {
    pub authority: Pubkey,
    pub network: Pubkey,
    /// The issuer's account, see [`issuer_address`].
    pub issuer: Pubkey,
}

impl RetireIssuer {
    #[must_use]
    pub fn instruction(&self) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::RetireIssuer {
                network: self.network,
                authority: self.authority,
                issuer: self.issuer,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::RetireIssuer {},
        )
    }
}
