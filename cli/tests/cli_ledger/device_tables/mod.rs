//! Tables of devices as operators export them, entered into a tree of their own beside the stage's.

use std::path::PathBuf;
use std::sync::Arc;

use cairn::command::device::tree::{create, import};
use cairn::context::Context;
use cairn::error::{CliError, Exit, RowFault};
use cairn::facts::Facts;
use cairn_interface::registry::{DeviceTreeView, tree_address};
use cairn_registry::DevicesFile;
use cairn_testkit::World;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

use crate::stage::{Listener, Stage};

mod file;

const HEAD: &str = "device,owner,class,latitude,longitude,country\n";

/// A stage with an empty second tree.
struct Scene(Stage);

impl Scene {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let args = create::Args {
            network: stage.network_arg(),
            depth: 5,
            canopy_depth: 0,
        };
        create::run(&stage.as_authority(), &args).await.unwrap();
        Self(stage)
    }

    fn table(&self, name: &str, text: impl AsRef<[u8]>) -> import::Args {
        let file = self.0.data.path().join(name);
        std::fs::write(&file, text).unwrap();
        import::Args {
            file,
            network: self.0.network_arg(),
            tree: 1,
            publish: Some(self.0.devices_file()),
            odd_places: false,
        }
    }

    async fn import(&self, text: impl AsRef<[u8]>) -> Result<Facts, CliError> {
        let args = self.table("more.csv", text);
        import::run(&self.0.as_authority(), &args).await
    }

    /// Rows, columns and problems of a table that is refused; nothing was written or sent.
    async fn faults(&self, text: impl AsRef<[u8]>) -> Vec<(u64, Option<&'static str>, String)> {
        let before = std::fs::read(self.0.devices_file()).unwrap();
        let error = self.import(text).await.unwrap_err();
        assert_eq!(error.code(), "devices-malformed");
        assert_eq!(error.exit(), Exit::Failed);
        assert_eq!(std::fs::read(self.0.devices_file()).unwrap(), before);
        assert_eq!(self.tree().next_index, 0);
        let plain = |fault: RowFault| (fault.row, fault.column, fault.message);
        error.faults().unwrap().into_iter().map(plain).collect()
    }

    async fn refusal(&self, text: impl AsRef<[u8]>) -> String {
        let error = self.import(text).await.unwrap_err();
        assert_eq!(error.code(), "devices-malformed");
        error.to_string()
    }

    fn tree(&self) -> DeviceTreeView {
        let tree = tree_address(&self.0.network, 1).0;
        self.0.ledger.with_world(|world| world.tree(&tree))
    }
}

fn key(name: &str) -> Pubkey {
    World::pauper(name).pubkey()
}

/// A row of device `n` in New York.
fn good(n: u8) -> String {
    format!(
        "{},{},network,40.71{n},-74.00{n},US\n",
        key(&format!("table device {n}")),
        key("table owner")
    )
}

