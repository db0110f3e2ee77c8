//! Reading a question's bytes from front to back.

use cairn_merkle::{Credits, LeafIndex, MilliPoints, NODE_LEN, Node, Tokens};

use crate::Fault;

/// What of a question was not read yet.
pub struct Question<'a>(&'a [u8]);

impl<'a> Question<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `N` bytes.
    pub fn take<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Fault::Question)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub fn u8(&mut self) -> Result<u8, Fault> {
        self.take().map(u8::from_le_bytes)
    }

    pub fn u32(&mut self) -> Result<u32, Fault> {
        self.take().map(u32::from_le_bytes)
    }

    pub fn i32(&mut self) -> Result<i32, Fault> {
        self.take().map(i32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, Fault> {
        self.take().map(u64::from_le_bytes)
    }

    /// What a leaf grants: tokens, milli-points and credits, u64 each.
    pub fn amounts(&mut self) -> Result<(Tokens, MilliPoints, Credits), Fault> {
        Ok((
            Tokens::new(self.u64()?),
            MilliPoints::new(self.u64()?),
            Credits::new(self.u64()?),
        ))
    }

    pub fn index(&mut self) -> Result<LeafIndex, Fault> {
        self.u32().map(LeafIndex::new)
    }

    pub fn node(&mut self) -> Result<Node, Fault> {
        self.take().map(|bytes| Node::from_bytes(&bytes))
    }

    /// A count, and as many nodes, read in place.
    pub fn nodes(&mut self) -> Result<&'a [Node], Fault> {
        let count = usize::try_from(self.u32()?).map_err(|_| Fault::Question)?;
        let length = count.checked_mul(NODE_LEN).ok_or(Fault::Question)?;
        let (nodes, rest) = self.0.split_at_checked(length).ok_or(Fault::Question)?;
        self.0 = rest;
        Node::slice_from_bytes(nodes).ok_or(Fault::Question)
    }

    /// A count, and as many of what `read` takes.
    pub fn list<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        (0..self.u32()?).map(|_| read(self)).collect()
    }

    pub const fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// Nothing may be left: a longer question is another one.
    pub const fn over(&self) -> Result<(), Fault> {
        if self.is_over() {
            Ok(())
        } else {
            Err(Fault::Question)
        }
    }
}
