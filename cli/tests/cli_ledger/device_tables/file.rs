//! The devices file that is published for a table: when it is there, and what it may list.

use std::sync::Arc;

use cairn::command::device::tree::{create, import};
use cairn::context::{Context, Manner};

use super::{HEAD, Scene, good, key};
use crate::stage::Listener;

#[tokio::test]
async fn a_devices_file_lists_no_device_before_it_is_entered() {
    let scene = Scene::new().await;
    let args = scene.table("more.csv", format!("{HEAD}{}", good(0)));
    let before = std::fs::read(scene.0.devices_file()).unwrap();
    let untouched = || {
        assert_eq!(std::fs::read(scene.0.devices_file()).unwrap(), before);
        assert!(!scene.0.data.path().join("devices.parquet.new").exists());
    };
    let no = Context {
        talk: Arc::new(Listener::new(false)),
        ..scene.0.as_authority()
    };
    let error = import::run(&no, &args).await.unwrap_err();
    assert_eq!(error.code(), "declined");
    untouched();
    let dry = Context {
        manner: Manner::DryRun,
        ..scene.0.as_authority()
    };
    import::run(&dry, &args).await.unwrap();
    untouched();
    // More than the tree holds.
    let many: String = (0..33)
        .map(|n| {
            format!(
                "{},{},network,,,\n",
                key(&format!("many {n}")),
                key("table owner")
            )
        })
        .collect();
    let error = scene.import(format!("{HEAD}{many}")).await.unwrap_err();
    assert_eq!(error.code(), "devices-mismatch");
    untouched();
    let args = scene.table("more.csv", format!("{HEAD}{}", good(0)));
    let unsigned = Context {
        manner: Manner::Unsigned,
        ..scene.0.as_authority()
    };
    let told = import::run(&unsigned, &args).await.unwrap();
    let file = scene.0.devices_file();
    assert_eq!(told.get("devices_file"), Some(&file.as_path().into()));
    assert_ne!(std::fs::read(scene.0.devices_file()).unwrap(), before);
}

#[tokio::test]
async fn a_published_file_with_places_that_look_wrong_is_refused_too() {
    let scene = Scene::new().await;
    let island = format!(
        "{HEAD}{},{},network,0,0,\n",
        key("table device 0"),
        key("table owner")
    );
    let args = import::Args {
        odd_places: true,
        ..scene.table("more.csv", island)
    };
    import::run(&scene.0.as_authority(), &args).await.unwrap();
    let third = create::Args {
        network: scene.0.network_arg(),
        depth: 5,
        canopy_depth: 0,
    };
    create::run(&scene.0.as_authority(), &third).await.unwrap();
    let mut rows = cairn_epoch::read_devices(&scene.0.devices_file()).unwrap();
    for row in &mut rows {
        row.tree = row.tree.saturating_add(1);
    }
    let file = scene.0.data.path().join("moved.parquet");
    cairn_epoch::write_devices(&file, &rows).unwrap();
    let args = import::Args {
        file,
        tree: 2,
        publish: None,
        odd_places: false,
        ..args
    };
    let error = import::run(&scene.0.as_authority(), &args)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "devices-malformed");
    assert!(
        error.to_string().contains("position 0: 0, 0 is in the sea"),
        "{error}"
    );
}
