use super::*;
use crate::Class;

const FIRST: Asked<'_> = Asked {
    url: "http://node",
    method: "getSlot",
    answered: false,
};
const LATER: Asked<'_> = Asked {
    answered: true,
    ..FIRST
};

fn answer(status: u16, body: &str) -> Answer<'_> {
    Answer {
        status,
        retry_after: None,
        date: None,
        body: body.as_bytes(),
    }
}

fn trouble(asked: Asked<'_>, answer: &Answer<'_>) -> Trouble {
    *answer.read(asked).expect_err("a refusal")
}

fn error(code: i64) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"error":{{"code":{code},"message":"words"}}}}"#)
}

#[test]
fn too_many_requests_is_understood_in_every_providers_words() {
    let limits = [429, -32_429, -32_007, -32_003, -32_005].map(error);
    let all = limits
        .iter()
        .flat_map(|body| [200, 400, 403, 429].map(|status| (status, body.as_str())));
    let pages = [(429, ""), (429, "<html>Too many requests</html>")];
    for (status, body) in all.chain(pages) {
        let found = trouble(FIRST, &answer(status, body));
        assert!(
            matches!(found.error, ClientError::RateLimited { .. }),
            "{status} {body}: {found:?}"
        );
        assert_eq!(found.error.class(), Class::Retryable);
        assert_eq!(found.cure, Cure::Later(None), "{status} {body}");
        assert!(
            !found.error.hint().contains("URL"),
            "{}",
            found.error.hint()
        );
    }
}

#[test]
fn a_signature_that_a_node_refuses_is_no_limit() {
    let submit = Asked {
        method: "sendTransaction",
        ..FIRST
    };
    let found = trouble(submit, &answer(200, &error(-32_003)));
    assert!(matches!(
        found.error,
        ClientError::Rpc { code: -32_003, .. }
    ));
}

#[test]
fn a_node_that_is_behind_is_told_apart_from_a_limit() {
    let body = r#"{"error":{"code":-32005,"message":"behind","data":{"numSlotsBehind":null}}}"#;
    let found = trouble(FIRST, &answer(200, body));
    assert!(matches!(
        found.error,
        ClientError::Rpc { code: -32_005, .. }
    ));
    assert_eq!(found.error.class(), Class::Retryable);
    assert_eq!(found.cure, Cure::Later(None));
}

#[test]
fn the_wait_is_read_as_seconds_and_as_a_moment() {
    let waits = |retry_after, date| {
        let answer = Answer {
            retry_after: Some(retry_after),
            date,
            ..answer(429, "")
        };
        trouble(FIRST, &answer).cure
    };
    let date = Some("Mon, 30 Nov 2026 10:00:00 GMT");
    let later = |seconds| Cure::Later(Some(Duration::from_secs(seconds)));
    assert_eq!(waits("7", None), later(7));
    assert_eq!(waits("Mon, 30 Nov 2026 10:01:30 GMT", date), later(90));
    assert_eq!(waits("Mon, 30 Nov 2026 09:00:00 GMT", date), later(0));
    // Without the answer's own date a moment means nothing here: no clock is asked.
    assert_eq!(
        waits("Mon, 30 Nov 2026 10:01:30 GMT", None),
        Cure::Later(None)
    );
    assert_eq!(waits("soon", date), Cure::Later(None));
}

#[test]
fn a_gateway_in_trouble_is_waited_for_and_a_wrong_address_is_not() {
    let page = "<html>hello</html>";
    for status in [408, 500, 502, 503, 504, 522] {
        let found = trouble(FIRST, &answer(status, page));
        assert!(matches!(found.error, ClientError::Down { .. }), "{status}");
        assert_eq!(found.cure, Cure::Perhaps, "{status}");
    }
    let wrong = trouble(FIRST, &answer(200, page));
    assert!(matches!(wrong.error, ClientError::BadAnswer { .. }));
    assert_eq!(wrong.cure, Cure::None);
    let between = trouble(LATER, &answer(200, page));
    assert!(matches!(between.error, ClientError::Down { .. }));
    assert_eq!(between.cure, Cure::Perhaps);
}

#[test]
fn a_method_that_is_not_offered_is_not_blamed_on_the_address() {
    let list = Asked {
        method: LIST_ACCOUNTS,
        ..LATER
    };
    let bodies = [
        error(-32_010),
        error(-32_601),
        error(-32_600),
        error(-32_602),
    ];
    let answers = bodies.iter().map(|body| answer(200, body));
    let pages = [403, 404, 410, 413].map(|status| answer(status, "<html>no</html>"));
    for answer in answers.chain(pages) {
        let found = trouble(list, &answer);
        assert!(
            matches!(found.error, ClientError::NotOffered { .. }),
            "{found:?}"
        );
        assert_eq!(found.error.class(), Class::User);
        assert!(
            !found.error.hint().contains("URL"),
            "{}",
            found.error.hint()
        );
    }
    let key = trouble(list, &answer(401, ""));
    assert!(matches!(key.error, ClientError::Http { status: 401, .. }));
}

#[test]
fn a_result_of_nothing_is_a_result_and_a_list_is_no_answer() {
    assert_eq!(
        answer(200, r#"{"result":null}"#).read(FIRST).expect("null"),
        Value::Null
    );
    for body in [
        "[]",
        "{}",
        "7",
        "\"Service Unavailable\"",
        r#"{"error":null}"#,
    ] {
        assert!(!answer(200, body).is_json_rpc(), "{body}");
    }
}
