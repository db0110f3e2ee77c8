//! What a token's own rules mean for whoever signs: the fee that a mint withholds, and what its authorities can do.

use cairn_interface::ids;
use cairn_interface::spl::{Appearance, MintView, TokenAccountView};
use cairn_merkle::Tokens;
use solana_sdk::pubkey::Pubkey;

use crate::amount::{Amount, of_tokens, percent};
use crate::conversation::Effect;
use crate::error::CliError;
use crate::moment::utc;

mod rules;

pub use rules::{AskedRules, Rules};

/// A transfer as its receiver sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// What the mint withholds.
    pub fee: Amount,
    /// What is left of the amount.
    pub received: Amount,
    /// How wallets show what is left, where that is otherwise.
    pub shown: Option<String>,
}

impl Arrival {
    /// What arrives of `amount` in the cluster's `epoch`, and how it is shown at `now`.
    #[must_use]
    pub fn of(mint: &MintView, amount: Tokens, epoch: u64, now: i64) -> Self {
        let fee = mint.fee_of(amount, epoch);
        let received = amount.saturating_sub(fee);
        Self {
            fee: of_tokens(fee, mint.decimals),
            received: of_tokens(received, mint.decimals),
            shown: shown(mint, received, now),
        }
    }

    /// Of a token without rules of its own: all of it.
    #[must_use]
    pub const fn whole(amount: Tokens, decimals: u8) -> Self {
        Self {
            fee: of_tokens(Tokens::ZERO, decimals),
            received: of_tokens(amount, decimals),
            shown: None,
        }
    }

    /// Says so where something is withheld or shown otherwise; `receiver` is "you receive", "the vault receives".
    #[must_use]
    pub fn on(&self, mut effect: Effect, receiver: &'static str) -> Effect {
        if self.fee.base() > 0 {
            effect = effect.fact(receiver, self.words());
        }
        match &self.shown {
            Some(shown) => effect.fact("wallets show", shown),
            None => effect,
        }
    }

    /// "990 tokens, after the token's own fee of 10".
    #[must_use]
    pub fn words(&self) -> String {
        format!(
            "{} tokens, after the token's own fee of {}",
            self.received.grouped(),
            self.fee.grouped()
        )
    }
}

/// How wallets show `amount` at `now`, where the token tells them to show another number than is counted and transferred:
/// "60 tokens: they multiply by 2 what is counted here". `None` where they show the amount itself.
#[must_use]
pub fn shown(mint: &MintView, amount: Tokens, now: i64) -> Option<String> {
    match mint.appearance.as_ref()? {
        Appearance::Scaled {
            authority,
            older,
            newer,
            newer_from,
        } => {
            let factor = if now >= *newer_from { newer } else { older };
            let changes = now < *newer_from && newer != older;
            if factor == "1" && !changes {
                return None;
            }
            let tokens = scaled(amount, factor).map_or_else(
                || "another number".to_owned(),
                |amount| format!("{} tokens", of_tokens(amount, mint.decimals).grouped()),
            );
            let mut text = format!("{tokens}: they multiply by {factor} what is counted here");
            if changes {
                text.push_str(&format!(", from {} on by {newer}", utc(*newer_from)));
            }
            Some(with_authority(text, authority.as_ref()))
        }
        Appearance::Interest {
            authority,
            rate_bps,
        } => {
            let sign = if *rate_bps < 0 { "-" } else { "" };
            let text = format!(
                "more or less: they add interest, {sign}{} % a year now, to what is counted here",
                percent(rate_bps.unsigned_abs().into())
            );
            Some(with_authority(text, authority.as_ref()))
        }
    }
}

fn with_authority(mut text: String, authority: Option<&Pubkey>) -> String {
    if let Some(authority) = authority {
        text.push_str(&format!("; {authority} may change that"));
    }
    text
}

/// The amount times a factor in decimal text, rounded down; `None` for a factor of more than nine digits behind the point.
fn scaled(amount: Tokens, factor: &str) -> Option<Tokens> {
    let factor = Amount::parse(factor, 9).ok()?;
    let base = u128::from(amount.get())
        .checked_mul(u128::from(factor.base()))?
        .checked_div(1_000_000_000)?;
    u64::try_from(base).ok().map(Tokens::new)
}

