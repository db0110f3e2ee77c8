//! What devices and issuers sign. Every message is a 16-byte name and a SHA-256: 48 bytes that no other signature of
//! this suite (33 bytes) and no transaction can be taken for. The hash, rather than the fields, leaves room for two more
//! proof nodes in a transfer's transaction.

use solana_sha256_hasher::hashv;

use crate::merkle::Node;

/// Bytes of every message.
pub const MESSAGE_LEN: usize = 48;

const REGISTER: &[u8; 16] = b"cairn/register/1";
const TRANSFER: &[u8; 16] = b"cairn/transfer/1";
const ENDORSED: &[u8; 16] = b"cairn/endorsed/1";

/// A device's consent to its registration: `cairn/register/1` ‖ SHA-256(owner ‖ network ‖ nonce u64 LE ‖ leaf hash).
///
/// The nonce is the index of the leaf, the tree's next one. A tree never gives an index twice, so a consent works once
/// and can not be replayed after a transfer or a ban; the leaf hash binds tree, index and every field. Two devices that
/// consent to the same index race: the second signs again. A counter of the network instead would make all its trees
/// race.
#[must_use]
pub fn register_message(
    owner: &[u8; 32],
    network: &[u8; 32],
    nonce: u64,
    leaf_hash: &Node,
) -> [u8; MESSAGE_LEN] {
    message(REGISTER, &[owner, network, &nonce.to_le_bytes(), leaf_hash])
}

/// A device's consent to a new owner: `cairn/transfer/1` ‖ SHA-256(new owner ‖ network ‖ hash of the leaf as it is).
///
/// The leaf's hash binds tree, index, device, present owner and sequence: after any change the consent is void.
#[must_use]
pub fn transfer_message(
    new_owner: &[u8; 32],
    network: &[u8; 32],
    leaf_hash: &Node,
) -> [u8; MESSAGE_LEN] {
    message(TRANSFER, &[new_owner, network, leaf_hash])
}

/// An issuer's endorsement of a device it made: `cairn/endorsed/1` ‖ SHA-256(network ‖ issuer account ‖ device key ‖
/// hardware ‖ model u32 LE ‖ class).
///
/// A birth certificate, signed once in the factory: it binds neither owner nor index, for without the device's own
/// consent it does nothing.
#[must_use]
pub fn endorsement_message(
    network: &[u8; 32],
    issuer: &[u8; 32],
    device: &[u8; 32],
    hardware: &[u8; 32],
    model: u32,
    class: u8,
) -> [u8; MESSAGE_LEN] {
    message(
        ENDORSED,
        &[
            network,
            issuer,
            device,
            hardware,
            &model.to_le_bytes(),
            &[class],
        ],
    )
}

fn message(name: &[u8; 16], fields: &[&[u8]]) -> [u8; MESSAGE_LEN] {
    let hash = hashv(fields).to_bytes();
    let mut message = [0; MESSAGE_LEN];
    for (to, from) in message.iter_mut().zip(name.iter().chain(&hash)) {
        *to = *from;
    }
    message
}
