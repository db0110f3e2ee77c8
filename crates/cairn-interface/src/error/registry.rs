use device_registry::RegistryError;

/// What a person does about a refusal of device-registry. Empty only for a variant that was added since; a test names
/// it.
pub(super) fn hint(error: RegistryError) -> &'static str {
    use RegistryError as E;
    const STALE: &str = "build the proof again from the tree's present state and resend";
    const REBUILD: &str = "build the import again from the published devices file";
    match error {
        E::NotAuthority => "sign with the network authority's key (`cairn network show` names it)",
        E::NotPendingAuthority => "sign with the key that the network was offered to",
        E::NotGuardian => {
            "sign with the network's authority or guardian (`cairn network show` names them)"
        }
        E::GuardianCannotLift => "sign with the network authority's key: the guardian only bans",
        E::ZeroKey => "give a real key for every role, owner and device",
        E::UnknownPolicy => "choose closed, endorsed or open",
        E::RegistrationClosed => "ask the network's authority to import the device",
        E::WrongNetwork => "the account belongs to another network: check the network's address",
        E::UnknownKeyKind => "give an Ed25519 key or a compressed P-256 key",
        E::NoRoles => "give at least one role: manufacturer, carrier, partner or validator",
        E::DidTooLong => "give a DID of at most 128 bytes that starts with did:",
        E::UriTooLong => "give a URI of at most 128 printable ASCII bytes",
        E::IssuerRetired => {
            "name an active issuer, or have the authority add it again under a new key"
        }
        E::IssuerNotManufacturer => "name an issuer with the manufacturer role",
        E::IssuerRequired => "have the manufacturer endorse the device",
        E::TreeDepth => "choose a depth from 3 to 24",
        E::CanopyDepth => "choose a canopy depth below the tree's depth, at most 11",
        E::TreeLimit => "put more devices into the trees that exist",
        E::TreeComplete => "nothing to do: the tree's account has its full size",
        E::TreeNotReady => "grow the tree's account and finish its import first",
        E::TreeNotEmpty => "import into a new tree",
        E::TreeFull => "register into another tree of the network, or create one",
        E::TreeLayout => {
            "the account was not made by this program's tree instructions: check its address"
        }
        E::EmptyLeaf | E::IndexOutOfRange | E::LeafChanged | E::ProofMismatch | E::ProofStale => {
            STALE
        }
        E::ProofLength => "give one node for each level of the tree below its canopy",
        E::ImportCount | E::ImportPeaks | E::ImportRoot | E::CanopyRange | E::CanopyRoot => REBUILD,
        E::DeviceClass => "choose a device class from 1 to 15",
        E::DeviceCountry => "give the country as two capital letters (ISO 3166), or leave it out",
        E::DeviceLocation => {
            "give a place on Earth, an H3 cell, a salted commitment, or no location"
        }
        E::DeviceStatus => "choose active or banned",
        E::NonceUsed => {
            "another device was registered first: have the device sign again for the next index"
        }
        E::NotOwner => "sign with the device owner's key (`cairn device show` names it)",
        E::SameOwner => "nothing to do: the device has this owner",
        E::DeviceBanned => "a banned device stays with its owner: have the ban lifted first",
        E::ConsentMissing => {
            "put the device's signature right before the instruction (`cairn device` does so by itself)"
        }
        E::EndorsementMissing => "put the issuer's signature two before the instruction",
        E::PrecompileLayout => {
            "build signature instructions with this tool: others may place their parts elsewhere"
        }
        E::ConsentKey | E::ConsentMessage => {
            "have the device itself sign this operation's consent message"
        }
        E::EndorsementKey | E::EndorsementMessage => {
            "have the issuer sign this device's endorsement"
        }
        E::NotInstructionsSysvar => "give the instructions sysvar's address",
        E::SameStatus => "nothing to do: the device has this status",
        E::ReasonRequired => "give a reason code and the hash of the evidence",
        E::SequenceOverflow | E::CountsDisagree | E::TreeCountsDisagree => {
            "report this: the program stopped before anything was written"
        }
        #[allow(
            unreachable_patterns,
            reason = "a new variant must not break every client's build"
        )]
        _ => "",
    }
}
