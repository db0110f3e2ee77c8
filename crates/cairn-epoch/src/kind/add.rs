use cairn_proof::{Kind, PublicKey, Role, WifiAdd};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::input::asserted_cell;
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<6, 4> = &FactTable {
    kind: Kind::WifiAdd,
    name: "adds",
    subject: Subject::Key,
    keys: [
        "user",
        "neighbour_1",
        "neighbour_2",
        "neighbour_3",
        "neighbour_4",
        "neighbour_5",
    ],
    numbers: ["lat_e7", "lon_e7", "placed_cell", "neighbours"],
};

impl Scored for WifiAdd {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        let [a, b, c, d, e] = *self.neighbours;
        let cell = asserted_cell(self.lat_e7, self.lon_e7).unwrap_or(0);
        // At most five.
        let neighbours = i64::try_from(self.seen().len()).unwrap_or(0);
        Ok(TABLE.row(
            [self.user, a, b, c, d, e],
            [
                self.lat_e7.into(),
                self.lon_e7.into(),
                cell.cast_signed(),
                neighbours,
            ],
        ))
    }

    /// The proof only names the user: whoever signs is who is paid.
    fn signers(&self, _at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        Ok(vec![(Role::User, PublicKey::Ed25519(self.user))])
    }
}
