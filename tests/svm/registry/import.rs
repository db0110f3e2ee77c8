use cairn_interface::registry::{
    DeviceLeaf, ImportTree, PutTreeCanopy, Registration, RegistryError, RegistryEvent,
    TreeImported, TreeState, cell_location,
    constants::{CLASS_NETWORK, CLASS_SENSOR, LOCATION_CELL, STATUS_ACTIVE, STATUS_BANNED},
};
use cairn_testkit::assert_refused;
use solana_sdk::{signature::Keypair, signer::Signer};

use cairn_testkit::registry::{CELL, Scene, event};

/// The demonstration's size: the city's hotspots, some of them sensors, some banned.
fn city(owner: &Keypair) -> Vec<DeviceLeaf> {
    (0..3_319_u32)
        .map(|number| {
            let mut device = [1; 32];
            device[..4].copy_from_slice(&number.to_le_bytes());
            DeviceLeaf {
                device,
                owner: owner.pubkey().to_bytes(),
                issuer: [0; 32],
                hardware: [0; 32],
                location: cell_location(CELL),
                sequence: 0,
                model: 0,
                reason: u16::from(number % 100 == 7),
                country: *b"US",
                class: if number % 10 == 0 {
                    CLASS_SENSOR
                } else {
                    CLASS_NETWORK
                },
                location_kind: LOCATION_CELL,
                status: if number % 100 == 7 {
                    STATUS_BANNED
                } else {
                    STATUS_ACTIVE
                },
            }
        })
        .collect()
}

/// Makes the import of `leaves` into the scene's tree.
fn prepare(scene: &mut Scene, leaves: Vec<DeviceLeaf>) -> ImportTree {
    let (import, whole) = ImportTree::prepare(
        scene.authority.pubkey(),
        scene.network,
        scene.tree,
        (scene.depth, scene.canopy),
        &leaves,
        [8; 32],
    )
    .expect("an import");
    scene.leaves = leaves;
    scene.whole = whole;
    import
}

/// Stores the canopy; says in how many transactions.
fn put_canopy(scene: &mut Scene) -> usize {
    let authority = scene.authority.insecure_clone();
    let parts = PutTreeCanopy::all(authority.pubkey(), scene.network, scene.tree, &scene.whole);
    for part in &parts {
        scene.must(&[part.instruction()], &[&authority]);
    }
    parts.len()
}

#[test]
fn a_city_s_3319_devices_enter_in_a_handful_of_transactions_and_live_on() {
    for (depth, canopy, canopy_transactions) in [(14, 0, 0), (14, 4, 1), (20, 6, 1), (24, 10, 1)] {
        let mut scene = Scene::new(Registration::Open, depth, canopy);
        let authority = scene.authority.insecure_clone();
        let owner = scene.fresh();
        let import = prepare(&mut scene, city(&owner));
        assert_eq!(put_canopy(&mut scene), canopy_transactions, "depth {depth}");
        let outcome = scene.must(&[import.instruction()], &[&authority]);
        assert_eq!(
            event(&outcome),
            RegistryEvent::TreeImported(TreeImported {
                network: scene.network,
                tree: scene.tree,
                root: import.root,
                devices: 3_319,
                devices_hash: [8; 32],
            })
        );
        scene.check();
        let tree = scene.tree_view();
        assert_eq!((tree.state(), tree.imported), (TreeState::Ready, 3_319));
        assert_eq!(tree.devices_hash, [8; 32]);
        let network = scene.network_view();
        assert_eq!((network.devices, network.banned), (3_319, 34));
        let by_class = network.devices_by_class;
        assert_eq!(by_class[usize::from(CLASS_SENSOR)], 332);
        assert_eq!(by_class[usize::from(CLASS_NETWORK)], 2_987);

        // An imported device moves, its neighbour registers, a third is banned and a banned one is freed.
        let next = scene.fresh();
        let transfer = scene.transfer(3_318, next.pubkey());
        scene.must(&[transfer.by_both_owners()], &[&owner, &next]);
        scene.follow(
            3_318,
            DeviceLeaf {
                owner: next.pubkey().to_bytes(),
                sequence: 1,
                ..transfer.leaf
            },
        );
        scene.hotspot();
        scene.banned(0);
        let mut lift = scene.ban(7);
        lift.status = STATUS_ACTIVE;
        scene.must(&[lift.instruction()], &[&authority]);
        assert_eq!(scene.network_view().banned, 34);
    }
}

