//! The golden vectors in `fixtures/vectors`: everything a second implementation needs to check itself. Written by
//! `cairn-vectors`, read by the conformance test, the program's tests and the app.

mod drop;
mod layout;
mod proof;
mod tree;

use cairn_merkle::{Node, Tokens};
use serde::Serialize;

/// A file of vectors: its name in `fixtures/vectors` and its text.
pub struct File {
    pub name: String,
    pub text: String,
}

/// Every file, in the order of names.
#[must_use]
pub fn files() -> Vec<File> {
    let mut files: Vec<File> = tree::SIZES.map(tree::file).into();
    files.push(tree::refusals());
    files.push(drop::file());
    files.push(proof::file());
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// The amount by which forgeries differ.
const ONE: Tokens = Tokens::new(1);

/// A node in JSON. Amounts are decimal strings everywhere: a JSON number loses digits above 2^53.
#[derive(Serialize)]
struct NodeForm {
    hash: String,
    sum: String,
}

impl From<Node> for NodeForm {
    fn from(node: Node) -> Self {
        Self {
            hash: hex::encode(node.hash),
            sum: node.sum().to_string(),
        }
    }
}

/// The 2^`canopy_depth` nodes of one level.
#[derive(Serialize)]
struct CanopyForm {
    canopy_depth: u8,
    nodes: Vec<NodeForm>,
}

/// The siblings from the leaf at `index` up to a canopy.
#[derive(Serialize)]
struct ProofForm {
    index: u32,
    canopy_depth: u8,
    nodes: Vec<NodeForm>,
}

fn node_forms(nodes: &[Node]) -> Vec<NodeForm> {
    nodes.iter().copied().map(NodeForm::from).collect()
}

/// The name of an error's variant, which is its name in the vectors.
fn variant(error: &impl std::fmt::Debug) -> String {
    format!("{error:?}")
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}
