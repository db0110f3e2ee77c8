use super::{Values, catalogue::SECTIONS, entry::Entry, number::number, peers};

/// The lines of README.md between which the table of promises stands.
pub const BEGIN: &str = "<!-- bench: written by `cargo xtask bench cu` -->";
pub const END: &str = "<!-- bench: end -->";

const HEAD: &str = "# What Cairn costs\n\n\
    Written by `cargo xtask bench cu`, which builds the programs and runs them in LiteSVM with mainnet's features and mainnet's\n\
    token programs. `cargo xtask bench cu --check` measures again and fails when a limit is exceeded or a value is more than 2 %\n\
    from the committed one in [report.json](report.json). Nothing here is a time: every machine measures the same.\n\n\
    Compute units (CU) are those of a transaction that holds the instruction alone, everything it calls included.\n";

const PEERS: &str = "\n## Beside other distributors\n\n\
    *Lamports* are the rent of the record that keeps a claim from being paid twice, (128 + bytes) × 6,960, from the bytes of the\n\
    account in each project's source. Weekly rewards are 52 distributions for those who make one tree a distribution; Cairn's and\n\
    Helium's records are for life. For one single distribution a bit is cheaper than either, which is what Cairn's campaigns use.\n\n\
    *CU* of others are **our models of their designs, measured here** in the same machine, with the same token program and our\n\
    compiler: [peer-program](peer-program/src) hashes their leaf and pairs, checks a proof, writes their kind of record and pays. No\n\
    framework, no event and no administration is modelled, so the deployed programs cost more (hence ≥); Cairn's numbers are of the\n\
    whole program, its event, breaker and checks of the destination included. Cairn's proof ends at the canopy, theirs at the root.\n\n";

/// The report for people.
pub fn markdown(values: &Values) -> String {
    let mut text = HEAD.to_owned();
    for section in SECTIONS {
        text += &format!("\n## {}\n\n{}\n\n", section.title, section.text);
        text += &table(section.entries, values);
    }
    text += PEERS;
    text += &peers::table(values);
    text
}

/// `readme` with a fresh table between its marks; `None` when it has none.
pub fn readme(readme: &str, values: &Values) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    let promised = &SECTIONS.first()?.entries;
    Some(format!(
        "{before}{BEGIN}\n{}{END}{after}",
        table(promised, values)
    ))
}

fn table(entries: &[Entry], values: &Values) -> String {
    let has_limits = entries.iter().any(|entry| entry.limit.is_some());
    let mut text = if has_limits {
        "| | measured | at most |\n|---|---:|---:|\n".to_owned()
    } else {
        "| | measured |\n|---|---:|\n".to_owned()
    };
    for entry in entries {
        let measured = values.get(entry.key).copied().unwrap_or_default();
        text += &format!("| {} | {} |", entry.title, quantity(entry.key, measured));
        if has_limits {
            let limit = entry.limit.map(|limit| quantity(entry.key, limit));
            let aim = entry.aim.map(|aim| format!(" (aim: {})", number(aim)));
            text += &format!(
                " {}{} |",
                limit.unwrap_or_default(),
                aim.unwrap_or_default()
            );
        }
        text += "\n";
    }
    text
}

/// A value with the unit that its key ends in.
fn quantity(key: &str, value: u64) -> String {
    let unit = match key.rsplit('_').next() {
        Some("cu") => " CU",
        Some("bytes") => " bytes",
        Some("lamports") => " lamports",
        _ => "",
    };
    format!("{}{unit}", number(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_keeps_everything_but_the_table() {
        let before = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let after = readme(&before, &Values::new()).expect("it has marks");
        assert!(after.starts_with(&format!("a\n{BEGIN}\n| | measured |")));
        assert!(after.ends_with(&format!("{END}\nb\n")));
        assert!(!after.contains("old"));
        assert_eq!(readme(&after, &Values::new()).as_ref(), Some(&after));
        assert_eq!(readme("no marks", &Values::new()), None);
    }
}
