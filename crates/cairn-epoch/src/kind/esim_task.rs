use cairn_proof::{EsimTask, Kind, PublicKey, Reason, Role};

use super::{Agreed, Fact, FactTable, Registered, Scored, Seen, Subject};
use crate::refusal::Refusal;
use crate::task::{Task, task};

pub(super) const TABLE: &FactTable<1, 1> = &FactTable {
    kind: Kind::EsimTask,
    name: "esim_tasks",
    subject: Subject::Key,
    keys: ["nullifier"],
    numbers: ["task"],
};

impl Scored for EsimTask {
    fn fact(&self, _seen: &Seen<'_>) -> Result<Fact, Refusal> {
        Ok(TABLE.row([self.nullifier], [self.task.into()]))
    }

    fn is_in_force(&self, agreed: &Agreed<'_>) -> bool {
        task(agreed.tasks, self.task).is_some()
    }

    fn signers(&self, at: &Registered<'_>) -> Result<Vec<(Role, PublicKey)>, Refusal> {
        let carrier = task(at.agreed.tasks, self.task)
            .filter(|task| task.carrier == self.carrier)
            .and_then(Task::public_key)
            .ok_or(Refusal::plain(Reason::UnknownKey))?;
        Ok(vec![(Role::Carrier, carrier)])
    }
}
