//! The machine with the test program in it.

use std::path::Path;

use legalise_program::{Group, REPLY, Reply, SCRATCH, run};
use litesvm::LiteSVM;
use solana_compute_budget_interface::ComputeBudgetInstruction;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::{Keypair, Signer};
use solana_sdk::transaction::Transaction;

/// Longest request that still fits a transaction.
pub const REQUEST: usize = 960;

/// How a program ended that did not succeed.
#[derive(Debug)]
pub struct Failure {
    pub error: String,
    pub logs: String,
}

/// A virtual machine with the test program deployed.
pub struct Machine {
    svm: LiteSVM,
    payer: Keypair,
    program: Pubkey,
    name: &'static str,
}

/// One machine for each version of executable, built for speed and for size.
pub fn machines() -> Vec<Machine> {
    [
        ("v0", "target/sbf/tests/legalise_program.so"),
        ("v3", "target/sbf/tests/v3/legalise_program.so"),
        ("v0 for size", "target/sbf/tests/legalise_program_small.so"),
        (
            "v3 for size",
            "target/sbf/tests/v3/legalise_program_small.so",
        ),
    ]
    .map(|(name, file)| Machine::with(name, file))
    .into()
}

impl Machine {
    fn with(name: &'static str, file: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(file);
        let program = Pubkey::new_unique();
        let payer = Keypair::new();
        let mut svm = LiteSVM::new();
        svm.airdrop(&payer.pubkey(), 1_000_000_000)
            .expect("the payer gets lamports");
        let executable = std::fs::read(&path).unwrap_or_else(|error| {
            panic!(
                "{file} is not there ({error}); build it with `cargo xtask build-programs --test-programs --arch v0 --arch v3`"
            )
        });
        svm.add_program(program, &executable)
            .unwrap_or_else(|error| panic!("the machine refuses {file}: {error}"));
        Self {
            svm,
            payer,
            program,
            name,
        }
    }

    /// Runs the program on one request.
    pub fn reply(&self, request: &[u8]) -> Result<Vec<u8>, Failure> {
        let instructions = [
            ComputeBudgetInstruction::set_compute_unit_limit(1_400_000),
            Instruction {
                program_id: self.program,
                accounts: Vec::new(),
                data: request.to_vec(),
            },
        ];
        let transaction = Transaction::new_signed_with_payer(
            &instructions,
            Some(&self.payer.pubkey()),
            &[&self.payer],
            self.svm.latest_blockhash(),
        );
        match self.svm.simulate_transaction(transaction) {
            Ok(outcome) => Ok(outcome.meta.return_data.data),
            Err(failed) => Err(Failure {
                error: format!("{:?}", failed.err),
                logs: failed.meta.logs.join("\n"),
            }),
        }
    }

    /// Runs the program on one request that must succeed, and checks that the host replies the same.
    pub fn agrees(&self, request: &[u8]) -> Vec<u8> {
        let found = self.reply(request).unwrap_or_else(|failure| {
            panic!(
                "{} fails on {request:02x?}: {}\n{}",
                self.name, failure.error, failure.logs
            )
        });
        let wanted = on_host(request);
        // The machine cuts zeros off the end of what a program returns.
        let mut padded = found;
        padded.resize(wanted.len().max(padded.len()), 0);
        assert_eq!(
            padded, wanted,
            "{} and the host differ on {request:02x?}",
            self.name
        );
        padded
    }
}

/// What the same code replies on the host.
pub fn on_host(request: &[u8]) -> Vec<u8> {
    let mut scratch = vec![0; SCRATCH];
    let mut reply = Reply::default();
    run(request, &mut scratch, &mut reply);
    reply.bytes().to_vec()
}

/// Requests for operation `which` on `operands`, several in each as far as request and reply have room.
pub fn requests(group: Group, which: u8, operands: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let Some(first) = operands.first() else {
        return Vec::new();
    };
    let start = [group as u8, which];
    let reply = on_host(&[&start[..], first].concat()).len().max(1);
    let room = (REPLY / reply / 2)
        .min((REQUEST - start.len()) / first.len())
        .max(1);
    operands
        .chunks(room)
        .map(|chunk| [start.to_vec(), chunk.concat()].concat())
        .collect()
}
