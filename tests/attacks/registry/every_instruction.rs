//! The sealevel list against every instruction of device-registry: each is met in the course of one network's life, and
//! every account of it is attacked in every way of [`crate::gauntlet`] before it runs.

use cairn_interface::{
    ids::DEVICE_REGISTRY,
    registry::{
        AcceptAuthority, AddIssuer, ConfigureNetwork, CreateNetwork, CreateTree, DeviceLeaf,
        ImportTree, KeyKind, ProposeAuthority, PutTreeCanopy, Registration, RetireIssuer,
        event_authority, tree_address,
    },
};
use cairn_testkit::World;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::gauntlet::{Act, Gauntlet};
use cairn_testkit::registry::{Scene, consent, endorsement};

const IDL: &str = include_str!("../../../idl/device_registry.json");

/// Everyone who signs anything, and somebody who signs for nothing.
const ACTORS: &[&str] = &[
    "authority",
    "guardian",
    "next authority",
    "owner",
    "next owner",
    "stranger",
    "rival",
];

fn key(actor: &str) -> Keypair {
    World::pauper(actor)
}

fn address(actor: &str) -> Pubkey {
    key(actor).pubkey()
}

/// A network's life, and whatever attacks it.
struct Life {
    scene: Scene,
    gauntlet: Gauntlet,
}

impl Life {
    fn new() -> Self {
        let mut scene = Scene::small();
        for actor in ACTORS {
            scene.world.actor(actor);
        }
        scene.hotspot();
        scene.manufacturer();
        let mut gauntlet = Gauntlet::new(DEVICE_REGISTRY, IDL, ACTORS);
        gauntlet.exhibit("the event authority", event_authority());
        gauntlet.exhibit("another network of the authority", scene.network);
        gauntlet.exhibit("another network's tree", scene.tree);
        let mut life = Self { scene, gauntlet };
        life.rival();
        life
    }

    /// A network in the rival's hands, with a tree and an issuer.
    fn rival(&mut self) {
        let scene = &mut self.scene;
        let rival = address("rival");
        let network = CreateNetwork {
            payer: scene.payer(),
            authority: rival,
            id: 0,
            guardian: rival,
            registration: Registration::Open,
        };
        let tree = CreateTree {
            payer: scene.payer(),
            authority: rival,
            network: network.network(),
            index: 0,
            depth: 3,
            canopy_depth: 0,
        };
        let issuer = AddIssuer {
            authority: rival,
            network: network.network(),
            ..scene.issuer(address("maker").to_bytes(), KeyKind::Ed25519)
        };
        scene.must(
            &[
                network.instruction(),
                tree.instruction(),
                issuer.instruction(),
            ],
            &[&key("rival")],
        );
        for (name, address) in [
            ("the rival's network", network.network()),
            ("the rival's tree", tree.tree()),
            ("the rival's issuer", issuer.issuer()),
        ] {
            self.gauntlet.exhibit(name, address);
        }
    }

    #[track_caller]
    fn run(&mut self, act: Act) {
        self.gauntlet.run(&mut self.scene.world, &act);
    }

