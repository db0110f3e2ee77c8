//! The registry rebuilt from what the built program says, held against what its accounts hold; and what can not have
//! happened, refused by name.

use cairn_epoch::{Device, DeviceStatus, Entry, write_devices};
use cairn_interface::registry::{
    DeviceLeaf, DeviceRegistered, DeviceTransferred, ImportTree, PutTreeCanopy, Registration,
    RegistryEvent, constants::STATUS_ACTIVE,
};
use cairn_registry::{
    Applied, DevicesFault, DevicesFile, EventFault, Import, Replica, Snapshot, Standing, TreeFault,
    compare, judged, leaf_of, row_of, transferred,
};
use cairn_testkit::registry::Scene;
use solana_sdk::signer::Signer;

const HASH: [u8; 32] = [8; 32];

/// Applies all that the chain said, and gives `imported` where an import waits for it.
fn rebuilt(scene: &Scene, imported: &[Device]) -> Replica {
    let mut replica = Replica::new(scene.network);
    for event in &scene.events {
        let applied = replica.apply(event).expect("the next event");
        if let Applied::Awaits(import) = applied {
            replica.fill(import.tree, imported).expect("its devices");
        }
    }
    replica
}

/// Hands the device at `index` to a new owner and tells the scene.
fn hand_on(scene: &mut Scene, index: u32, owner: &solana_sdk::signature::Keypair) {
    let next = scene.fresh();
    let transfer = scene.transfer(index, next.pubkey());
    scene.must(&[transfer.by_both_owners()], &[owner, &next]);
    let before = row_of(0, index, Entry::Consented, &transfer.leaf);
    scene.follow(
        index,
        leaf_of(&transferred(&before, next.pubkey().to_bytes())),
    );
}

/// Enters `count` devices of one owner into the scene's tree.
fn import(scene: &mut Scene, count: u8, owner: &solana_sdk::signature::Keypair) -> ImportTree {
    let device = scene.fresh();
    let base = scene.registration(&device, owner).leaf();
    let leaves: Vec<DeviceLeaf> = (1..=count)
        .map(|number| DeviceLeaf {
            device: [number; 32],
            ..base
        })
        .collect();
    let authority = scene.authority.insecure_clone();
    let (import, whole) = ImportTree::prepare(
        authority.pubkey(),
        scene.network,
        scene.tree,
        (scene.depth, scene.canopy),
        &leaves,
        HASH,
    )
    .unwrap();
    (scene.leaves, scene.whole) = (leaves, whole);
    for put in PutTreeCanopy::all(
        authority.pubkey(),
        scene.network,
        scene.tree,
        &scene.whole.clone(),
    ) {
        scene.must(&[put.instruction()], &[&authority]);
    }
    scene.must(&[import.instruction()], &[&authority]);
    import
}

/// Rows of a tree whose first `imported` leaves came by import.
fn rows(tree: u16, imported: u32, leaves: &[DeviceLeaf]) -> Vec<Device> {
    (0..)
        .zip(leaves)
        .map(|(index, leaf)| row_of(tree, index, Entry::at(index, imported), leaf))
        .collect()
}

#[test]
fn events_and_the_file_of_an_import_give_the_rows_and_roots_of_every_tree() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let authority = scene.authority.insecure_clone();
    let owner = scene.fresh();
    let entered = import(&mut scene, 11, &owner);
    let imported = rows(0, 11, &scene.leaves);
    hand_on(&mut scene, 10, &owner);
    scene.hotspot();
    scene.banned(3);
    let mut lift = scene.ban(3);
    (lift.status, lift.reason) = (STATUS_ACTIVE, 0);
    scene.must(&[lift.instruction()], &[&authority]);
    let lifted = row_of(0, 3, Entry::Imported, &lift.leaf);
    let freed = judged(&lifted, DeviceStatus::Active, 0);
    scene.follow(3, leaf_of(&freed));
    let mut expected = rows(0, 11, &scene.leaves);
    let first = scene.tree_view();

    // A second tree of registrations alone, and a change of the network, which is about no device.
    scene.open_tree(3, 0);
    let (index, _, holder) = scene.hotspot();
    hand_on(&mut scene, index, &holder);
    expected.extend(rows(1, 0, &scene.leaves));
    scene.manufacturer();

    let replica = rebuilt(&scene, &imported);
    assert_eq!(replica.snapshot().rows(), expected);
    let [one, two] = replica.trees() else {
        panic!("two trees")
    };
    for (tree, view) in [(one, first), (two, scene.tree_view())] {
        assert_eq!(tree.address(), view.address);
        assert_eq!(
            (tree.whole().root(), tree.sequence(), tree.whole().len()),
            (view.root, view.sequence, view.next_index)
        );
        let compared = compare(&view, replica.snapshot().of_tree(view.index)).unwrap();
        assert_eq!(compared.standing, Standing::Current);
    }
    // Proofs come out of it, too: the program takes one.
    let last = one.rows().len() as u32 - 1;
    assert_eq!(one.whole().proof(last).len(), 4);
    assert_eq!(entered.device_count, 11);
}