#[test]
fn an_import_that_is_not_what_it_says_is_refused() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let authority = scene.authority.insecure_clone();
    let owner = scene.fresh();
    let mut leaves = city(&owner);
    leaves.truncate(11);
    let base = prepare(&mut scene, leaves);
    let network_class = usize::from(CLASS_NETWORK);

    // Without its canopy the tree would answer later proofs with empty subtrees.
    let ran = scene.run(&[base.instruction()], &[&authority]);
    assert_refused(ran, RegistryError::CanopyRoot);
    put_canopy(&mut scene);
    assert_eq!(scene.tree_view().state(), TreeState::Importing);

    let mut cases = vec![];
    let mut counts = base.clone();
    counts.devices_by_class[network_class] += 1;
    cases.push((counts, RegistryError::ImportCount));
    let mut classless = base.clone();
    classless.devices_by_class[network_class] -= 1;
    classless.devices_by_class[0] = 1;
    cases.push((classless, RegistryError::ImportCount));
    let mut overflow = base.clone();
    overflow.devices_by_class = [u32::MAX; 16];
    cases.push((overflow, RegistryError::ImportCount));
    let mut banned = base.clone();
    banned.banned = 12;
    cases.push((banned, RegistryError::ImportCount));
    let mut none = base.clone();
    (none.device_count, none.devices_by_class, none.banned) = (0, [0; 16], 0);
    none.peaks.clear();
    cases.push((none, RegistryError::ImportCount));
    let mut peaks = base.clone();
    peaks.peaks.pop();
    cases.push((peaks, RegistryError::ImportPeaks));
    // One more device than the tree holds, with as many peaks: the thirteenth's place must be empty.
    let mut more = base.clone();
    more.device_count = 13;
    more.devices_by_class[network_class] += 2;
    cases.push((more, RegistryError::ImportRoot));
    let mut root = base.clone();
    root.root[0] ^= 1;
    cases.push((root, RegistryError::ImportRoot));
    let mut stranger = base.clone();
    stranger.authority = scene.guardian.pubkey();
    cases.push((stranger, RegistryError::NotAuthority));
    let guardian = scene.guardian.insecure_clone();
    for (import, error) in cases {
        let signer = if import.authority == guardian.pubkey() {
            &guardian
        } else {
            &authority
        };
        assert_refused(scene.run(&[import.instruction()], &[signer]), error);
    }

    scene.must(&[base.instruction()], &[&authority]);
    let ran = scene.run(&[base.instruction()], &[&authority]);
    assert_refused(ran, RegistryError::TreeNotEmpty);
}

#[test]
fn a_tree_that_waits_for_its_import_takes_no_device() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let owner = scene.fresh();
    let mut leaves = city(&owner);
    leaves.truncate(11);
    prepare(&mut scene, leaves);
    put_canopy(&mut scene);
    let device = scene.fresh();
    let registration = scene.registration(&device, &owner);
    let consent = cairn_testkit::registry::consent(&device, &registration.message());
    let ran = scene.run(&registration.instructions(&consent, None), &[&owner]);
    assert_refused(ran, RegistryError::TreeNotReady);
}

#[test]
fn canopy_nodes_are_put_by_the_authority_into_an_unused_tree_and_inside_its_canopy() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let (authority, guardian) = (
        scene.authority.insecure_clone(),
        scene.guardian.insecure_clone(),
    );
    let put = |scene: &Scene, by: &Keypair, offset, nodes: usize| {
        PutTreeCanopy {
            authority: by.pubkey(),
            network: scene.network,
            tree: scene.tree,
            offset,
            nodes: vec![[3; 32]; nodes],
        }
        .instruction()
    };
    let instruction = put(&scene, &guardian, 0, 1);
    let ran = scene.run(&[instruction], &[&guardian]);
    assert_refused(ran, RegistryError::NotAuthority);
    for (offset, nodes) in [(0, 0), (0, 5), (3, 2), (4, 1), (u16::MAX, 1)] {
        let instruction = put(&scene, &authority, offset, nodes);
        let ran = scene.run(&[instruction], &[&authority]);
        assert_refused(ran, RegistryError::CanopyRange);
    }
    scene.hotspot();
    let instruction = put(&scene, &authority, 0, 1);
    let ran = scene.run(&[instruction], &[&authority]);
    assert_refused(ran, RegistryError::TreeNotEmpty);
}

#[test]
fn a_tree_with_a_device_takes_no_import() {
    let mut scene = Scene::new(Registration::Open, 6, 0);
    let authority = scene.authority.insecure_clone();
    let (_, _, owner) = scene.hotspot();
    let mut leaves = city(&owner);
    leaves.truncate(11);
    let import = prepare(&mut scene, leaves);
    let ran = scene.run(&[import.instruction()], &[&authority]);
    assert_refused(ran, RegistryError::TreeNotEmpty);
}
