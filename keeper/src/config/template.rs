use std::path::Path;

use solana_sdk::pubkey::Pubkey;

/// The values `init` fills into the template.
pub(crate) struct Template<'a> {
    pub rpc_url: &'a str,
    pub network: &'a Pubkey,
    pub pool: &'a Pubkey,
    pub keypair: &'a Path,
    pub first_epoch_start: &'a str,
    pub epoch_hours: u32,
    pub grace_secs: u32,
    pub tokens_per_epoch: u64,
}

impl Template<'_> {
    /// The documented file with these values.
    pub(crate) fn render(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        include_str!("../keeper.toml.txt")
            .replace("{rpc_url}", &quoted(self.rpc_url))
            .replace("{network}", &quoted(&self.network.to_string()))
            .replace("{pool}", &quoted(&self.pool.to_string()))
            .replace("{keypair}", &quoted(&self.keypair.to_string_lossy()))
            .replace("{first_epoch_start}", &quoted(self.first_epoch_start))
            .replace("{epoch_hours}", &self.epoch_hours.to_string())
            .replace("{grace_secs}", &self.grace_secs.to_string())
            .replace("{tokens_per_epoch}", &self.tokens_per_epoch.to_string())
    }
}
