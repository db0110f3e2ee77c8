use std::fmt;

use serde::Deserialize;

/// An RPC address. Providers put access keys into path and query, so neither is ever shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RpcUrl(String);

impl RpcUrl {
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The whole address, for the connection alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RpcUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // A password may stand before the host.
        let host = authority.rsplit('@').next().unwrap_or_default();
        write!(f, "{scheme}://{host}")?;
        if rest.len() > authority.len().saturating_add(1) || host.len() < authority.len() {
            f.write_str(" (rest hidden)")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RpcUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
