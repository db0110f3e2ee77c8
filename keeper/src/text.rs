//! Times and hashes as people read them.
/// Unix seconds as RFC 3339 in UTC.
#[must_use]
pub fn instant(secs: i64) -> String {
    jiff::Timestamp::from_second(secs).map_or_else(
        |_| format!("unix second {secs}"),
        |instant| instant.to_string(),
    )
}

/// 32 bytes as hex.
#[must_use]
pub fn hash(bytes: &[u8; 32]) -> String {
    cairn_spelling::text::hex(bytes)
}
