//! The commands as a library, against both programs in a virtual machine and real published files: what each does on
//! chain, what it says, and what it refuses before anything is sent.

mod devices;
mod governance;
mod rewards;
mod stage;
mod token_2022;
