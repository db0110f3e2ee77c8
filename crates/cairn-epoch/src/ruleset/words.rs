//! What a ruleset tells people about its reasons.

use cairn_proof::Reason;
use cairn_rules::flatten;

use super::Rulebook;

impl Rulebook {
    /// What this ruleset says about `reason`, with its numbers filled in.
    pub fn explain(&self, reason: Reason, found: Option<i64>, bound: Option<i64>) -> String {
        let text = self.text(reason);
        let mut text = match (found, bound) {
            (Some(found), Some(bound)) => text
                .replace("[[", "")
                .replace("]]", "")
                .replace("{found}", &found.to_string())
                .replace("{bound}", &bound.to_string()),
            _ => without_numbers(text, "unknown"),
        };
        self.fill(&mut text);
        text
    }

    /// The same of any proof; … stands for what is found and what is allowed.
    pub fn words(&self, reason: Reason) -> String {
        let mut text = without_numbers(self.text(reason), "…");
        self.fill(&mut text);
        text
    }

    fn text(&self, reason: Reason) -> &str {
        let reasons = &self.document.reasons;
        let text = reasons.get(reason.name());
        text.map_or_else(|| reason.explain(), String::as_str)
    }

    /// Puts the numbers in place of their names.
    fn fill(&self, text: &mut String) {
        // Longest names first: $cell_rank must not be found inside $cell_rank_1.
        let mut numbers = flatten(&self.document.rules);
        numbers.insert(
            "anchor_age_max_ms".to_owned(),
            self.document.envelope.anchor_age_max_ms,
        );
        let mut names: Vec<_> = numbers.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, value) in names {
            *text = text.replace(&format!("${name}"), &value.to_string());
        }
    }
}

/// Leaves out what stands in [[ ]]; `unknown` takes the place of other numbers.
fn without_numbers(text: &str, unknown: &str) -> String {
    let mut plain = String::new();
    for (at, part) in text.split("[[").enumerate() {
        plain.push_str(if at == 0 {
            part
        } else {
            part.split_once("]]").map_or("", |(_, after)| after)
        });
    }
    plain
        .replace("{found}", unknown)
        .replace("{bound}", unknown)
}
