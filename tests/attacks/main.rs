//! What breaks systems of this class, tried on the built programs: one test an attack, its refusal asserted by code.

mod registry;
mod vault;
