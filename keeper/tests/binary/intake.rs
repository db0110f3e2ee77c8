use std::fs;
use std::sync::Arc;

use cairn_keeper::progress::Silent;
use cairn_keeper::{Intake, Record};

use crate::folder::{Folder, proof, stream, text};

/// A keeper's folder whose configuration names no key, and that holds none, and no ruleset.
fn keyless() -> Folder {
    let folder = Folder::made();
    folder.configure("keeper = \"keeper-keypair.json\"\n", "");
    fs::remove_file(folder.data().join("keeper-keypair.json")).unwrap();
    fs::remove_dir_all(folder.data().join("ruleset")).unwrap();
    folder
}

#[test]
fn what_takes_proofs_in_needs_no_key_and_no_node() {
    let folder = keyless();
    let proofs = [proof(1, 1), proof(2, 1)];
    let file = folder.write("proofs.borsh", stream(&proofs));
    let ended = folder.keeper(&["ingest", text(&file)]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("2 proofs filed"), "{ended:?}");
    let id = hex::encode(proofs[1].proof.id());
    let ended = folder.keeper(&["receipt", &id]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stdout.contains("receipt 2 "), "{ended:?}");
    // What signs reads its key before it does anything.
    folder
        .keeper(&["propose", "1"])
        .refuses(2, &["keeper-keypair.json", "does not exist"]);
}

#[tokio::test]
async fn an_intake_opens_without_a_key_and_keeps_every_other_process_out() {
    let folder = keyless();
    let intake = Intake::open(folder.data(), Arc::new(Silent)).await.unwrap();
    let records = (1..=3).map(|seq| Record::proof(proof(seq, 1), 1_767_571_200_000));
    let report = intake.ingest("a device", records).await.unwrap();
    assert_eq!(report.proofs, 3);
    let file = folder.write("proofs.borsh", stream(&[proof(9, 1)]));
    folder
        .keeper(&["ingest", text(&file)])
        .refuses(75, &["another keeper process works in"]);
    intake.shut_down().await;
    assert_eq!(folder.keeper(&["ingest", text(&file)]).code, 0);
}
