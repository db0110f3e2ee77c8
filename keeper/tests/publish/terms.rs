//! Keepers that publish under other terms or rules than their network's get nobody's word.

use std::fs;
use std::path::Path;

use cairn_epoch::NetworkTerms;
use cairn_keeper::{Ending, KeeperError, OriginFault};
use cairn_merkle::{EpochNumber, MilliPoints, Tokens};

use crate::attest::{attest, dishonest};
use crate::world::{EMISSION, Scene};

#[tokio::test]
async fn a_publisher_with_another_emission_calendar_or_stream_is_refused_by_that_number() {
    type Change = fn(&mut NetworkTerms);
    let cases: [(Change, &str); 4] = [
        (
            |terms| terms.tokens_per_epoch = Tokens::new(EMISSION - 1),
            "[emission] tokens_per_epoch is \"999999999\", expected \"1000000000\"",
        ),
        (
            |terms| terms.calendar.epoch_hours = 23,
            "[calendar] epoch_hours is 23, expected 24",
        ),
        (
            |terms| terms.calendar.first_start += 1,
            "[calendar] first_start is \"2023-11-14T23:00:00Z\"",
        ),
        (
            |terms| terms.streams[0].rate_milli_points = MilliPoints::new(9_000),
            "[[stream]] 1 rate_milli_points is 9000, expected 1000",
        ),
    ];
    for (forge, told) in cases {
        let scene = Scene::new();
        // Over by any of these calendars.
        scene.pass_epoch(2);
        let prepare = |_: &Path| scene.change_terms("a", forge);
        let a = dishonest(&scene, prepare, scene.config()).await;
        let error = attest(&scene.keeper("b").await, a.folder().root())
            .await
            .unwrap_err();
        other_ruleset(&error, told);
    }
}

#[tokio::test]
async fn a_publisher_with_rules_of_its_own_is_refused_by_the_number_that_differs() {
    let scene = Scene::new();
    let own_rules = |folder: &Path| {
        let toml = folder.join("ruleset/ruleset.toml");
        let text = fs::read_to_string(&toml).unwrap();
        let honest = "no_contact_permille = 250";
        assert!(text.contains(honest));
        fs::write(&toml, text.replacen(honest, "no_contact_permille = 500", 1)).unwrap();
    };
    let a = dishonest(&scene, own_rules, scene.config()).await;
    let error = attest(&scene.keeper("b").await, a.folder().root())
        .await
        .unwrap_err();
    other_ruleset(
        &error,
        "inputs/ruleset.toml: [rules.beat] no_contact_permille is 500, expected 250",
    );
}

#[track_caller]
fn other_ruleset(error: &KeeperError, told: &str) {
    assert_eq!(error.ending(), Ending::Refused, "{error}");
    assert!(
        matches!(
            error,
            KeeperError::Origin {
                number: EpochNumber::FIRST,
                fault: OriginFault::Ruleset(_)
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains(told), "{error}");
    assert!(error.hint().contains("ruleset"), "{}", error.hint());
}
