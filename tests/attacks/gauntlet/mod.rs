//! The sealevel list against every instruction: an instruction that would succeed is sent with one account spoilt at a
//! time, in every way there is, and must be refused each time with a code that is known and nothing written. Then it is
//! sent as it stands and must succeed, so that no refusal was for another reason.

mod attack;
mod report;

use std::collections::BTreeSet;

use cairn_interface::error::explain;
use cairn_testkit::{Refusal, World};
use solana_sdk::{
    account::Account, instruction::Instruction, pubkey::Pubkey, signature::Keypair, signer::Signer,
};

use attack::Attack;
pub use attack::COPY;
use report::Report;

/// Who a signer may be.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// The named actors and nobody else; the first of them signs.
    Only(&'static [&'static str]),
    /// Anyone who pays.
    Anyone,
}

/// An instruction that succeeds as it stands.
pub struct Act {
    instruction: Instruction,
    before: Vec<Instruction>,
    roles: Vec<(&'static str, Role)>,
    fits: Vec<(&'static str, &'static str)>,
    unread: Vec<&'static str>,
    idle: Vec<(&'static str, &'static str)>,
}

impl Act {
    pub fn new(instruction: Instruction) -> Self {
        Self {
            instruction,
            before: Vec::new(),
            roles: Vec::new(),
            fits: Vec::new(),
            // Anchor does not look at it: an event goes to the program's own id whatever stands there.
            unread: vec!["program"],
            idle: Vec::new(),
        }
    }

    /// Instructions that stand before it in its transaction.
    pub fn after(mut self, before: Vec<Instruction>) -> Self {
        self.before = before;
        self
    }

