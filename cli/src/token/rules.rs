//! What a token's own rules make of an amount, read together with whatever else a command needs.

use cairn_client::{Asked, Read, Reading};
use cairn_interface::ids;
use cairn_interface::spl::{MINT_LEN, MintView, TOKEN_ACCOUNT_LEN};
use cairn_merkle::Tokens;
use solana_sdk::clock::Clock;
use solana_sdk::pubkey::Pubkey;

use super::Arrival;
use crate::chain;
use crate::context::Context;
use crate::error::CliError;

/// A mint, and its bytes.
type Mint = (MintView, usize);

/// A token's rules, asked for.
pub struct AskedRules {
    mint: Option<Asked<Mint>>,
    clock: Asked<Clock>,
}

/// A token's rules, and the cluster's clock by which they hold.
#[derive(Clone, Debug)]
pub struct Rules {
    /// `None` for tokens of SPL Token, which take no fee and whose accounts are all alike.
    mint: Option<Mint>,
    clock: Clock,
}

impl Rules {
    /// Asks for them, and for the clock. For tokens of SPL Token no mint is read.
    pub fn ask(reading: &mut Reading, mint: &Pubkey, token_program: &Pubkey) -> AskedRules {
        let has_rules = *token_program != ids::TOKEN_PROGRAM;
        AskedRules {
            mint: has_rules.then(|| {
                reading.one(*mint, "a token mint", |address, account| {
                    Ok((MintView::decode(address, account)?, account.data.len()))
                })
            }),
            clock: reading.clock(),
        }
    }

    /// The rules alone.
    ///
    /// # Errors
    /// An unreachable node; a mint that is none.
    pub async fn read(
        ctx: &Context,
        mint: &Pubkey,
        token_program: &Pubkey,
    ) -> Result<Self, CliError> {
        let mut reading = Reading::new();
        let asked = Self::ask(&mut reading, mint, token_program);
        Self::answered(&asked, &chain::answer(ctx, reading).await?)
    }

    /// What was answered.
    ///
    /// # Errors
    /// A mint that is none.
    pub fn answered(asked: &AskedRules, read: &Read) -> Result<Self, CliError> {
        let mint = asked.mint.as_ref();
        Ok(Self {
            mint: mint.map(|mint| read.need(mint)).transpose()?,
            clock: read.need(&asked.clock)?,
        })
    }

    /// Unix seconds on the cluster's clock.
    #[must_use]
    pub const fn now(&self) -> i64 {
        self.clock.unix_timestamp
    }

    /// Bytes of a new canonical account of the token, for its rent.
    #[must_use]
    pub fn account_len(&self) -> usize {
        let mint = self.mint.as_ref();
        mint.map_or(TOKEN_ACCOUNT_LEN, |(mint, _)| mint.account_len)
    }

    /// What would arrive of a transfer now, of a token with so many decimals.
    #[must_use]
    pub fn arrival(&self, amount: Tokens, decimals: u8) -> Arrival {
        let clock = &self.clock;
        match &self.mint {
            Some((mint, _)) => Arrival::of(mint, amount, clock.epoch, clock.unix_timestamp),
            None => Arrival::whole(amount, decimals),
        }
    }

    /// Whether the token's mint has extensions: of such a token only a member or their delegate claims a part, because a fee
    /// for each transfer would take more of many parts than of the whole.
    #[must_use]
    pub fn has_extensions(&self) -> bool {
        let mint = self.mint.as_ref();
        mint.is_some_and(|(_, length)| *length != MINT_LEN)
    }
}
