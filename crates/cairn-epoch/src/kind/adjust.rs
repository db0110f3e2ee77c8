use cairn_proof::{Adjust, Kind, PublicKey, Reason, Role};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::operator::{Operator, operator};
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<3, 1> = &FactTable {
    kind: Kind::Adjust,
    name: "adjustments",
    subject: Subject::Key,
    keys: ["adjusted", "operator", "second_operator"],
    numbers: ["milli_points"],
};

impl Scored for Adjust {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        // The body's own bound lies far below.
        let milli_points =
            i64::try_from(self.milli_points).map_err(|_| Refusal::plain(Reason::Malformed))?;
        Ok(TABLE.row(
            [self.adjusted, self.operator, self.second_operator],
            [milli_points],
        ))
    }

    /// Two that the ruleset names; a body whose two are one does not decode.
    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        [self.operator, self.second_operator]
            .iter()
            .map(|key| {
                operator(at.agreed.operators, key)
                    .and_then(Operator::public_key)
                    .map(|key| (Role::Attestor, key))
                    .ok_or(Refusal::plain(Reason::UnknownKey))
            })
            .collect()
    }
}
