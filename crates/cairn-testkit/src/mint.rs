//! Mints of Token-2022 with extensions, made by the token program's own instructions.

use cairn_interface::ids::TOKEN_2022_PROGRAM;
use solana_sdk::{
    instruction::Instruction, program_error::ProgramError, pubkey::Pubkey, signature::Keypair,
    signer::Signer,
};
use spl_token_2022_interface::{
    extension::{
        ExtensionType, confidential_transfer, default_account_state, group_member_pointer,
        group_pointer, interest_bearing_mint, memo_transfer, metadata_pointer, pausable,
        permissioned_burn, scaled_ui_amount, transfer_fee, transfer_hook,
    },
    instruction,
    state::{AccountState, Mint},
};

use crate::World;

/// Lamports of a mint: enough for any extension, and for metadata that comes later.
const LAMPORTS: u64 = 100_000_000;

/// An extension of a mint. Authorities that are not named are the mint's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MintExtension {
    /// Withholds `bps` of each transfer, at most `maximum` base units.
    TransferFee {
        bps: u16,
        maximum: u64,
    },
    /// Calls a program at each transfer.
    TransferHook {
        program: Option<Pubkey>,
    },
    /// New accounts start frozen, or explicitly do not.
    DefaultFrozen(bool),
    /// A key that moves and burns anyone's tokens.
    PermanentDelegate(Pubkey),
    NonTransferable,
    /// A key that closes the mint once its supply is 0.
    CloseAuthority(Option<Pubkey>),
    ConfidentialTransfer,
    InterestBearing,
    ScaledUiAmount,
    Pausable,
    /// A pointer to the mint itself, and metadata in it.
    Metadata,
    GroupPointer,
    GroupMemberPointer,
    /// Burns only with another key's signature.
    PermissionedBurn(Pubkey),
}

impl MintExtension {
    const fn kind(&self) -> ExtensionType {
        match self {
            Self::TransferFee { .. } => ExtensionType::TransferFeeConfig,
            Self::TransferHook { .. } => ExtensionType::TransferHook,
            Self::DefaultFrozen(_) => ExtensionType::DefaultAccountState,
            Self::PermanentDelegate(_) => ExtensionType::PermanentDelegate,
            Self::NonTransferable => ExtensionType::NonTransferable,
            Self::CloseAuthority(_) => ExtensionType::MintCloseAuthority,
            Self::ConfidentialTransfer => ExtensionType::ConfidentialTransferMint,
            Self::InterestBearing => ExtensionType::InterestBearingConfig,
            Self::ScaledUiAmount => ExtensionType::ScaledUiAmount,
            Self::Pausable => ExtensionType::Pausable,
            Self::Metadata => ExtensionType::MetadataPointer,
            Self::GroupPointer => ExtensionType::GroupPointer,
            Self::GroupMemberPointer => ExtensionType::GroupMemberPointer,
            Self::PermissionedBurn(_) => ExtensionType::PermissionedBurn,
        }
    }

