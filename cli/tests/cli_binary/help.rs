//! Help teaches: what the command does, its options, examples, exit codes.

use cairn::args::Cli;
use cairn_testkit::commands_named;
use clap::{Command, CommandFactory as _};

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
    let mut without = Vec::new();
    each_command(&Cli::command(), &mut Vec::new(), &mut |command| {
        let words = command.join(" ");
        let args: Vec<&str> = command
            .iter()
            .map(String::as_str)
            .chain(["--help"])
            .collect();
        let text = help(&args);
        assert!(text.contains(&format!("cairn {words}")), "{words}: {text}");
        if !text.contains("Example") {
            without.push(words);
        }
    });
    assert!(without.is_empty(), "no example in the help of {without:?}");
}

/// Visits the words of every command that does something.
fn each_command(from: &Command, words: &mut Vec<String>, visit: &mut impl FnMut(&[String])) {
    let mut does_nothing = words.is_empty();
    for command in from
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        does_nothing |= from.is_subcommand_required_set();
        words.push(command.get_name().to_owned());
        each_command(command, words, visit);
        words.pop();
    }
    if !does_nothing {
        visit(words);
    }
}

/// A hint once sent people to a command that does not exist.
#[test]
fn every_command_that_a_text_tells_people_to_run_exists() {
    let top = Cli::command();
    let missing: Vec<String> = commands_named("cairn")
        .into_iter()
        .filter(|(words, _)| !exists(&top, words))
        .map(|(words, file)| format!("{}: `cairn {}`", file.display(), words.join(" ")))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Whether `words` lead to a command; what follows a command that needs no other is its arguments.
fn exists(from: &Command, words: &[String]) -> bool {
    words.split_first().is_none_or(|(word, rest)| {
        from.find_subcommand(word)
            .map_or(!from.is_subcommand_required_set(), |next| {
                exists(next, rest)
            })
    })
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
