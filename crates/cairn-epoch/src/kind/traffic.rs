use cairn_proof::{Kind, PublicKey, Reason, Role, TrafficSession};

use super::{Agreed, Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::payer::{Payer, payer};
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<2, 3> = &FactTable {
    kind: Kind::TrafficSession,
    name: "sessions",
    subject: Subject::Device,
    keys: ["session", "subscriber"],
    numbers: ["payer", "started_at_ms", "bytes"],
};

impl Scored for TrafficSession {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        // The body's own bound lies far below.
        let bytes = i64::try_from(self.bytes).map_err(|_| Refusal::plain(Reason::Malformed))?;
        Ok(TABLE.row(
            [self.session, self.subscriber],
            [self.payer.into(), self.started_at_ms, bytes],
        ))
    }

    fn is_in_force(&self, agreed: &Agreed<'_>) -> bool {
        payer(agreed.payers, self.payer).is_some()
    }

    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        let carrier = payer(at.agreed.payers, self.payer)
            .filter(|payer| payer.carrier == self.carrier)
            .and_then(Payer::public_key)
            .ok_or(Refusal::plain(Reason::UnknownKey))?;
        Ok(vec![
            (Role::Device, at.device()?.public_key()),
            (Role::Carrier, carrier),
        ])
    }
}