    /// What must run before the mint itself is initialised.
    fn initialize(&self, mint: &Pubkey, authority: &Pubkey) -> Result<Instruction, ProgramError> {
        let program = &TOKEN_2022_PROGRAM;
        let own = Some(*authority);
        match self {
            Self::TransferFee { bps, maximum } => {
                transfer_fee::instruction::initialize_transfer_fee_config(
                    program,
                    mint,
                    Some(authority),
                    Some(authority),
                    *bps,
                    *maximum,
                )
            }
            Self::TransferHook { program: hook } => {
                transfer_hook::instruction::initialize(program, mint, own, *hook)
            }
            Self::DefaultFrozen(frozen) => {
                let state = if *frozen {
                    AccountState::Frozen
                } else {
                    AccountState::Initialized
                };
                default_account_state::instruction::initialize_default_account_state(
                    program, mint, &state,
                )
            }
            Self::PermanentDelegate(delegate) => {
                instruction::initialize_permanent_delegate(program, mint, delegate)
            }
            Self::NonTransferable => instruction::initialize_non_transferable_mint(program, mint),
            Self::CloseAuthority(closer) => {
                instruction::initialize_mint_close_authority(program, mint, closer.as_ref())
            }
            Self::ConfidentialTransfer => {
                confidential_transfer::instruction::initialize_mint(program, mint, own, true, None)
            }
            Self::InterestBearing => {
                interest_bearing_mint::instruction::initialize(program, mint, own, 500)
            }
            Self::ScaledUiAmount => {
                scaled_ui_amount::instruction::initialize(program, mint, own, 2.0)
            }
            Self::Pausable => pausable::instruction::initialize(program, mint, authority),
            Self::Metadata => {
                metadata_pointer::instruction::initialize(program, mint, own, Some(*mint))
            }
            Self::GroupPointer => {
                group_pointer::instruction::initialize(program, mint, own, Some(*mint))
            }
            Self::GroupMemberPointer => {
                group_member_pointer::instruction::initialize(program, mint, own, Some(*mint))
            }
            Self::PermissionedBurn(burner) => {
                permissioned_burn::instruction::initialize(program, mint, burner)
            }
        }
    }
}

/// Metadata such as most tokens of Token-2022 carry.
fn metadata(mint: &Pubkey, authority: &Pubkey) -> Instruction {
    spl_token_metadata_interface::instruction::initialize(
        &TOKEN_2022_PROGRAM,
        mint,
        authority,
        mint,
        authority,
        "Cairn".to_owned(),
        "CAIRN".to_owned(),
        "https://example.org/cairn.json".to_owned(),
    )
}

#[track_caller]
fn built(instruction: Result<Instruction, ProgramError>) -> Instruction {
    instruction.unwrap_or_else(|error| panic!("Token-2022 refused its own id: {error}"))
}

impl World {
    /// A new mint of Token-2022 with `extensions`, in the order given; `authority` mints and freezes.
    #[track_caller]
    pub fn create_mint_2022(
        &mut self,
        authority: &Keypair,
        decimals: u8,
        extensions: &[MintExtension],
    ) -> Pubkey {
        let key = self.next_mint();
        let (mint, owner) = (key.pubkey(), authority.pubkey());
        let kinds: Vec<ExtensionType> = extensions.iter().map(MintExtension::kind).collect();
        let space = ExtensionType::try_calculate_account_len::<Mint>(&kinds)
            .unwrap_or_else(|error| panic!("extensions of one mint: {error}"));
        let mut instructions = vec![solana_system_interface::instruction::create_account(
            &self.payer().pubkey(),
            &mint,
            LAMPORTS,
            space as u64,
            &TOKEN_2022_PROGRAM,
        )];
        for extension in extensions {
            instructions.push(built(extension.initialize(&mint, &owner)));
        }
        instructions.push(built(instruction::initialize_mint2(
            &TOKEN_2022_PROGRAM,
            &mint,
            &owner,
            Some(&owner),
            decimals,
        )));
        if extensions.contains(&MintExtension::Metadata) {
            instructions.push(metadata(&mint, &owner));
        }
        self.must(&instructions, &[&key, authority]);
        mint
    }

    /// From now on `owner`'s `account` lets in no transfer without a memo.
    #[track_caller]
    pub fn require_memo(&mut self, account: &Pubkey, owner: &Keypair) {
        let program = &TOKEN_2022_PROGRAM;
        let grow = instruction::reallocate(
            program,
            account,
            &self.payer().pubkey(),
            &owner.pubkey(),
            &[],
            &[ExtensionType::MemoTransfer],
        );
        let require = memo_transfer::instruction::enable_required_transfer_memos(
            program,
            account,
            &owner.pubkey(),
            &[],
        );
        self.must(&[built(grow), built(require)], &[owner]);
    }
}
