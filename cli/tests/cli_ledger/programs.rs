//! Programs on chain against what was built and what a release says.

use std::cmp::Ordering;
use std::path::PathBuf;
use std::sync::Arc;

use cairn::amount::grouped;
use cairn::command::audit::program::{self, Args, Audited};
use cairn::context::Context;
use cairn::error::{CliError, Exit};
use cairn::printer::Outcome;
use cairn::wallet::Wallet;
use cairn_interface::ids::{AIRDROP, PROGRAMS, REWARD_VAULT};
use cairn_interface::loader::program_data_address;
use cairn_testkit::{LiteSvmLedger, World, program_bytes};
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;

use crate::stage::page;

/// Bytes that the upgradeable loader keeps before an executable.
const HEAD: usize = 45;

/// A chain with the programs, and a folder with the same builds.
struct Deployed {
    ledger: LiteSvmLedger,
    built: tempfile::TempDir,
}

impl Deployed {
    fn new() -> Self {
        let built = tempfile::tempdir().unwrap();
        for (program, name) in PROGRAMS {
            let file = built.path().join(format!("{name}.so"));
            std::fs::write(file, program_bytes(&program)).unwrap();
        }
        Self {
            ledger: LiteSvmLedger::new(World::new()),
            built,
        }
    }

    /// Changes the account that holds a program's executable.
    fn change(&self, program: &Pubkey, work: impl FnOnce(&mut Account)) {
        let holder = program_data_address(program);
        self.ledger.with_world(|world| {
            let mut account = world.svm().get_account(&holder).unwrap();
            work(&mut account);
            world.svm().set_account(holder, account).unwrap();
        });
    }

    async fn audit(&self, args: &Args) -> Result<Audited, CliError> {
        let key = World::pauper("auditor");
        let ctx = Context::decided(Arc::new(self.ledger.clone()), Wallet::from(key));
        program::run(&ctx, args).await
    }

