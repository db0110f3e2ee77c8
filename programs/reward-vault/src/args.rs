//! The arguments of every instruction, under the names that the IDL gives them.

pub use crate::challenge::{answer::AnswerChallengeArgs, open::OpenChallengeArgs};
pub use crate::credits::{
    fulfil::FulfilCreditsArgs, redeem::RedeemCreditsArgs, set_carrier::SetCarrierArgs,
};
pub use crate::epoch::{attest::AttestEpochArgs, propose::ProposeEpochArgs, veto::VetoEpochArgs};
pub use crate::member::{claim::ClaimArgs, open_page::OpenPageArgs};
pub use crate::params::set::SetParamsArgs;
pub use crate::pool::{
    create::CreatePoolArgs, fund::FundArgs, propose_admin::ProposeAdminArgs,
    set_guardian::SetGuardianArgs, set_keepers::SetKeepersArgs,
};
pub use crate::recipient::set::SetRecipientArgs;
pub use crate::roles::cancel::CancelRolesArgs;
pub use crate::round::{burn::BurnPointsArgs, open::OpenRoundArgs, settle::SettleBurnArgs};
pub use crate::ruleset::announce::AnnounceRulesetArgs;
pub use cairn_onchain::canopy::PutCanopyArgs;
