//! A network with a tree, its actors, and a copy of the tree that follows every change and makes the proofs.

use cairn_interface::{
    Event,
    registry::{
        AddIssuer, Consent, CreateNetwork, CreateTree, DeviceLeaf, DeviceTreeView, Endorsement,
        KeyKind, NetworkView, RegisterDevice, Registration, RegistryEvent, SetStatus,
        TransferDevice, WholeTree, cell_location,
        constants::{CLASS_NETWORK, LOCATION_CELL, ROLE_MANUFACTURER, STATUS_BANNED},
    },
};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::{Landed, Refusal, World};

/// An H3 cell of resolution 9 in Manhattan.
pub const CELL: u64 = 0x0892_a100_d2d7_ffff;

pub struct Scene {
    pub world: World,
    pub authority: Keypair,
    pub guardian: Keypair,
    pub network: Pubkey,
    pub tree: Pubkey,
    pub depth: u8,
    pub canopy: u8,
    /// What the tree should be.
    pub whole: WholeTree,
    /// Every device's leaf, by index.
    pub leaves: Vec<DeviceLeaf>,
    /// What the chain said happened, in order.
    pub events: Vec<RegistryEvent>,
    keys: u32,
}

/// What ran, or the registry's refusal.
pub type Ran = Result<Landed, Refusal>;

impl Scene {
    /// A network of this policy, without a tree.
    pub fn network(registration: Registration) -> Self {
        let world = World::new();
        let [authority, guardian] = ["authority", "guardian"].map(World::pauper);
        let create = CreateNetwork {
            payer: world.payer().pubkey(),
            authority: authority.pubkey(),
            id: 7,
            guardian: guardian.pubkey(),
            registration,
        };
        let network = create.network();
        let mut scene = Self {
            world,
            authority,
            guardian,
            network,
            tree: Pubkey::default(),
            depth: 3,
            canopy: 0,
            whole: WholeTree::new(3, 0, vec![]).expect("a shape that exists"),
            leaves: vec![],
            events: vec![],
            keys: 0,
        };
        let authority = scene.authority.insecure_clone();
        scene.must(&[create.instruction()], &[&authority]);
        scene
    }

    /// A network of this policy with one empty tree.
    pub fn new(registration: Registration, depth: u8, canopy: u8) -> Self {
        let mut scene = Self::network(registration);
        scene.open_tree(depth, canopy);
        scene
    }

    /// An open network with a tree of eight positions.
    pub fn small() -> Self {
        Self::new(Registration::Open, 3, 0)
    }

    /// What creates the network's next tree.
    pub fn next_tree(&self, depth: u8, canopy_depth: u8) -> CreateTree {
        CreateTree {
            payer: self.payer(),
            authority: self.authority.pubkey(),
            network: self.network,
            index: self.network_view().trees,
            depth,
            canopy_depth,
        }
    }

    /// Creates the network's next tree and makes it the scene's.
    pub fn open_tree(&mut self, depth: u8, canopy: u8) {
        let create = self.next_tree(depth, canopy);
        let authority = self.authority.insecure_clone();
        self.must(&create.instructions().expect("a shape"), &[&authority]);
        self.tree = create.tree();
        (self.depth, self.canopy) = (depth, canopy);
        self.whole = WholeTree::new(depth, canopy, vec![]).expect("a shape");
        self.leaves.clear();
    }

    /// Who pays for everything, so that no other balance matters.
    pub fn payer(&self) -> Pubkey {
        self.world.payer().pubkey()
    }

    /// A key that was not used before, without lamports.
    pub fn fresh(&mut self) -> Keypair {
        self.keys += 1;
        World::pauper(&format!("key {}", self.keys))
    }

