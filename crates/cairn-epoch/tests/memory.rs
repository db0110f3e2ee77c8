//! What rules remember: tables that the ruleset declares, and no line of Rust knows.

mod world;

use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray as _, RecordBatch, UInt32Array};
use arrow::datatypes::Int64Type;
use cairn_epoch::{Closed, EpochError, EpochFolder, Silent, close, recompute};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use world::{HOUR, MINUTE, NEW_YORK, World, key};

/// In how many epochs a device was up, and when it last was.
const STREAKS: &str = r#"
[[memory]]
name = "streaks"
key = [{ name = "device", type = "identity" }]
value = [
  { name = "epochs", type = "integer", min = 1, max = 1_000 },
  { name = "missed_hour", type = "optional_integer" },
]
"#;

const NEXT_STREAKS: &str = "
WITH seen AS (SELECT device, 1 AS epochs FROM beat_facts WHERE fault IS NULL GROUP BY device)
SELECT
    COALESCE(s.device, u.device) AS device,
    COALESCE(s.epochs, 0) + COALESCE(u.epochs, 0) AS epochs,
    CASE WHEN u.device IS NULL THEN $epoch_start_hour END AS missed_hour
FROM streaks AS s
FULL JOIN seen AS u ON u.device = s.device
ORDER BY device
";

fn world() -> World {
    let mut world = World::new();
    world.device("steady", "alice", NEW_YORK);
    world.device("lazy", "bob", world::CHICAGO);
    world
}

/// Freezes the epoch under the shipped rules, one more declaration and one more rule.
fn freeze(world: &World, declared: &str, rule: (&str, &str)) -> PathBuf {
    let dir = world.freeze();
    let inputs = EpochFolder::new(&dir).inputs();
    let document = inputs.join("ruleset.toml");
    let text = std::fs::read_to_string(&document).unwrap();
    std::fs::write(&document, format!("{text}{declared}")).unwrap();
    std::fs::write(inputs.join("rules").join(rule.0), rule.1).unwrap();
    dir
}

fn close_with_streaks(world: &World) -> Closed {
    let dir = freeze(world, STREAKS, ("83_next_streaks.sql", NEXT_STREAKS));
    close(&dir, &Silent).unwrap()
}

fn rows(folder: &Path, table: &str) -> RecordBatch {
    let path = folder.join(format!("outputs/memory/{table}.parquet"));
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let file = std::fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).unwrap();
    let mut batches = reader.build().unwrap();
    batches.next().unwrap().unwrap()
}

/// Epochs and the missed hour of a device.
fn streak(folder: &Path, device: &str) -> (i64, Option<i64>) {
    let batch = rows(folder, "streaks");
    let devices = batch.column(0).as_fixed_size_binary();
    let row = (0..batch.num_rows())
        .find(|row| devices.value(*row) == key(device))
        .unwrap();
    let number = |column: usize| {
        let values = batch.column(column).as_primitive::<Int64Type>();
        values.is_valid(row).then(|| values.value(row))
    };
    (number(1).unwrap(), number(2))
}

#[test]
fn a_rule_that_remembers_something_new_is_a_declaration_and_sql() {
    let mut world = world();
    for device in ["steady", "lazy"] {
        world.heartbeat(device, world.start() + MINUTE);
    }
    let first = close_with_streaks(&world);
    assert_eq!(streak(&world.dir(), "steady"), (1, None));
    assert!(
        first
            .manifest
            .outputs
            .iter()
            .any(|entry| entry.name == "outputs/memory/streaks.parquet" && entry.rows == 2)
    );

    world.next_epoch(&first);
    world.heartbeat("steady", world.start() + HOUR + MINUTE);
    let second = close_with_streaks(&world);
    let missed = world.start() / HOUR;
    assert_eq!(streak(&world.dir(), "steady"), (2, None));
    assert_eq!(streak(&world.dir(), "lazy"), (1, Some(missed)));
    assert!(
        second
            .manifest
            .inputs
            .iter()
            .any(|entry| entry.name == "inputs/memory/streaks.parquet")
    );
    // And whoever recomputes needs to know no more than the folder says.
    let scratch = tempfile::tempdir().unwrap();
    let again = recompute(&world.dir(), &scratch.path().join("again"), &Silent).unwrap();
    assert!(again.is_equal(), "{:?}", again.difference);
}

