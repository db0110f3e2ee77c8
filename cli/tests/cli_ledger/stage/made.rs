//! What stands on chain before the first epoch, made with the commands themselves.

use cairn::command::pool::ruleset::named::Named;
use cairn::command::{device, network, pool};
use cairn::context::Context;
use cairn::moment::Seconds;
use cairn_epoch::shipped_ruleset;
use cairn_interface::vault;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use super::{DAY, Stage, terms};

impl Stage {
    pub(super) async fn fund(&self) {
        let fund = pool::fund::Args {
            amount: "1,000,000".to_owned(),
            pool: self.pool_arg(),
            from: None,
        };
        pool::fund::run(&self.as_authority(), &fund).await.unwrap();
    }

    pub(super) async fn create_network(&self) -> Pubkey {
        let args = network::create::Args {
            id: 0,
            guardian: self.guardian.pubkey(),
            registration: network::Policy::Open,
        };
        network::create::run(&self.as_authority(), &args)
            .await
            .unwrap()
            .address("network")
            .unwrap()
    }

    pub(super) async fn import_devices(&self) {
        let args = device::tree::create::Args {
            network: self.network_arg(),
            depth: 5,
            canopy_depth: 0,
        };
        device::tree::create::run(&self.as_authority(), &args)
            .await
            .unwrap();
        let mut csv = "device,owner,class,latitude,longitude,country\n".to_owned();
        for (at, (device, owner)) in self.devices.iter().enumerate() {
            // Three kilometres apart, so that no limit of a cell concerns them.
            csv.push_str(&format!(
                "{},{},network,40.{}0000000,-74.0060,US\n",
                device.pubkey(),
                owner.pubkey(),
                70 + 3 * at
            ));
        }
        let file = self.data.path().join("devices.csv");
        std::fs::write(&file, csv).unwrap();
        let args = device::tree::import::Args {
            file,
            network: self.network_arg(),
            tree: 0,
            publish: Some(self.devices_file()),
            odd_places: false,
        };
        device::tree::import::run(&self.as_authority(), &args)
            .await
            .unwrap();
    }

    pub(super) async fn create_pool(&self, id: u64) -> Pubkey {
        self.create_pool_as(&self.as_authority(), id).await
    }

    pub async fn create_pool_as(&self, ctx: &Context, id: u64) -> Pubkey {
        pool::create::run(ctx, &self.creating(id))
            .await
            .unwrap()
            .address("pool")
            .unwrap()
    }

    pub fn creating(&self, id: u64) -> pool::create::Args {
        pool::create::Args {
            network: self.network_arg(),
            mint: self.mint,
            id,
            guardian: self.guardian.pubkey(),
            keepers: self.keepers.iter().map(Signer::pubkey).collect(),
            threshold: 2,
            epoch_interval: Seconds(DAY.unsigned_abs()),
            challenge_window: Seconds(3600),
            emission_cap: "100000".to_owned(),
            points_cap: "none".to_owned(),
            credits_cap: "none".to_owned(),
            ruleset: Named::Hash(shipped_ruleset(&terms()).unwrap().hash()),
            breaker_floor: None,
            answer_time: Seconds(DAY.unsigned_abs()),
            breaker_share: vault::WHOLE_BPS,
            breaker_window: Seconds(DAY.unsigned_abs()),
            recipient_cooldown: Seconds(DAY.unsigned_abs()),
            params_delay: None,
            canopy_depth: 1,
        }
    }
}
