//! One attack for each column of each frozen input: the publisher forges it, computes the epoch again so that manifest and
//! proposal agree with the forged file, and must be refused by the name of what it forged. A column without a forgery fails.

mod agreements;
mod any_leaf;
mod burns;
mod chain;
mod forge;
mod scene;
mod twice;

use cairn_epoch::{EpochFolder, Input, InputColumn, Origin, SegmentName, columns};
use cairn_interface::registry::{DeviceLeaf, constants, place_location};
use cairn_origin::{OriginFault, insist};
use cairn_proof::Kind;
use forge::{forge_json, forge_table, forge_text};
use scene::Scene;

#[tokio::test]
async fn every_column_of_every_input_is_refused_when_it_is_forged() {
    let scene = Scene::new();
    scene.honest().await;
    for column in columns() {
        match column.origin {
            // The computation verifies signatures; its own test is below.
            Origin::SignedEvidence => continue,
            Origin::Computed => panic!("{} is an input, and somebody says it", column.name),
            _ => {}
        }
        let folder = scene.copy_of_second_epoch();
        forge(&folder, column.input, &column.name);
        let fault = scene.attest(&folder).await.expect_err(&column.name);
        assert!(
            names(&fault, &column),
            "{} {}: {fault}",
            column.file,
            column.name
        );
        assert!(!fault.hint().is_empty());
    }
}

/// Forges a column in a folder. An input without a forgery does not compile.
fn forge(folder: &EpochFolder, input: Input, column: &str) {
    let root = folder.root();
    match input {
        Input::Epoch => forge_json(&folder.epoch_json(), column),
        Input::Ruleset => forge_text(
            &folder.ruleset_toml(),
            "rate_milli_points = 1000",
            "rate_milli_points = 1000000",
        ),
        Input::Rules => {
            forge_text(
                &root.join("inputs/rules/10_hardware.sql"),
                "THEN 1",
                "THEN 2",
            );
        }
        // As a whole, like the tables of memory: nothing waited, or was linked.
        Input::Waiting | Input::Unlinked | Input::Arrears | Input::Links => {
            let state = root.join("inputs/state");
            std::fs::copy(state.join("signers.parquet"), root.join(input.name())).unwrap();
        }
        // Whatever the table: the file is bound as a whole, and the epoch before remembered nothing of meters.
        Input::Memory => {
            let memory = root.join("inputs/memory");
            std::fs::copy(
                memory.join("users.parquet"),
                memory.join("counters.parquet"),
            )
            .unwrap();
        }
        // The epoch before stands, so there is nothing to make good. A correction's table is forged column by column where there
        // is one: `keeper/tests/publish/correction.rs`.
        Input::Taken => cairn_epoch::write_taken(&folder.taken(), &[]).unwrap(),
        // The ruleset names none, and the epoch is not the first.
        Input::Genesis => {
            let table = cairn_epoch::encode_genesis(&folder.genesis(), &[]).unwrap();
            std::fs::write(folder.genesis(), table).unwrap();
        }
        // The ruleset names no payer. A table where there are some is forged column by column in `burns.rs`.
        Input::Burns => cairn_epoch::write_burns(&folder.burns(), &[]).unwrap(),
        Input::Evidence => forge_table(&folder.evidence(evidence(column)), column),
        Input::End
        | Input::Members
        | Input::Signers
        | Input::Leaves
        | Input::Devices
        | Input::Anchors => forge_table(&root.join(input.name()), column),
    }
}

/// The segment to forge a column in: bytes that are no proof stand in one of their own.
fn evidence(column: &str) -> SegmentName {
    let kind = (column != "raw").then_some(Kind::HotspotBeat);
    SegmentName {
        number: usize::from(kind.is_some()),
        kind,
    }
}

/// Whether a refusal names the file and the column, or the figure of the manifest that a forged column became.
fn names(fault: &OriginFault, forged: &InputColumn) -> bool {
    let (named, told) = fault.columns();
    let is_file = named == forged.file || Input::of(&named) == Some(forged.input);
    match fault {
        // A block that nobody knows is another slot than the honest one.
        OriginFault::Unknown { what, .. } => *what == "anchors" && forged.name == "slot",
        OriginFault::Value {
            file: "manifest.json",
            ..
        } => forged.input == Input::Epoch && told.contains(&forged.name),
        _ => is_file && told.contains(&forged.name),
    }
}

#[tokio::test]
async fn evidence_whose_signed_columns_are_forged_pays_nobody() {
    let scene = Scene::new();
    for column in columns() {
        if column.origin != Origin::SignedEvidence {
            continue;
        }
        let folder = scene.copy_of_second_epoch();
        forge(&folder, column.input, &column.name);
        // Refused by the reader, or by the signature: never paid.
        if cairn_epoch::close(folder.root(), &cairn_epoch::Silent).is_ok() {
            let decisions = cairn_epoch::read_decisions(folder.root()).unwrap();
            assert!(!decisions[0].reason.is_accepted(), "{}", column.name);
            assert_eq!(decisions[0].milli_points.get(), 0, "{}", column.name);
        }
    }
}

#[tokio::test]
async fn what_can_not_be_held_against_its_origin_is_no_pass() {
    let scene = Scene::new();
    let folder = scene.copy_of_second_epoch();
    // Nobody told of the blocks, and the ledger keeps none.
    let findings = scene.check(&folder, &[], true).await;
    let refused = insist(&findings);
    assert!(
        matches!(
            refused,
            Err(OriginFault::Unknown {
                what: "anchors",
                ..
            })
        ),
        "{refused:?}"
    );
    // The epoch before is active, and its files are gone.
    let findings = scene.check(&folder, &scene.anchors, false).await;
    let refused = insist(&findings);
    assert!(
        matches!(
            refused,
            Err(OriginFault::Unknown {
                what: "history",
                ..
            })
        ),
        "{refused:?}"
    );
}

#[test]
fn the_pipeline_reads_locations_as_the_registry_program_writes_them() {
    use cairn_epoch::Location;
    let cell = cairn_epoch::asserted_cell(407_127_760, -740_059_740).unwrap();
    let place = (407_127_760, -740_059_740);
    let located = Location::read(constants::LOCATION_PLACE, &place_location(place.0, place.1));
    assert_eq!((located.place(), located.cell()), (Some(place), Some(cell)));
    let celled = Location::read(
        constants::LOCATION_CELL,
        &cairn_interface::registry::cell_location(cell),
    );
    assert_eq!(celled, Location::Cell(cell));
    for (kind, bytes) in [
        (constants::LOCATION_NONE, [0; 32]),
        (constants::LOCATION_COMMITMENT, [7; 32]),
    ] {
        assert_eq!(Location::read(kind, &bytes), Location::Untold);
    }
    // Every place that the program takes has a cell: the bounds are the same.
    let extreme = DeviceLeaf {
        location: place_location(900_000_000, -1_800_000_000),
        location_kind: constants::LOCATION_PLACE,
        ..scene::leaf(0)
    };
    assert_eq!(extreme.validate(), Ok(()));
    assert!(cairn_epoch::asserted_cell(900_000_000, -1_800_000_000).is_some());
}
