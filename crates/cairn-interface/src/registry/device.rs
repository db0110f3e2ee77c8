use device_registry::{
    DeviceLeaf, RegisterDeviceArgs, TransferDeviceArgs, accounts,
    consent::{endorsement_message, register_message, transfer_message},
    instruction,
    merkle::Node,
};
use solana_sdk::{
    instruction::{AccountMeta, Instruction},
    pubkey::Pubkey,
};

use super::{KeyKind, event_authority, issuer_address, signature_instruction};
use crate::{
    build::{self, instructions},
    ids::{DEVICE_REGISTRY, INSTRUCTIONS_SYSVAR},
};

/// A device's own Ed25519 signature over the message that an operation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    pub signature: [u8; 64],
}

/// An issuer's signature over [`RegisterDevice::endorsement_message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endorsement {
    /// The issuer's key; its account follows from it.
    pub key: [u8; 32],
    pub key_kind: KeyKind,
    pub signature: [u8; 64],
}

instructions! { device_registry;
    /// Enters a device into a tree. `owner` signs the transaction, the device signs [`RegisterDevice::message`], and the
    /// issuer, where the network wants one, [`RegisterDevice::endorsement_message`]. This is the registration alone; see
    /// [`RegisterDevice::instructions`].
    RegisterDevice as it {
        owner: Pubkey,
        network: Pubkey,
        tree: Pubkey,
        /// The tree's next index: `DeviceTreeView::next_index`. The consent is for this position only.
        index: u32,
        /// The device's Ed25519 key.
        device: [u8; 32],
        /// Commitment to the hardware's fingerprint; zeros when not told.
        hardware: [u8; 32],
        /// Meaning by `location_kind`.
        location: [u8; 32],
        /// `constants::LOCATION_*`.
        location_kind: u8,
        model: u32,
        /// Two capital letters; zeros when not told.
        country: [u8; 2],
        /// 1 to 15, see `constants::CLASS_*`.
        class: u8,
        /// The key of the issuer that endorses it.
        issuer_key: Option<[u8; 32]>,
    }
    by { owner, network, tree, issuer: it.issuer(), instructions: INSTRUCTIONS_SYSVAR }
    with { args: it.args() }

    /// Bans a device or lifts its ban. `authority` signs: the network's authority, or its guardian for a ban.
    SetStatus as it {
        authority: Pubkey,
        network: Pubkey,
        tree: Pubkey,
        /// The device as it stands.
        leaf: DeviceLeaf,
        index: u32,
        /// The tree's sequence at which `proof` was made; at most 64 changes ago.
        proof_sequence: u64,
        /// Siblings below the canopy, lowest first.
        proof: Vec<Node>,
        /// `constants::STATUS_*`.
        status: u8,
        /// Why; not 0 for a ban.
        reason: u16,
        /// SHA-256 of the evidence; not zeros.
        evidence: [u8; 32],
    }
    by { network, authority, tree }
    with SetStatusArgs { leaf, index, proof_sequence, proof: it.proof.clone(), status, reason, evidence }
}

impl RegisterDevice {
    fn args(&self) -> RegisterDeviceArgs {
        RegisterDeviceArgs {
            device: self.device,
            hardware: self.hardware,
            location: self.location,
            nonce: u64::from(self.index),
            model: self.model,
            country: self.country,
            class: self.class,
            location_kind: self.location_kind,
        }
    }

    fn issuer(&self) -> Option<Pubkey> {
        self.issuer_key
            .map(|key| issuer_address(&self.network, &key).0)
    }

    /// The leaf that the registration writes.
    #[must_use]
    pub fn leaf(&self) -> DeviceLeaf {
        let issuer = self.issuer().unwrap_or_default();
        self.args().leaf(self.owner.to_bytes(), issuer.to_bytes())
    }

    /// What the device signs.
    #[must_use]
    pub fn message(&self) -> [u8; 48] {
        let hash = self.leaf().hash(&self.tree.to_bytes(), self.index);
        register_message(
            &self.owner.to_bytes(),
            &self.network.to_bytes(),
            u64::from(self.index),
            &hash,
        )
    }

    /// What the issuer signs.
    #[must_use]
    pub fn endorsement_message(&self) -> [u8; 48] {
        endorsement_message(
            &self.network.to_bytes(),
            &self.issuer().unwrap_or_default().to_bytes(),
            &self.device,
            &self.hardware,
            self.model,
            self.class,
        )
    }

    /// The signatures' instructions and the registration, in the order that the program wants them, next to each
    /// other.
    #[must_use]
    pub fn instructions(
        &self,
        consent: &Consent,
        endorsement: Option<&Endorsement>,
    ) -> Vec<Instruction> {
        let mut all = Vec::with_capacity(3);
        if let Some(endorsement) = endorsement {
            all.push(signature_instruction(
                endorsement.key_kind,
                &endorsement.key,
                &endorsement.signature,
                &self.endorsement_message(),
            ));
        }
        all.push(signature_instruction(
            KeyKind::Ed25519,
            &self.device,
            &consent.signature,
            &self.message(),
        ));
        all.push(self.instruction());
        all
    }
}

/// Gives a device a new owner. `owner` signs; so does either `new_owner` or the device ([`TransferDevice::message`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferDevice {
    pub owner: Pubkey,
    pub new_owner: Pubkey,
    pub network: Pubkey,
    pub tree: Pubkey,
    /// The device as it stands.
    pub leaf: DeviceLeaf,
    pub index: u32,
    /// The tree's sequence at which `proof` was made; at most 64 changes ago.
    pub proof_sequence: u64,
    /// Siblings below the canopy, lowest first.
    pub proof: Vec<Node>,
}

impl TransferDevice {
    /// What the device signs when the new owner does not.
    #[must_use]
    pub fn message(&self) -> [u8; 48] {
        let hash = self.leaf.hash(&self.tree.to_bytes(), self.index);
        transfer_message(&self.new_owner.to_bytes(), &self.network.to_bytes(), &hash)
    }

    /// The transfer that both owners sign.
    #[must_use]
    pub fn by_both_owners(&self) -> Instruction {
        let mut built = self.build(None);
        for meta in &mut built.accounts {
            if meta.pubkey == self.new_owner {
                *meta = AccountMeta::new_readonly(self.new_owner, true);
            }
        }
        built
    }

    /// The transfer that the owner and the device sign.
    #[must_use]
    pub fn by_device(&self, consent: &Consent) -> [Instruction; 2] {
        [
            signature_instruction(
                KeyKind::Ed25519,
                &self.leaf.device,
                &consent.signature,
                &self.message(),
            ),
            self.build(Some(INSTRUCTIONS_SYSVAR)),
        ]
    }

    fn build(&self, instructions: Option<Pubkey>) -> Instruction {
        build::instruction(
            DEVICE_REGISTRY,
            &accounts::TransferDevice {
                owner: self.owner,
                new_owner: self.new_owner,
                tree: self.tree,
                instructions,
                event_authority: event_authority(),
                program: DEVICE_REGISTRY,
            },
            &instruction::TransferDevice {
                args: TransferDeviceArgs {
                    leaf: self.leaf,
                    index: self.index,
                    proof_sequence: self.proof_sequence,
                    proof: self.proof.clone(),
                },
            },
        )
    }
}