/// Refuses an account `from`, as it was found, that can not give `needed` of the mint: there is none, it is another token's, or
/// it holds less.
///
/// # Errors
/// Each told apart.
pub fn held(
    found: Option<&TokenAccountView>,
    from: &Pubkey,
    mint: &Pubkey,
    needed: Tokens,
    decimals: u8,
) -> Result<(), CliError> {
    let wrap = "wrap SOL first, with `spl-token wrap AMOUNT`: it makes this account";
    let other = "name the token account that holds the tokens with --from";
    let Some(have) = found else {
        let native = ids::NATIVE_MINTS.contains(mint);
        return Err(CliError::refused(
            "no-tokens",
            format!(
                "the token account {from} for mint {mint} does not exist, so it holds no tokens"
            ),
            if native { wrap } else { other },
        ));
    };
    if have.mint != *mint {
        return Err(CliError::refused(
            "no-tokens",
            format!("{from} holds tokens of mint {}, not of {mint}", have.mint),
            other,
        ));
    }
    if have.tokens() >= needed {
        return Ok(());
    }
    let tokens = |amount| of_tokens(amount, decimals).grouped();
    Err(CliError::refused(
        "insufficient-tokens",
        format!(
            "{from} holds {} tokens, {} less than the {} that are needed",
            tokens(have.tokens()),
            tokens(needed.saturating_sub(have.tokens())),
            tokens(needed)
        ),
        "ask for less, bring the rest there, or name another token account with --from",
    ))
}

/// "tokens of mint …", with the token program where it is not SPL Token.
#[must_use]
pub fn name(mint: &MintView) -> String {
    if mint.token_program == ids::TOKEN_PROGRAM {
        return format!("tokens of mint {}", mint.address);
    }
    format!("Token-2022 tokens of mint {}", mint.address)
}

/// Refuses what the program would, in words that name the account.
///
/// # Errors
/// The account was handed on, is frozen, or has somebody else who could take what is in it.
pub fn payable(account: &TokenAccountView, owner: &Pubkey) -> Result<(), CliError> {
    let (why, hint) = if account.owner != *owner {
        (
            "was handed to another owner",
            "its new owner must hand it back: nothing is paid to any other account",
        )
    } else if account.frozen {
        (
            "is frozen by the token's freeze authority",
            "ask the token's issuer to thaw it",
        )
    } else if account.delegate.is_some() {
        (
            "has a delegate who could take the tokens",
            "its owner can run `spl-token revoke` on it",
        )
    } else if account.close_authority.is_some() {
        (
            "can be closed by somebody else",
            "its owner can take the close authority back with `spl-token authorize`",
        )
    } else {
        return Ok(());
    };
    Err(CliError::refused(
        "destination-unsafe",
        format!("the token account {} of {owner} {why}", account.address),
        hint,
    ))
}

/// What a mint's authorities can do to a pool or campaign that pays its tokens, a sentence each. No program can take
/// these powers from them.
#[must_use]
pub fn powers(mint: &MintView, epoch: u64) -> Vec<String> {
    let mut powers = Vec::new();
    if let Some(authority) = mint.freeze_authority {
        powers.push(format!(
            "{authority} may freeze any account of the token, the vault as well: nobody is paid until it thaws."
        ));
    }
    if let Some(authority) = mint.pause_authority {
        powers.push(format!(
            "{authority} may pause the token: nobody is paid until it resumes."
        ));
    }
    if let Some(fees) = mint.transfer_fees {
        let fee = fees.at(epoch);
        let share = percent(fee.bps.into());
        let most = of_tokens(Tokens::new(fee.maximum), mint.decimals).grouped();
        let change = fees.authority.map_or_else(String::new, |authority| {
            format!(" {authority} may change it, up to all of it.")
        });
        powers.push(format!(
            "The token takes {share} % of each transfer, at most {most} tokens: of what is sent and of what is paid.{change}"
        ));
    }
    powers
}

#[cfg(test)]
mod tests;
