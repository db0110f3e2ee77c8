use cairn_proof::{Kind, PublicKey, QosProbe, Role};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<1, 4> = &FactTable {
    kind: Kind::QosProbe,
    name: "probes",
    subject: Subject::Device,
    keys: ["validator"],
    numbers: ["down_kbps", "up_kbps", "rtt_ms", "loss_permille"],
};

impl Scored for QosProbe {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        Ok(TABLE.row(
            [self.validator],
            [
                self.down_kbps.into(),
                self.up_kbps.into(),
                self.rtt_ms.into(),
                self.loss_permille.into(),
            ],
        ))
    }

    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        Ok(vec![
            (Role::Device, at.device()?.public_key()),
            (Role::Validator, at.validator(&self.validator)?),
        ])
    }
}
