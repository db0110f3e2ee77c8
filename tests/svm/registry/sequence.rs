use std::collections::BTreeMap;

use cairn_interface::registry::{
    DeviceLeaf, Registration, WholeTree,
    constants::{STATUS_ACTIVE, STATUS_BANNED},
};
use cairn_registry::{Replica, leaf_of};
use cairn_testkit::Landed;
use proptest::prelude::*;
use solana_sdk::{signature::Keypair, signer::Signer};

use cairn_testkit::registry::{Scene, consent, event};

/// One thing that happens, to the device at a share of the tree, with a proof this many changes old.
#[derive(Clone, Debug)]
enum Step {
    Register,
    HandOn {
        place: u16,
        age: u64,
        by_device: bool,
    },
    /// Bans, or lifts the ban.
    Judge {
        place: u16,
        age: u64,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => Just(Step::Register),
        2 => (any::<u16>(), 0_u64..30, any::<bool>())
            .prop_map(|(place, age, by_device)| Step::HandOn { place, age, by_device }),
        1 => (any::<u16>(), 0_u64..30).prop_map(|(place, age)| Step::Judge { place, age }),
    ];
    proptest::collection::vec(step, 1..60)
}

/// What a client keeps beside the scene: who holds which key, older trees for older proofs, and a registry of its own that
/// it builds from events alone.
struct Client {
    devices: Vec<Keypair>,
    owners: BTreeMap<[u8; 32], Keypair>,
    history: Vec<WholeTree>,
    heard: Replica,
}

impl Client {
    /// The sequence `age` changes ago, and the proof of then: also from before the device's last change or existence.
    fn old_proof(&self, scene: &Scene, index: u32, age: u64) -> (u64, Vec<[u8; 32]>) {
        let at = scene.tree_view().sequence.saturating_sub(age);
        (at, self.history[at as usize].proof(index))
    }

    fn hear(&mut self, scene: &Scene, landed: &Landed) {
        self.heard.apply(&event(landed)).expect("the next event");
        let tree = &self.heard.trees()[0];
        let leaves: Vec<DeviceLeaf> = tree.rows().iter().map(leaf_of).collect();
        assert_eq!(leaves, scene.leaves);
        let view = scene.tree_view();
        assert_eq!(
            (tree.whole().root(), tree.sequence()),
            (view.root, view.sequence)
        );
        self.history.push(scene.whole.clone());
    }
}

fn register(scene: &mut Scene, client: &mut Client) {
    let (device, owner) = (scene.fresh(), scene.fresh());
    let landed = scene.register(&device, &owner);
    client.devices.push(device);
    client.owners.insert(owner.pubkey().to_bytes(), owner);
    client.hear(scene, &landed);
}

fn hand_on(scene: &mut Scene, client: &mut Client, index: u32, age: u64, by_device: bool) {
    let next = scene.fresh();
    let mut transfer = scene.transfer(index, next.pubkey());
    if transfer.leaf.status == STATUS_BANNED {
        return;
    }
    (transfer.proof_sequence, transfer.proof) = client.old_proof(scene, index, age);
    let owner = client.owners[&transfer.leaf.owner].insecure_clone();
    let landed = if by_device {
        let consent = consent(&client.devices[index as usize], &transfer.message());
        scene.must(&transfer.by_device(&consent), &[&owner])
    } else {
        scene.must(&[transfer.by_both_owners()], &[&owner, &next])
    };
    let leaf = DeviceLeaf {
        owner: next.pubkey().to_bytes(),
        sequence: transfer.leaf.sequence + 1,
        ..transfer.leaf
    };
    scene.follow(index, leaf);
    client.owners.insert(leaf.owner, next);
    client.hear(scene, &landed);
}

fn judge(scene: &mut Scene, client: &mut Client, index: u32, age: u64) {
    let mut judgement = scene.ban(index);
    if judgement.leaf.status == STATUS_BANNED {
        judgement.status = STATUS_ACTIVE;
    }
    (judgement.proof_sequence, judgement.proof) = client.old_proof(scene, index, age);
    let authority = scene.authority.insecure_clone();
    let landed = scene.must(&[judgement.instruction()], &[&authority]);
    let leaf = DeviceLeaf {
        status: judgement.status,
        reason: judgement.reason,
        sequence: judgement.leaf.sequence + 1,
        ..judgement.leaf
    };
    scene.follow(index, leaf);
    client.hear(scene, &landed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_chain_copy_and_events_tell_the_same_tree(
        canopy in 0_u8..5,
        steps in steps(),
    ) {
        let mut scene = Scene::new(Registration::Open, 6, canopy);
        let mut heard = Replica::new(scene.network);
        for event in &scene.events {
            heard.apply(event).expect("the next event");
        }
        let mut client = Client {
            devices: vec![],
            owners: BTreeMap::new(),
            history: vec![scene.whole.clone()],
            heard,
        };
        for step in steps {
            let devices = scene.whole.len();
            match step {
                Step::HandOn { place, age, by_device } if devices > 0 => {
                    hand_on(&mut scene, &mut client, u32::from(place) % devices, age, by_device);
                }
                Step::Judge { place, age } if devices > 0 => {
                    judge(&mut scene, &mut client, u32::from(place) % devices, age);
                }
                _ if devices < 64 => register(&mut scene, &mut client),
                _ => {}
            }
            let network = scene.network_view();
            let banned = scene.leaves.iter().filter(|leaf| leaf.is_banned()).count();
            prop_assert_eq!(network.devices, scene.leaves.len() as u64);
            prop_assert_eq!(network.banned, banned as u64);
        }
    }
}
