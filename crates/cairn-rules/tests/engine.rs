//! What rules may do, and what they are refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use cairn_rules::{Engine, RulesError, Ruleset, Tables};

fn table(columns: &[(&str, &[Option<i64>])]) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, _)| Field::new(*name, DataType::Int64, true))
        .collect();
    let arrays = columns
        .iter()
        .map(|(_, values)| Arc::new(Int64Array::from(values.to_vec())) as ArrayRef)
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn proofs() -> Tables {
    let rows = table(&[
        ("n", &[Some(0), Some(1), Some(2), Some(3)]),
        ("who", &[Some(5), Some(6), Some(5), Some(5)]),
        ("amount", &[Some(10), Some(20), None, Some(i64::MAX)]),
    ]);
    Tables::from([("proofs".to_owned(), rows)])
}

/// Runs one rule over the proofs, with `$limit` = 15.
fn run(sql: &str) -> Result<Vec<Vec<Option<i64>>>, RulesError> {
    let ruleset = Ruleset::from_texts(
        String::new(),
        [("10_result.sql".to_owned(), sql.to_owned())],
    )
    .unwrap();
    let numbers = BTreeMap::from([("limit".to_owned(), 15), ("below".to_owned(), -3)]);
    let tables = Engine::default().run(ruleset.rules(), &numbers, proofs(), &["result"])?;
    let batch = &tables["result"];
    Ok((0..batch.num_rows())
        .map(|row| {
            batch
                .columns()
                .iter()
                .map(|column| {
                    let column = column.as_primitive::<Int64Type>();
                    column.is_valid(row).then(|| column.value(row))
                })
                .collect()
        })
        .collect())
}

#[test]
fn a_rule_is_a_select_over_tables_and_named_numbers() {
    let rows = run("SELECT n, amount FROM proofs WHERE amount > $limit ORDER BY n").unwrap();
    assert_eq!(rows, [[Some(1), Some(20)], [Some(3), Some(i64::MAX)]]);
    let rows = run("SELECT n + $below AS n FROM proofs ORDER BY n").unwrap();
    assert_eq!(rows[0], [Some(-3)]);
}

#[test]
fn floats_are_refused_wherever_they_hide() {
    for sql in [
        "SELECT n * 0.5 AS x FROM proofs ORDER BY n",
        "SELECT CAST(n AS DOUBLE) AS x FROM proofs ORDER BY n",
        "SELECT CAST(CAST(n AS DOUBLE) AS BIGINT) AS x FROM proofs ORDER BY n",
        "SELECT n FROM proofs WHERE amount > 1e3 ORDER BY n",
        "SELECT n FROM proofs WHERE n IN (SELECT n FROM proofs WHERE CAST(n AS REAL) > 0) ORDER BY n",
        "SELECT n FROM proofs ORDER BY CAST(n AS FLOAT)",
        "SELECT a.n FROM proofs AS a JOIN proofs AS b ON CAST(a.n AS DOUBLE) = b.n ORDER BY a.n",
        "SELECT who, MAX(amount / 2.0) AS x FROM proofs GROUP BY who ORDER BY who",
        "SELECT n, MAX(n + 0.1) OVER (PARTITION BY who) AS x FROM proofs ORDER BY n",
        "SELECT CASE WHEN n = 0 THEN 1 ELSE 2.5 END AS x FROM proofs ORDER BY n",
    ] {
        let refused = run(sql);
        assert!(
            matches!(refused, Err(RulesError::NotAnInteger { .. })),
            "{sql}: {refused:?}"
        );
    }
}

#[test]
fn texts_times_and_intervals_are_refused() {
    for sql in [
        "SELECT 'a' AS x FROM proofs ORDER BY n",
        "SELECT CAST(n AS VARCHAR) AS x FROM proofs ORDER BY n",
        "SELECT n FROM proofs WHERE CAST(n AS TIMESTAMP) IS NOT NULL ORDER BY n",
        "SELECT n FROM proofs WHERE INTERVAL '1' DAY IS NOT NULL ORDER BY n",
    ] {
        assert!(run(sql).is_err(), "{sql}");
    }
}

#[test]
fn whatever_is_not_a_function_of_the_inputs_is_refused() {
    for sql in [
        "SELECT now() AS x FROM proofs ORDER BY n",
        "SELECT random() AS x FROM proofs ORDER BY n",
        "SELECT uuid() AS x FROM proofs ORDER BY n",
        "SELECT version() AS x FROM proofs ORDER BY n",
        "SELECT avg(n) AS x FROM proofs ORDER BY x",
        "SELECT approx_distinct(n) AS x FROM proofs ORDER BY x",
        "SELECT array_agg(n) AS x FROM proofs ORDER BY x",
        "SELECT sqrt(n) AS x FROM proofs ORDER BY n",
    ] {
        let refused = run(sql);
        assert!(
            matches!(refused, Err(RulesError::Function { .. })),
            "{sql}: {refused:?}"
        );
    }
    // Without the functions behind them, these words are columns that nobody has.
    for word in ["current_timestamp", "current_date", "current_time"] {
        assert!(run(&format!("SELECT {word} AS x FROM proofs ORDER BY n")).is_err());
    }
}

