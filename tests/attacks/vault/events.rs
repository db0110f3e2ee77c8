//! Whoever follows the programs reads inner instructions and accounts, never logs.

use cairn_interface::vault::{Claimed, VaultEvent};

use super::scene::{Scene, event};

#[test]
fn a_truncated_log_hides_no_event() {
    let (mut scene, first) = Scene::with_first_epoch(&[100, 200]);
    let svm = std::mem::take(scene.world.svm());
    *scene.world.svm() = svm.with_log_bytes_limit(Some(1));
    let ran = scene.claim(1, &first, 0);
    let logs = ran.as_ref().map(|landed| landed.logs.join("\n"));
    assert_eq!(logs.unwrap(), "Log truncated");
    let said = event(ran);
    assert!(
        matches!(said, VaultEvent::Claimed(Claimed { paid: 100, .. })),
        "{said:?}"
    );
    assert_eq!(scene.pool().total_claimed, 100);
    assert_eq!(scene.page(0).slots[0].tokens_claimed, 100);
}
