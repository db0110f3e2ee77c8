/// 32 bytes in hex.
///
/// # Errors
/// A sentence for what is none.
pub fn hash(text: &str) -> Result<[u8; 32], String> {
    let bytes = hex::decode(text.strip_prefix("0x").unwrap_or(text));
    bytes
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| "a hash is 64 hexadecimal digits".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_digits_whatever_stands_before_them() {
        let text = "0f".repeat(32);
        assert_eq!(hash(&text), Ok([15; 32]));
        assert_eq!(hash(&format!("0x{}", text.to_uppercase())), Ok([15; 32]));
        for wrong in ["", "0f", &text[1..], &format!("{text}0f"), &"0g".repeat(32)] {
            assert!(hash(wrong).is_err(), "{wrong}");
        }
    }
}