#[test]
fn an_event_that_is_missing_doubled_or_forged_changes_nothing() {
    let mut scene = Scene::small();
    let (_, _, owner) = scene.hotspot();
    scene.hotspot();
    hand_on(&mut scene, 0, &owner);
    let (earlier, last) = scene.events.split_at(scene.events.len() - 1);
    let last = last[0].clone();
    let before = {
        let mut replica = Replica::new(scene.network);
        for event in earlier {
            replica.apply(event).unwrap();
        }
        replica
    };
    let RegistryEvent::DeviceTransferred(DeviceTransferred {
        network,
        tree,
        previous_owner,
        leaf,
        root,
        ..
    }) = last.clone()
    else {
        panic!("a transfer comes last")
    };
    let forged = |index, leaf, sequence| {
        RegistryEvent::DeviceTransferred(DeviceTransferred {
            network,
            tree,
            index,
            previous_owner,
            leaf,
            root,
            sequence,
        })
    };
    let registered = |index, leaf| {
        RegistryEvent::DeviceRegistered(DeviceRegistered {
            network,
            tree,
            index,
            leaf,
            root,
            sequence: 3,
        })
    };
    let elsewhere = RegistryEvent::DeviceRegistered(DeviceRegistered {
        network,
        tree: network,
        index: 0,
        leaf,
        root,
        sequence: 1,
    });
    let thief = DeviceLeaf {
        owner: [66; 32],
        ..leaf
    };
    let other = DeviceLeaf {
        device: [66; 32],
        ..leaf
    };
    let odd = DeviceLeaf { status: 9, ..leaf };
    let cases = [
        (
            "a change before it is missing",
            forged(0, leaf, 4),
            EventFault::Sequence {
                tree: 0,
                expected: 3,
                found: 4,
            },
        ),
        (
            "it stands twice",
            earlier[earlier.len() - 1].clone(),
            EventFault::Sequence {
                tree: 0,
                expected: 3,
                found: 2,
            },
        ),
        (
            "another owner",
            forged(0, thief, 3),
            EventFault::Root { tree: 0 },
        ),
        (
            "another device",
            forged(0, other, 3),
            EventFault::OtherDevice { tree: 0, index: 0 },
        ),
        (
            "a status of its own",
            forged(0, odd, 3),
            EventFault::Root { tree: 0 },
        ),
        (
            "a device that never came",
            forged(2, leaf, 3),
            EventFault::Position { tree: 0, index: 2 },
        ),
        (
            "a registration over a device",
            registered(0, leaf),
            EventFault::Position { tree: 0, index: 0 },
        ),
        (
            "a registration that leaves a gap",
            registered(3, leaf),
            EventFault::Position { tree: 0, index: 3 },
        ),
        (
            "a registration of another leaf",
            registered(2, leaf),
            EventFault::Root { tree: 0 },
        ),
        (
            "a tree that nobody made",
            elsewhere,
            EventFault::NoTree { address: network },
        ),
    ];
    for (what, event, fault) in cases {
        let mut replica = before.clone();
        assert_eq!(replica.apply(&event), Err(fault), "{what}");
        assert_eq!(replica.snapshot(), before.snapshot(), "{what}");
        let applied = replica.apply(&last);
        assert_eq!(applied, Ok(Applied::Device { tree: 0, index: 0 }), "{what}");
        assert_eq!(replica.trees()[0].whole().root(), scene.tree_view().root);
    }
    let mut stranger = Replica::new(tree);
    for event in &scene.events {
        assert_eq!(stranger.apply(event), Ok(Applied::Nothing));
    }
}