    /// Actors that may sign as `account`. Signers that are not named here are those who sign, and nobody else.
    pub fn by(mut self, account: &'static str, actors: &'static [&'static str]) -> Self {
        self.roles.push((account, Role::Only(actors)));
        self
    }

    /// Anyone may sign as `account`.
    pub fn by_anyone(mut self, account: &'static str) -> Self {
        self.roles.push((account, Role::Anyone));
        self
    }

    /// An exhibit (or an account of the instruction, by name) that may as well stand in `account`'s place.
    pub fn fits(mut self, account: &'static str, exhibit: &'static str) -> Self {
        self.fits.push((account, exhibit));
        self
    }

    /// With that exhibit in `account`'s place nothing is done, silently and successfully.
    pub fn changes_nothing_in(mut self, account: &'static str, exhibit: &'static str) -> Self {
        self.idle.push((account, exhibit));
        self
    }

    /// The instruction does not look at `account` in this case.
    pub fn without_reading(mut self, account: &'static str) -> Self {
        self.unread.push(account);
        self
    }
}

/// The runtime's and Anchor's words for a fault of the account list. An abort, a panic or a budget that ran out is none.
const RUNTIME: &[&str] = &[
    "MissingRequiredSignature",
    "NotEnoughAccountKeys",
    "MissingAccount",
    "IllegalOwner",
    "InvalidAccountOwner",
    "InvalidAccountData",
    "AccountDataTooSmall",
    "UninitializedAccount",
    "InvalidSeeds",
    "IncorrectProgramId",
    "ExternalAccountDataModified",
    "PrivilegeEscalation",
    "Immutable",
];

/// One program's instructions, all accounts there are to put in a wrong place, and what came of it.
pub struct Gauntlet {
    program: Pubkey,
    names: Vec<Names>,
    actors: Vec<&'static str>,
    exhibits: Vec<(String, Pubkey)>,
    report: Report,
    holes: BTreeSet<String>,
    tried: BTreeSet<String>,
}

/// An instruction and its accounts, as the published interface names them.
struct Names {
    discriminator: Vec<u8>,
    instruction: String,
    accounts: Vec<String>,
}

impl Gauntlet {
    /// `idl` is the program's published interface, `actors` everyone who might sign.
    pub fn new(program: Pubkey, idl: &str, actors: &[&'static str]) -> Self {
        let mut gauntlet = Self {
            program,
            names: names(idl),
            actors: actors.to_vec(),
            exhibits: Vec::new(),
            report: Report::default(),
            holes: BTreeSet::new(),
            tried: BTreeSet::new(),
        };
        for (name, address) in attack::STRANGE {
            gauntlet.exhibit(name, *address);
        }
        // One key without a role stands for all, and one with a role elsewhere.
        for actor in ["stranger", "rival"] {
            gauntlet.exhibit(actor, key(actor).pubkey());
        }
        gauntlet
    }

    /// Adds an account that will be put in every wrong place.
    pub fn exhibit(&mut self, name: &str, address: Pubkey) {
        self.exhibits.push((name.to_owned(), address));
    }

    /// Attacks every account of `act`, then runs it.
    #[track_caller]
    pub fn run(&mut self, world: &mut World, act: &Act) {
        let name = self.instruction_name(&act.instruction);
        self.tried.insert(name.clone());
        for attack in attack::all(self, world, act) {
            self.attempt(world, act, &attack);
        }
        let honest = self.send(world, act, act.instruction.clone());
        if let Err(refused) = honest {
            panic!("{name} must succeed as it stands: {refused:?}");
        }
    }

    fn attempt(&mut self, world: &mut World, act: &Act, attack: &Attack) {
        let spoilt = &attack.instruction;
        let before: Vec<(Pubkey, Option<Account>)> = spoilt
            .accounts
            .iter()
            .map(|meta| (meta.pubkey, world.account(&meta.pubkey)))
            .collect();
        match self.send(world, act, spoilt.clone()) {
            Err(refused) => {
                let told = known(&refused).unwrap_or_else(|| {
                    let what = self.describe(attack);
                    self.holes
                        .insert(format!("{what}: no known code: {refused:?}"));
                    refused.name.clone()
                });
                for (address, account) in &before {
                    let after = world.account(address);
                    assert_eq!(
                        after,
                        *account,
                        "{} wrote to {address}",
                        self.describe(attack)
                    );
                }
                self.note(attack, told);
            }
            Ok(landed) => {
                // What was done and nobody heard of is a hole too.
                let silent = landed.events().is_empty();
                let unchanged = before
                    .iter()
                    .all(|(address, account)| world.account(address) == *account);
                let fine = if silent {
                    unchanged && self.is_among(&act.idle, attack)
                } else {
                    self.is_allowed(act, attack)
                };
                if fine {
                    self.note(attack, "accepted".to_owned());
                } else {
                    self.holes.insert(self.describe(attack));
                }
                for (address, account) in before {
                    world.set_account(&address, account.unwrap_or_default());
                }
            }
        }
    }

    fn send(
        &self,
        world: &mut World,
        act: &Act,
        instruction: Instruction,
    ) -> Result<cairn_testkit::Landed, Refusal> {
        let mut all = act.before.clone();
        all.push(instruction);
        let payer = world.payer().insecure_clone();
        let keys: Vec<Keypair> = self.actors.iter().map(|actor| key(actor)).collect();
        let signers: Vec<&Keypair> = keys.iter().chain([&payer]).collect();
        // Not one of the instruction's accounts: whoever pays the fee signs, and would sign for them too.
        let postman = key("postman");
        world.actor("postman");
        world.send_as(&postman, &all, &signers)
    }

    /// Whether an attack that went through only did what anyone, or that actor, may do.
    fn is_allowed(&self, act: &Act, attack: &Attack) -> bool {
        let account = self.account_name(&attack.instruction, attack.position);
        if self.is_among(&act.fits, attack) || act.unread.contains(&account.as_str()) {
            return true;
        }
        let another = [attack::ANOTHER_SIGNS, attack::TWICE].contains(&attack.kind);
        match act.roles.iter().find(|(at, _)| *at == account) {
            Some((_, Role::Anyone)) => another,
            Some((_, Role::Only(actors))) => another && actors.contains(&attack.detail.as_str()),
            None => false,
        }
    }

    fn is_among(&self, exceptions: &[(&str, &str)], attack: &Attack) -> bool {
        let account = self.account_name(&attack.instruction, attack.position);
        let same = |(at, exhibit): &(&str, &str)| *at == account && *exhibit == attack.detail;
        exceptions.iter().any(same)
    }

    fn note(&mut self, attack: &Attack, outcome: String) {
        let instruction = self.instruction_name(&attack.instruction);
        let account = self.account_name(&attack.instruction, attack.position);
        let place = (attack.position, account);
        self.report.note(instruction, place, attack.kind, outcome);
    }

    fn describe(&self, attack: &Attack) -> String {
        let instruction = self.instruction_name(&attack.instruction);
        let account = self.account_name(&attack.instruction, attack.position);
        format!(
            "{instruction}: {account} {}: {}",
            attack.kind, attack.detail
        )
    }

    fn names_of(&self, instruction: &Instruction) -> Option<&Names> {
        let data = &instruction.data;
        self.names
            .iter()
            .find(|names| data.starts_with(&names.discriminator))
    }

    fn instruction_name(&self, instruction: &Instruction) -> String {
        self.names_of(instruction).map_or_else(
            || format!("instruction {:?}", instruction.data.first()),
            |names| names.instruction.clone(),
        )
    }

    fn account_name(&self, instruction: &Instruction, position: usize) -> String {
        self.names_of(instruction)
            .and_then(|names| names.accounts.get(position).cloned())
            .unwrap_or_else(|| format!("account {position}"))
    }

    /// Fails when an attack went through or an instruction of the interface was left out; gives the table of refusals.
    #[track_caller]
    pub fn finish(self) -> String {
        assert!(
            self.holes.is_empty(),
            "these went through, or failed in no known way:\n{}",
            self.holes.into_iter().collect::<Vec<_>>().join("\n")
        );
        let left_out: Vec<&str> = self
            .names
            .iter()
            .map(|names| names.instruction.as_str())
            .filter(|name| !self.tried.contains(*name))
            .collect();
        assert!(
            left_out.is_empty(),
            "instructions without an act: {left_out:?}"
        );
        self.report.text()
    }
}

/// The key of an actor, always the same for a name.
fn key(actor: &str) -> Keypair {
    World::pauper(actor)
}

/// The refusal's name when it is one that a client can look up: a code of a program's table, or the runtime's word for
/// a fault of the account list.
fn known(refused: &Refusal) -> Option<String> {
    if let Some(code) = refused.code {
        return explain(&refused.program, code).map(|_| refused.name.clone());
    }
    RUNTIME
        .contains(&refused.name.as_str())
        .then(|| refused.name.clone())
}

/// Instructions and their accounts in order, from a published interface.
fn names(idl: &str) -> Vec<Names> {
    let idl: serde_json::Value = serde_json::from_str(idl).expect("the interface is JSON");
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let byte = |value: &serde_json::Value| {
        let byte = value.as_u64().and_then(|byte| u8::try_from(byte).ok());
        byte.expect("a discriminator is bytes")
    };
    list(&idl["instructions"])
        .iter()
        .map(|instruction| Names {
            discriminator: list(&instruction["discriminator"])
                .iter()
                .map(byte)
                .collect(),
            instruction: text(&instruction["name"]),
            accounts: list(&instruction["accounts"])
                .iter()
                .map(|account| text(&account["name"]))
                .collect(),
        })
        .collect()
}
