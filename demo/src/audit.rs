//! The auditor: recomputes every epoch with `cairn audit epoch` and takes nobody's word.

use cairn::command::audit::epoch;
use cairn_merkle::EpochNumber;

use crate::{fault::DemoError, stage::Stage, summary::Audit, talk::Talk};

/// Audits epochs 1 to `last`.
///
/// # Errors
/// An audit that can not be carried out; a difference is a verdict, not an error.
pub async fn all(stage: &Stage, last: u64, talk: &Talk) -> Result<Audit, DemoError> {
    let auditor = stage.localnet.key("alice")?;
    let mut verdict = "equal".to_owned();
    let mut epochs = 0;
    for number in 1..=last {
        let _busy = talk.working(&format!("recomputing epoch {number}"));
        let args = epoch::Args {
            which: epoch::Which::One(EpochNumber::new(number)),
            files: stage.files_arg(),
            pool: Some(stage.pool),
            anchors: Some(stage.anchors_file()),
            ruleset: Some(stage.ruleset()),
            accept_unknown: false,
            limit: 20,
        };
        let audited = epoch::run(&stage.as_signer(auditor), &args).await?;
        epochs += 1;
        talk.done(&format!("epoch {number}: {}", audited.verdict));
        if audited.verdict != "equal" && verdict == "equal" {
            verdict = format!("epoch {number}: {}", audited.verdict);
        }
    }
    Ok(Audit { epochs, verdict })
}
