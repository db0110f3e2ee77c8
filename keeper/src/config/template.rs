use std::path::Path;

use solana_sdk::pubkey::Pubkey;

/// The values `init` fills into the template.
pub(crate) struct Template<'a> {
    pub rpc_url: &'a str,
    pub network: &'a Pubkey,
    pub pool: &'a Pubkey,
    pub keypair: &'a Path,
    pub grace_secs: u32,
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
            .replace("{grace_secs}", &self.grace_secs.to_string())
    }
}
