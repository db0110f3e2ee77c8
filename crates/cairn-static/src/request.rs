//! What a browser asks.

/// A request's head, as far as it matters here.
#[derive(Debug)]
pub struct Request<'a> {
    method: &'a str,
    pub path: &'a str,
    range: Option<&'a str>,
    /// Whether an answer may be packed.
    pub takes_gzip: bool,
}

/// The bytes of a file that are asked for, the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Whole,
    Part {
        first: u64,
        last: u64,
    },
    /// None of the file's.
    Nothing,
}

impl<'a> Request<'a> {
    pub fn parse(head: &'a str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, path) = (first.next()?, first.next()?);
        if !first.next()?.starts_with("HTTP/1.") {
            return None;
        }
        let mut request = Self {
            method,
            path,
            range: None,
            takes_gzip: false,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("range") {
                request.range = Some(value.trim());
            } else if name.eq_ignore_ascii_case("accept-encoding") {
                let mut ways = value.split(',').map(str::trim);
                request.takes_gzip = ways.any(|way| {
                    way == "gzip" || (way.starts_with("gzip;") && !way.ends_with("q=0"))
                });
            }
        }
        Some(request)
    }

    /// Whether nothing is to be changed.
    pub fn is_read(&self) -> bool {
        matches!(self.method, "GET" | "HEAD")
    }

    /// Whether only the head of the answer is wanted.
    pub fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    pub const fn has_range(&self) -> bool {
        self.range.is_some()
    }

    /// What of a file of `size` bytes is wanted. Several ranges, and what is no range, are answered with the whole.
    pub fn wanted(&self, size: u64) -> Wanted {
        let Some((first, last)) = self
            .range
            .and_then(|range| range.strip_prefix("bytes="))
            .and_then(|range| range.split_once('-'))
        else {
            return Wanted::Whole;
        };
        let end = size.saturating_sub(1);
        let part = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) if first <= last => (first, last.min(end)),
            (Ok(first), Err(_)) if last.is_empty() => (first, end),
            (Err(_), Ok(count)) if first.is_empty() && count > 0 => {
                (size.saturating_sub(count), end)
            }
            (Err(_), Ok(0)) if first.is_empty() => return Wanted::Nothing,
            _ => return Wanted::Whole,
        };
        if part.0 >= size {
            return Wanted::Nothing;
        }
        Wanted::Part {
            first: part.0,
            last: part.1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_the_file() {
        let part = |first, last| Wanted::Part { first, last };
        for (range, wanted) in [
            ("bytes=0-4", part(0, 4)),
            ("bytes=2-", part(2, 9)),
            ("bytes=-3", part(7, 9)),
            ("bytes=-99", part(0, 9)),
            ("bytes=8-99", part(8, 9)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=5-2", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("lines=0-4", Wanted::Whole),
        ] {
            let head = format!("GET /a HTTP/1.1\r\nRange: {range}\r\n\r\n");
            let request = Request::parse(&head).expect("a request");
            assert_eq!(request.wanted(10), wanted, "{range}");
        }
    }

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        for (accepts, takes) in [
            ("gzip, deflate, br", true),
            ("br, gzip;q=0.5", true),
            ("gzip;q=0", false),
            ("br", false),
        ] {
            let head = format!("GET / HTTP/1.1\r\naccept-encoding: {accepts}\r\n\r\n");
            let request = Request::parse(&head).expect("a request");
            assert_eq!(request.takes_gzip, takes, "{accepts}");
        }
        assert!(Request::parse("GET /\r\n\r\n").is_none());
    }
}