#[test]
fn an_import_waits_for_exactly_the_devices_that_the_chain_took() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let owner = scene.fresh();
    let entered = import(&mut scene, 5, &owner);
    let imported = rows(0, 5, &scene.leaves);
    scene.hotspot();
    // Its root is remembered like any other's, so nobody needs the authority's word for its file.
    let standing = |rows: &[Device]| compare(&scene.tree_view(), rows).unwrap().standing;
    assert_eq!(standing(&imported), Standing::Earlier);
    let mut forged = imported.clone();
    forged[2].owner = [66; 32];
    assert_eq!(standing(&forged), Standing::Never);
    let mut replica = Replica::new(scene.network);
    let mut events = scene.events.iter();
    let awaited = events
        .by_ref()
        .map(|event| replica.apply(event).unwrap())
        .find(|applied| matches!(applied, Applied::Awaits(_)));
    let expected = Import {
        tree: 0,
        root: entered.root,
        devices: 5,
        devices_hash: HASH,
    };
    assert_eq!(awaited, Some(Applied::Awaits(expected)));
    assert_eq!(replica.trees()[0].awaited(), Some(expected));

    let next = events.next().expect("a registration");
    assert_eq!(replica.apply(next), Err(EventFault::Awaits { tree: 0 }));
    let mut stolen = imported.clone();
    stolen[4].owner = [66; 32];
    let mut gap = imported.clone();
    gap[4].leaf_index = 5;
    for (given, fault) in [
        (
            &imported[..4],
            EventFault::Count {
                tree: 0,
                expected: 5,
                found: 4,
            },
        ),
        (&stolen, EventFault::Root { tree: 0 }),
        (&gap, EventFault::Tree(TreeFault::Gap { tree: 0, index: 4 })),
    ] {
        assert_eq!(replica.fill(0, given), Err(fault));
    }
    let unmade = EventFault::NoImport { tree: 1 };
    assert_eq!(replica.fill(1, &imported), Err(unmade));
    replica.fill(0, &imported).unwrap();
    let again = EventFault::NoImport { tree: 0 };
    assert_eq!(replica.fill(0, &imported), Err(again));
    let arrived = Applied::Device { tree: 0, index: 5 };
    assert_eq!(replica.apply(next), Ok(arrived));
    assert_eq!(replica.trees()[0].whole().root(), scene.tree_view().root);
}

#[test]
fn a_row_is_its_leaf_and_back_whatever_its_status() {
    let mut scene = Scene::small();
    scene.hotspot();
    let leaf = scene.leaves[0];
    for status in 0..=u8::MAX {
        let leaf = DeviceLeaf { status, ..leaf };
        let row = row_of(3, 7, Entry::Imported, &leaf);
        assert_eq!((row.tree, row.leaf_index), (3, 7));
        assert_eq!(leaf_of(&row), leaf);
    }
}

#[test]
fn a_published_file_is_told_from_an_older_one_and_from_one_with_a_gap() {
    let mut scene = Scene::small();
    let (_, _, owner) = scene.hotspot();
    scene.hotspot();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("devices.parquet");
    write_devices(&path, &rows(0, 0, &scene.leaves)).unwrap();
    let file = DevicesFile::read(folder.path()).unwrap();
    let whole = file.current(&scene.tree_view()).unwrap();
    assert_eq!(whole.root(), scene.whole.root());

    hand_on(&mut scene, 0, &owner);
    let stale = file.current(&scene.tree_view()).unwrap_err();
    assert!(matches!(stale, DevicesFault::Stale { changes: 3, .. }));
    let standing = |rows: &[Device]| compare(&scene.tree_view(), rows).map(|found| found.standing);
    assert_eq!(standing(file.snapshot().rows()), Ok(Standing::Earlier));
    // A row in place of the one at its position: a key may stand at several.
    file.write_with(row_of(0, 0, Entry::Consented, &scene.leaves[0]))
        .unwrap();
    let newer = Snapshot::read(&path).unwrap();
    assert_eq!(standing(newer.rows()), Ok(Standing::Current));
    let mut never = newer.rows().to_vec();
    never[1].owner = [66; 32];
    assert_eq!(standing(&never), Ok(Standing::Never));
    let gap = TreeFault::Gap { tree: 0, index: 0 };
    assert_eq!(standing(&newer.rows()[1..]), Err(gap));
}
