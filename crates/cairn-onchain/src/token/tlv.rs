//! What Token-2022 stores behind an account's base fields: at byte 165 the kind of the account, then extensions.

/// Bytes of a token account without extensions. A mint's base fields are padded with zeros up to here.
const BASE_LEN: usize = 165;
/// Bytes of a multisig, which has no kind byte: its signers' keys stand there, and anyone can choose them.
const MULTISIG_LEN: usize = 355;
/// The type of the room behind the last extension.
const UNINITIALIZED: u16 = 0;

/// What an account with extensions is. Without this byte a mint would read as a token account full of zeros.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Mint = 1,
    Account = 2,
}

/// The extensions of an account of `kind`; `None` when `data` is no such account with extensions.
pub(super) fn extensions(data: &[u8], kind: Kind) -> Option<Extensions<'_>> {
    let (found, rest) = data.get(BASE_LEN..)?.split_first()?;
    (*found == kind as u8 && data.len() != MULTISIG_LEN).then_some(Extensions(rest))
}

/// Extensions in the order they are stored.
pub(super) struct Extensions<'a>(&'a [u8]);

/// The bytes end within an extension.
pub(super) struct Truncated;

impl<'a> Iterator for Extensions<'a> {
    /// An extension's type and value.
    type Item = Result<(u16, &'a [u8]), Truncated>;

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, rest) = core::mem::take(&mut self.0).split_first_chunk::<2>()?;
        let kind = u16::from_le_bytes(*kind);
        if kind == UNINITIALIZED {
            return None;
        }
        let entry = rest.split_first_chunk::<2>().and_then(|(len, rest)| {
            let len = usize::from(u16::from_le_bytes(*len));
            rest.split_at_checked(len)
        });
        let Some((value, rest)) = entry else {
            return Some(Err(Truncated));
        };
        self.0 = rest;
        Some(Ok((kind, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(kind: u8, tlv: &[u8]) -> Vec<u8> {
        let mut data = vec![0; BASE_LEN];
        data.push(kind);
        data.extend_from_slice(tlv);
        data
    }

    fn read(tlv: &[u8]) -> Vec<Option<(u16, Vec<u8>)>> {
        let data = account(1, tlv);
        let Some(extensions) = extensions(&data, Kind::Mint) else {
            return Vec::new();
        };
        extensions
            .map(|entry| entry.ok().map(|(kind, value)| (kind, value.to_vec())))
            .collect()
    }

    #[test]
    fn extensions_come_in_order_up_to_the_unused_room() {
        assert_eq!(read(&[]), []);
        assert_eq!(read(&[0, 0, 9, 9]), []);
        assert_eq!(
            read(&[3, 0, 2, 0, 7, 8, 9, 1, 0, 0, 0, 0, 5]),
            [Some((3, vec![7, 8])), Some((265, vec![]))]
        );
    }

    #[test]
    fn an_extension_that_is_cut_short_is_an_error_and_the_last_word() {
        assert_eq!(read(&[3, 0]), [None]);
        assert_eq!(read(&[3, 0, 1]), [None]);
        assert_eq!(read(&[3, 0, 2, 0, 7]), [None]);
        assert_eq!(read(&[3, 0, 255, 255, 7, 3, 0, 0, 0]), [None]);
    }

    #[test]
    fn a_mint_is_no_account_and_a_multisig_is_neither() {
        assert!(extensions(&account(1, &[]), Kind::Mint).is_some());
        assert!(extensions(&account(1, &[]), Kind::Account).is_none());
        assert!(extensions(&account(2, &[]), Kind::Mint).is_none());
        assert!(extensions(&[2; BASE_LEN], Kind::Account).is_none());
        let multisig = account(2, &[0; MULTISIG_LEN - BASE_LEN - 1]);
        assert!(extensions(&multisig, Kind::Account).is_none());
    }
}
