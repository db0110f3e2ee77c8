//! Amounts and positions, each unit a type of its own: two numbers of 64 bits in each other's place are seen by nobody.
//!
//! They cost nothing: each is its number, and every function is the number's own. Left out on purpose are operators that
//! could wrap around, and every way from one unit into another but through the bare number.

use core::fmt;
use core::num::ParseIntError;
use core::str::FromStr;

/// Units, each with what it is and the number behind it.
macro_rules! units {
    ($($(#[$meta:meta])* $what:ident $name:ident($number:ty);)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name($number);

        impl $name {
            /// The highest that there is.
            pub const MAX: Self = Self(<$number>::MAX);

            #[inline]
            #[must_use]
            pub const fn new(number: $number) -> Self {
                Self(number)
            }

            /// The bare number.
            #[inline]
            #[must_use]
            pub const fn get(self) -> $number {
                self.0
            }
        }

        units!(@$what $name($number));

        /// The number in digits, as wide as it is asked for.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        /// Reads what is displayed.
        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }
    )+};
    (@amount $name:ident($number:ty)) => {
        impl $name {
            pub const ZERO: Self = Self(0);

            /// Both together; `None` when they do not fit.
            #[inline]
            #[must_use]
            pub const fn checked_add(self, more: Self) -> Option<Self> {
                match self.0.checked_add(more.0) {
                    Some(sum) => Some(Self(sum)),
                    None => None,
                }
            }

            /// What is left without `less`; `None` when there is not as much.
            #[inline]
            #[must_use]
            pub const fn checked_sub(self, less: Self) -> Option<Self> {
                match self.0.checked_sub(less.0) {
                    Some(rest) => Some(Self(rest)),
                    None => None,
                }
            }

            /// Both together, or [`Self::MAX`]: for what is shown, and for bounds.
            #[inline]
            #[must_use]
            pub const fn saturating_add(self, more: Self) -> Self {
                Self(self.0.saturating_add(more.0))
            }

            /// What is left without `less`, or nothing.
            #[inline]
            #[must_use]
            pub const fn saturating_sub(self, less: Self) -> Self {
                Self(self.0.saturating_sub(less.0))
            }

            /// All of them together; `None` when they do not fit.
            #[must_use]
            pub fn checked_sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
                all.into_iter().try_fold(Self::ZERO, Self::checked_add)
            }
        }
    };
    (@position $name:ident($number:ty)) => {
        impl $name {
            /// The one after; `None` after the last.
            #[inline]
            #[must_use]
            pub const fn next(self) -> Option<Self> {
                match self.0.checked_add(1) {
                    Some(next) => Some(Self(next)),
                    None => None,
                }
            }

            /// The one before; `None` before 0.
            #[inline]
            #[must_use]
            pub const fn previous(self) -> Option<Self> {
                match self.0.checked_sub(1) {
                    Some(previous) => Some(Self(previous)),
                    None => None,
                }
            }
        }
    };
}

units! {
    /// Base units of the token that a pool or campaign pays. Nothing writes them into JSON by itself: files have them as
    /// text, results with their decimals.
    amount Tokens(u64);

    /// Thousandths of a point.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
    amount MilliPoints(u64);

    /// Units of a network's data credit.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
    amount Credits(u64);

    /// A leaf's place in its tree, and so its owner's place in the pages of a pool or campaign.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
    position LeafIndex(u32);

    /// An epoch of a pool: they count from [`Self::FIRST`], and 0 stands for none.
    #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
    position EpochNumber(u64);
}

impl EpochNumber {
    pub const FIRST: Self = Self(1);
}
