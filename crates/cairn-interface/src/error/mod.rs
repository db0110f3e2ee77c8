//! What a program's error code means and what to do about it.

mod airdrop;
mod foreign;
mod registry;
mod rule;
mod token_2022;
mod vault;

use ::airdrop::AirdropError;
use device_registry::RegistryError;
use reward_vault::VaultError;
use solana_sdk::pubkey::Pubkey;

use crate::ids;

/// An explained error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// The program that refused, by name.
    pub program: &'static str,
    /// The error's name, as in the program's IDL.
    pub name: &'static str,
    /// The rule that was broken, with its bound.
    pub message: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

/// Explains a custom error code of our programs, Anchor, SPL Token, Token-2022, the system program and the signature
/// precompiles; `None` for what is not known here.
#[must_use]
pub fn explain(program: &Pubkey, code: u32) -> Option<ErrorInfo> {
    let name = program_name(program)?;
    if *program == ids::REWARD_VAULT
        && let Some(error) = VaultError::from_code(code)
    {
        return Some(ErrorInfo {
            program: name,
            name: error.name(),
            message: error.message(),
            hint: vault::hint(error),
        });
    }
    if *program == ids::AIRDROP
        && let Some(error) = AirdropError::from_code(code)
    {
        return Some(ErrorInfo {
            program: name,
            name: error.name(),
            message: error.message(),
            hint: airdrop::hint(error),
        });
    }
    if *program == ids::DEVICE_REGISTRY
        && let Some((error, error_name, message)) = registry_entry(code)
    {
        return Some(ErrorInfo {
            program: name,
            name: error_name,
            message,
            hint: registry::hint(error),
        });
    }
    foreign::explain(program, name, code)
}

/// Every code of one of our programs in order, for documents and snapshots: (code, info).
pub fn table(program: &Pubkey) -> impl Iterator<Item = (u32, ErrorInfo)> {
    let program = *program;
    (6_000..).map_while(move |code| explain(&program, code).map(|info| (code, info)))
}

/// The name of a program that the suite knows.
#[must_use]
pub fn program_name(program: &Pubkey) -> Option<&'static str> {
    Some(match *program {
        ids::REWARD_VAULT => "reward-vault",
        ids::AIRDROP => "airdrop",
        ids::DEVICE_REGISTRY => "device-registry",
        ids::SYSTEM_PROGRAM => "the system program",
        ids::TOKEN_PROGRAM => "SPL Token",
        ids::TOKEN_2022_PROGRAM => "Token-2022",
        ids::ASSOCIATED_TOKEN_PROGRAM => "the associated-token-account program",
        ids::ED25519_PROGRAM => "the Ed25519 precompile",
        ids::SECP256R1_PROGRAM => "the P-256 precompile",
        ids::COMPUTE_BUDGET_PROGRAM => "the compute-budget program",
        _ => return None,
    })
}

fn registry_entry(code: u32) -> Option<(RegistryError, &'static str, &'static str)> {
    let at = usize::try_from(code.checked_sub(device_registry::error::ERROR_OFFSET)?).ok()?;
    RegistryError::TABLE.get(at).copied()
}

#[cfg(test)]
mod tests {
    use cairn_onchain::Rule;

    use super::*;

    #[test]
    fn every_refusal_of_our_programs_says_what_to_do() {
        for (program, count) in [
            (ids::REWARD_VAULT, VaultError::ALL.len()),
            (ids::AIRDROP, AirdropError::ALL.len()),
            (ids::DEVICE_REGISTRY, RegistryError::TABLE.len()),
        ] {
            let listed: Vec<_> = table(&program).collect();
            assert_eq!(listed.len(), count, "{program}");
            for (code, info) in listed {
                assert!(!info.hint.is_empty(), "{code} {} has no hint", info.name);
                assert!(!info.message.is_empty(), "{code} {}", info.name);
            }
        }
    }

    #[test]
    fn the_tables_of_our_programs_are_the_published_ones() {
        let mut text = String::new();
        for program in [ids::REWARD_VAULT, ids::AIRDROP, ids::DEVICE_REGISTRY] {
            for (code, info) in table(&program) {
                text.push_str(&format!(
                    "{code} {}/{}: {}\n     hint: {}\n",
                    info.program, info.name, info.message, info.hint
                ));
            }
        }
        insta::assert_snapshot!("error_table", text);
    }

    #[test]
    fn what_the_programs_share_has_one_name_in_both() {
        for rule in Rule::ALL {
            let (vault, airdrop) = (VaultError::from(*rule), AirdropError::from(*rule));
            assert_eq!(vault.name(), airdrop.name());
            assert_eq!((vault.rule(), airdrop.rule()), (Some(*rule), Some(*rule)));
        }
    }

    #[test]
    fn one_code_means_another_thing_in_another_program() {
        let token = explain(&ids::TOKEN_PROGRAM, 1).expect("known");
        let system = explain(&ids::SYSTEM_PROGRAM, 1).expect("known");
        assert_eq!(token.name, "InsufficientFunds");
        assert_eq!(system.name, "ResultWithNegativeLamports");
        assert_eq!(explain(&Pubkey::new_from_array([8; 32]), 1), None);
        assert_eq!(explain(&ids::REWARD_VAULT, u32::MAX), None);
        let anchor = explain(&ids::REWARD_VAULT, 2_000).expect("Anchor's");
        assert_eq!(anchor.name, "ConstraintMut");
    }
}
