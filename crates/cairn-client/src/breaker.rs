use base64::{Engine, prelude::BASE64_STANDARD};
use cairn_interface::ids;
use cairn_interface::vault::{BREAKER_LOG, Room, VaultError};

use crate::ClientError;

impl ClientError {
    /// What may leave the vault and when more may, if the pool's outflow breaker refused: the program logs it before it
    /// fails. `None` for every other failure, and where the node cut the logs off.
    #[must_use]
    pub fn breaker_open(&self) -> Option<Room> {
        if self.refusal() != Some((ids::REWARD_VAULT, VaultError::BreakerOpen.code())) {
            return None;
        }
        self.logs().iter().rev().find_map(|line| room(line))
    }
}

/// The line `Program data: <mark> <available u64 LE> <more at i64 LE>`, each field in base64.
fn room(line: &str) -> Option<Room> {
    let mut fields = line
        .strip_prefix("Program data: ")?
        .split(' ')
        .map(|field| BASE64_STANDARD.decode(field).unwrap_or_default());
    if fields.next()? != BREAKER_LOG {
        return None;
    }
    let available = fields.next()?.try_into().ok()?;
    let more_at = fields.next()?.try_into().ok()?;
    Some(Room {
        available: u64::from_le_bytes(available),
        more_at: i64::from_le_bytes(more_at),
    })
}

#[cfg(test)]
mod tests {
    use cairn_interface::error::explain;

    use super::*;

    fn refusal(code: u32, logs: &[String]) -> ClientError {
        ClientError::Program {
            program: ids::REWARD_VAULT,
            code,
            info: explain(&ids::REWARD_VAULT, code).map(Box::new),
            instruction: 0,
            logs: logs.to_vec(),
        }
    }

    fn data(fields: &[&[u8]]) -> String {
        let fields: Vec<_> = fields
            .iter()
            .map(|field| BASE64_STANDARD.encode(field))
            .collect();
        format!("Program data: {}", fields.join(" "))
    }

    #[test]
    fn the_room_is_read_from_the_programs_own_log_line() {
        let open = VaultError::BreakerOpen.code();
        let logs = [
            "Program log: hello".to_owned(),
            data(&[b"other", &[0; 8]]),
            data(&[b"breaker", &7_u64.to_le_bytes(), &1_700_i64.to_le_bytes()]),
        ];
        let room = Room {
            available: 7,
            more_at: 1_700,
        };
        assert_eq!(refusal(open, &logs).breaker_open(), Some(room));
        let paused = VaultError::Paused.code();
        assert_eq!(refusal(paused, &logs).breaker_open(), None);
    }

    #[test]
    fn a_line_that_is_cut_off_tells_nothing() {
        let open = VaultError::BreakerOpen.code();
        for line in [
            String::new(),
            "Program data: ".to_owned(),
            "Program data: ?".to_owned(),
            data(&[b"breaker"]),
            data(&[b"breaker", &[1; 7], &[1; 8]]),
            data(&[b"breaker", &[1; 8]]),
        ] {
            assert_eq!(refusal(open, &[line]).breaker_open(), None);
        }
    }
}
