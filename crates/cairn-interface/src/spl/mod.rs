//! SPL Token and Token-2022 as far as the suite needs them: addresses, mints, token accounts, the instructions around
//! them. What both programs have in common has the same bytes in both.

mod burn;
mod extension;

use cairn_merkle::Tokens;
use serde::{Deserialize, Serialize};
use solana_program::{
    program_error::ProgramError,
    program_pack::{IsInitialized, Pack},
};
use solana_sdk::{account::Account, instruction::Instruction, pubkey::Pubkey};
use spl_associated_token_account_interface::{
    address::get_associated_token_address_with_program_id,
    instruction::create_associated_token_account_idempotent,
};
use spl_token_interface::{
    instruction,
    state::{Account as TokenState, AccountState, Mint as MintState, Multisig},
};

use crate::{DecodeError, ids};

pub use burn::{burn, burned};
pub use extension::{Appearance, TransferFee, TransferFees};

/// Bytes of a mint account.
pub const MINT_LEN: usize = MintState::LEN;
/// Bytes of a token account without extensions.
pub const TOKEN_ACCOUNT_LEN: usize = TokenState::LEN;

/// The one token account of `owner` that claims are paid to.
#[must_use]
pub fn associated_token_address(owner: &Pubkey, mint: &Pubkey, token_program: &Pubkey) -> Pubkey {
    get_associated_token_address_with_program_id(owner, mint, token_program)
}

/// Creates the associated token account, or does nothing when it exists.
#[must_use]
pub fn create_associated_token_account(
    payer: &Pubkey,
    owner: &Pubkey,
    mint: &Pubkey,
    token_program: &Pubkey,
) -> Instruction {
    create_associated_token_account_idempotent(payer, owner, mint, token_program)
}

/// Creates and initialises a mint of SPL Token. `lamports` keeps [`MINT_LEN`] bytes alive; payer and mint sign.
#[must_use]
pub fn create_mint(
    payer: &Pubkey,
    mint: &Pubkey,
    authority: &Pubkey,
    decimals: u8,
    lamports: u64,
) -> [Instruction; 2] {
    let create = solana_system_interface::instruction::create_account(
        payer,
        mint,
        lamports,
        MINT_LEN as u64,
        &ids::TOKEN_PROGRAM,
    );
    let initialize = always(instruction::initialize_mint2(
        &ids::TOKEN_PROGRAM,
        mint,
        authority,
        None,
        decimals,
    ));
    [create, initialize]
}

/// Mints `amount` base units into `to`; `authority` signs.
#[must_use]
pub fn mint_to(
    token_program: &Pubkey,
    mint: &Pubkey,
    to: &Pubkey,
    authority: &Pubkey,
    amount: u64,
) -> Instruction {
    let mint_to = always(instruction::mint_to(
        &ids::TOKEN_PROGRAM,
        mint,
        to,
        authority,
        &[],
        amount,
    ));
    addressed(mint_to, token_program)
}

/// Moves `amount` base units; `owner` of `from` signs.
#[must_use]
pub fn transfer(
    token_program: &Pubkey,
    mint: &Pubkey,
    decimals: u8,
    from: &Pubkey,
    to: &Pubkey,
    owner: &Pubkey,
    amount: u64,
) -> Instruction {
    let transfer = always(instruction::transfer_checked(
        &ids::TOKEN_PROGRAM,
        from,
        mint,
        to,
        owner,
        &[],
        amount,
        decimals,
    ));
    addressed(transfer, token_program)
}

/// The same instruction for the other token program: Token-2022 kept SPL Token's numbers, accounts and bytes.
const fn addressed(mut instruction: Instruction, token_program: &Pubkey) -> Instruction {
    instruction.program_id = *token_program;
    instruction
}

/// The interface's builders fail only for a foreign program id, and they are given SPL Token's here.
fn always(built: Result<Instruction, ProgramError>) -> Instruction {
    built.unwrap_or_else(|error| unreachable!("SPL Token refused its own id: {error}"))
}

