//! Read together: what a piece of work needs to know, asked for at once, so that no two answers contradict each other.
//!
//! A [`Reading`] collects addresses with what is expected there, and the sysvars; [`Reading::read`] answers all of them from
//! one snapshot at one slot. What does not fit into one request is read in several, none of them older than the one before.

use std::{fmt, ops::RangeInclusive};

use cairn_interface::spl::{MintView, TokenAccountView};
use cairn_interface::{DecodeError, State, View, ids};
use solana_sdk::{account::Account, clock::Clock, pubkey::Pubkey, rent::Rent};

use crate::{ClientError, Ledger, sysvar};

/// How an account is understood.
pub type Decode<T> = fn(Pubkey, &Account) -> Result<T, DecodeError>;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    addresses: Vec<Pubkey>,
}

/// One account that was asked for.
pub struct Asked<T> {
    at: usize,
    /// What it is, with its article: "a pool".
    what: &'static str,
    decode: Decode<T>,
    /// Where its program stands, if it was asked for too.
    program: Option<usize>,
    /// Whether an account of the system program counts, which is what lamports sent ahead leave where nothing was made.
    bare: bool,
}

/// Accounts of one kind that were asked for.
pub struct AskedAll<T> {
    at: usize,
    count: usize,
    decode: Decode<T>,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Read {
    addresses: Vec<Pubkey>,
    accounts: Vec<Option<Account>>,
    slots: RangeInclusive<u64>,
    place: String,
}

impl Reading {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The account at `address`, once it was made: lamports that somebody sent ahead make none. `what` is "a pool".
    pub fn one<T>(&mut self, address: Pubkey, what: &'static str, decode: Decode<T>) -> Asked<T> {
        let at = self.addresses.len();
        self.addresses.push(address);
        Asked {
            at,
            what,
            decode,
            program: None,
            bare: false,
        }
    }

    /// As [`Reading::one`], and whether its program is deployed: where not even that is, the wrong cluster explains more than
    /// a missing account.
    pub fn of<T>(
        &mut self,
        program: Pubkey,
        address: Pubkey,
        what: &'static str,
        decode: Decode<T>,
    ) -> Asked<T> {
        let known = self.addresses.iter().position(|known| *known == program);
        let place = known.unwrap_or(self.addresses.len());
        if known.is_none() {
            self.addresses.push(program);
        }
        Asked {
            program: Some(place),
            ..self.one(address, what, decode)
        }
    }

    /// An account of the programs, and its program.
    pub fn state<T: State>(&mut self, address: Pubkey) -> Asked<View<T>> {
        self.of(T::PROGRAM, address, T::WHAT, View::decode)
    }

    /// A token account.
    pub fn token_account(&mut self, address: Pubkey) -> Asked<TokenAccountView> {
        self.one(address, "a token account", TokenAccountView::decode)
    }

    /// A token's mint.
    pub fn mint(&mut self, address: Pubkey) -> Asked<MintView> {
        self.one(address, "a token mint", MintView::decode)
    }

    /// Any number of accounts of one kind.
    pub fn all<T>(
        &mut self,
        addresses: impl IntoIterator<Item = Pubkey>,
        decode: Decode<T>,
    ) -> AskedAll<T> {
        let at = self.addresses.len();
        self.addresses.extend(addresses);
        AskedAll {
            at,
            count: self.addresses.len().saturating_sub(at),
            decode,
        }
    }

    /// What an address has, in lamports.
    pub fn lamports(&mut self, address: Pubkey) -> Asked<u64> {
        Asked {
            bare: true,
            ..self.one(address, "an account", |_, account| Ok(account.lamports))
        }
    }

    /// The clock as programs see it.
    pub fn clock(&mut self) -> Asked<Clock> {
        self.one(ids::CLOCK_SYSVAR, sysvar::CLOCK, sysvar::clock)
    }

    /// What keeps an account alive: see [`Rent::minimum_balance`].
    pub fn rent(&mut self) -> Asked<Rent> {
        self.one(ids::RENT_SYSVAR, sysvar::RENT, sysvar::rent)
    }

    /// Asks.
    ///
    /// # Errors
    /// An unreachable node, or one that answers ever older. What is wrong with one account is told when it is asked about.
    pub async fn read<L: Ledger + ?Sized>(self, ledger: &L) -> Result<Read, ClientError> {
        let (accounts, slots) = ledger.gather(&self.addresses).await?;
        Ok(Read {
            addresses: self.addresses,
            accounts,
            slots,
            place: ledger.place(),
        })
    }
}

impl Read {
    /// The oldest and the newest slot; the same where everything stood together.
    #[must_use]
    pub const fn slots(&self) -> &RangeInclusive<u64> {
        &self.slots
    }

    /// What was asked for, if it is there.
    ///
    /// # Errors
    /// Something else lives there.
    pub fn find<T>(&self, asked: &Asked<T>) -> Result<Option<T>, ClientError> {
        self.decoded(asked.at, asked.decode, asked.bare)
    }

    /// What was asked for, which must be there.
    ///
    /// # Errors
    /// [`ClientError::AccountMissing`]; [`ClientError::ProgramMissing`] where its program was asked for and is not there
    /// either; something else lives there.
    pub fn need<T>(&self, asked: &Asked<T>) -> Result<T, ClientError> {
        // Of lamports that stand in its place it is told whose they are.
        let found = self.decoded(asked.at, asked.decode, true)?;
        found.ok_or_else(|| self.missing(asked))
    }

    fn missing<T>(&self, asked: &Asked<T>) -> ClientError {
        let url = self.place.clone();
        let is_program = |at: usize| {
            let account = self.accounts.get(at).and_then(Option::as_ref);
            account.is_some_and(|account| account.executable)
        };
        match asked.program.filter(|at| !is_program(*at)) {
            Some(at) => ClientError::ProgramMissing {
                program: self.address(at),
                url,
            },
            None => ClientError::AccountMissing {
                address: self.address(asked.at),
                what: asked.what,
                url,
            },
        }
    }

    /// Each account in order, with what is wrong with it.
    pub fn all<'r, T>(
        &'r self,
        asked: &AskedAll<T>,
    ) -> impl Iterator<Item = Result<Option<T>, ClientError>> + use<'r, T> {
        let decode = asked.decode;
        let places = asked.at..asked.at.saturating_add(asked.count);
        places.map(move |at| self.decoded(at, decode, false))
    }

    fn decoded<T>(
        &self,
        at: usize,
        decode: Decode<T>,
        bare: bool,
    ) -> Result<Option<T>, ClientError> {
        let account = self.accounts.get(at).and_then(Option::as_ref);
        let account = account.filter(|account| bare || account.owner != ids::SYSTEM_PROGRAM);
        let decoded = account.map(|account| decode(self.address(at), account));
        Ok(decoded.transpose()?)
    }

    fn address(&self, at: usize) -> Pubkey {
        self.addresses.get(at).copied().unwrap_or_default()
    }
}

impl<T> fmt::Debug for Asked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Asked").field(&self.at).finish()
    }
}

impl<T> fmt::Debug for AskedAll<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.at..self.at.saturating_add(self.count);
        f.debug_tuple("AskedAll").field(&places).finish()
    }
}
