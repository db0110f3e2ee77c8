use cairn_interface::registry::{
    Registration, RegistryError, RegistryEvent, TreeCreated, TreeGrown, TreeState,
};
use cairn_testkit::assert_refused;
use solana_sdk::signer::Signer;

use cairn_testkit::registry::{Scene, consent, event};

#[test]
fn a_tree_is_created_as_asked_and_ready_once_it_has_grown() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    let create = scene.next_tree(3, 0);
    let outcome = scene.must(&[create.instruction()], &[&authority]);
    assert_eq!(
        event(&outcome),
        RegistryEvent::TreeCreated(TreeCreated {
            network: scene.network,
            tree: create.tree(),
            index: 0,
            depth: 3,
            canopy_depth: 0,
        })
    );
    scene.tree = create.tree();
    assert_eq!(scene.tree_view().state(), TreeState::Growing);
    let outcome = scene.must(&[create.grow()], &[]);
    assert_eq!(
        event(&outcome),
        RegistryEvent::TreeGrown(TreeGrown {
            network: scene.network,
            tree: scene.tree,
            bytes: scene.world.expect_account(&scene.tree).data.len() as u64,
            ready: 1,
        })
    );
    let view = scene.tree_view();
    assert_eq!((view.network, view.index), (scene.network, 0));
    assert_eq!((view.depth, view.canopy_depth), (3, 0));
    assert_eq!((view.state(), view.sequence), (TreeState::Ready, 0));
    assert_eq!(scene.network_view().trees, 1);
    scene.check();
}

#[test]
fn trees_of_every_depth_grow_in_one_transaction_and_work() {
    for (depth, canopy) in [(14, 0), (14, 2), (20, 6), (24, 10), (24, 11)] {
        let mut scene = Scene::new(Registration::Open, depth, canopy);
        assert_eq!(scene.tree_view().state(), TreeState::Ready, "depth {depth}");
        let (index, _device, owner) = scene.hotspot();
        scene.hotspot();
        let next = scene.fresh();
        let transfer = scene.transfer(index, next.pubkey());
        scene.must(&[transfer.by_both_owners()], &[&owner, &next]);
    }
}

#[test]
fn trees_are_numbered_and_apart() {
    let mut scene = Scene::small();
    scene.hotspot();
    let first = scene.tree;
    scene.open_tree(4, 1);
    assert_ne!(first, scene.tree);
    assert_eq!(scene.tree_view().index, 1);
    scene.hotspot();
    assert_eq!(scene.network_view().devices, 2);
    assert_eq!(scene.network_view().trees, 2);
}

#[test]
fn only_the_authority_creates_trees() {
    let mut scene = Scene::network(Registration::Open);
    let guardian = scene.guardian.insecure_clone();
    let mut create = scene.next_tree(3, 0);
    create.authority = guardian.pubkey();
    let ran = scene.run(&[create.instruction()], &[&guardian]);
    assert_refused(ran, RegistryError::NotAuthority);
}

#[test]
fn shapes_that_do_not_exist_are_refused() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    for (depth, canopy, error) in [
        (2, 0, RegistryError::TreeDepth),
        (25, 0, RegistryError::TreeDepth),
        (u8::MAX, u8::MAX, RegistryError::TreeDepth),
        (3, 3, RegistryError::CanopyDepth),
        (24, 12, RegistryError::CanopyDepth),
    ] {
        let create = scene.next_tree(depth, canopy);
        let ran = scene.run(&[create.instruction()], &[&authority]);
        assert_refused(ran, error);
    }
}

#[test]
fn a_tree_that_still_grows_takes_no_device_and_anyone_may_pay_for_its_growth() {
    let mut scene = Scene::network(Registration::Open);
    let authority = scene.authority.insecure_clone();
    let create = scene.next_tree(14, 0);
    scene.must(&[create.instruction()], &[&authority]);
    scene.tree = create.tree();
    assert_eq!(scene.tree_view().state(), TreeState::Growing);

    let (device, owner) = (scene.fresh(), scene.fresh());
    let registration = scene.registration(&device, &owner);
    let consent = consent(&device, &registration.message());
    let ran = scene.run(&registration.instructions(&consent, None), &[&owner]);
    assert_refused(ran, RegistryError::TreeNotReady);

    let steps = create.instructions().expect("a shape").len();
    let stranger = scene.world.actor("stranger");
    let mut grow = create.clone();
    grow.payer = stranger.pubkey();
    for step in 1..steps {
        let outcome = scene.must(&[grow.grow()], &[&stranger]);
        let RegistryEvent::TreeGrown(TreeGrown { ready, bytes, .. }) = event(&outcome) else {
            panic!("a tree's growth");
        };
        assert_eq!(ready == 1, step + 1 == steps);
        assert_eq!(
            bytes as usize,
            scene.world.expect_account(&scene.tree).data.len()
        );
    }
    let ran = scene.run(&[grow.grow()], &[&stranger]);
    assert_refused(ran, RegistryError::TreeComplete);
    scene.whole = cairn_interface::registry::WholeTree::new(14, 0, vec![]).expect("a shape");
    scene.check();
    scene.register(&device, &owner);
}
