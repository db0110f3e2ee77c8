use anchor_lang::{InstructionData, ToAccountMetas};
use cairn_merkle::Node;
use cairn_onchain::constants::EVENT_AUTHORITY_SEED;
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};

use crate::ids::ASSOCIATED_TOKEN_PROGRAM;

/// An instruction of `program` from the accounts and data that the program's own types describe.
pub(crate) fn instruction(
    program: Pubkey,
    accounts: &impl ToAccountMetas,
    data: &impl InstructionData,
) -> Instruction {
    Instruction {
        program_id: program,
        accounts: accounts.to_account_metas(None),
        data: data.data(),
    }
}

/// The key that signs a program's events to itself.
pub(crate) fn event_authority(program: &Pubkey) -> Pubkey {
    Pubkey::find_program_address(&[EVENT_AUTHORITY_SEED], program).0
}

/// Nodes as instructions carry them: 40 bytes each, hash, then sum.
pub(crate) fn nodes_to_bytes(nodes: &[Node]) -> Vec<u8> {
    nodes
        .iter()
        .flat_map(|node| node.as_bytes().iter().copied())
        .collect()
}

/// The canonical token account of `owner`, with its bump.
pub(crate) fn destination_and_bump(
    owner: &Pubkey,
    mint: &Pubkey,
    token_program: &Pubkey,
) -> (Pubkey, u8) {
    Pubkey::find_program_address(
        &[owner.as_ref(), token_program.as_ref(), mint.as_ref()],
        &ASSOCIATED_TOKEN_PROGRAM,
    )
}

/// An instruction that pays the canonical token account of the wallet in its field; it has an `instruction_to` of its own.
macro_rules! paid_to {
    ($name:ident, $wallet:ident) => {
        impl $name {
            /// Where the tokens go: the wallet's canonical token account.
            #[must_use]
            pub fn destination(&self) -> Pubkey {
                self.destination_and_bump().0
            }

            #[must_use]
            pub fn instruction(&self) -> Instruction {
                let (destination, bump) = self.destination_and_bump();
                self.instruction_to(destination, bump)
            }

            fn destination_and_bump(&self) -> (Pubkey, u8) {
                $crate::build::destination_and_bump(&self.$wallet, &self.mint, &self.token_program)
            }
        }
    };
}
pub(crate) use paid_to;

/// Instructions, each as what a caller has to know:
///
/// ```text
/// /// What it does, and who signs.
/// Name as it { field: Type, … }
///     by { account, account: address, … }
///     with Args { argument, argument: value, … }
/// ```
///
/// Accounts and arguments are the program's own; one without a value is the field of that name. Every instruction ends in
/// the two accounts by which the program says events.
macro_rules! instructions {
    ($program:ident;
    $(
        $(#[$meta:meta])*
        $name:ident as $it:ident { $($(#[$doc:meta])* $field:ident: $type:ty),* $(,)? }
        by { $($account:ident $(: $address:expr)?),* $(,)? }
        with $($args:ident)? { $($argument:ident $(: $value:expr)?),* $(,)? }
    )+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type),*
        }

        impl $name {
            #[must_use]
            pub fn instruction(&self) -> solana_sdk::instruction::Instruction {
                let $it = self;
                $crate::build::instruction(
                    $program::ID,
                    &$program::accounts::$name {
                        $($account: $crate::build::instructions!(@value $it $account $($address)?),)*
                        event_authority: $crate::build::event_authority(&$program::ID),
                        program: $program::ID,
                    },
                    &$crate::build::instructions!(@data $program $name $it $($args)? {
                        $($argument: $crate::build::instructions!(@value $it $argument $($value)?),)*
                    }),
                )
            }
        }
    )+};
    (@data $program:ident $name:ident $it:ident $args:ident { $($argument:tt)* }) => {
        $program::instruction::$name { args: $program::$args { $($argument)* } }
    };
    (@data $program:ident $name:ident $it:ident { $($argument:tt)* }) => {
        $program::instruction::$name { $($argument)* }
    };
    (@value $it:ident $field:ident $value:expr) => { $value };
    (@value $it:ident $field:ident) => { $it.$field };
}
pub(crate) use instructions;