#[tokio::test]
async fn every_fault_is_named_at_once_with_the_line_and_the_column_it_stands_in() {
    let scene = Scene::new().await;
    let owner = key("table owner");
    let first = key("table device 0");
    let device = |row: u8| key(&format!("faulty device {row}"));
    let rows = [
        HEAD.trim_end().to_owned(),
        good(0).trim_end().to_owned(),
        String::new(),
        format!("{},{owner},radio,40.7128,-74.0060,US", device(4)),
        ",,,,,".to_owned(),
        format!("{},nobody,network,40.7128,,ZZ", device(6)),
        format!("{},{owner},network,\"40,7128\",abc,uk", device(7)),
        format!("{},{owner}", device(8)),
        format!("{},{owner},sensor,99.9,200,US", device(9)),
        format!("{},{owner},sensor,-74.0060,140.7128,US", device(10)),
        format!("{},{owner},sensor,91,45,", device(11)),
        format!("{first},{owner},radio,,,"),
    ];
    let text = rows.join("\n");
    let faults = scene.faults(text).await;
    let class = "\"radio\" is no class: network, storage, compute, sensor, energy, mobility, delivery, identity, or a number from 1 to 15";
    let expected: &[(u64, Option<&str>, &str)] = &[
        (4, Some("class"), class),
        (
            6,
            Some("owner"),
            "\"nobody\" is not a 32-byte key in Base58",
        ),
        (
            6,
            Some("country"),
            "no country has the code ZZ in ISO 3166-1",
        ),
        (
            6,
            Some("longitude"),
            "it is empty, and the other half of the place is not",
        ),
        (
            7,
            Some("country"),
            "no country has the code UK in ISO 3166-1; write GB",
        ),
        (
            7,
            Some("latitude"),
            "\"40,7128\" has a decimal comma; write 40.7128",
        ),
        (
            7,
            Some("longitude"),
            "\"abc\" is not a number: write degrees like 40.7128 or -74.006",
        ),
        (8, None, "2 fields where the header names 6"),
        (9, Some("latitude"), "the place is not on Earth"),
        (
            10,
            Some("latitude"),
            "the place is far from US: is a minus lost, or are latitude and longitude swapped?",
        ),
        (
            11,
            Some("latitude"),
            "the place is not on Earth: latitudes end at 90; are latitude and longitude swapped?",
        ),
        (12, Some("class"), class),
        (
            12,
            Some("device"),
            "the same device stands in row 2 already",
        ),
    ];
    let faults: Vec<_> = faults
        .iter()
        .map(|(row, column, told)| (*row, *column, told.as_str()))
        .collect();
    assert_eq!(faults, expected);
}

#[tokio::test]
async fn a_device_that_stands_twice_is_told_with_both_rows_and_one_of_another_tree_with_its_position()
 {
    let scene = Scene::new().await;
    let elsewhere = scene.0.devices[1].0.pubkey();
    let owner = key("table owner");
    let text = format!(
        "{HEAD}{}{}\n{}{elsewhere},{owner},network,,,\n",
        good(0),
        good(1),
        good(0)
    );
    let faults = scene.faults(text).await;
    let expected = [
        (
            5,
            Some("device"),
            "the same device stands in row 2 already".to_owned(),
        ),
        (
            6,
            Some("device"),
            "the device is registered already, at position 1 of tree 0".to_owned(),
        ),
    ];
    assert_eq!(faults, expected);
}

#[tokio::test]
async fn places_that_look_wrong_are_refused_until_they_are_confirmed() {
    let scene = Scene::new().await;
    let (device, owner) = (key("table device 0"), key("table owner"));
    let island = format!("{HEAD}{device},{owner},network,0,0.0,US\n");
    let faults = scene.faults(&island).await;
    assert_eq!(
        faults,
        [(
            2,
            Some("latitude"),
            "0, 0 is in the sea off Ghana, where lists put what they do not know".to_owned()
        )]
    );
    let error = scene.import(&island).await.unwrap_err();
    assert!(error.hint().unwrap().contains("--odd-places"));
    // Nothing stands for what is not known.
    let unknown = format!("{HEAD}{device},{owner},network,,,US\n");
    let args = import::Args {
        odd_places: true,
        ..scene.table("more.csv", island)
    };
    let imported = import::run(&scene.0.as_authority(), &args).await.unwrap();
    assert_eq!(imported.number("devices"), Some(1));

    let scene = Scene::new().await;
    scene.import(unknown).await.unwrap();
    let rows = cairn_epoch::read_devices(&scene.0.devices_file()).unwrap();
    assert_eq!(rows.last().unwrap().place(), None);
}

