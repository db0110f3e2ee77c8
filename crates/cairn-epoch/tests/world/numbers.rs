//! Other numbers in a ruleset's text.

/// The text with another value of a number of `[rules.<table>]`.
pub fn with_number(text: &str, table: &str, key: &str, value: i64) -> String {
    let header = format!("[rules.{table}]");
    let (mut is_there, mut is_done) = (false, false);
    let lines = text.split_inclusive('\n').map(|line| {
        if line.starts_with('[') {
            is_there = line.trim_end() == header;
        }
        let name = line.split('=').next().unwrap_or_default().trim();
        if is_there && name == key {
            is_done = true;
            return format!("{key} = {value}\n");
        }
        line.to_owned()
    });
    let text: String = lines.collect();
    assert!(is_done, "{table} {key}");
    text
}