#[test]
fn a_table_starts_empty_and_is_forgotten_when_it_is_declared_no_longer() {
    let mut world = world();
    world.heartbeat("steady", world.start() + MINUTE);
    let first = world.close();
    // Declared from the second epoch on.
    world.next_epoch(&first);
    world.heartbeat("steady", world.start() + MINUTE);
    let second = close_with_streaks(&world);
    assert_eq!(streak(&world.dir(), "steady"), (1, None));
    // And no longer in the third: what was carried in is evidence, and nobody reads it.
    world.next_epoch(&second);
    world.heartbeat("steady", world.start() + MINUTE);
    let third = world.close();
    let named = |list: &[cairn_epoch::FileEntry]| {
        list.iter()
            .any(|entry| entry.name.ends_with("memory/streaks.parquet"))
    };
    assert!(named(&third.manifest.inputs));
    assert!(!named(&third.manifest.outputs));
}

#[test]
fn a_table_with_other_columns_needs_another_name() {
    let mut world = world();
    world.heartbeat("steady", world.start() + MINUTE);
    let first = close_with_streaks(&world);
    world.next_epoch(&first);
    world.heartbeat("steady", world.start() + MINUTE);
    let renamed = STREAKS.replace("missed_hour", "absent_hour");
    let rule = NEXT_STREAKS.replace("missed_hour", "absent_hour");
    let dir = freeze(&world, &renamed, ("83_next_streaks.sql", &rule));
    let refused = close(&dir, &Silent);
    assert!(
        matches!(&refused, Err(EpochError::Schema { path, .. }) if path.ends_with("memory/streaks.parquet")),
        "{refused:?}"
    );
}

#[test]
fn what_a_rule_makes_must_be_as_it_is_declared() {
    for (from, to, told) in [
        (
            "ORDER BY device",
            "ORDER BY device DESC",
            "is not ordered by key",
        ),
        (
            "ON u.device = s.device",
            "ON u.device = s.device + 1 CROSS JOIN (SELECT 1 AS one UNION ALL SELECT 2) AS twice",
            "or names one twice",
        ),
        (
            "COALESCE(u.epochs, 0) AS",
            "COALESCE(u.epochs, 0) + 1000 AS",
            "holds a number out of range (row 0, epochs)",
        ),
        (
            "COALESCE(s.epochs, 0) + COALESCE(u.epochs, 0) AS",
            "COALESCE(s.epochs, 0) AS",
            "holds a number out of range (row 0, epochs)",
        ),
        (
            "COALESCE(s.epochs, 0) + COALESCE(u.epochs, 0) AS",
            "CASE WHEN u.device = -5 THEN 1 END AS",
            "holds null (row 0, epochs)",
        ),
        (
            "COALESCE(s.device, u.device) AS",
            "COALESCE(s.device, u.device) + 1000000 AS",
            "names nobody",
        ),
        (
            "AS missed_hour\n",
            "AS other_hour\n",
            "lacks the integer column missed_hour",
        ),
    ] {
        let mut world = world();
        for device in ["steady", "lazy"] {
            world.heartbeat(device, world.start() + MINUTE);
        }
        let rule = NEXT_STREAKS.replacen(from, to, 1);
        assert_ne!(rule, NEXT_STREAKS, "{from}");
        let dir = freeze(&world, STREAKS, ("83_next_streaks.sql", &rule));
        let refused = close(&dir, &Silent).unwrap_err();
        assert!(
            matches!(refused, EpochError::Decisions(_)),
            "{to}: {refused}"
        );
        assert!(refused.to_string().contains("next_streaks"), "{refused}");
        assert!(refused.to_string().contains(told), "{told}: {refused}");
    }
}