#[tokio::test]
async fn what_is_odd_about_all_places_together_is_said_before_anything_is_signed() {
    let scene = Scene::new().await;
    let owner = key("table owner");
    let row = |n: u8| {
        format!(
            "{},{owner},network,10.5,10.5,NG\n",
            key(&format!("copied {n}"))
        )
    };
    let args = scene.table("more.csv", format!("{HEAD}{}{}{}", row(1), row(2), row(3)));
    let listener = Listener::new(true);
    let ctx = Context {
        talk: Arc::new(listener.clone()),
        ..scene.0.as_authority()
    };
    import::run(&ctx, &args).await.unwrap();
    let told = listener.effects()[0].warnings.join("\n");
    for doubt in [
        "All 3 devices that tell a place tell the same one",
        "The latitude of all 3 devices that tell a place is their longitude too",
    ] {
        assert!(told.contains(doubt), "{told}");
    }
}

#[tokio::test]
async fn column_names_and_classes_are_read_in_any_case_and_files_by_what_they_hold() {
    let scene = Scene::new().await;
    let (device, owner) = (key("table device 0"), key("table owner"));
    let text = format!(
        "\u{feff}Device,OWNER,Class,Lat,Long,Country Code\r\n{device},{owner},Network,40.7127999,-74.0060,us\r\n"
    );
    let args = scene.table("devices.txt", text);
    import::run(&scene.0.as_authority(), &args).await.unwrap();
    let rows = cairn_epoch::read_devices(&scene.0.devices_file()).unwrap();
    let row = rows.last().unwrap();
    assert_eq!(row.place(), Some((407_127_999, -740_060_000)));
    assert_eq!((row.tree, row.leaf_index, row.class), (1, 0, 1));
    assert_eq!(&row.country, b"US");
}

#[tokio::test]
async fn a_file_that_is_no_table_of_devices_is_told_in_words() {
    let scene = Scene::new().await;
    let device = key("table device 0");
    for (text, told) in [
        ("", "is empty"),
        (HEAD, "has a header and no row"),
        (
            "device,owner,class,colour\n",
            "has the column \"colour\", which means nothing here",
        ),
        ("device,owner\n", "has no column class"),
        (
            "device;owner;class\n",
            "separates its columns by semicolons instead of commas",
        ),
        ("{\"device\": 1}", "is JSON, not a CSV"),
    ] {
        let refused = scene.refusal(text).await;
        assert!(refused.ends_with(told), "{refused}");
    }
    let headless = scene.refusal(format!("{device},x,network\n")).await;
    assert!(headless.contains("has no header"), "{headless}");
}

#[tokio::test]
async fn a_key_whose_letters_were_changed_on_the_way_is_refused() {
    let scene = Scene::new().await;
    let owner = key("table owner");
    let text = format!(
        "device,owner,class\n{},{owner},network\n{},{owner},network\n",
        "13nrbpcwzx25udjvbxcpr4qunduy9qh7hajxsiw5eh9x",
        "0x52908400098527886E0F7030069857D2E4169EE7"
    );
    let faults = scene.faults(text).await;
    assert!(faults[0].2.contains("has no capital letter"), "{faults:?}");
    assert!(
        faults[1].2.contains("is an address of Ethereum"),
        "{faults:?}"
    );
}

#[tokio::test]
async fn an_address_that_can_sign_nothing_is_no_device_and_may_be_an_owner() {
    let scene = Scene::new().await;
    // What a program derives is off the curve on purpose.
    let derived = scene.0.network;
    let (device, owner) = (key("table device 0"), key("table owner"));
    let faults = scene
        .faults(format!("{HEAD}{derived},{owner},network,,,\n"))
        .await;
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0].2.contains("is the key of no device"),
        "{faults:?}"
    );
    scene
        .import(format!("{HEAD}{device},{derived},network,,,\n"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_table_in_place_of_the_published_file_is_told_so() {
    let scene = Scene::new().await;
    let file: PathBuf = scene.0.data.path().join("devices.csv");
    std::fs::write(&file, HEAD).unwrap();
    let error = CliError::from(DevicesFile::read(&file).unwrap_err());
    assert_eq!(error.code(), "devices-malformed");
    assert!(
        error.to_string().ends_with("is no devices.parquet"),
        "{error}"
    );
}
