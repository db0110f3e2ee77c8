//! Programs as their loaders keep them: the executable, who may replace it, and since when it stands.

use solana_sdk::{account::Account, hash::hash, pubkey, pubkey::Pubkey};

use crate::DecodeError;

/// The loader whose programs are final and are their own executable (version 2).
const FINAL: Pubkey = pubkey!("BPFLoader2111111111111111111111111111111111");
/// The loader whose programs can be upgraded; they keep their executable in a second account (version 3).
const UPGRADEABLE: Pubkey = pubkey!("BPFLoaderUpgradeab1e11111111111111111111111");
/// The loader whose programs can be upgraded and are their own executable (version 4).
const IN_PLACE: Pubkey = pubkey!("LoaderV411111111111111111111111111111111111");

const PROGRAM: &str = "a program";
const PROGRAM_DATA: &str = "a program's data";

/// Who keeps a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loader {
    /// Version 2: nobody can replace it.
    Final,
    /// Version 3.
    Upgradeable,
    /// Version 4.
    InPlace,
}

impl Loader {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Final => "loader-v2",
            Self::Upgradeable => "loader-v3",
            Self::InPlace => "loader-v4",
        }
    }
}

/// A program as it lies on chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    pub program: Pubkey,
    pub loader: Loader,
    /// The account that holds the executable.
    pub holder: Pubkey,
    /// Who may replace the executable; nobody may where the program is final.
    pub authority: Option<Pubkey>,
    /// The slot of the last deployment; version 2 does not say it.
    pub slot: Option<u64>,
    /// The executable, and whatever room stands behind it.
    room: Vec<u8>,
}

/// The account in which the upgradeable loader keeps a program's executable.
#[must_use]
pub fn program_data_address(program: &Pubkey) -> Pubkey {
    Pubkey::find_program_address(&[program.as_ref()], &UPGRADEABLE).0
}

impl Deployment {
    /// What `account`, the program's own, and `data`, the one at [`program_data_address`], say; `None` when the executable's
    /// account is not there, which is what closing a program leaves.
    ///
    /// # Errors
    /// An account of no loader, or one that its loader never writes.
    pub fn decode(
        program: Pubkey,
        account: &Account,
        data: Option<&Account>,
    ) -> Result<Option<Self>, DecodeError> {
        let bad = |address, what, field| DecodeError::BadField {
            address,
            what,
            field,
        };
        match account.owner {
            FINAL => Ok(Some(Self {
                program,
                loader: Loader::Final,
                holder: program,
                authority: None,
                slot: None,
                room: account.data.clone(),
            })),
            UPGRADEABLE => {
                let holder = program_data_address(&program);
                // Its address follows from the program's; the loader makes no program that names another.
                if upgradeable_program(&account.data) != Some(holder) {
                    return Err(bad(program, PROGRAM, "the address of its data"));
                }
                let Some(data) = data else {
                    return Ok(None);
                };
                if data.owner != UPGRADEABLE {
                    return Err(DecodeError::WrongOwner {
                        address: holder,
                        what: PROGRAM_DATA,
                        expected: UPGRADEABLE,
                        found: data.owner,
                    });
                }
                let head = upgradeable_data(&data.data);
                let (slot, authority, room) =
                    head.ok_or_else(|| bad(holder, PROGRAM_DATA, "its head"))?;
                Ok(Some(Self {
                    program,
                    loader: Loader::Upgradeable,
                    holder,
                    authority,
                    slot: Some(slot),
                    room: room.to_vec(),
                }))
            }
            IN_PLACE => {
                let head = in_place(&account.data);
                let (slot, authority, room) =
                    head.ok_or_else(|| bad(program, PROGRAM, "its state"))?;
                Ok(Some(Self {
                    program,
                    loader: Loader::InPlace,
                    holder: program,
                    authority,
                    slot: Some(slot),
                    room: room.to_vec(),
                }))
            }
            found => Err(DecodeError::WrongOwner {
                address: program,
                what: PROGRAM,
                expected: UPGRADEABLE,
                found,
            }),
        }
    }

    /// The executable, without the zeros behind it.
    #[must_use]
    pub fn executable(&self) -> &[u8] {
        without_padding(&self.room)
    }

    /// See [`executable_hash`].
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        executable_hash(&self.room)
    }

    /// Zeros behind the executable: the end of the build itself, and room that a longer one left or that was kept for one.
    #[must_use]
    pub fn padding(&self) -> usize {
        self.room.len().saturating_sub(self.executable().len())
    }
}

/// An executable without the zeros behind it. How many there are is the deployment's matter: an account is never shorter than
/// the longest executable that it held.
#[must_use]
pub fn without_padding(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != 0);
    end.and_then(|end| bytes.get(..=end)).unwrap_or_default()
}

/// SHA-256 of an executable without the zeros behind it, which is what `solana-verify` compares.
#[must_use]
pub fn executable_hash(bytes: &[u8]) -> [u8; 32] {
    hash(without_padding(bytes)).to_bytes()
}

/// Version 3's state of a program: 2 as u32, then the address of its data.
fn upgradeable_program(data: &[u8]) -> Option<Pubkey> {
    let rest = data.strip_prefix(&[2, 0, 0, 0])?;
    let key = rest.first_chunk::<32>()?;
    Some(Pubkey::new_from_array(*key))
}

/// A slot, who may replace the executable, and its room.
type Head<'a> = (u64, Option<Pubkey>, &'a [u8]);