#[test]
fn only_one_select_stands_in_a_rule() {
    for sql in [
        "",
        "SELECT n FROM proofs ORDER BY n; SELECT n FROM proofs ORDER BY n",
        "CREATE TABLE x AS SELECT n FROM proofs",
        "DROP TABLE proofs",
        "INSERT INTO proofs VALUES (1, 2, 3)",
        "SET datafusion.execution.target_partitions = 7",
        "EXPLAIN SELECT n FROM proofs",
        "DELETE FROM proofs",
    ] {
        let refused = run(sql);
        assert!(
            matches!(refused, Err(RulesError::NotASelect { .. })),
            "{sql}: {refused:?}"
        );
    }
    // Files are none of a rule's business.
    for sql in [
        "COPY proofs TO 'stolen.parquet'",
        "SELECT * FROM 'secrets.csv' ORDER BY 1",
        "SELECT * FROM information_schema.tables ORDER BY 1",
        "SELECT value FROM generate_series(1, 3) ORDER BY value",
    ] {
        assert!(run(sql).is_err(), "{sql}");
    }
}

#[test]
fn results_that_depend_on_the_order_of_arrival_are_refused() {
    for sql in [
        "SELECT n FROM proofs",
        "SELECT n FROM proofs ORDER BY n LIMIT 1",
        "SELECT n FROM proofs WHERE n IN (SELECT n FROM proofs LIMIT 1) ORDER BY n",
        "SELECT n FROM proofs ORDER BY n OFFSET 1",
        "SELECT n FROM proofs ORDER BY n FETCH FIRST 1 ROWS ONLY",
        "SELECT DISTINCT ON (who) n FROM proofs ORDER BY who",
        "SELECT n, CAST(ROW_NUMBER() OVER (PARTITION BY who) AS BIGINT) AS x FROM proofs ORDER BY n",
        "SELECT n, LAG(n) OVER (PARTITION BY who) AS x FROM proofs ORDER BY n",
    ] {
        let refused = run(sql);
        assert!(
            matches!(refused, Err(RulesError::Nondeterministic { .. })),
            "{sql}: {refused:?}"
        );
    }
}

#[test]
fn arithmetic_fails_instead_of_wrapping() {
    for sql in [
        "SELECT amount + 1 AS x FROM proofs ORDER BY n",
        "SELECT 0 - amount - 2 AS x FROM proofs ORDER BY n",
        "SELECT amount * 2 AS x FROM proofs ORDER BY n",
        "SELECT amount / n AS x FROM proofs ORDER BY n",
        "SELECT amount % n AS x FROM proofs ORDER BY n",
        "SELECT SUM(amount) AS x FROM proofs ORDER BY x",
        "SELECT who, SUM(amount) AS x FROM proofs GROUP BY who ORDER BY who",
        "SELECT n, SUM(amount) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS x FROM proofs ORDER BY n",
        "SELECT mul_div(amount, amount, 1) AS x FROM proofs ORDER BY n",
        "SELECT mul_div(amount, 1, n) AS x FROM proofs ORDER BY n",
        "SELECT n FROM proofs WHERE amount * amount > 5 ORDER BY n",
    ] {
        let refused = run(sql);
        assert!(
            matches!(refused, Err(RulesError::Run { .. })),
            "{sql}: {refused:?}"
        );
    }
}

#[test]
fn a_sum_may_pass_64_bits_on_the_way_to_a_result_that_fits() {
    let sql =
        "SELECT SUM(CASE WHEN n < 3 THEN amount ELSE 0 - amount END) AS x FROM proofs ORDER BY x";
    assert_eq!(run(sql).unwrap(), [[Some(30 - i64::MAX)]]);
    let sql = "SELECT SUM(y) AS x FROM (SELECT amount AS y FROM proofs UNION ALL SELECT amount FROM proofs \
               UNION ALL SELECT 0 - amount FROM proofs) ORDER BY x";
    // 30 + (2^63 − 1) does not fit, and is the result.
    assert!(matches!(run(sql), Err(RulesError::Run { .. })));
    let sql = "SELECT who, SUM(n) AS x FROM proofs GROUP BY who ORDER BY who";
    assert_eq!(run(sql).unwrap(), [[Some(5), Some(5)], [Some(6), Some(1)]]);
    let sql = "SELECT SUM(amount) AS x FROM proofs WHERE n = 2 ORDER BY x";
    assert_eq!(run(sql).unwrap(), [[None]]);
}

#[test]
fn pay_is_rounded_down_once_with_128_bits_inside() {
    let sql = "SELECT mul_div(amount, 1000, 1001) AS x FROM proofs ORDER BY n";
    let most = i128::from(i64::MAX) * 1_000 / 1_001;
    assert_eq!(
        run(sql).unwrap(),
        [[Some(9)], [Some(19)], [None], [i64::try_from(most).ok()]]
    );
}

