use anchor_lang::Discriminator;
use bytemuck::AnyBitPattern;
use serde::{Deserialize, Serialize};
use solana_sdk::pubkey::Pubkey;

use crate::{airdrop::AirdropEvent, registry::RegistryEvent, vault::VaultEvent};

/// An event of one of our programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "program", rename_all = "snake_case")]
pub enum Event {
    RewardVault(VaultEvent),
    Airdrop(AirdropEvent),
    DeviceRegistry(RegistryEvent),
}

impl Event {
    /// Reads one inner instruction; `None` when it is no event of our programs that this build knows.
    #[must_use]
    pub fn decode(program: &Pubkey, data: &[u8]) -> Option<Self> {
        VaultEvent::decode(program, data)
            .map(Self::RewardVault)
            .or_else(|| AirdropEvent::decode(program, data).map(Self::Airdrop))
            .or_else(|| RegistryEvent::decode(program, data).map(Self::DeviceRegistry))
    }
}

/// The events among a transaction's inner instructions, given as (program, data) in order of execution. Only the
/// program itself can sign for its event authority, so nobody else's instruction passes for an event.
pub fn events<'a>(
    inner: impl IntoIterator<Item = (&'a Pubkey, &'a [u8])>,
) -> impl Iterator<Item = Event> {
    inner
        .into_iter()
        .filter_map(|(program, data)| Event::decode(program, data))
}

/// The event of type `T`, if these bytes, behind the tag of events, are its discriminator and exactly its body.
pub(crate) fn read<T: AnyBitPattern + Discriminator, E>(
    event: &[u8],
    convert: fn(T) -> E,
) -> Option<E> {
    let body = event.strip_prefix(T::DISCRIMINATOR)?;
    (body.len() == size_of::<T>()).then(|| convert(bytemuck::pod_read_unaligned(body)))
}
