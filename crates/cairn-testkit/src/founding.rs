use cairn_interface::ids::TOKEN_PROGRAM;
use cairn_interface::registry::{
    AddIssuer, CreateNetwork, CreateTree, DeviceLeaf, ImportTree, KeyKind, Registration, constants,
};
use cairn_interface::vault::{CreatePool, Fund, PoolParams};
use cairn_merkle::Tokens;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::World;

/// What keepers work for: a closed network with a partner and one tree of imported devices, and a pool over it. The same
/// words give the same addresses in every world.
#[derive(Clone, Copy, Debug)]
pub struct Founding<'a> {
    /// The partner's Ed25519 key.
    pub partner: [u8; 32],
    pub leaves: &'a [DeviceLeaf],
    /// Of the tree, which keeps no canopy.
    pub depth: u8,
    /// Names of the keepers, of whom two must agree.
    pub keepers: &'a [&'a str],
    /// Of the pool's epochs.
    pub canopy_depth: u8,
    pub params: PoolParams,
    /// Of the rules that the pool's epochs are scored by.
    pub ruleset_hash: [u8; 32],
    /// Base units in the vault.
    pub funds: u64,
}

/// A network that stands.
#[derive(Debug)]
pub struct Founded {
    pub guardian: Keypair,
    pub network: Pubkey,
    pub pool: Pubkey,
}

impl Founding<'_> {
    /// Founds it.
    pub fn found(&self, world: &mut World) -> Founded {
        let admin = world.actor("admin");
        let guardian = world.actor("guardian");
        let create = CreateNetwork {
            payer: admin.pubkey(),
            authority: admin.pubkey(),
            id: 1,
            guardian: guardian.pubkey(),
            registration: Registration::Closed,
        };
        let network = create.network();
        world.must(&[create.instruction()], &[&admin]);
        let partner = AddIssuer {
            payer: admin.pubkey(),
            authority: admin.pubkey(),
            network,
            key: self.partner,
            key_kind: KeyKind::Ed25519,
            roles: constants::ROLE_PARTNER,
            did: "did:web:partner.example".to_owned(),
            status_list_uri: String::new(),
            status_list_hash: [0; 32],
        };
        world.must(&[partner.instruction()], &[&admin]);
        self.import(world, &admin, network);
        let pool = self.open_pool(world, &admin, &guardian, network);
        Founded {
            guardian,
            network,
            pool,
        }
    }

    fn import(&self, world: &mut World, admin: &Keypair, network: Pubkey) {
        let create = CreateTree {
            payer: admin.pubkey(),
            authority: admin.pubkey(),
            network,
            index: 0,
            depth: self.depth,
            canopy_depth: 0,
        };
        world.must(&create.instructions().expect("a shape"), &[admin]);
        let (import, _) = ImportTree::prepare(
            admin.pubkey(),
            network,
            create.tree(),
            (self.depth, 0),
            self.leaves,
            [9; 32],
        )
        .expect("leaves that fit");
        world.must(&[import.instruction()], &[admin]);
    }

    fn open_pool(
        &self,
        world: &mut World,
        admin: &Keypair,
        guardian: &Keypair,
        network: Pubkey,
    ) -> Pubkey {
        let mint = world.create_mint(admin, 6);
        let keepers = self.keepers.iter().map(|name| world.actor(name).pubkey());
        let create = CreatePool {
            payer: admin.pubkey(),
            admin: admin.pubkey(),
            network,
            mint,
            token_program: TOKEN_PROGRAM,
            id: 1,
            guardian: guardian.pubkey(),
            keepers: keepers.collect(),
            threshold: 2,
            canopy_depth: self.canopy_depth,
            params: self.params,
            ruleset_hash: self.ruleset_hash,
        };
        let pool = create.pool();
        world.must(&[create.instruction()], &[admin]);
        if self.funds > 0 {
            let from = world.mint_to(&mint, admin, &admin.pubkey(), self.funds);
            let fund = Fund {
                funder: admin.pubkey(),
                pool,
                mint,
                token_program: TOKEN_PROGRAM,
                from,
                amount: Tokens::new(self.funds),
            };
            world.must(&[fund.instruction()], &[admin]);
        }
        pool
    }
}
