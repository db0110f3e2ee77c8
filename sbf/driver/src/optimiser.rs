//! How much is done to a program that nobody asked for.

/// Whether the whole program is optimised once rustc has handed it over. A miscompilation shows itself as a difference between two
/// code generations of the same source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimiser {
    /// What is deployed.
    On,
    /// Only what a function needs to fit its stack frame; for comparison, into `target/sbf/unoptimised`.
    Off,
}
