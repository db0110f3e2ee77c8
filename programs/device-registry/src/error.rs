use anchor_lang::prelude::*;

use crate::merkle::TreeError;

/// Defines the error enum and, from the same words, the table that clients explain codes with: a message can not drift
/// between the program and its clients.
macro_rules! registry_errors {
    ($($name:ident = $message:literal,)+) => {
        /// Every refusal of the program has a code of its own: 6000 + position. Append only; a code is never reused.
        #[error_code]
        #[derive(Debug, PartialEq, Eq)]
        pub enum RegistryError {
            $(
                #[doc = $message]
                #[msg($message)]
                $name,
            )+
        }

        impl RegistryError {
            /// Every error, its name and its message, in code order.
            pub const TABLE: &'static [(Self, &'static str, &'static str)] =
                &[$((Self::$name, stringify!($name), $message),)+];
        }
    };
}

registry_errors! {
    NotAuthority = "the signer must be the network's authority",
    NotPendingAuthority = "the signer must be the authority that was proposed",
    ZeroKey = "a role, owner or device key must not be all zeros",
    UnknownPolicy = "the registration policy must be closed (0), endorsed (1) or open (2)",
    RegistrationClosed = "the network accepts no registrations: only imports by its authority",
    WrongNetwork = "the account belongs to another network",
    UnknownKeyKind = "the issuer key kind must be Ed25519 (0) or compressed P-256 (2 or 3)",
    NoRoles = "an issuer must hold at least one known role and no unknown one",
    DidTooLong = "an issuer's DID must be 5 to 128 bytes and start with did:",
    UriTooLong = "a status list URI must be at most 128 bytes of printable ASCII",
    IssuerRetired = "the issuer is retired",
    IssuerNotManufacturer = "the issuer must hold the manufacturer role to endorse a device",
    IssuerRequired = "the network registers only devices endorsed by an issuer",
    TreeDepth = "a tree's depth must be 3 to 24",
    CanopyDepth = "a canopy's depth must be at most 11 and less than the tree's depth",
    TreeLimit = "a network holds at most 65,535 trees",
    TreeComplete = "the tree's account already has its full size",
    TreeNotReady = "the tree is not ready: grow its account and finish its import first",
    TreeNotEmpty = "devices can be imported only into a tree that never held one",
    TreeFull = "the tree holds 2^depth devices and takes no more",
    TreeLayout = "the tree's account does not have the size of its depth and canopy",
    EmptyLeaf = "a device's leaf must not be the empty leaf",
    IndexOutOfRange = "the leaf index must be below the tree's device count",
    ProofLength = "the proof must have one node for each level below the canopy",
    ProofStale = "the proof is more than 64 changes old, or newer than the tree",
    LeafChanged = "the device changed since the proof was made",
    ProofMismatch = "the leaf and proof do not lead to the tree's root",
    ImportCount = "an import must hold 1 to 2^depth devices, and the classes must add up to their number",
    ImportPeaks = "an import needs one peak for each set bit of its device count",
    ImportRoot = "the peaks do not lead to the root",
    CanopyRange = "canopy nodes must lie within the canopy's lowest level",
    CanopyRoot = "the canopy does not fold to the root",
    DeviceClass = "a device's class must be 1 to 15",
    DeviceCountry = "a device's country must be two capital letters, or zeros when unknown",
    DeviceLocation = "a device's location must be none (0, zeros), an H3 cell of resolution 9 (1), a commitment (2, not zeros) or a place on Earth (3)",
    DeviceStatus = "a device's status must be active (1) or banned (2)",
    NonceUsed = "the consent was given for another leaf index than the tree's next one: sign again",
    NotOwner = "the signer must be the device's owner",
    SameOwner = "the device already has this owner",
    DeviceBanned = "a banned device can not change its owner",
    ConsentMissing = "the device's consent must be an Ed25519 precompile instruction just before this one",
    EndorsementMissing = "the issuer's endorsement must be a precompile instruction two before this one",
    PrecompileLayout = "a precompile instruction must hold exactly one signature, with key, signature and message in itself and in that order",
    ConsentKey = "the consent is signed by another key than the device's",
    ConsentMessage = "the device signed another message than this operation's",
    EndorsementKey = "the endorsement is signed by another key than the issuer's",
    EndorsementMessage = "the issuer endorsed another device",
    NotInstructionsSysvar = "the account must be the instructions sysvar",
    NotGuardian = "the signer must be the network's authority or guardian",
    GuardianCannotLift = "only the network's authority lifts a ban",
    SameStatus = "the device already has this status",
    ReasonRequired = "a ban needs a reason code and an evidence hash; lifting one needs an evidence hash",
    SequenceOverflow = "a counter reached its limit",
    CountsDisagree = "the network's counts by class must add up to its devices",
    TreeCountsDisagree = "a tree never holds more devices than positions, nor fewer than it imported",
}

/// Codes start here, as in every Anchor program.
pub const ERROR_OFFSET: u32 = 6000;

impl RegistryError {
    /// The code a client sees in `InstructionError::Custom`.
    #[must_use]
    pub const fn code(self) -> u32 {
        ERROR_OFFSET.wrapping_add(self as u32)
    }
}

impl From<TreeError> for RegistryError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Depth => Self::TreeDepth,
            TreeError::CanopyDepth => Self::CanopyDepth,
            TreeError::Layout => Self::TreeLayout,
            TreeError::EmptyLeaf => Self::EmptyLeaf,
            TreeError::Full => Self::TreeFull,
            TreeError::IndexOutOfRange => Self::IndexOutOfRange,
            TreeError::ProofLength => Self::ProofLength,
            TreeError::ProofStale => Self::ProofStale,
            TreeError::LeafChanged => Self::LeafChanged,
            TreeError::ProofMismatch => Self::ProofMismatch,
            TreeError::NotEmpty => Self::TreeNotEmpty,
            TreeError::ImportCount => Self::ImportCount,
            TreeError::ImportPeaks => Self::ImportPeaks,
            TreeError::ImportRoot => Self::ImportRoot,
            TreeError::CanopyRange => Self::CanopyRange,
            TreeError::CanopyRoot => Self::CanopyRoot,
            TreeError::Sequence => Self::SequenceOverflow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_says_its_refusals_as_the_program_does() {
        let all = [
            TreeError::Depth,
            TreeError::CanopyDepth,
            TreeError::Layout,
            TreeError::EmptyLeaf,
            TreeError::Full,
            TreeError::IndexOutOfRange,
            TreeError::ProofLength,
            TreeError::ProofStale,
            TreeError::LeafChanged,
            TreeError::ProofMismatch,
            TreeError::NotEmpty,
            TreeError::ImportCount,
            TreeError::ImportPeaks,
            TreeError::ImportRoot,
            TreeError::CanopyRange,
            TreeError::CanopyRoot,
            TreeError::Sequence,
        ];
        for error in all {
            let refusal = RegistryError::from(error);
            let told = RegistryError::TABLE
                .iter()
                .find(|(known, ..)| *known == refusal);
            assert_eq!(
                told.map(|(.., words)| *words),
                Some(error.to_string().as_str())
            );
        }
    }
}
