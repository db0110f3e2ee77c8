use cairn_proof::{HotspotBeat, Kind, PublicKey, Role};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<0, 4> = &FactTable {
    kind: Kind::HotspotBeat,
    name: "beats",
    subject: Subject::Device,
    keys: [],
    numbers: ["hour", "lat_e7", "lon_e7", "contact"],
};

impl Scored for HotspotBeat {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        Ok(TABLE.row(
            [],
            [
                self.hour_bucket.into(),
                self.lat_e7.into(),
                self.lon_e7.into(),
                self.contact.into(),
            ],
        ))
    }

    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        Ok(vec![(Role::Device, at.device()?.public_key())])
    }
}
