//! Numbers as people read them.

/// Thousandths as a number with two digits after the point; large ones without.
pub fn times(permille: u64) -> String {
    if permille >= 100_000 {
        return grouped(permille / 1_000);
    }
    let hundredths = (permille + 5) / 10;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Millionths of a dollar.
pub fn dollars(micro_usd: u64) -> String {
    if micro_usd < 100_000 {
        return format!("0.{:04}", (micro_usd + 50) / 100);
    }
    let cents = (micro_usd + 5_000) / 10_000;
    format!("{}.{:02}", grouped(cents / 100), cents % 100)
}

/// Milli-points as points.
pub fn points(milli_points: u64) -> String {
    grouped((milli_points + 500) / 1_000)
}

/// With commas.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        if !text.is_empty() {
            text.push(',');
        }
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_grouped() {
        assert_eq!(
            [times(0), times(999), times(12_345), times(1_234_567)],
            ["0.00", "1.00", "12.35", "1,234"]
        );
        assert_eq!(
            [
                dollars(0),
                dollars(6_000),
                dollars(999_999),
                dollars(1_234_567_890)
            ],
            ["0.0000", "0.0060", "1.00", "1,234.57"]
        );
        assert_eq!(
            [grouped(7), grouped(1_000), grouped(12_345_678)],
            ["7", "1,000", "12,345,678"]
        );
    }
}
