use std::time::Duration;

use solana_rpc_client_api::{
    client_error::{Error, ErrorKind},
    request::{RpcError, RpcResponseErrorData},
};

use crate::ClientError;

/// Scheme, host and port. Path, query and user info are left out: providers carry API keys there.
pub(crate) fn place_of(url: &str) -> Result<String, ClientError> {
    let bad = |reason| ClientError::BadUrl {
        url: without_secrets(url),
        reason,
    };
    let (scheme, rest) = url
        .split_once("://")
        .ok_or_else(|| bad("it has no scheme"))?;
    if scheme != "http" && scheme != "https" {
        return Err(bad("only http and https are spoken"));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.is_empty() || host.starts_with(':') {
        return Err(bad("it names no host"));
    }
    if host.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(bad("its host has characters no host has"));
    }
    if let Some((_, port)) = host.rsplit_once(':')
        && !host.ends_with(']')
        && port.parse::<u16>().is_err()
    {
        return Err(bad("its port is not a number from 0 to 65535"));
    }
    Ok(format!("{scheme}://{host}"))
}

/// What may be shown of something that failed to parse as a URL: up to the first character that could start a secret.
fn without_secrets(url: &str) -> String {
    let shown = url.rsplit('@').next().unwrap_or_default();
    let shown = shown.split(['?', '#']).next().unwrap_or_default();
    shown.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// Names what went wrong between us and the node.
pub(crate) fn translate(error: &Error, url: &str, method: &str, timeout: Duration) -> ClientError {
    let url = || url.to_owned();
    let method = || method.to_owned();
    match error.kind() {
        ErrorKind::Reqwest(error) => {
            if error.is_timeout() {
                ClientError::TimedOut {
                    url: url(),
                    method: method(),
                    after: timeout,
                }
            } else if let Some(status) = error.status() {
                match status.as_u16() {
                    429 => ClientError::RateLimited {
                        url: url(),
                        method: method(),
                    },
                    status => ClientError::Http {
                        url: url(),
                        method: method(),
                        status,
                    },
                }
            } else if error.is_decode() {
                ClientError::BadAnswer {
                    url: url(),
                    method: method(),
                    reason: "it is not JSON".into(),
                }
            } else {
                ClientError::Unreachable {
                    url: url(),
                    reason: root_cause(error),
                }
            }
        }
        ErrorKind::Io(error) => ClientError::Unreachable {
            url: url(),
            reason: error.to_string(),
        },
        ErrorKind::RpcError(RpcError::RpcResponseError {
            code,
            message,
            data,
        }) => match data {
            RpcResponseErrorData::SendTransactionPreflightFailure(simulated) => {
                match &simulated.err {
                    Some(refused) => ClientError::Transaction {
                        error: refused.clone().into(),
                        logs: simulated.logs.clone().unwrap_or_default(),
                    },
                    None => rpc_error(url(), method(), *code, message),
                }
            }
            _ => rpc_error(url(), method(), *code, message),
        },
        ErrorKind::TransactionError(error) => ClientError::Transaction {
            error: error.clone(),
            logs: Vec::new(),
        },
        ErrorKind::RpcError(
            RpcError::RpcRequestError(reason)
            | RpcError::ParseError(reason)
            | RpcError::ForUser(reason),
        ) => ClientError::BadAnswer {
            url: url(),
            method: method(),
            reason: reason.clone(),
        },
        other => ClientError::BadAnswer {
            url: url(),
            method: method(),
            reason: other.to_string(),
        },
    }
}

fn rpc_error(url: String, method: String, code: i64, message: &str) -> ClientError {
    ClientError::Rpc {
        url,
        method,
        code,
        message: message.to_owned(),
    }
}

/// The last cause in the chain: "Connection refused (os error 111)" instead of three wrappers around it. The outer
/// texts are skipped also because they repeat the full URL with its credentials.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_show() {
        for (url, shown) in [
            ("http://127.0.0.1:8899", "http://127.0.0.1:8899"),
            (
                "https://rpc.example.com/v1/SECRET",
                "https://rpc.example.com",
            ),
            (
                "https://rpc.example.com?api-key=SECRET",
                "https://rpc.example.com",
            ),
            (
                "https://user:SECRET@rpc.example.com:443/",
                "https://rpc.example.com:443",
            ),
            ("http://[::1]:8899", "http://[::1]:8899"),
        ] {
            assert_eq!(place_of(url).expect("a good URL"), shown);
        }
    }

    #[test]
    fn what_is_not_a_url_is_refused_with_the_reason() {
        for (url, reason) in [
            ("127.0.0.1:8899", "it has no scheme"),
            ("ftp://host", "only http and https are spoken"),
            ("http://", "it names no host"),
            ("http://:8899", "it names no host"),
            (
                "http://host:99999",
                "its port is not a number from 0 to 65535",
            ),
            ("http://a b", "its host has characters no host has"),
        ] {
            match place_of(url) {
                Err(ClientError::BadUrl { reason: found, .. }) => assert_eq!(found, reason),
                other => panic!("{url}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_refused_url_hides_its_credentials_too() {
        let Err(error) = place_of("ws://user:SECRET@host?api-key=SECRET") else {
            panic!("ws is not spoken");
        };
        assert!(!error.to_string().contains("SECRET"), "{error}");
    }
}
