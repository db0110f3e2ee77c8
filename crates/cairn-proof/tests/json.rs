//! Every way JSON can fail to be a proof.

mod support;

use cairn_proof::{DecodeError, SignedProof};
use support::{beat, signed};

#[test]
fn json_with_unknown_repeated_or_wrong_fields_is_refused() {
    let json = signed(beat()).to_json();
    let cases = [
        json.replacen("{\"network\"", "{\"extra\":1,\"network\"", 1),
        json.replacen("\"ruleset\":1", "\"ruleset\":1,\"ruleset\":1", 1),
        json.replacen("\"ruleset\":1", "\"ruleset\":\"1\"", 1),
        json.replacen("\"epoch\":3", "\"epoch\":3.0", 1),
        json.replacen("\"epoch\":3", "\"epoch\":NaN", 1),
        json.replacen("\"signer_seq\":\"41\"", "\"signer_seq\":41", 1),
        json.replacen("\"signer_seq\":\"41\"", "\"signer_seq\":\"+41\"", 1),
        json.replacen("\"signer_seq\":\"41\"", "\"signer_seq\":\"041\"", 1),
        json.replacen(
            "\"signer_seq\":\"41\"",
            "\"signer_seq\":\"18446744073709551616\"",
            1,
        ),
        json.replacen("\"892a1008d2bffff\"", "\"892A1008D2BFFFF\"", 1),
        json.replacen("\"892a1008d2bffff\"", "\"\"", 1),
        json.replacen("0101", "01", 1),
        json.replacen("0101", "zz01", 1),
        json.replacen("\"hotspot_beat\"", "\"wifi_check_in\"", 1),
        json.replacen("\"device\"", "\"owner\"", 1),
        format!("{json} x"),
        "[".repeat(100_000),
        String::new(),
    ];
    for case in cases {
        assert_ne!(case, json, "every case changes something");
        let refusal = SignedProof::from_json(case.as_bytes()).expect_err("not the form");
        assert!(matches!(refusal, DecodeError::Json(_)), "{refusal}");
    }
    let mut not_text = json.into_bytes();
    not_text[20] = 0xff;
    assert!(matches!(
        SignedProof::from_json(&not_text),
        Err(DecodeError::Json(_))
    ));
}
