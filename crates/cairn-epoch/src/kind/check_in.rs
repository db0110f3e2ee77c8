use cairn_proof::{Kind, PublicKey, Role, WifiCheckIn};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<1, 3> = &FactTable {
    kind: Kind::WifiCheckIn,
    name: "check_ins",
    subject: Subject::AccessPoint,
    keys: ["user"],
    numbers: ["challenge_age_ms", "session_secs", "overlap_permille"],
};

impl Scored for WifiCheckIn {
    fn fact(&self, seen: &Seen<'_>) -> Result<Fact, Refusal> {
        Ok(TABLE.row(
            [self.user],
            [
                seen.observed_at_ms.saturating_sub(self.challenge_at_ms),
                self.session_secs.into(),
                self.scan_overlap_permille.into(),
            ],
        ))
    }

    /// The proof only names the user: whoever signs is who is paid. An access point that is no device has no key to sign with; whether
    /// anybody knows it, rules say.
    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        let mut keys = vec![(Role::User, PublicKey::Ed25519(self.user))];
        if let Some(device) = at.device.filter(|_| at.co_signs) {
            keys.push((Role::Device, device.public_key()));
        }
        Ok(keys)
    }
}
