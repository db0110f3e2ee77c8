//! `cairn wifi show`.

use std::path::PathBuf;

use cairn_spelling::text::base58;
use serde::Serialize;

use super::speaker::Speakers;
use super::statement::{Point, Statement, WifiFile};
use crate::address::Address;
use crate::args::{FilesArg, NetworkArg};
use crate::chain;
use crate::context::Context;
use crate::error::{CliError, Exit};
use crate::moment::utc;
use crate::page::{Column, Page, Show};
use crate::printer::Verdict;

/// Show what a file says of access points, and which of it the web app would show
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Example:
  cairn wifi show --list DIR/epochs/wifi.json --network NET --files DIR")]
pub struct Args {
    /// The file
    #[arg(long, value_name = "FILE")]
    pub list: PathBuf,
    #[command(flatten)]
    pub network: NetworkArg,
    #[command(flatten)]
    pub files: FilesArg,
}

/// Statements about a network's access points.
#[derive(Clone, Debug, Serialize)]
pub struct WifiShown {
    pub network: Address,
    pub points: Vec<PointShown>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PointShown {
    #[serde(flatten)]
    pub statement: Statement,
    /// Why nobody is shown it; null where people are.
    pub refused: Option<String>,
}

/// # Errors
/// Files that can not be read; an unreachable node.
pub async fn run(ctx: &Context, args: &Args) -> Result<WifiShown, CliError> {
    let network = args.network.network;
    let file = WifiFile::read(&args.list, &network)?;
    let speakers = Speakers::read(ctx, &args.files).await?;
    let now = chain::now(ctx).await?;
    let refused = |one: &Statement| -> Option<String> {
        if let Err(wrong) = one.check() {
            return Some(wrong);
        }
        if !(one.signed..one.until).contains(&now) {
            return Some("it does not hold now".to_owned());
        }
        if !one.is_signed(&network.to_bytes()) {
            return Some("who it names did not sign it".to_owned());
        }
        let heard = speakers.hear(&one.point, &one.by);
        heard.err().map(|error| error.to_string())
    };
    Ok(WifiShown {
        network: network.into(),
        points: file
            .points
            .into_iter()
            .map(|statement| PointShown {
                refused: refused(&statement),
                statement,
            })
            .collect(),
    })
}

impl Verdict for WifiShown {
    fn exit(&self) -> Exit {
        if self.points.iter().any(|it| it.refused.is_some()) {
            return Exit::Failed;
        }
        Exit::Done
    }
}

impl Show for WifiShown {
    fn show(&self, page: &mut Page) {
        page.title("Access points as people see them");
        page.fact("network", self.network.to_string());
        let columns = [
            Column::Text("where"),
            Column::Text("name"),
            Column::Text("terms"),
            Column::Text("until"),
            Column::Text("shown"),
        ];
        page.table(
            &columns,
            self.points.iter().map(|PointShown { statement, refused }| {
                let place = match &statement.point {
                    Point::Device(key) => base58(key),
                    Point::Cell(cell) => cell.clone(),
                };
                vec![
                    place,
                    statement.ssid.clone(),
                    statement.terms.clone(),
                    utc(statement.until),
                    refused.clone().unwrap_or_else(|| "yes".to_owned()),
                ]
            }),
        );
    }
}
