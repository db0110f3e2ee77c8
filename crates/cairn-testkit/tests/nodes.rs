//! Nodes that answer like rented nodes in trouble: what is waited for, what is asked in smaller calls, what is told, and how.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use cairn_client::{Class, ClientError, CommitmentLevel, Ledger, Patience, RpcLedger};
use cairn_testkit::{Call, Front, Reply};
use serde_json::{Value, json};
use solana_sdk::pubkey::Pubkey;

/// Short pauses, so that a test is not slow; how long they are decides nothing.
const QUICK: Patience = Patience {
    first: Duration::from_millis(1),
    longest: Duration::from_millis(2),
    total: Duration::from_millis(20),
    line: Duration::from_millis(6),
};

fn patient(url: &str, patience: Patience) -> RpcLedger {
    RpcLedger::patient(url, Duration::from_secs(30), patience).expect("a good URL")
}

async fn front(rule: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> (Front, RpcLedger) {
    let front = Front::alone(rule).await.expect("a port");
    let ledger = patient(front.url(), QUICK);
    (front, ledger)
}

/// A rule: `first` so many times, then a slot.
fn after(times: usize, first: Reply) -> impl Fn(&Call) -> Reply + Send + Sync + 'static {
    move |call| {
        if call.before < times {
            first.clone()
        } else {
            Reply::Result(json!(7))
        }
    }
}

async fn slot(ledger: &RpcLedger) -> Result<u64, ClientError> {
    ledger.slot(CommitmentLevel::Confirmed).await
}

fn page(status: u16) -> Reply {
    Reply::Http {
        status,
        headers: "content-type: text/html\r\n",
        body: "<html>Too many requests</html>",
    }
}

fn error(code: i64) -> Reply {
    Reply::Error { status: 200, code }
}

#[tokio::test]
async fn whatever_way_a_node_says_not_now_it_is_asked_again_until_it_answers() {
    let mut ways: Vec<Reply> = [-32_007, -32_005, -32_429, -32_003, 429, -32_004, -32_016]
        .into_iter()
        .map(error)
        .collect();
    ways.extend([429, 500, 502, 503, 504, 522].map(page));
    ways.push(Reply::Error {
        status: 429,
        code: -32_429,
    });
    ways.push(Reply::Cut);
    for way in ways {
        let (front, ledger) = front(after(2, way.clone())).await;
        assert_eq!(slot(&ledger).await.expect("an answer"), 7, "{way:?}");
        assert_eq!(front.calls().len(), 3, "{way:?}");
    }
}

