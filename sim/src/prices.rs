//! What things cost: `prices.toml`, each number with its unit and why.

use serde::Deserialize;

use crate::SimError;

const SHIPPED: &str = include_str!("../prices.toml");

/// One price.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Millionths of a US dollar.
    pub micro_usd: u64,
    /// What it is the price of.
    pub unit: String,
    /// Where it comes from.
    pub why: String,
}

impl Price {
    /// The price of `count`.
    #[must_use]
    pub const fn of(&self, count: u64) -> u64 {
        self.micro_usd.saturating_mul(count)
    }

    /// What `weeks` of `life` cost, rounded up.
    #[must_use]
    pub const fn written_off(&self, weeks: u64, life: u64) -> u64 {
        self.micro_usd.saturating_mul(weeks).div_ceil(life)
    }
}

/// Declares the prices, each a table of the file.
macro_rules! prices {
    ($($name:ident,)*) => {
        /// Every price.
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Prices {
            $(pub $name: Price,)*
        }

        impl Prices {
            /// Each with its name, in the file's order.
            #[must_use]
            pub fn all(&self) -> Vec<(&'static str, &Price)> {
                vec![$((stringify!($name), &self.$name),)*]
            }
        }
    };
}

prices! {
    router, endorsed_device, registration, electricity_watt_week, line_week, site_week, phone_week, sim_week, travel_metre, account,
    attested_account_week, key_week, desk_week, relay, credential, stake_week, sensor, return_fee, token,
}

/// Weeks after which things are worth nothing.
pub const DEVICE_LIFE: u64 = 156;
pub const RELAY_LIFE: u64 = 104;
pub const ACCOUNT_LIFE: u64 = 52;
/// Weeks within which a shop takes a device back.
pub const REFUND_WEEKS: i64 = 4;

impl Prices {
    /// The prices that the report is made with.
    ///
    /// # Errors
    /// [`SimError::Prices`]: a table that is missing, or no price.
    pub fn shipped() -> Result<Self, SimError> {
        toml::from_str(SHIPPED).map_err(|error| SimError::Prices(error.to_string()))
    }
}
