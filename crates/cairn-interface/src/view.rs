use std::ops::Deref;

use anchor_lang::Discriminator;
use bytemuck::AnyBitPattern;
use cairn_merkle::{NODE_LEN, Node, canopy_len};
use serde::{Serialize, Serializer};
use solana_sdk::{account::Account, pubkey::Pubkey};

use crate::{DecodeError, decode::head, json};

/// A kind of account: what must hold before its bytes are believed, and what is worked out from them then.
pub trait State: Discriminator + AnyBitPattern {
    /// For errors, with its article: "a pool".
    const WHAT: &'static str;
    const PROGRAM: Pubkey;
    /// The newest layout.
    const VERSION: u8;
    /// Where another kind of account may have taken its place: that one's discriminator.
    const CLOSED: Option<&'static [u8]> = None;
    /// What the fixed part does not tell as it stands.
    type Facts;

    /// The layout that the account has.
    fn layout(&self) -> u8;

    /// The bytes of an account of a known older layout, which `data` has, as they will be once it is migrated.
    fn raised(_data: &[u8]) -> Option<(u8, Vec<u8>)> {
        None
    }

    /// Reads what stands behind the fixed part, and refuses fields that have no meaning.
    ///
    /// # Errors
    /// Another length, a field without a meaning.
    fn facts(&self, tail: &Tail<'_>) -> Result<Self::Facts, DecodeError>;
}

/// An account as it stands: the program's own type, and where it was found.
///
/// It derefs to the type, so that fields and arithmetic are the program's. Zeros mean there what the program means by them;
/// where that is "none", a method of the same name says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View<T: State> {
    pub address: Pubkey,
    /// The layout that the account has. One of an older layout reads as it will once it is migrated.
    pub version: u8,
    pub facts: T::Facts,
    state: Box<T>,
}

impl<T: State> View<T> {
    /// An account of the newest layout that nobody has to read: what a test or an estimate supposes.
    #[must_use]
    pub fn supposed(address: Pubkey, state: T, facts: T::Facts) -> Self {
        Self {
            address,
            version: T::VERSION,
            facts,
            state: Box::new(state),
        }
    }

    /// Reads an account.
    ///
    /// # Errors
    /// Another program's or kind's account, another length, an unknown version, a field without a meaning.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let what = T::WHAT;
        let closed = T::CLOSED.is_some_and(|kind| account.data.starts_with(kind));
        if closed && account.owner == T::PROGRAM {
            return Err(DecodeError::Closed { address, what });
        }
        let raised = T::raised(&account.data);
        let raised = raised.map(|(version, data)| {
            let owner = account.owner;
            let account = Account {
                data,
                owner,
                ..Account::default()
            };
            (version, account)
        });
        let account = raised.as_ref().map_or(account, |(_, account)| account);
        let (state, rest) = head::<T>(&address, account, what, &T::PROGRAM)?;
        let layout = state.layout();
        let version = raised.as_ref().map_or(layout, |(version, _)| *version);
        if layout != T::VERSION {
            return Err(DecodeError::UnknownVersion {
                address,
                what,
                version,
            });
        }
        let length = account.data.len();
        let facts = state.facts(&Tail {
            address,
            what,
            length,
            rest,
        })?;
        Ok(Self {
            address,
            version,
            facts,
            state: Box::new(state),
        })
    }
}

impl<T: State> Deref for View<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.state
    }
}

impl<T: State> Serialize for View<T>
where
    Self: json::Record,
{
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        json::object(self, to)
    }
}

/// The bytes behind an account's fixed part, and whose they are.
pub struct Tail<'a> {
    address: Pubkey,
    what: &'static str,
    /// Of the whole account.
    length: usize,
    pub(crate) rest: &'a [u8],
}

impl Tail<'_> {
    /// Nothing may stand there: it would be another, newer layout.
    ///
    /// # Errors
    /// [`DecodeError::WrongLength`].
    pub(crate) fn none(&self) -> Result<(), DecodeError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(self.wrong_length(self.length.saturating_sub(self.rest.len())))
    }

    pub(crate) fn damaged(&self, field: &'static str) -> DecodeError {
        DecodeError::BadField {
            address: self.address,
            what: self.what.split_once(' ').map_or(self.what, |(_, it)| it),
            field,
        }
    }

    /// A canopy of that depth as far as it is stored: how many nodes (u32 LE), then 40 bytes each.
    ///
    /// # Errors
    /// Fewer bytes than nodes, more nodes than the canopy holds, a depth that no canopy has.
    pub(crate) fn canopy(&self, depth: u8) -> Result<CanopyFacts, DecodeError> {
        let head = self.length.saturating_sub(self.rest.len());
        let start = head.saturating_add(4);
        let (count, items) = self
            .rest
            .split_first_chunk::<4>()
            .ok_or_else(|| self.wrong_length(start))?;
        let wanted = usize::try_from(u32::from_le_bytes(*count))
            .unwrap_or(usize::MAX)
            .saturating_mul(NODE_LEN);
        let used = items
            .get(..wanted)
            .ok_or_else(|| self.wrong_length(start.saturating_add(wanted)))?;
        let nodes = Node::slice_from_bytes(used).unwrap_or_default().to_vec();
        let full = canopy_len(depth).map_err(|_| self.damaged("its canopy depth"))?;
        if nodes.len() > full {
            return Err(self.damaged("its canopy"));
        }
        Ok(CanopyFacts {
            complete: nodes.len() == full,
            nodes,
        })
    }

    const fn wrong_length(&self, expected: usize) -> DecodeError {
        DecodeError::WrongLength {
            address: self.address,
            what: self.what,
            expected,
            found: self.length,
        }
    }
}

/// A canopy as far as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanopyFacts {
    /// Left to right.
    pub nodes: Vec<Node>,
    pub complete: bool,
}

/// Fields with their units: a method of each one's name, beside the field, which is the bare number that the program keeps.
macro_rules! typed {
    ($($view:ty { $($field:ident: $unit:ty),+ $(,)? })+) => {$(
        impl $view {
            $(
                #[must_use]
                pub fn $field(&self) -> $unit {
                    <$unit>::new(self.$field)
                }
            )+
        }
    )+};
}
pub(crate) use typed;

/// Kinds of accounts whose fixed part tells all there is to tell.
macro_rules! fixed {
    ($program:path, $version:path: $($(#[$meta:meta])* $view:ident = $state:ty, $what:literal;)+) => {$(
        $(#[$meta])*
        pub type $view = $crate::View<$state>;

        impl $crate::view::State for $state {
            const WHAT: &'static str = $what;
            const PROGRAM: solana_sdk::pubkey::Pubkey = $program;
            const VERSION: u8 = $version;
            type Facts = ();

            fn layout(&self) -> u8 {
                self.version
            }

            fn facts(&self, tail: &$crate::view::Tail<'_>) -> Result<(), $crate::DecodeError> {
                tail.none()
            }
        }
    )+};
}
pub(crate) use fixed;
