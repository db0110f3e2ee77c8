use std::borrow::Cow;

use super::ClientError;

impl ClientError {
    /// A stable name for programs: of a program's refusal `<program>/<rule>`, e.g. `reward-vault/EpochSuperseded`.
    #[must_use]
    pub fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Program {
                info: Some(info), ..
            } => return Cow::Owned(format!("{}/{}", info.program, info.name)),
            Self::Program { program, code, .. } => {
                return Cow::Owned(format!("{program}/{code}"));
            }
            Self::BadUrl { .. } => "bad-url",
            Self::Unreachable { .. } => "rpc-unreachable",
            Self::TimedOut { .. } => "rpc-timeout",
            Self::RateLimited { .. } => "rpc-rate-limited",
            Self::Down { .. } => "rpc-down",
            Self::Http { .. } => "rpc-http",
            Self::NotOffered { .. } => "rpc-not-offered",
            Self::FeeAbove { .. } => "fee-above-agreed",
            Self::Rpc { .. } => "rpc-error",
            Self::BadAnswer { .. } => "rpc-bad-answer",
            Self::WrongCluster { .. } => "wrong-cluster",
            Self::ProgramMissing { .. } => "program-missing",
            Self::AccountMissing { .. } => "account-missing",
            Self::Decode(_) => "account-unreadable",
            Self::InsufficientLamports { .. } => "insufficient-lamports",
            Self::Transaction { .. } => "transaction-refused",
            Self::TooLarge { .. } => "transaction-too-large",
            Self::MissingSigner { .. } => "missing-signer",
            Self::Signing { .. } => "signing-failed",
            Self::Expired { .. } => "expired",
            Self::Unresolved { .. } => "unresolved",
        })
    }
}

pub(crate) const UNHEALTHY: i64 = -32_005;

/// Behind, catching up or still without the block: the node says so itself.
pub(crate) const fn is_behind(code: i64) -> bool {
    matches!(code, -32_004 | UNHEALTHY | -32_014 | -32_016)
}
