use anchor_lang::{BORSH_CONFIG, BorshConfig, wincode};
use bytemuck::AnyBitPattern;
use serde::Serialize;
use solana_sdk::pubkey::Pubkey;

use crate::{airdrop::AirdropEvent, registry::RegistryEvent, vault::VaultEvent};

/// An event of one of our programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "program", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "an event is read and told, never kept in numbers"
)]
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

/// The table of a program's events: the program's own types, of which each row says how it reads as JSON (see
/// [`records`](crate::json::records)). Discriminators, names and decoding follow.
macro_rules! event_table {
    (
        $(#[$meta:meta])*
        pub enum $all:ident of $program:ident::$module:ident, read by $read:path;
        $($event:ident as $it:ident { $($row:tt)* })+
    ) => {
        pub use $program::$module::{$($event),+};

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $all {
            $($event($event),)+
        }

        impl $all {
            /// Their names, as the program's interface description has them.
            pub const NAMES: &[&str] = &[
                $(stringify!($event),)+
            ];

            /// Reads one inner instruction; `None` when it is no event of the program that this build knows.
            #[must_use]
            pub fn decode(program: &solana_sdk::pubkey::Pubkey, data: &[u8]) -> Option<Self> {
                use anchor_lang::Discriminator as _;
                let event = data.strip_prefix(anchor_lang::event::EVENT_IX_TAG_LE)?;
                if *program != $program::ID {
                    return None;
                }
                $(if let Some(body) = event.strip_prefix($event::DISCRIMINATOR) {
                    return $read(body).map(Self::$event);
                })+
                None
            }

            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$event(_) => stringify!($event),)+
                }
            }
        }

        impl serde::Serialize for $all {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                use $crate::json::{Record as _, SerializeMap as _};
                let mut map = to.serialize_map(None)?;
                map.serialize_entry("event", &$crate::event::snake_case(self.name()))?;
                match self {
                    $(Self::$event(event) => event.entries(&mut map)?,)+
                }
                map.end()
            }
        }

        $crate::json::records! { $($event as $it { $($row)* })+ }
    };
}
pub(crate) use event_table;

/// An event that is its own bytes.
pub(crate) fn pod<T: AnyBitPattern>(body: &[u8]) -> Option<T> {
    bytemuck::try_pod_read_unaligned(body).ok()
}

/// An event as Borsh writes it.
pub(crate) fn borsh<'de, T>(body: &'de [u8]) -> Option<T>
where
    T: wincode::SchemaRead<'de, BorshConfig, Dst = T>,
{
    wincode::config::deserialize_exact(body, BORSH_CONFIG).ok()
}

/// `PoolCreated` as `pool_created`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len().saturating_add(4));
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
