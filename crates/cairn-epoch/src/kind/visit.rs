use cairn_proof::{Kind, PublicKey, Role, ValidatorVisit};

use super::{Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::draw::{UNDRAWN, visit_draw};
use crate::refusal::Refusal;

pub(super) const TABLE: &FactTable<1, 1> = &FactTable {
    kind: Kind::ValidatorVisit,
    name: "visits",
    subject: Subject::Device,
    keys: ["validator"],
    numbers: ["draw_permille"],
};

impl Scored for ValidatorVisit {
    fn fact(&self, seen: &Seen<'_>) -> Result<Fact, Refusal> {
        let draw = |block| visit_draw(block, &self.validator, seen.subject);
        let draw = seen.block.map_or(UNDRAWN, draw);
        Ok(TABLE.row([self.validator], [draw.into()]))
    }

    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        Ok(vec![
            (Role::Validator, at.validator(&self.validator)?),
            (Role::Device, at.device()?.public_key()),
        ])
    }
}