/// A mint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MintView {
    pub address: Pubkey,
    pub token_program: Pubkey,
    pub mint_authority: Option<Pubkey>,
    pub freeze_authority: Option<Pubkey>,
    /// Base units.
    pub supply: u64,
    pub decimals: u8,
    /// What is taken from transfers; `None` when the mint can take nothing.
    pub transfer_fees: Option<TransferFees>,
    /// Who can stop all transfers of the token.
    pub pause_authority: Option<Pubkey>,
    /// Whether transfers are stopped.
    pub paused: bool,
    /// How wallets show amounts of the token, where that is not as they are counted.
    pub appearance: Option<Appearance>,
    /// Bytes of a new canonical token account.
    pub account_len: usize,
}

impl MintView {
    /// Reads a mint of SPL Token or Token-2022.
    ///
    /// # Errors
    /// Wrong owner or length, or never initialised.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let mint: MintState = unpack(&address, account, "a token mint")?;
        let (pause_authority, paused) = extension::pausable(&account.data).unwrap_or_default();
        Ok(Self {
            address,
            token_program: account.owner,
            mint_authority: mint.mint_authority.into(),
            freeze_authority: mint.freeze_authority.into(),
            supply: mint.supply,
            decimals: mint.decimals,
            transfer_fees: extension::transfer_fees(&account.data),
            pause_authority,
            paused,
            appearance: extension::appearance(&account.data),
            account_len: if account.owner == ids::TOKEN_2022_PROGRAM {
                extension::account_len(&account.data)
            } else {
                TOKEN_ACCOUNT_LEN
            },
        })
    }

    /// What the mint takes from a transfer of `amount` in the cluster's `epoch`, which no pool's epoch has to do with.
    #[must_use]
    pub fn fee_of(&self, amount: Tokens, epoch: u64) -> Tokens {
        let taken = self
            .transfer_fees
            .map(|fees| fees.at(epoch).of(amount.get()));
        taken.map_or(Tokens::ZERO, Tokens::new)
    }
}

/// A token account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenAccountView {
    pub address: Pubkey,
    pub token_program: Pubkey,
    pub mint: Pubkey,
    pub owner: Pubkey,
    /// Base units.
    pub amount: u64,
    pub delegate: Option<Pubkey>,
    pub close_authority: Option<Pubkey>,
    pub frozen: bool,
    /// Whether the owner lets in no transfer without a memo.
    pub requires_memo: bool,
    /// Fees that the mint withheld here and nobody collected yet, base units; not part of `amount`.
    pub withheld: u64,
}

impl TokenAccountView {
    /// Reads a token account of SPL Token or Token-2022.
    ///
    /// # Errors
    /// Wrong owner or length, or never initialised.
    pub fn decode(address: Pubkey, account: &Account) -> Result<Self, DecodeError> {
        let token: TokenState = unpack(&address, account, "a token account")?;
        Ok(Self {
            address,
            token_program: account.owner,
            mint: token.mint,
            owner: token.owner,
            amount: token.amount,
            delegate: token.delegate.into(),
            close_authority: token.close_authority.into(),
            frozen: token.state == AccountState::Frozen,
            requires_memo: extension::requires_memo(&account.data),
            withheld: extension::withheld(&account.data),
        })
    }

    /// What it holds.
    #[must_use]
    pub const fn tokens(&self) -> Tokens {
        Tokens::new(self.amount)
    }

    /// Whether this is `owner`'s canonical account, the only one a claim pays to.
    #[must_use]
    pub fn is_canonical(&self) -> bool {
        self.address == associated_token_address(&self.owner, &self.mint, &self.token_program)
    }
}

/// Bytes of a multisig, which is neither and carries keys of anyone's choice where the kind would stand.
pub(crate) const MULTISIG_LEN: usize = Multisig::LEN;

