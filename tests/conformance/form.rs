//! How nodes, canopies and proofs are written in the vectors, read without the code that writes them.

use std::num::ParseIntError;
use std::str::FromStr;

use cairn_merkle::Node;
use serde::Deserialize;

use crate::unhex;

#[derive(Deserialize)]
pub struct NodeForm {
    pub hash: String,
    pub sum: String,
}

#[derive(Deserialize)]
pub struct CanopyForm {
    pub canopy_depth: u8,
    pub nodes: Vec<NodeForm>,
}

#[derive(Deserialize)]
pub struct ProofForm {
    pub index: u32,
    pub canopy_depth: u8,
    pub nodes: Vec<NodeForm>,
}

/// Amounts are decimal strings: a JSON number loses digits above 2^53.
pub fn amount<T: FromStr<Err = ParseIntError>>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn node(form: &NodeForm) -> Node {
    Node::new(unhex(&form.hash), amount(&form.sum))
}

pub fn nodes(forms: &[NodeForm]) -> Vec<Node> {
    forms.iter().map(node).collect()
}
