//! The outflow breaker: at most a share of the vault leaves in a window, whoever asks and with whatever root.

use anchor_lang::{msg, prelude::*, sol_log_data};
use cairn_onchain::token::vault_balance;

use crate::{
    constants::WHOLE_BPS,
    error::{VaultError, refuse},
    state::{Asker, Breaker, Pool, Room},
};

/// First field of the log line by which a refusal says what is available; clients look for it.
pub const BREAKER_LOG: &[u8] = b"breaker";

/// Counts `units` that are about to leave the pool's vault at `asker`'s word. While everything may leave, the vault is not even read,
/// but what leaves is counted: a share that is set later holds for the window before it too.
///
/// # Errors
/// [`VaultError::BreakerOpen`], after logging `"breaker"`, the base units that are available (u64) and the unix
/// seconds from which more are (i64).
pub fn let_out(
    pool: &mut Pool,
    vault: &AccountView,
    units: u64,
    now: i64,
    asker: Asker,
) -> Result<()> {
    let breaker = pool.breaker();
    pool.outflow.advance(now, breaker.window_secs);
    if breaker.share_bps < WHOLE_BPS {
        let balance = vault_balance::<VaultError>(vault, &pool.token_program)?;
        if !pool.outflow.admits(units, balance, &breaker, asker) {
            let room = pool.outflow.room(now, balance, &breaker, asker);
            return refuse_with(&room);
        }
    }
    pool.outflow.add(units);
    Ok(())
}

impl Pool {
    /// The breaker in effect.
    #[must_use]
    pub const fn breaker(&self) -> Breaker {
        Breaker {
            window_secs: self.breaker_window_secs,
            floor: self.breaker_floor,
            share_bps: self.breaker_share_bps,
        }
    }
}

#[cold]
fn refuse_with(room: &Room) -> Result<()> {
    sol_log_data(&[
        BREAKER_LOG,
        &room.available.to_le_bytes(),
        &room.more_at.to_le_bytes(),
    ]);
    let mut line = String::with_capacity(128);
    line.push_str("breaker: ");
    spell(&mut line, room.available);
    line.push_str(" base units are available now, more from unix second ");
    if room.more_at < 0 {
        line.push('-');
    }
    spell(&mut line, room.more_at.unsigned_abs());
    line.push_str(" on");
    msg!(&line);
    refuse(VaultError::BreakerOpen)
}

/// Appends `number` in decimal. `format!` is used nowhere else in this program, and would be one part in thirty of it.
fn spell(line: &mut String, number: u64) {
    // The unit of the first digit.
    let mut unit = 1_u64;
    while number.checked_div(unit).is_some_and(|digits| digits >= 10) {
        unit = unit.saturating_mul(10);
    }
    while unit > 0 {
        let digit = number.checked_div(unit).unwrap_or(0) % 10;
        let digit = u8::try_from(digit).unwrap_or(0);
        line.push(char::from(b'0'.saturating_add(digit)));
        unit /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelt_as_everywhere() {
        for number in [0, 7, 10, 909, 1_234_567_890, u64::MAX - 1, u64::MAX] {
            let mut line = "so ".to_owned();
            spell(&mut line, number);
            assert_eq!(line, format!("so {number}"));
        }
    }
}