    /// The network, its roles and its issuers.
    fn found(&mut self) -> Keypair {
        let authority = address("authority");
        let creation = CreateNetwork {
            payer: address("stranger"),
            authority,
            id: 8,
            guardian: address("guardian"),
            registration: Registration::Open,
        };
        let network = creation.network();
        self.gauntlet.exhibit("the network", network);
        for index in 0..2 {
            let tree = tree_address(&network, index).0;
            self.gauntlet.exhibit(&format!("tree {index}"), tree);
        }
        self.run(Act::new(creation.instruction()).by_anyone("payer"));
        self.scene.network = network;
        let offer = ProposeAuthority {
            authority,
            network,
            new_authority: address("next authority"),
        };
        // The authority's other network is as much its own.
        let other = "another network of the authority";
        self.run(Act::new(offer.instruction()).fits("network", other));
        let acceptance = AcceptAuthority {
            new_authority: address("next authority"),
            network,
        };
        self.run(Act::new(acceptance.instruction()));
        let back = ProposeAuthority {
            authority: address("next authority"),
            network,
            new_authority: authority,
        };
        let accepted = AcceptAuthority {
            new_authority: authority,
            network,
        };
        self.scene.must(
            &[back.instruction(), accepted.instruction()],
            &[&key("next authority"), &key("authority")],
        );
        let configuration = ConfigureNetwork {
            authority,
            network,
            guardian: address("guardian"),
            registration: Registration::Endorsed,
        };
        self.run(Act::new(configuration.instruction()).fits("network", other));
        let maker = key("maker");
        let issuer = AddIssuer {
            payer: address("stranger"),
            ..self
                .scene
                .issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519)
        };
        self.gauntlet.exhibit("the issuer", issuer.issuer());
        self.run(Act::new(issuer.instruction()).by_anyone("payer"));
        maker
    }

    /// A tree that grows and is imported, and a small one for single devices.
    fn trees(&mut self) {
        let creation = CreateTree {
            payer: address("stranger"),
            ..self.scene.next_tree(10, 9)
        };
        self.run(Act::new(creation.instruction()).by_anyone("payer"));
        // Trees of any network may be grown by anyone: growth writes nothing but zeros.
        self.run(
            Act::new(creation.grow())
                .by_anyone("payer")
                .fits("tree", "the rival's tree"),
        );
        while self.scene.world.tree(&creation.tree()).state()
            == cairn_interface::registry::TreeState::Growing
        {
            self.scene.must(&[creation.grow()], &[&key("stranger")]);
        }
        let leaf = DeviceLeaf {
            owner: address("owner").to_bytes(),
            ..self.scene.leaves[0]
        };
        let authority = address("authority");
        let (import, whole) = ImportTree::prepare(
            authority,
            self.scene.network,
            creation.tree(),
            (10, 9),
            &[leaf; 3],
            [8; 32],
        )
        .unwrap();
        let parts = PutTreeCanopy::all(authority, self.scene.network, creation.tree(), &whole);
        self.run(Act::new(parts[0].instruction()));
        for part in parts.iter().skip(1) {
            self.scene.must(&[part.instruction()], &[&key("authority")]);
        }
        self.run(Act::new(import.instruction()));
        self.scene.open_tree(3, 0);
    }

    /// One device: registered, handed on in both ways, banned.
    fn devices(&mut self, maker: &Keypair) {
        let (device, owner) = (key("device"), key("owner"));
        let mut registration = self.scene.registration(&device, &owner);
        registration.issuer_key = Some(maker.pubkey().to_bytes());
        let mut instructions = registration.instructions(
            &consent(&device, &registration.message()),
            Some(&endorsement(maker, &registration.endorsement_message())),
        );
        let register = instructions.pop().unwrap();
        self.run(Act::new(register).after(instructions));
        self.scene.follow(0, registration.leaf());

        let transfer = self.scene.transfer(0, address("next owner"));
        let [signature, by_device] = transfer.by_device(&consent(&device, &transfer.message()));
        self.run(Act::new(by_device).after(vec![signature]));
        let handed = DeviceLeaf {
            owner: address("next owner").to_bytes(),
            sequence: 1,
            ..transfer.leaf
        };
        self.scene.follow(0, handed);
        let back = self.scene.transfer(0, address("owner"));
        // Whoever signs as the new owner agrees to be it, and the old one has signed that list of accounts.
        self.run(
            Act::new(back.by_both_owners())
                .by_anyone("new_owner")
                .without_reading("instructions"),
        );
        let returned = DeviceLeaf {
            owner: address("owner").to_bytes(),
            sequence: 2,
            ..handed
        };
        self.scene.follow(0, returned);
        let ban = self.scene.ban(0);
        self.run(Act::new(ban.instruction()).by("authority", &["authority", "guardian"]));
    }

    fn retire(&mut self, maker: &Keypair) {
        let retirement = RetireIssuer {
            authority: address("authority"),
            network: self.scene.network,
            issuer: self
                .scene
                .issuer(maker.pubkey().to_bytes(), KeyKind::Ed25519)
                .issuer(),
        };
        self.run(Act::new(retirement.instruction()));
    }
}

#[test]
fn every_account_of_every_instruction_is_checked() {
    let mut life = Life::new();
    let maker = life.found();
    life.trees();
    life.devices(&maker);
    life.retire(&maker);
    insta::assert_snapshot!("refusals", life.gauntlet.finish());
}