/// Version 3's state of a program's data: 3 as u32, the slot of the deployment, whether there is an authority, 32 bytes for it,
/// the executable.
fn upgradeable_data(data: &[u8]) -> Option<Head<'_>> {
    let (slot, rest) = data.strip_prefix(&[3, 0, 0, 0])?.split_first_chunk::<8>()?;
    let (told, rest) = rest.split_first()?;
    let (key, room) = rest.split_first_chunk::<32>()?;
    let authority = match told {
        0 => None,
        1 => Some(Pubkey::new_from_array(*key)),
        _ => return None,
    };
    Some((u64::from_le_bytes(*slot), authority, room))
}

/// Version 4's state of a program: the slot of the deployment, the authority, whether it is retracted (0), deployed (1) or final
/// (2, when the key is the next version's), the executable.
fn in_place(data: &[u8]) -> Option<Head<'_>> {
    let (slot, rest) = data.split_first_chunk::<8>()?;
    let (key, rest) = rest.split_first_chunk::<32>()?;
    let (status, room) = rest.split_first_chunk::<8>()?;
    let authority = match u64::from_le_bytes(*status) {
        // A retracted program can be deployed again, and until then nobody can call it.
        0 | 1 => Some(Pubkey::new_from_array(*key)),
        2 => None,
        _ => return None,
    };
    Some((u64::from_le_bytes(*slot), authority, room))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [5; 32];

    fn account(owner: Pubkey, data: Vec<u8>) -> Account {
        Account {
            owner,
            data,
            ..Account::default()
        }
    }

    fn upgradeable(program: &Pubkey) -> Account {
        let data = program_data_address(program);
        account(UPGRADEABLE, [&[2, 0, 0, 0], data.as_ref()].concat())
    }

    #[test]
    fn zeros_behind_an_executable_do_not_change_its_hash() {
        assert_eq!(executable_hash(b"\x7fELF\0\0"), executable_hash(b"\x7fELF"));
        assert_ne!(executable_hash(b"\x7fELF\0x"), executable_hash(b"\x7fELF"));
        assert_eq!(executable_hash(&[0; 9]), executable_hash(&[]));
    }

    #[test]
    fn an_upgradeable_program_is_read_with_and_without_an_authority() {
        let program = Pubkey::new_unique();
        let mut data = vec![3, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1];
        data.extend(KEY);
        data.extend(b"ELF\0\0");
        for (told, authority) in [(1, Some(Pubkey::new_from_array(KEY))), (0, None)] {
            data[12] = told;
            let holder = account(UPGRADEABLE, data.clone());
            let found = Deployment::decode(program, &upgradeable(&program), Some(&holder));
            let found = found.unwrap().unwrap();
            assert_eq!(found.loader, Loader::Upgradeable);
            assert_eq!(found.holder, program_data_address(&program));
            assert_eq!((found.slot, found.authority), (Some(9), authority));
            assert_eq!((found.executable(), found.padding()), (&b"ELF"[..], 2));
        }
        let closed = Deployment::decode(program, &upgradeable(&program), None);
        assert_eq!(closed, Ok(None));
    }

    #[test]
    fn a_program_in_place_is_read_in_each_of_its_states() {
        let program = Pubkey::new_unique();
        for (status, authority) in [
            (0, Some(Pubkey::new_from_array(KEY))),
            (1, Some(Pubkey::new_from_array(KEY))),
            (2, None),
        ] {
            let mut data = 9_u64.to_le_bytes().to_vec();
            data.extend(KEY);
            data.extend(u64::to_le_bytes(status));
            data.extend(b"ELF");
            let found = Deployment::decode(program, &account(IN_PLACE, data), None);
            let found = found.unwrap().unwrap();
            assert_eq!(
                (found.loader, found.holder, found.slot, found.authority),
                (Loader::InPlace, program, Some(9), authority)
            );
            assert_eq!((found.executable(), found.padding()), (&b"ELF"[..], 0));
        }
    }

    #[test]
    fn a_final_program_is_its_own_executable() {
        let program = Pubkey::new_unique();
        let found = Deployment::decode(program, &account(FINAL, b"ELF\0".to_vec()), None);
        let found = found.unwrap().unwrap();
        assert_eq!((found.slot, found.authority), (None, None));
        assert_eq!((found.executable(), found.padding()), (&b"ELF"[..], 1));
    }

    #[test]
    fn what_no_loader_writes_is_refused() {
        let program = Pubkey::new_unique();
        let wallet = account(Pubkey::default(), Vec::new());
        let found = Deployment::decode(program, &wallet, None);
        assert!(matches!(found, Err(DecodeError::WrongOwner { .. })));

        let another = upgradeable(&Pubkey::new_unique());
        let field = |found| match found {
            Err(DecodeError::BadField { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            field(Deployment::decode(program, &another, None)),
            "the address of its data"
        );
        for damaged in [vec![], vec![3; 60], vec![3, 0, 0, 0, 9]] {
            let holder = account(UPGRADEABLE, damaged);
            let found = Deployment::decode(program, &upgradeable(&program), Some(&holder));
            assert_eq!(field(found), "its head");
        }
        let foreign = account(Pubkey::new_unique(), vec![0; 60]);
        let found = Deployment::decode(program, &upgradeable(&program), Some(&foreign));
        assert!(matches!(found, Err(DecodeError::WrongOwner { .. })));
        for damaged in [vec![0; 47], [vec![0; 40], vec![3; 8]].concat()] {
            let found = Deployment::decode(program, &account(IN_PLACE, damaged), None);
            assert_eq!(field(found), "its state");
        }
    }
}
