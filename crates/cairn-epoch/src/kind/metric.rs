use cairn_proof::{Kind, PartnerMetric, PublicKey, Reason, Role};

use super::{Agreed, Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::refusal::Refusal;
use crate::stream::{Stream, stream};

pub(super) const TABLE: &FactTable<0, 6> = &FactTable {
    kind: Kind::PartnerMetric,
    name: "metrics",
    subject: Subject::Device,
    keys: [],
    numbers: [
        "stream",
        "hour",
        "quantity",
        "counter",
        "quality_permille",
        "second_source",
    ],
};

impl Scored for PartnerMetric {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        // Rules compute in signed 64 bits; no meter shows more.
        let number =
            |value: u64| i64::try_from(value).map_err(|_| Refusal::plain(Reason::Malformed));
        Ok(TABLE.row(
            [],
            [
                self.stream.into(),
                self.hour_bucket.into(),
                number(self.quantity)?,
                number(self.counter)?,
                self.quality_permille.into(),
                self.second_source.into(),
            ],
        ))
    }

    fn is_in_force(&self, agreed: &Agreed<'_>) -> bool {
        stream(agreed.streams, self.stream).is_some()
    }

    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        let partner = stream(at.agreed.streams, self.stream)
            .filter(|stream| stream.partner == self.partner)
            .and_then(Stream::public_key)
            .ok_or(Refusal::plain(Reason::UnknownKey))?;
        Ok(vec![
            (Role::Partner, partner),
            (Role::Device, at.device()?.public_key()),
        ])
    }
}
