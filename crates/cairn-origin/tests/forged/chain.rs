//! The registry's built program, and a client that knows nothing but what it said: events make the rows that keepers freeze.

use std::collections::BTreeMap;

use cairn_epoch::{Device, Entry};
use cairn_interface::registry::{
    DeviceLeaf, ImportTree, RegisterDevice, Registration, SetStatus, TransferDevice,
};
use cairn_registry::{Applied, Replica, Standing, TreeReplica, compare, leaf_of, row_of};
use cairn_testkit::registry::{Scene, consent};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer};

/// An open network, whoever has keys in it, and its registry as the events tell it.
pub struct Chain {
    pub scene: Scene,
    replica: Replica,
    heard: usize,
    /// By public key: devices and owners.
    keys: BTreeMap<[u8; 32], Keypair>,
    /// Leaves that the next import brings.
    importing: Vec<DeviceLeaf>,
}

impl Chain {
    /// An open network without a tree.
    pub fn new(keys: impl IntoIterator<Item = Keypair>) -> Self {
        let scene = Scene::network(Registration::Open);
        let keys = keys.into_iter().map(|key| (key.pubkey().to_bytes(), key));
        Self {
            replica: Replica::new(scene.network),
            heard: 0,
            keys: keys.collect(),
            importing: Vec::new(),
            scene,
        }
    }

    /// Opens the network's next tree, filled with `imported`, whatever they hold.
    pub fn open_tree(&mut self, depth: u8, imported: &[DeviceLeaf]) {
        self.scene.open_tree(depth, 0);
        self.hear();
        if !imported.is_empty() {
            self.import(self.trees().len() - 1, imported);
        }
    }

    /// Fills an empty tree, with whatever the leaves hold.
    pub fn import(&mut self, tree: usize, imported: &[DeviceLeaf]) {
        let address = self.trees()[tree].address();
        let depth = self.scene.world.tree(&address).depth;
        let authority = self.scene.authority.insecure_clone();
        let (mut import, _) = ImportTree::prepare(
            authority.pubkey(),
            self.scene.network,
            address,
            (depth, 0),
            imported,
            [9; 32],
        )
        .unwrap();
        // Counts are the authority's word: classes that do not exist are called another.
        import.devices_by_class = [0; 16];
        import.devices_by_class[1] = import.device_count;
        self.importing = imported.to_vec();
        self.scene.must(&[import.instruction()], &[&authority]);
        self.hear();
    }

    /// The trees so far.
    pub fn trees(&self) -> &[TreeReplica] {
        self.replica.trees()
    }

    /// Asks for `leaf` to be registered at the next position of a tree; whether it was.
    pub fn register(&mut self, tree: usize, leaf: &DeviceLeaf) -> bool {
        let at = &self.trees()[tree];
        let register = RegisterDevice {
            owner: Pubkey::new_from_array(leaf.owner),
            network: self.scene.network,
            tree: at.address(),
            index: u32::try_from(at.rows().len()).unwrap(),
            device: leaf.device,
            hardware: leaf.hardware,
            location: leaf.location,
            location_kind: leaf.location_kind,
            model: leaf.model,
            country: leaf.country,
            class: leaf.class,
            issuer_key: None,
        };
        let (Some(device), Some(owner)) = (self.key(&leaf.device), self.key(&leaf.owner)) else {
            return false;
        };
        let signed = consent(&device, &register.message());
        self.run(&register.instructions(&signed, None), &[&owner])
    }

    /// Asks for a transfer, by the device's word or the new owner's; whether it happened.
    pub fn transfer(&mut self, tree: usize, index: u32, to: &Keypair, by_device: bool) -> bool {
        let (leaf, proof_sequence, proof) = self.proven(tree, index);
        let transfer = TransferDevice {
            owner: Pubkey::new_from_array(leaf.owner),
            new_owner: to.pubkey(),
            network: self.scene.network,
            tree: self.trees()[tree].address(),
            leaf,
            index,
            proof_sequence,
            proof,
        };
        let Some(owner) = self.key(&leaf.owner) else {
            return false;
        };
        match self.key(&leaf.device).filter(|_| by_device) {
            Some(device) => {
                let signed = consent(&device, &transfer.message());
                self.run(&transfer.by_device(&signed), &[&owner])
            }
            None => self.run(&[transfer.by_both_owners()], &[&owner, to]),
        }
    }

    /// Asks for a device's status to be another; whether it became that.
    pub fn judge(&mut self, tree: usize, index: u32, status: u8, reason: u16) -> bool {
        let (leaf, proof_sequence, proof) = self.proven(tree, index);
        let authority = self.scene.authority.insecure_clone();
        let judge = SetStatus {
            authority: authority.pubkey(),
            network: self.scene.network,
            tree: self.trees()[tree].address(),
            leaf,
            index,
            proof_sequence,
            proof,
            status,
            reason,
            evidence: [5; 32],
        };
        self.run(&[judge.instruction()], &[&authority])
    }

    /// Every row that a keeper would freeze; each tree's lead to its root on chain.
    pub fn rows(&self) -> Vec<Device> {
        let snapshot = self.replica.snapshot();
        for (number, tree) in (0..).zip(self.trees()) {
            let view = self.scene.world.tree(&tree.address());
            let rows = snapshot.of_tree(number);
            assert_eq!(compare(&view, rows).unwrap().standing, Standing::Current);
            for row in rows {
                assert_eq!(row.entry, Entry::at(row.leaf_index, view.imported));
            }
        }
        snapshot.rows().to_vec()
    }

    fn proven(&self, tree: usize, index: u32) -> (DeviceLeaf, u64, Vec<[u8; 32]>) {
        let tree = &self.trees()[tree];
        let leaf = leaf_of(&tree.rows()[index as usize]);
        (leaf, tree.sequence(), tree.whole().proof(index))
    }

    fn key(&self, key: &[u8; 32]) -> Option<Keypair> {
        self.keys.get(key).map(Keypair::insecure_clone)
    }

    fn run(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> bool {
        let ran = self.scene.run(instructions, signers).is_ok();
        self.hear();
        ran
    }

    fn hear(&mut self) {
        for event in &self.scene.events[self.heard..] {
            if let Applied::Awaits(import) = self.replica.apply(event).unwrap() {
                let rows: Vec<Device> = (0..)
                    .zip(&self.importing)
                    .map(|(index, leaf)| row_of(import.tree, index, Entry::Imported, leaf))
                    .collect();
                self.replica.fill(import.tree, &rows).unwrap();
            }
        }
        self.heard = self.scene.events.len();
    }
}