#[test]
fn numbers_and_tables_a_rule_does_not_have_are_named() {
    let Err(RulesError::UnknownNumber { name, .. }) =
        run("SELECT n FROM proofs WHERE n > $lost ORDER BY n")
    else {
        panic!("a number out of nowhere");
    };
    assert_eq!(name, "lost");
    assert!(matches!(
        run("SELECT n FROM profs ORDER BY n"),
        Err(RulesError::Sql { .. })
    ));
    assert!(matches!(
        run("SELECT m FROM proofs ORDER BY n"),
        Err(RulesError::Sql { .. })
    ));
    let missing = Engine::default().run(&[], &BTreeMap::new(), proofs(), &["result"]);
    assert!(matches!(missing, Err(RulesError::NoSuchTable { .. })));
}

#[test]
fn files_are_named_by_their_order_and_table() {
    let named = |name: &str| Ruleset::from_texts(String::new(), [(name.to_owned(), String::new())]);
    assert_eq!(
        named("07_late_ones.sql").unwrap().rules()[0].table,
        "late_ones"
    );
    for name in [
        "late.sql",
        "7_late.sql",
        "07_Late.sql",
        "07_.sql",
        "07_late.txt",
        "07-late.sql",
        "007_late.sql",
    ] {
        assert!(
            matches!(named(name), Err(RulesError::Name { .. })),
            "{name}"
        );
    }
    let twice =
        [("10_a.sql", ""), ("20_a.sql", "")].map(|(name, sql)| (name.to_owned(), sql.to_owned()));
    assert!(matches!(
        Ruleset::from_texts(String::new(), twice),
        Err(RulesError::TableTwice { .. })
    ));
}

#[test]
fn a_ruleset_s_hash_covers_every_byte_and_every_border() {
    let hash = |document: &str, files: &[(&str, &str)]| {
        let files = files
            .iter()
            .map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned()));
        Ruleset::from_texts(document.to_owned(), files)
            .unwrap()
            .hash()
    };
    let base = hash("a", &[("10_x.sql", "b"), ("20_y.sql", "c")]);
    assert_eq!(base, hash("a", &[("20_y.sql", "c"), ("10_x.sql", "b")]));
    for other in [
        hash("ab", &[("10_x.sql", ""), ("20_y.sql", "c")]),
        hash("a", &[("10_x.sql", "bc"), ("20_y.sql", "")]),
        hash("a", &[("11_x.sql", "b"), ("20_y.sql", "c")]),
        hash("a", &[("10_x.sql", "b")]),
    ] {
        assert_ne!(base, other);
    }
}

#[test]
fn a_false_claim_does_not_make_the_next_journey_look_impossible() {
    // New York, Tokyo an hour later, Chicago two hours after New York; and a first place long ago.
    let stops = table(&[
        ("n", &[Some(0), Some(1), Some(2)]),
        (
            "lat",
            &[Some(407_127_760), Some(356_895_000), Some(418_781_136)],
        ),
        (
            "lon",
            &[Some(-740_059_740), Some(1_396_917_000), Some(-876_297_982)],
        ),
        ("at", &[Some(0), Some(3_600_000), Some(7_200_000)]),
    ]);
    let rules = Ruleset::from_texts(
        String::new(),
        [(
            "10_speeds.sql".to_owned(),
            "SELECT n, travel_speed(lat, lon, at, NULL, NULL, NULL, 900000) OVER (ORDER BY n) AS speed FROM stops ORDER BY n"
                .to_owned(),
        )],
    )
    .unwrap();
    let tables = Tables::from([("stops".to_owned(), stops)]);
    let result = Engine::default()
        .run(rules.rules(), &BTreeMap::new(), tables, &["speeds"])
        .unwrap();
    let speeds = result["speeds"].column(1).as_primitive::<Int64Type>();
    assert!(speeds.is_null(0));
    // 10,850 km in an hour; 1,145 km in two.
    assert_eq!(speeds.value(1) / 100_000, 108);
    assert_eq!(speeds.value(2) / 1_000, 572);
}

#[test]
fn partitions_change_nothing() {
    let rows = table(&[
        ("n", &(0..5_000).map(Some).collect::<Vec<_>>()),
        (
            "who",
            &(0..5_000).map(|n| Some(n * 7 % 97)).collect::<Vec<_>>(),
        ),
    ]);
    let rules = Ruleset::from_texts(
        String::new(),
        [
            (
                "10_ranked.sql".to_owned(),
                "SELECT *, CAST(ROW_NUMBER() OVER (PARTITION BY who ORDER BY n) AS BIGINT) AS rank FROM rows".to_owned(),
            ),
            (
                "20_sums.sql".to_owned(),
                "SELECT who, SUM(n * rank) AS total, COUNT(*) AS many FROM ranked GROUP BY who ORDER BY total DESC, who"
                    .to_owned(),
            ),
        ],
    )
    .unwrap();
    let results: Vec<Tables> = [1, 2, 7]
        .map(|partitions| {
            let tables = Tables::from([("rows".to_owned(), rows.clone())]);
            Engine::with_partitions(partitions)
                .run(rules.rules(), &BTreeMap::new(), tables, &["sums"])
                .unwrap()
        })
        .into();
    assert_eq!(results[0], results[1]);
    assert_eq!(results[0], results[2]);
    assert_eq!(results[0]["sums"].num_rows(), 97);
}
