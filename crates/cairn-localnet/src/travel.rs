use std::time::Duration;

use cairn_client::{Ledger, RpcLedger};
use serde_json::json;
use solana_sdk::pubkey::Pubkey;

use crate::LocalnetError;

/// Where to move the chain's clock.
///
/// Moving it sets the `Clock` sysvar that programs read, at once and for every later block; slots jump ahead as if
/// the time had passed, and blockhashes stay valid, so a transaction signed before the journey still lands. Time
/// never moves back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    /// Unix seconds.
    To(i64),
    /// Seconds from now.
    By(u64),
}

/// Moves the clock of the local network behind `rpc_url` and returns the time it shows, in Unix seconds.
///
/// # Errors
/// [`LocalnetError::Past`]; [`LocalnetError::Client`] when nothing answers, or what answers is not a local network (a
/// cluster has no such method); [`LocalnetError::Stopped`] when the clock did not arrive.
pub async fn travel(rpc_url: &str, travel: Travel) -> Result<i64, LocalnetError> {
    let ledger = RpcLedger::new(rpc_url)?;
    let now = ledger.clock().await?.unix_timestamp;
    let target = match travel {
        Travel::To(target) => target,
        Travel::By(secs) => now.saturating_add(i64::try_from(secs).unwrap_or(i64::MAX)),
    };
    if target < now {
        return Err(LocalnetError::Past { now, target });
    }
    if target == now {
        return Ok(now);
    }
    // The network counts in milliseconds and is up to one second ahead of what the clock shows.
    let millis = u64::try_from(target)
        .ok()
        .and_then(|secs| secs.checked_mul(1_000))
        .ok_or(LocalnetError::Past { now, target })?;
    let params = json!([{ "absoluteTimestamp": millis }]);
    let moved = ledger.call("surfnet_timeTravel", params).await;
    let arrived = arrival(&ledger, target, moved.is_err()).await?;
    match moved {
        _ if arrived >= target => Ok(arrived),
        Err(error) => Err(error.into()),
        Ok(_) => Err(LocalnetError::Stopped {
            reason: format!("its clock shows {arrived} after moving to {target}"),
        }),
    }
}

/// What the clock shows once it has reached `target`, or after a while. The network waits two seconds for its own clock before it
/// calls a journey failed; on a busy machine the clock may move after that.
async fn arrival(ledger: &RpcLedger, target: i64, late: bool) -> Result<i64, LocalnetError> {
    const PAUSE: Duration = Duration::from_millis(100);
    let mut looks: u32 = if late { 100 } else { 1 };
    loop {
        let shown = ledger.clock().await?.unix_timestamp;
        looks = looks.saturating_sub(1);
        if shown >= target || looks == 0 {
            return Ok(shown);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Gives `to` exactly `lamports` more than it has.
///
/// # Errors
/// As [`travel`].
pub async fn airdrop(rpc_url: &str, to: &Pubkey, lamports: u64) -> Result<(), LocalnetError> {
    let ledger = RpcLedger::new(rpc_url)?;
    let before = ledger
        .account(to)
        .await?
        .map_or(0, |account| account.lamports);
    let after = before.checked_add(lamports).ok_or(LocalnetError::Stopped {
        reason: "more lamports than 64 bits hold".into(),
    })?;
    let params = json!([to.to_string(), { "lamports": after }]);
    ledger.call("surfnet_setAccount", params).await?;
    Ok(())
}
