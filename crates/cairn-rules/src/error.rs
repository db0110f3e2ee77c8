use std::path::PathBuf;

/// Why a ruleset was refused or could not be run. `rule` is the file's name without ".sql".
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("can not read {}: {source}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is not a ruleset: {message}", path.display())]
    Document { path: PathBuf, message: String },
    #[error("rule file \"{name}\" is not named like 10_what_it_makes.sql")]
    Name { name: String },
    #[error("two rules make the table \"{table}\"")]
    TableTwice { table: String },
    #[error("rule {rule}: {message}")]
    Sql { rule: String, message: String },
    #[error("rule {rule} holds {found}; a rule is one SELECT")]
    NotASelect { rule: String, found: String },
    #[error("rule {rule} names ${name}, which ruleset.toml does not define")]
    UnknownNumber { rule: String, name: String },
    #[error(
        "rule {rule} computes with {found} in \"{expression}\"; rules know integers, decimals and truth values"
    )]
    NotAnInteger {
        rule: String,
        expression: String,
        found: String,
    },
    #[error("rule {rule} calls {function}, which rules may not use")]
    Function { rule: String, function: String },
    #[error("rule {rule}: {message}")]
    Nondeterministic { rule: String, message: String },
    #[error("the rules make no table \"{table}\"")]
    NoSuchTable { table: String },
    #[error("rule {rule} failed on this epoch's rows: {message}")]
    Run { rule: String, message: String },
    #[error("the engine could not be started: {0}")]
    Engine(String),
}

impl RulesError {
    /// What to do about it, in one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Read { .. } => "check that ruleset.toml and rules/ stand in the epoch's inputs".to_owned(),
            Self::Document { .. } => "compare it with the ruleset that ships with this version".to_owned(),
            Self::Name { .. } => "two digits, an underscore, the table's name in small letters, .sql".to_owned(),
            Self::TableTwice { .. } => "give one of them another name".to_owned(),
            Self::Sql { .. } => "correct the SQL; names and functions are listed in the rules' README".to_owned(),
            Self::NotASelect { .. } => "put each step into a file of its own; its result is a table for later ones".to_owned(),
            Self::UnknownNumber { name, .. } => {
                format!("define it: ${name} stands for a number in a [rules.…] table of ruleset.toml")
            }
            Self::NotAnInteger { .. } => {
                "use integers in small units (milli-points, metres, thousandths): floats differ between machines".to_owned()
            }
            Self::Function { .. } => {
                "rules see only what is frozen: no clock, no randomness, no text; see the rules' README for what there is"
                    .to_owned()
            }
            Self::Nondeterministic { .. } => "order by columns that no two rows share".to_owned(),
            Self::NoSuchTable { table } => format!("add a rule file NN_{table}.sql"),
            Self::Run { .. } => {
                "an overflow or a division by zero must be excluded by the rule itself; bound the value before".to_owned()
            }
            Self::Engine(_) => "check memory and threads of this machine".to_owned(),
        }
    }
}