#[test]
fn a_malformed_declaration_is_refused_before_anything_is_computed() {
    let key = r#"key = [{ name = "device", type = "identity" }]"#;
    let value = r#"value = [{ name = "epochs", type = "integer" }]"#;
    let table = |name: &str, key: &str, value: &str| {
        format!("\n[[memory]]\nname = \"{name}\"\n{key}\n{value}\n")
    };
    let column = |text: &str| table("streaks", key, &format!("value = [{{ {text} }}]"));
    let many: Vec<String> = (0..32)
        .map(|at| format!("{{ name = \"c{at}\", type = \"integer\" }}"))
        .collect();
    let tables: String = (0..62)
        .map(|at| table(&format!("t{at}"), key, value))
        .collect();
    for (declared, told) in [
        (column(r#"name = "a", type = "float""#), "float"),
        (
            column(r#"name = "a", type = "integer", default = 0"#),
            "default",
        ),
        (column(r#"name = "a""#), "type"),
        (table("streaks", "key = []", value), "key is empty"),
        (table("streaks", "", value), "key"),
        (
            table(
                "streaks",
                r#"key = [{ name = "h", type = "optional_integer" }]"#,
                value,
            ),
            "may not be null",
        ),
        (
            table(
                "streaks",
                key,
                r#"value = [{ name = "device", type = "integer" }]"#,
            ),
            "device stands twice",
        ),
        (
            table("streaks", key, &format!("value = [{}]", many.join(", "))),
            "at most 32 columns",
        ),
        (column(r#"name = "Epochs", type = "integer""#), "is no name"),
        (
            column(r#"name = "a", type = "integer", min = 2, max = 1"#),
            "above max",
        ),
        (
            column(r#"name = "a", type = "identity", min = 0"#),
            "which has no bounds",
        ),
        (table("../streaks", key, value), "is no name"),
        (table("", key, value), "is no name"),
        (table("next_streaks", key, value), "the name is taken"),
        (table("devices", key, value), "the name is taken"),
        (table("decisions", key, value), "the name is taken"),
        (table("check_ins", key, value), "the name is taken"),
        (
            table("beat_facts", key, value),
            "a rule makes a table of that name",
        ),
        (table("users", key, value), "users stands twice"),
        (
            table("streams_seen", key, value),
            "no rule makes next_streams_seen",
        ),
        (tables, "at most 64"),
    ] {
        let mut world = world();
        world.heartbeat("steady", world.start() + MINUTE);
        let dir = freeze(&world, &declared, ("83_next_streaks.sql", NEXT_STREAKS));
        let refused = close(&dir, &Silent).unwrap_err();
        assert!(
            matches!(refused, EpochError::Rules(_)),
            "{declared}: {refused}"
        );
        assert!(refused.to_string().contains(told), "{told}: {refused}");
    }
}

#[test]
fn a_carried_table_that_no_rule_would_have_made_is_refused() {
    let mut world = world();
    world.visit("bob", "steady", world.start() + HOUR);
    world.visit("carol", "steady", world.start() + HOUR);
    let first = world.close();
    world.next_epoch(&first);
    let dir = world.freeze();
    let path = EpochFolder::new(&dir).inputs().join("memory/users.parquet");
    let batch = rows(&first_folder(&world), "users");
    let reversed =
        arrow::compute::take_record_batch(&batch, &UInt32Array::from(vec![1, 0])).unwrap();
    write(&path, &reversed);
    let refused = close(&dir, &Silent);
    assert!(
        matches!(&refused, Err(EpochError::Row { row: 1, field, .. }) if field == "user_id"),
        "{refused:?}"
    );
    let mut columns = batch.columns().to_vec();
    columns[4] = std::sync::Arc::new(arrow::array::Int64Array::from(vec![1, -1]));
    write(
        &path,
        &RecordBatch::try_new(batch.schema(), columns).unwrap(),
    );
    let refused = close(&dir, &Silent);
    assert!(
        matches!(&refused, Err(EpochError::Row { row: 1, field, .. }) if field == "accepted"),
        "{refused:?}"
    );
}

fn first_folder(world: &World) -> PathBuf {
    world.dir().parent().unwrap().join("00001")
}

fn write(path: &Path, batch: &RecordBatch) {
    let options =
        parquet::arrow::arrow_writer::ArrowWriterOptions::new().with_skip_arrow_metadata(true);
    let file = std::fs::File::create(path).unwrap();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new_with_options(file, batch.schema(), options).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}