fn unpack<T: Pack + IsInitialized>(
    address: &Pubkey,
    account: &Account,
    what: &'static str,
) -> Result<T, DecodeError> {
    let extended = account.owner == ids::TOKEN_2022_PROGRAM;
    if account.owner != ids::TOKEN_PROGRAM && !extended {
        return Err(DecodeError::WrongOwner {
            address: *address,
            what,
            expected: ids::TOKEN_PROGRAM,
            found: account.owner,
        });
    }
    let data = &account.data;
    let is_mint = T::LEN == MintState::LEN;
    let plain = data.len() == T::LEN;
    let with_extensions =
        extended && data.len() > extension::BASE_LEN && data.len() != MULTISIG_LEN;
    if !plain && !with_extensions {
        return Err(DecodeError::WrongLength {
            address: *address,
            what,
            expected: T::LEN,
            found: data.len(),
        });
    }
    // Without this, an extended mint would read as a token account full of zeros, and the other way round.
    let kind = if is_mint {
        extension::MINT_KIND
    } else {
        extension::ACCOUNT_KIND
    };
    if !plain && data.get(extension::BASE_LEN) != Some(&kind) {
        return Err(DecodeError::WrongKind {
            address: *address,
            what,
        });
    }
    let base = data.get(..T::LEN).unwrap_or_default();
    T::unpack(base).map_err(|_| DecodeError::BadField {
        address: *address,
        what: if is_mint {
            "token mint"
        } else {
            "token account"
        },
        field: "its state",
    })
}

#[cfg(test)]
mod tests {
    use solana_program::program_option::COption;

    use super::*;

    fn account(owner: Pubkey, data: Vec<u8>) -> Account {
        Account {
            lamports: 1,
            data,
            owner,
            ..Account::default()
        }
    }

    fn token_bytes() -> Vec<u8> {
        let mut data = vec![0; TokenState::LEN];
        TokenState {
            mint: Pubkey::new_from_array([1; 32]),
            owner: Pubkey::new_from_array([2; 32]),
            amount: 77,
            delegate: COption::Some(Pubkey::new_from_array([3; 32])),
            state: AccountState::Frozen,
            ..TokenState::default()
        }
        .pack_into_slice(&mut data);
        data
    }

    #[test]
    fn a_token_account_is_read_with_what_a_claim_must_know() {
        let address = Pubkey::new_from_array([9; 32]);
        let view = TokenAccountView::decode(address, &account(ids::TOKEN_PROGRAM, token_bytes()))
            .expect("a token account");
        assert_eq!(view.amount, 77);
        assert_eq!(view.delegate, Some(Pubkey::new_from_array([3; 32])));
        assert_eq!(view.close_authority, None);
        assert!(view.frozen && !view.is_canonical());
    }

    #[test]
    fn another_programs_account_with_the_same_bytes_is_refused() {
        let address = Pubkey::new_from_array([9; 32]);
        let error = TokenAccountView::decode(address, &account(ids::SYSTEM_PROGRAM, token_bytes()))
            .expect_err("another owner");
        assert!(matches!(error, DecodeError::WrongOwner { .. }), "{error}");
    }

    #[test]
    fn a_truncated_account_is_refused_with_both_lengths() {
        let address = Pubkey::new_from_array([9; 32]);
        let error = TokenAccountView::decode(address, &account(ids::TOKEN_PROGRAM, vec![1; 164]))
            .expect_err("one byte short");
        assert_eq!(
            error,
            DecodeError::WrongLength {
                address,
                what: "a token account",
                expected: 165,
                found: 164
            }
        );
    }

    #[test]
    fn a_mint_does_not_pass_for_a_token_account_whatever_its_extensions() {
        let address = Pubkey::new_from_array([9; 32]);
        let mut data = vec![0; 200];
        data[extension::BASE_LEN] = extension::MINT_KIND;
        let error = TokenAccountView::decode(address, &account(ids::TOKEN_2022_PROGRAM, data))
            .expect_err("a mint");
        assert!(matches!(error, DecodeError::WrongKind { .. }), "{error}");
    }

    #[test]
    fn an_uninitialised_mint_is_refused() {
        let address = Pubkey::new_from_array([9; 32]);
        let error = MintView::decode(address, &account(ids::TOKEN_PROGRAM, vec![0; MINT_LEN]))
            .expect_err("zeros");
        assert!(matches!(error, DecodeError::BadField { .. }), "{error}");
    }
}
