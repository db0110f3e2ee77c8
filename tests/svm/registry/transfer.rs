use cairn_interface::registry::{
    DeviceLeaf, DeviceTransferred, Registration, RegistryError, RegistryEvent,
};
use cairn_testkit::assert_refused;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use cairn_testkit::registry::{Scene, consent, event};

#[test]
fn two_owners_hand_a_device_on() {
    let mut scene = Scene::small();
    let (index, _device, owner) = scene.hotspot();
    let next = scene.fresh();
    let transfer = scene.transfer(index, next.pubkey());
    let outcome = scene.must(&[transfer.by_both_owners()], &[&owner, &next]);
    let leaf = DeviceLeaf {
        owner: next.pubkey().to_bytes(),
        sequence: 1,
        ..transfer.leaf
    };
    scene.follow(index, leaf);
    assert_eq!(
        event(&outcome),
        RegistryEvent::DeviceTransferred(DeviceTransferred {
            network: scene.network,
            tree: scene.tree,
            index,
            previous_owner: owner.pubkey().to_bytes(),
            leaf,
            root: scene.whole.root(),
            sequence: 2,
        })
    );
    // Registration and transfer count a device once.
    assert_eq!(scene.network_view().devices, 1);
}

#[test]
fn a_device_consents_to_an_owner_who_is_away() {
    let mut scene = Scene::new(Registration::Open, 6, 2);
    let (index, device, owner) = scene.hotspot();
    let next = Pubkey::new_from_array([9; 32]);
    let transfer = scene.transfer(index, next);
    let consent = consent(&device, &transfer.message());
    scene.must(&transfer.by_device(&consent), &[&owner]);
    scene.follow(
        index,
        DeviceLeaf {
            owner: next.to_bytes(),
            sequence: 1,
            ..transfer.leaf
        },
    );
}

#[test]
fn a_device_goes_on_to_a_third_owner() {
    let mut scene = Scene::small();
    let (index, _device, mut owner) = scene.hotspot();
    for sequence in 1..=3 {
        let next = scene.fresh();
        let transfer = scene.transfer(index, next.pubkey());
        scene.must(&[transfer.by_both_owners()], &[&owner, &next]);
        scene.follow(
            index,
            DeviceLeaf {
                owner: next.pubkey().to_bytes(),
                sequence,
                ..transfer.leaf
            },
        );
        owner = next;
    }
}

#[test]
fn a_device_is_not_handed_to_nobody_or_to_its_owner() {
    let mut scene = Scene::small();
    let (index, device, owner) = scene.hotspot();
    let nobody = scene.transfer(index, Pubkey::default());
    let by_device = nobody.by_device(&consent(&device, &nobody.message()));
    let ran = scene.run(&by_device, &[&owner]);
    assert_refused(ran, RegistryError::ZeroKey);

    let same = scene.transfer(index, owner.pubkey());
    let by_device = same.by_device(&consent(&device, &same.message()));
    let ran = scene.run(&by_device, &[&owner]);
    assert_refused(ran, RegistryError::SameOwner);
}

#[test]
fn sixty_four_changes_may_overtake_a_transfer_and_not_sixty_five() {
    for (changes, works) in [(64, true), (65, false)] {
        let mut scene = Scene::new(Registration::Open, 7, 3);
        let (index, _device, owner) = scene.hotspot();
        let next = scene.fresh();
        let transfer = scene.transfer(index, next.pubkey());
        for _ in 0..changes {
            scene.hotspot();
        }
        let ran = scene.run(&[transfer.by_both_owners()], &[&owner, &next]);
        if works {
            ran.expect("a proof that can be brought up to date");
            scene.follow(
                index,
                DeviceLeaf {
                    owner: next.pubkey().to_bytes(),
                    sequence: 1,
                    ..transfer.leaf
                },
            );
        } else {
            assert_refused(ran, RegistryError::ProofStale);
        }
    }
}

#[test]
fn the_second_of_two_transfers_of_one_device_is_told_that_it_changed() {
    let mut scene = Scene::small();
    let (index, _device, owner) = scene.hotspot();
    let (first, second) = (scene.fresh(), scene.fresh());
    let to_first = scene.transfer(index, first.pubkey());
    let to_second = scene.transfer(index, second.pubkey());
    scene.must(&[to_first.by_both_owners()], &[&owner, &first]);
    let ran = scene.run(&[to_second.by_both_owners()], &[&owner, &second]);
    assert_refused(ran, RegistryError::LeafChanged);
}
