//! How a refusal gets its code. A program's table of errors is an interface of its own, with numbers that never move;
//! what is decided here therefore has a name ([`Rule`]) and no number, and each program says which of its errors it is.

use anchor_lang::prelude::*;
use cairn_merkle::MerkleError;

/// A program's first code; Anchor's own errors stay below.
pub const ERROR_OFFSET: u32 = 6000;

/// Hands the names of all rules to `$then`, behind what else it is to be given.
#[doc(hidden)]
#[macro_export]
macro_rules! each_rule {
    ($then:path, $($arguments:tt)*) => {
        $then! {
            [$($arguments)*]
            TokenProgramUnsupported, MintUnsupported, MintTransferHook, MintDefaultFrozen, MintPermanentDelegate,
            MintNonTransferable, MintCloseAuthority, MintExtensionUnknown, WrongVault, DestinationNotTokenAccount,
            DestinationWrongMint, DestinationNotCanonical, DestinationFrozen, DestinationDelegated,
            DestinationCloseAuthority, DestinationMemoRequired, WrongMemoProgram, CanopyComplete, CanopyBytes,
            CanopyOffset, CanopyTooLong, CanopyHashMismatch, CanopySumMismatch, CanopyIncomplete, LeafCountRange,
            LeafIndexOutOfRange, ProofTooShort, ProofTooLong, ProofSumOverflow, ProofSumMismatch, ProofHashMismatch,
            Overflow,
        }
    };
}

macro_rules! define {
    ([] $($rule:ident,)+) => {
        /// What this crate refuses. A program has an error of the same name for each, which says the rule with its
        /// bound.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rule {
            $(
                #[allow(missing_docs, reason = "the programs' messages say what each means")]
                $rule,
            )+
        }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];
        }
    };
}

each_rule!(define,);

impl From<MerkleError> for Rule {
    fn from(error: MerkleError) -> Self {
        match error {
            MerkleError::LeafCount => Self::LeafCountRange,
            MerkleError::IndexOutOfRange => Self::LeafIndexOutOfRange,
            MerkleError::ProofTooShort => Self::ProofTooShort,
            MerkleError::ProofTooLong => Self::ProofTooLong,
            MerkleError::SumOverflow => Self::ProofSumOverflow,
            MerkleError::HashMismatch => Self::ProofHashMismatch,
            MerkleError::SumMismatch => Self::ProofSumMismatch,
            MerkleError::CanopyLength => Self::CanopyIncomplete,
        }
    }
}

/// A program's errors, one for each [`Rule`] among them. [`refusals!`](crate::refusals) makes such a type.
pub trait Refusal: From<Rule> + Into<ProgramError> {
    /// The program's error for `rule`, as instructions return it.
    fn of(rule: impl Into<Rule>) -> ProgramError {
        Self::from(rule.into()).into()
    }
}

/// Defines a program's errors: `refusals! { VaultError: Name = "the rule, with its bound", .. }`. The code on the wire
/// is [`ERROR_OFFSET`] plus the variant's position, so the list is append only: a variant is never reused, moved or
/// removed. Every [`Rule`] must be among the names. Defines `refuse` beside the type.
#[macro_export]
macro_rules! refusals {
    ($error:ident: $($name:ident = $message:literal,)+) => {
        /// Why the program refused. The code on the wire is the offset of all programs, 6000, plus the variant's
        /// position.
        #[$crate::anchor_lang::prelude::error_code]
        #[derive(Debug, PartialEq, Eq)]
        pub enum $error {
            $(#[doc = $message] #[msg($message)] $name,)+
        }

        impl $error {
            /// All refusals in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The variant's name, as in the IDL.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// The rule that was broken, with its bound.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }

            /// The code on the wire.
            #[must_use]
            pub const fn code(self) -> u32 {
                $crate::ERROR_OFFSET.saturating_add(self as u32)
            }

            /// The refusal behind a code, for clients.
            #[must_use]
            pub fn from_code(code: u32) -> Option<Self> {
                let at = usize::try_from(code.checked_sub($crate::ERROR_OFFSET)?).ok()?;
                Self::ALL.get(at).copied()
            }
        }

        $crate::each_rule!($crate::spell_rules, $error);

        impl $crate::Refusal for $error {}

        impl From<$crate::cairn_merkle::MerkleError> for $error {
            fn from(error: $crate::cairn_merkle::MerkleError) -> Self {
                $crate::Rule::from(error).into()
            }
        }

        /// Fails with `error`, in the shape that `?` and `ok_or` want.
        #[cold]
        pub(crate) fn refuse<T>(
            error: impl Into<$error>,
        ) -> $crate::anchor_lang::prelude::Result<T> {
            Err(error.into().into())
        }
    };
}

/// Both ways between a program's errors and the rules.
#[doc(hidden)]
#[macro_export]
macro_rules! spell_rules {
    ([$error:ident] $($rule:ident,)+) => {
        impl From<$crate::Rule> for $error {
            fn from(rule: $crate::Rule) -> Self {
                // Both are made of one list, so every rule has its place. Looked up and not matched: the machine has no
                // table of jumps, and thirty comparisons are a kilobyte.
                const SPELT: [$error; $crate::Rule::ALL.len()] = [$($error::$rule,)+];
                SPELT.get(rule as usize).copied().unwrap_or(Self::Overflow)
            }
        }

        impl $error {
            /// The rule of all programs that was broken; `None` for a rule of this one.
            #[must_use]
            pub const fn rule(self) -> Option<$crate::Rule> {
                match self {
                    $(Self::$rule => Some($crate::Rule::$rule),)+
                    _ => None,
                }
            }
        }
    };
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A program that has no errors but the rules, in their order.
    pub(crate) struct Spelt(Rule);

    impl From<Rule> for Spelt {
        fn from(rule: Rule) -> Self {
            Self(rule)
        }
    }

    impl From<Spelt> for ProgramError {
        fn from(error: Spelt) -> Self {
            Self::Custom(error.0 as u32)
        }
    }

    impl Refusal for Spelt {}

    #[test]
    fn every_tree_error_is_a_rule_of_its_own() {
        let rules = [
            MerkleError::LeafCount,
            MerkleError::IndexOutOfRange,
            MerkleError::ProofTooShort,
            MerkleError::ProofTooLong,
            MerkleError::SumOverflow,
            MerkleError::HashMismatch,
            MerkleError::SumMismatch,
            MerkleError::CanopyLength,
        ]
        .map(Rule::from);
        for (at, rule) in rules.iter().enumerate() {
            assert!(!rules[..at].contains(rule), "{rule:?} stands for two");
        }
    }
}
