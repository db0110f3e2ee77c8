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
