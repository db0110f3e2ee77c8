//! Attacks on airdrop that stand for every instruction; those on one of them are beside its tests in `tests/svm/airdrop`.

mod every_instruction;
