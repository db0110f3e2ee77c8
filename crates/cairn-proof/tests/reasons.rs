//! The reason codes: their names and numbers never move.

use std::str::FromStr;

use cairn_proof::{Kind, Reason, Role};

#[test]
fn names_stand_in_the_order_of_the_protocol() {
    let names = "OK, BAD_SIG, UNKNOWN_KEY, WRONG_NETWORK, STALE_ANCHOR, LATE, FUTURE, REPLAY_SEQ, DUPLICATE, \
         SELF_DEAL, CLUSTER, DENIED, NOT_ASSERTED, TOO_FAR, BAD_CELL, IMPOSSIBLE_SPEED, LOW_TRUST, ATTEST_FAIL, \
         CAP_USER, CAP_DEVICE, CAP_OWNER, CAP_CELL, NO_PAYER_FUNDS, UNPAID, QOS_FAIL, VC_EXPIRED, VC_REVOKED, \
         RULESET, MALFORMED";
    let names: Vec<&str> = names.split(", ").collect();
    assert_eq!(names.len(), Reason::ALL.len());
    for (code, (name, reason)) in names.into_iter().zip(Reason::ALL).enumerate() {
        let code = u16::try_from(code).expect("few reasons");
        assert_eq!(reason.name(), name);
        assert_eq!(reason.code(), code);
        assert_eq!(Reason::from_code(code), Some(*reason));
        assert_eq!(Reason::from_str(name), Ok(*reason));
        assert_eq!(
            serde_json::to_string(reason).expect("a string"),
            format!("\"{name}\"")
        );
        assert_eq!(reason.is_accepted(), code == 0);
        assert!(reason.explain().ends_with('.'), "{name}");
    }
    assert_eq!(Reason::from_code(29), None);
    let unknown = Reason::from_str("ok").expect_err("names are upper case");
    assert_eq!(
        unknown.to_string(),
        "\"ok\" is not the name of a reason code"
    );
}

#[test]
fn every_kind_has_one_number_one_name_and_one_owner() {
    for (at, kind) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(kind.code()), at + 1);
        assert_eq!(Kind::try_from(kind.code()), Ok(kind));
        assert_eq!(
            serde_json::to_string(&kind).expect("a string"),
            format!("\"{kind}\"")
        );
    }
    assert_eq!(Kind::WifiCheckIn.primary_role(), Role::User);
    assert_eq!(Kind::HotspotBeat.primary_role(), Role::Device);
    assert_eq!(Kind::PartnerMetric.primary_role(), Role::Partner);
}