#[tokio::test]
async fn a_node_that_never_stops_refusing_is_an_error_to_retry_that_blames_no_url() {
    for way in [error(-32_007), error(429), page(429), page(503), page(502)] {
        let (front, ledger) = front(after(usize::MAX, way.clone())).await;
        let refused = slot(&ledger).await.expect_err("it refuses for ever");
        assert_eq!(refused.class(), Class::Retryable, "{way:?}");
        let hint = refused.hint();
        assert!(!hint.contains("URL") && hint.contains("-u"), "{hint}");
        assert!(front.calls().len() > 3, "{way:?} was asked again");
    }
    let (_front, ledger) = front(after(usize::MAX, error(-32_007))).await;
    let refused = slot(&ledger).await.expect_err("it refuses for ever");
    assert!(
        refused
            .to_string()
            .contains("refuses more requests for now"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_pause_that_the_node_names_is_kept_and_told() {
    let asks = Reply::Http {
        status: 429,
        headers: "retry-after: 1\r\n",
        body: "",
    };
    let told: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let ears = Arc::clone(&told);
    let front = Front::alone(after(1, asks)).await.expect("a port");
    let patience = Patience {
        total: Duration::from_secs(5),
        ..QUICK
    };
    let ledger = patient(front.url(), patience)
        .told(move |_, pause| ears.lock().expect("no panic").push(pause));
    assert_eq!(slot(&ledger).await.expect("an answer"), 7);
    assert_eq!(*told.lock().expect("no panic"), [Duration::from_secs(1)]);
}

#[tokio::test]
async fn a_pause_longer_than_our_patience_ends_at_once_and_is_told() {
    let now =
        "date: Mon, 30 Nov 2026 10:00:00 GMT\r\nretry-after: Mon, 30 Nov 2026 11:00:00 GMT\r\n";
    for headers in ["retry-after: 3600\r\n", now] {
        let asks = Reply::Http {
            status: 429,
            headers,
            body: "",
        };
        let (front, ledger) = front(after(usize::MAX, asks)).await;
        let refused = slot(&ledger).await.expect_err("an hour");
        assert!(
            matches!(&refused, ClientError::RateLimited { retry_after: Some(after), .. } if after.as_secs() == 3_600),
            "{refused:?}"
        );
        assert!(
            refused.hint().contains("3600 seconds"),
            "{}",
            refused.hint()
        );
        assert_eq!(front.calls().len(), 1);
    }
}

#[tokio::test]
async fn what_would_be_done_twice_is_repeated_only_when_it_was_surely_not_done() {
    let to = Pubkey::new_unique();
    let (front, ledger) = front(|call| match call.before {
        0 => error(-32_007),
        _ => Reply::Cut,
    })
    .await;
    let cut = ledger.request_airdrop(&to, 1).await;
    let cut = cut.expect_err("cut");
    assert!(matches!(cut, ClientError::Unreachable { .. }), "{cut:?}");
    // Once more after the refusal; after the cut nobody knows whether the lamports were given.
    assert_eq!(front.calls().len(), 2);
}

#[tokio::test]
async fn a_page_between_answers_is_a_gateways_and_a_page_at_first_is_a_wrong_address() {
    let page = || Reply::Http {
        status: 200,
        headers: "",
        body: "<html>hello</html>",
    };
    let (_front, ledger) = front(move |_| page()).await;
    let wrong = slot(&ledger).await.expect_err("no node");
    assert!(matches!(wrong, ClientError::BadAnswer { .. }), "{wrong:?}");
    assert!(wrong.hint().contains("URL"));

    let (_front, ledger) = front(move |call| match call.before {
        0 | 3 => Reply::Result(json!(7)),
        _ => page(),
    })
    .await;
    assert_eq!(slot(&ledger).await.expect("an answer"), 7);
    assert_eq!(slot(&ledger).await.expect("an answer"), 7);
}

/// The accounts that a node gives for these parameters: nothing lives anywhere.
fn nothing_at(params: &Value) -> Reply {
    let keys = params[0].as_array().map_or(0, Vec::len);
    Reply::Result(json!({ "context": { "slot": 9 }, "value": vec![Value::Null; keys] }))
}

/// A node that gives `most` accounts a call and refuses more with `way`.
async fn small(most: usize, way: Reply) -> (Front, RpcLedger) {
    front(move |call| {
        let keys = call.params[0].as_array().map_or(0, Vec::len);
        if keys > most {
            way.clone()
        } else {
            nothing_at(&call.params)
        }
    })
    .await
}

#[tokio::test]
async fn a_node_that_gives_few_accounts_a_call_is_asked_in_smaller_calls_from_then_on() {
    let ways = [
        Reply::Error {
            status: 413,
            code: -32_602,
        },
        error(-32_602),
        error(-32_600),
        Reply::Http {
            status: 413,
            headers: "",
            body: "<html>too large</html>",
        },
    ];
    let keys: Vec<Pubkey> = (0..101).map(|_| Pubkey::new_unique()).collect();
    for way in ways {
        let (front, ledger) = small(5, way.clone()).await;
        let found = ledger.accounts(&keys).await.expect("smaller calls");
        assert_eq!(found.len(), keys.len(), "{way:?}");
        // 100, 75, 50, 25 and 10 are refused; then 20 calls of five and one of one.
        assert_eq!(front.calls().len(), 5 + 21, "{way:?}");
        ledger.accounts(&keys).await.expect("learned");
        assert_eq!(front.calls().len(), 5 + 21 + 21, "{way:?}");
    }
}

#[tokio::test]
async fn a_call_that_is_refused_for_another_reason_is_told_as_it_is() {
    let (_front, ledger) = small(0, error(-32_602)).await;
    let keys = [Pubkey::new_unique(), Pubkey::new_unique()];
    let refused = ledger.accounts(&keys).await.expect_err("refused");
    assert!(matches!(refused, ClientError::Rpc { code: -32_602, .. }));
    assert!(!refused.hint().contains("URL"), "{}", refused.hint());
}

#[tokio::test]
async fn accounts_that_must_stand_together_are_taken_from_one_slot_or_not_at_all() {
    let keys: Vec<Pubkey> = (0..8).map(|_| Pubkey::new_unique()).collect();
    let (_front, ledger) = small(5, error(-32_602)).await;
    let together = ledger.snapshot(&keys).await.expect("of one slot");
    assert_eq!((together.slot, together.accounts.len()), (9, 8));

    // A chain that moves on between the parts.
    let (_front, ledger) = front(|call| {
        let keys = call.params[0].as_array().map_or(0, Vec::len);
        if keys > 5 {
            return error(-32_602);
        }
        let slot = call.before;
        Reply::Result(json!({ "context": { "slot": slot }, "value": vec![Value::Null; keys] }))
    })
    .await;
    let apart = ledger.snapshot(&keys).await.expect_err("never together");
    assert!(matches!(apart, ClientError::NotOffered { .. }), "{apart:?}");
}

#[tokio::test]
async fn a_node_that_lists_no_accounts_is_told_apart_from_a_wrong_address() {
    for way in [error(-32_010), error(-32_601), page(403), page(410)] {
        let (_front, ledger) = front(move |call| match call.method.as_str() {
            "getProgramAccounts" => way.clone(),
            _ => Reply::Result(json!(7)),
        })
        .await;
        slot(&ledger).await.expect("it is a node");
        let refused = ledger.program_accounts(&Pubkey::new_unique(), &[]).await;
        let refused = refused.expect_err("not offered");
        assert!(
            matches!(refused, ClientError::NotOffered { .. }),
            "{refused:?}"
        );
        assert_eq!(refused.class(), Class::User);
        assert!(!refused.hint().contains("URL"), "{}", refused.hint());
    }
}

#[tokio::test]
async fn a_transaction_whose_node_stops_answering_is_never_called_undone() {
    use cairn_client::{SendOptions, land};

    // Submitted, and from then on everything is refused: it may have landed.
    let (_front, ledger) = front(|call| match call.method.as_str() {
        "getSignatureStatuses" if call.before == 0 => {
            Reply::Result(json!({ "context": { "slot": 1 }, "value": [null] }))
        }
        "getBlockHeight" if call.before == 0 => Reply::Result(json!(1)),
        _ => error(-32_007),
    })
    .await;
    let signed = signed();
    let options = SendOptions {
        poll: Duration::from_millis(1),
        ..SendOptions::default()
    };
    let outcome = land(&ledger, &signed, &options).await.expect_err("unknown");
    assert!(
        matches!(&outcome, ClientError::Unresolved { reason, .. } if reason.contains("refuses more requests")),
        "{outcome:?}"
    );
    assert_eq!(outcome.class(), Class::Retryable);
}

fn signed() -> cairn_client::Signed {
    use solana_sdk::{hash::Hash, message::Message, signature::Keypair, signer::Signer};
    let payer = Keypair::new();
    let blockhash = cairn_client::Blockhash {
        hash: Hash::new_unique(),
        last_valid_block_height: 100,
    };
    let message = Message::new(&[], Some(&payer.pubkey()));
    cairn_client::Signed::new(message, blockhash, &[&payer]).expect("signed")
}
