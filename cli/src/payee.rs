//! Whether anybody could do something with what is paid to an address: asked of the chain before a payee is fixed for good.

use cairn_interface::payee::{Nobody, Payee};
use futures::{StreamExt, TryStreamExt};
use solana_sdk::pubkey::Pubkey;

use crate::amount::{grouped, percent};
use crate::context::Context;
use crate::error::CliError;

/// Addresses asked for together.
const TOGETHER: usize = 100;
/// Questions under way at a time: few enough for a public node.
const AT_ONCE: usize = 4;
/// Most payees that one refusal lists.
const LISTED: usize = 100;

/// What the chain says of many payees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub asked: u64,
    /// Vaults and multisigs of programs.
    pub keyless: u64,
    /// Payees that nobody can sign for, by their place among those asked.
    pub nobody: Vec<(usize, Nobody)>,
}

impl Census {
    /// Asks the chain what each of `payees` is.
    ///
    /// # Errors
    /// An unreachable node.
    pub async fn take(ctx: &Context, payees: &[Pubkey]) -> Result<Self, CliError> {
        let task = ctx
            .talk
            .task("asking the chain who is paid", payees.len() as u64);
        let parts: Vec<&[Pubkey]> = payees.chunks(TOGETHER).collect();
        let mut answers = futures::stream::iter(parts)
            .map(|part| async move { Ok::<_, CliError>((part, ctx.ledger.accounts(part).await?)) })
            .buffered(AT_ONCE);
        let mut census = Self::default();
        let mut at = 0_usize;
        while let Some((part, accounts)) = answers.try_next().await? {
            for (address, account) in part.iter().zip(&accounts) {
                match Payee::of(address, account.as_ref()) {
                    Payee::Wallet => {}
                    Payee::Keyless => census.keyless = census.keyless.saturating_add(1),
                    Payee::Nobody(why) => census.nobody.push((at, why)),
                }
                at = at.saturating_add(1);
            }
            census.asked = at as u64;
            task.reached(census.asked);
        }
        Ok(census)
    }

    /// Refuses payees that nobody can sign for. `row` says where the payee of a place stands.
    ///
    /// # Errors
    /// There are such payees; each is named with its row.
    pub fn refuse_nobody(
        &self,
        payees: &[Pubkey],
        row: impl Fn(usize) -> String,
    ) -> Result<(), CliError> {
        if self.nobody.is_empty() {
            return Ok(());
        }
        let count = self.nobody.len();
        let mut message = format!(
            "{} of {} recipients can not be paid, because nobody can sign for them:",
            grouped(count as u64),
            grouped(self.asked)
        );
        for (at, why) in self.nobody.iter().take(LISTED) {
            let payee = payees.get(*at).map(Pubkey::to_string).unwrap_or_default();
            message.push_str(&format!("\n  {}: {payee} is {why}", row(*at)));
        }
        if count > LISTED {
            let more = grouped(count.saturating_sub(LISTED) as u64);
            message.push_str(&format!("\n  and {more} more"));
        }
        Err(CliError::refused(
            "payee-nobody",
            message,
            "name the wallets that own these tokens: a wallet's own token account is found from it; what is paid to a mint, a token account or a program is lost for ever",
        ))
    }

    /// How many payees have no key, in words; `None` when all have one.
    #[must_use]
    pub fn keyless_words(&self) -> Option<String> {
        keyless_words(self.keyless, self.asked)
    }
}

/// See [`Census::keyless_words`].
#[must_use]
pub fn keyless_words(keyless: u64, asked: u64) -> Option<String> {
    // Hundredths of a percent, rounded down; a share that is not nothing is never shown as nothing.
    let share = u128::from(keyless)
        .saturating_mul(10_000)
        .checked_div(u128::from(asked))
        .and_then(|share| u64::try_from(share).ok())?
        .max(1);
    (keyless > 0).then(|| {
        format!(
            "{} of {} recipients ({} %): accounts of programs, such as vaults and multisigs",
            grouped(keyless),
            grouped(asked),
            percent(share)
        )
    })
}

/// Refuses one address that is to be paid and that nobody can sign for; says what it is otherwise.
///
/// # Errors
/// It is a mint, a token account or a program; an unreachable node.
pub async fn somebody(ctx: &Context, what: &str, address: &Pubkey) -> Result<Payee, CliError> {
    let account = ctx.ledger.account(address).await?;
    let payee = Payee::of(address, account.as_ref());
    let hint = "name a wallet: its own token account is found from it";
    refuse_nobody(what, address, payee, hint)?;
    Ok(payee)
}

/// Refuses keys that are to sign one day and of which nobody can, each with what it is to be.
///
/// # Errors
/// As [`somebody`].
pub async fn can_sign(ctx: &Context, signers: &[(&str, Pubkey)]) -> Result<(), CliError> {
    let addresses: Vec<Pubkey> = signers.iter().map(|(_, address)| *address).collect();
    let accounts = ctx.ledger.accounts(&addresses).await?;
    for ((what, address), account) in signers.iter().zip(&accounts) {
        let payee = Payee::of(address, account.as_ref());
        let hint = "name the address of a key that somebody holds, or of a multisig";
        refuse_nobody(what, address, payee, hint)?;
    }
    Ok(())
}

fn refuse_nobody(
    what: &str,
    address: &Pubkey,
    payee: Payee,
    hint: &'static str,
) -> Result<(), CliError> {
    match payee {
        Payee::Nobody(why) => Err(CliError::refused(
            "payee-nobody",
            format!("{what} {address} is {why}: nobody can ever sign for it"),
            hint,
        )),
        Payee::Wallet | Payee::Keyless => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_payees_without_a_key_is_never_rounded_to_nothing() {
        assert_eq!(keyless_words(0, 10), None);
        assert_eq!(keyless_words(0, 0), None);
        let words = keyless_words(1, 1_000_000).unwrap();
        assert!(
            words.starts_with("1 of 1,000,000 recipients (0.01 %)"),
            "{words}"
        );
        let words = keyless_words(1, 8).unwrap();
        assert!(words.starts_with("1 of 8 recipients (12.5 %)"), "{words}");
    }

    #[test]
    fn a_refusal_names_every_row_up_to_a_hundred() {
        let payees: Vec<Pubkey> = (0..150_u8)
            .map(|at| Pubkey::new_from_array([at; 32]))
            .collect();
        let census = Census {
            asked: 150,
            keyless: 0,
            nobody: (0..150).map(|at| (at, Nobody::Mint)).collect(),
        };
        let refused = census
            .refuse_nobody(&payees, |at| format!("row {}", at + 2))
            .unwrap_err();
        assert_eq!(refused.exit(), crate::error::Exit::Failed);
        let text = refused.to_string();
        assert!(
            text.contains(&format!("row 2: {} is the mint of a token", payees[0])),
            "{text}"
        );
        assert!(
            text.contains("row 101: ") && !text.contains("row 102: "),
            "{text}"
        );
        assert!(text.ends_with("and 50 more"), "{text}");
    }
}