    /// Sends, and the world pays.
    pub fn run(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Ran {
        let ran = self.world.send(instructions, signers);
        if let Ok(landed) = &ran {
            self.hear(landed);
        }
        ran
    }

    /// Sends what must succeed.
    #[track_caller]
    pub fn must(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Landed {
        let landed = self.world.must(instructions, signers);
        self.hear(&landed);
        landed
    }

    fn hear(&mut self, landed: &Landed) {
        let of_registry = landed.events().into_iter().filter_map(|event| match event {
            Event::DeviceRegistry(event) => Some(event),
            Event::RewardVault(_) | Event::Airdrop(_) => None,
        });
        self.events.extend(of_registry);
    }

    pub fn network_view(&self) -> NetworkView {
        self.world.network(&self.network)
    }

    pub fn tree_view(&self) -> DeviceTreeView {
        self.world.tree(&self.tree)
    }

    /// The chain's tree is what the copy says it should be.
    #[track_caller]
    pub fn check(&self) {
        let view = self.tree_view();
        assert_eq!(view.root, self.whole.root());
        assert_eq!(view.next_index, self.whole.len());
    }

    /// Describes a hotspot's registration at the tree's next index.
    pub fn registration(&self, device: &Keypair, owner: &Keypair) -> RegisterDevice {
        RegisterDevice {
            owner: owner.pubkey(),
            network: self.network,
            tree: self.tree,
            index: self.tree_view().next_index,
            device: device.pubkey().to_bytes(),
            hardware: [4; 32],
            location: cell_location(CELL),
            location_kind: LOCATION_CELL,
            model: 9,
            country: *b"US",
            class: CLASS_NETWORK,
            issuer_key: None,
        }
    }

    /// Registers a hotspot that consents and needs no endorsement.
    #[track_caller]
    pub fn register(&mut self, device: &Keypair, owner: &Keypair) -> Landed {
        let registration = self.registration(device, owner);
        let instructions =
            registration.instructions(&consent(device, &registration.message()), None);
        let outcome = self.must(&instructions, &[owner]);
        self.follow(registration.index, registration.leaf());
        outcome
    }

    /// Registers a hotspot of new keys; gives its index, device and owner.
    pub fn hotspot(&mut self) -> (u32, Keypair, Keypair) {
        let (device, owner) = (self.fresh(), self.fresh());
        let index = self.whole.len();
        self.register(&device, &owner);
        (index, device, owner)
    }

    /// Notes what happened to a leaf, and checks that it did.
    #[track_caller]
    pub fn follow(&mut self, index: u32, leaf: DeviceLeaf) {
        let hash = leaf.hash(&self.tree.to_bytes(), index);
        self.whole.set(index, hash).expect("a position of the tree");
        match self.leaves.get_mut(index as usize) {
            Some(known) => *known = leaf,
            None => self.leaves.push(leaf),
        }
        self.check();
    }

    /// Describes the transfer of the device at `index`, with a proof of now.
    pub fn transfer(&self, index: u32, new_owner: Pubkey) -> TransferDevice {
        let leaf = self.leaves[index as usize];
        TransferDevice {
            owner: Pubkey::new_from_array(leaf.owner),
            new_owner,
            network: self.network,
            tree: self.tree,
            leaf,
            index,
            proof_sequence: self.tree_view().sequence,
            proof: self.whole.proof(index),
        }
    }

    /// Describes the ban of the device at `index` by the authority, with a proof of now.
    pub fn ban(&self, index: u32) -> SetStatus {
        SetStatus {
            authority: self.authority.pubkey(),
            network: self.network,
            tree: self.tree,
            leaf: self.leaves[index as usize],
            index,
            proof_sequence: self.tree_view().sequence,
            proof: self.whole.proof(index),
            status: STATUS_BANNED,
            reason: 12,
            evidence: [5; 32],
        }
    }

    /// Bans the device at `index`.
    pub fn banned(&mut self, index: u32) {
        let ban = self.ban(index);
        let authority = self.authority.insecure_clone();
        self.must(&[ban.instruction()], &[&authority]);
        self.follow(
            index,
            DeviceLeaf {
                status: ban.status,
                reason: ban.reason,
                sequence: ban.leaf.sequence + 1,
                ..ban.leaf
            },
        );
    }

    /// Adds a manufacturer that signs with Ed25519.
    pub fn manufacturer(&mut self) -> Keypair {
        let key = self.fresh();
        let add = self.issuer(key.pubkey().to_bytes(), KeyKind::Ed25519);
        let authority = self.authority.insecure_clone();
        self.must(&[add.instruction()], &[&authority]);
        key
    }

    /// Describes a manufacturer.
    pub fn issuer(&self, key: [u8; 32], key_kind: KeyKind) -> AddIssuer {
        AddIssuer {
            payer: self.payer(),
            authority: self.authority.pubkey(),
            network: self.network,
            key,
            key_kind,
            roles: ROLE_MANUFACTURER,
            did: "did:web:maker.example".into(),
            status_list_uri: "https://maker.example/status/1".into(),
            status_list_hash: [6; 32],
        }
    }
}

/// A device's signature over an operation's message.
pub fn consent(device: &Keypair, message: &[u8]) -> Consent {
    Consent {
        signature: device.sign_message(message).into(),
    }
}

/// An Ed25519 issuer's signature.
pub fn endorsement(issuer: &Keypair, message: &[u8]) -> Endorsement {
    Endorsement {
        key: issuer.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519,
        signature: issuer.sign_message(message).into(),
    }
}

/// The one event of a transaction of one state change.
#[track_caller]
pub fn event(landed: &Landed) -> RegistryEvent {
    match landed.events().as_slice() {
        [Event::DeviceRegistry(event)] => event.clone(),
        events => panic!("one event of the registry, not {events:?}"),
    }
}