    fn against_built(&self) -> Args {
        Args {
            built: Some(self.built.path().to_owned()),
            ..nothing()
        }
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.built.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

fn nothing() -> Args {
    Args {
        program: None,
        built: None,
        hash: None,
        release: None,
    }
}

fn code(outcome: Result<Audited, CliError>) -> String {
    outcome.unwrap_err().code().into_owned()
}

#[tokio::test]
async fn what_is_deployed_is_equal_to_what_was_built() {
    let chain = Deployed::new();
    let audited = chain.audit(&chain.against_built()).await.unwrap();
    assert_eq!(Outcome::exit(&audited), Exit::Done);
    assert_eq!(
        (audited.verdict.as_str(), audited.programs.len()),
        ("equal", 3)
    );
    let folder = chain.built.path().display().to_string();
    let shown = page(&audited).replace(&folder, "[folder]");
    insta::with_settings!({filters => vec![
        (r"[0-9a-f]{64}", "[hash]"),
        (r"[0-9,]+ bytes", "[count] bytes"),
        (r"[0-9,]+ zeros", "[count] zeros"),
        (r"slot [0-9]+", "slot [slot]"),
        // As wide as the folder's name.
        ("─+", "─"),
    ]}, {
        insta::assert_snapshot!("programs", shown);
    });
}

#[tokio::test]
async fn zeros_behind_an_executable_are_told_and_do_not_count() {
    let chain = Deployed::new();
    let authority = Pubkey::new_unique();
    let before = chain.audit(&chain.against_built()).await.unwrap();
    chain.change(&REWARD_VAULT, |holder| {
        holder.data.extend([0; 1_000]);
        holder.data[4..12].copy_from_slice(&77_u64.to_le_bytes());
        holder.data[12] = 1;
        holder.data[13..HEAD].copy_from_slice(authority.as_ref());
    });
    let after = chain.audit(&chain.against_built()).await.unwrap();
    assert_eq!(Outcome::exit(&after), Exit::Done);
    let (before, after) = (&before.programs[0], &after.programs[0]);
    assert_eq!(after.zeros_behind, before.zeros_behind + 1_000);
    assert_eq!(after.executable_bytes, before.executable_bytes);
    assert_eq!(after.executable_hash, before.executable_hash);
    assert_eq!(
        (before.upgrade_authority, after.upgrade_authority),
        (None, Some(authority.into()))
    );
    assert_eq!(after.deployed_slot, Some(77));
}

#[tokio::test]
async fn another_build_is_named_with_both_lengths_and_the_first_byte_that_differs() {
    let chain = Deployed::new();
    let length = chain.audit(&nothing()).await.unwrap().programs[1].executable_bytes;
    let end = HEAD + length;
    let changes: [(&str, Change); 3] = [
        ("changed", |data, _| data[HEAD + 1_163] ^= 1),
        ("longer", |data, end| {
            data.truncate(end);
            data.extend([1, 2]);
        }),
        ("shorter", |data, end| data[end - 1] = 0),
    ];
    for (name, change) in changes {
        let chain = Deployed::new();
        chain.change(&AIRDROP, |holder| change(&mut holder.data, end));
        let audited = chain.audit(&chain.against_built()).await.unwrap();
        assert_eq!(Outcome::exit(&audited), Exit::Failed, "{name}");
        let deployed = audited.programs[1].executable_bytes;
        let first = match name {
            "changed" => 1_163,
            _ => length.min(deployed),
        };
        let grouped = |count: usize| grouped(count as u64);
        assert_eq!(
            audited.verdict,
            format!(
                "airdrop: built: {} has {} bytes before its last zeros, the chain {}; the first that differs is at offset {}",
                chain.built.path().join("airdrop.so").display(),
                grouped(length),
                grouped(deployed),
                grouped(first)
            )
        );
        assert_eq!(deployed.cmp(&length), by_length(name), "{name}");
        let others = [&audited.programs[0], &audited.programs[2]];
        assert!(
            others.iter().all(|audit| audit.verdict == "equal"),
            "{name}"
        );
    }
}

/// What is done to the bytes of an account that holds an executable, which ends where it is said.
type Change = fn(&mut Vec<u8>, usize);

fn by_length(name: &str) -> Ordering {
    match name {
        "longer" => Ordering::Greater,
        "shorter" => Ordering::Less,
        _ => Ordering::Equal,
    }
}

#[tokio::test]
async fn a_hash_and_a_releases_file_say_whether_it_is_their_build() {
    let chain = Deployed::new();
    let audited = chain.audit(&chain.against_built()).await.unwrap();
    let release = chain.file("release.json", &Outcome::json(&audited, false).unwrap());
    let mut args = Args {
        release: Some(release),
        ..nothing()
    };
    let equal = chain.audit(&args).await.unwrap();
    assert_eq!(
        (equal.verdict.as_str(), Outcome::exit(&equal)),
        ("equal", Exit::Done)
    );

    let hash = cairn_spelling::hash(&audited.programs[0].executable_hash.to_string()).unwrap();
    let one = |hash| Args {
        program: Some(REWARD_VAULT),
        hash: Some(hash),
        ..nothing()
    };
    let equal = chain.audit(&one(hash)).await.unwrap();
    assert_eq!(
        (equal.programs.len(), Outcome::exit(&equal)),
        (1, Exit::Done)
    );
    let differs = chain.audit(&one([7; 32])).await.unwrap();
    assert_eq!(Outcome::exit(&differs), Exit::Failed);
    assert!(
        differs
            .verdict
            .starts_with("reward-vault: hash: you expect 0707"),
        "{}",
        differs.verdict
    );

    chain.change(&AIRDROP, |holder| holder.data[HEAD + 9] ^= 1);
    let differs = chain.audit(&args).await.unwrap();
    assert_eq!(Outcome::exit(&differs), Exit::Failed);
    assert!(
        differs
            .verdict
            .starts_with("airdrop: release: the release says"),
        "{}",
        differs.verdict
    );

    args.release = Some(chain.file("less.json", r#"{"programs": []}"#));
    let silent = chain.audit(&args).await.unwrap();
    assert_eq!(Outcome::exit(&silent), Exit::Failed);
    assert!(
        silent.verdict.contains("says nothing of reward-vault"),
        "{}",
        silent.verdict
    );
}

#[tokio::test]
async fn comparing_with_nothing_is_no_pass() {
    let chain = Deployed::new();
    let audited = chain.audit(&nothing()).await.unwrap();
    assert_eq!(Outcome::exit(&audited), Exit::Failed);
    assert!(page(&audited).contains("not compared: reward-vault: build: compared with nothing"));
}

#[tokio::test]
async fn what_can_not_be_compared_is_refused() {
    let chain = Deployed::new();
    let one_file = Args {
        built: Some(chain.built.path().join("airdrop.so")),
        ..nothing()
    };
    assert_eq!(code(chain.audit(&one_file).await), "argument");
    let named = Args {
        program: Some(AIRDROP),
        ..one_file.clone()
    };
    assert_eq!(chain.audit(&named).await.unwrap().verdict, "equal");

    std::fs::remove_file(one_file.built.unwrap()).unwrap();
    assert_eq!(
        code(chain.audit(&chain.against_built()).await),
        "files-missing"
    );
    for malformed in [
        "no JSON",
        r#"{"programs": [{"program": "airdrop", "executable_hash": "12"}]}"#,
    ] {
        let args = Args {
            release: Some(chain.file("release.json", malformed)),
            ..nothing()
        };
        assert_eq!(
            code(chain.audit(&args).await),
            "release-malformed",
            "{malformed}"
        );
    }

    // What closing a program leaves: its own account, and nothing where the executable was.
    chain.change(&AIRDROP, |holder| *holder = Account::default());
    assert_eq!(code(chain.audit(&nothing()).await), "account-missing");
    chain.ledger.with_world(|world| {
        world
            .svm()
            .set_account(AIRDROP, Account::default())
            .unwrap();
    });
    assert_eq!(code(chain.audit(&nothing()).await), "program-missing");
}
