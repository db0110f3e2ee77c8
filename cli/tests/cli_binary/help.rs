//! Help teaches: what the command does, its options, examples, exit codes.

use crate::Home;

fn help(args: &[&str]) -> String {
    let home = Home::new();
    let output = home.run(args);
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_top_level_help_names_every_command_and_the_exit_codes() {
    insta::assert_snapshot!("help", help(&["--help"]));
}

#[test]
fn the_help_of_claim_teaches_by_example() {
    insta::assert_snapshot!("help_claim", help(&["claim", "--help"]));
}

#[test]
fn the_help_of_an_audit_says_what_is_compared() {
    insta::assert_snapshot!("help_audit_epoch", help(&["audit", "epoch", "--help"]));
}

#[test]
fn the_help_of_pool_create_explains_each_limit() {
    insta::assert_snapshot!("help_pool_create", help(&["pool", "create", "--help"]));
}

#[test]
fn the_help_of_recipient_set_explains_the_cooldown() {
    insta::assert_snapshot!("help_recipient_set", help(&["recipient", "set", "--help"]));
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in [
        "network create",
        "network show",
        "network configure",
        "network add-issuer",
        "network retire-issuer",
        "network propose-authority",
        "network accept-authority",
        "pool create",
        "pool show",
        "pool fund",
        "pool set-keepers",
        "pool set-guardian",
        "pool propose-admin",
        "pool accept-admin",
        "pool pause",
        "pool unpause",
        "pool set-params",
        "pool apply-params",
        "pool cancel-params",
        "pool migrate",
        "device tree create",
        "device tree import",
        "device register",
        "device transfer",
        "device set-status",
        "device show",
        "device prove",
        "epoch list",
        "epoch show",
        "epoch veto",
        "epoch activate",
        "epoch open-member-page",
        "epoch close",
        "claim",
        "recipient set",
        "recipient show",
        "recipient close",
        "points burn",
        "points rounds",
        "points round open",
        "points round close",
        "points settle",
        "credits carrier set",
        "credits redeem",
        "credits fulfil",
        "credits refund",
        "credits show",
        "why",
        "audit epoch",
        "audit solvency",
        "audit program",
        "completions",
    ] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let text = help(&args);
        assert!(
            text.contains(&format!("cairn {command}")),
            "{command}: {text}"
        );
        assert!(text.contains("Example"), "{command} has no example");
    }
}

#[test]
fn without_a_command_the_help_is_shown_and_it_counts_as_wrong_usage() {
    let output = Home::new().run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("Usage: cairn")
    );
}

#[test]
fn a_misspelled_command_is_wrong_usage_and_the_right_one_is_offered() {
    insta::assert_snapshot!("misspelled", Home::new().told(&["epcoh", "list"]));
}

#[test]
fn completions_are_a_script_on_standard_output() {
    for shell in ["bash", "zsh", "fish"] {
        let script = help(&["completions", shell]);
        assert!(
            script.contains("cairn") && script.contains("audit"),
            "{shell}"
        );
    }
}
