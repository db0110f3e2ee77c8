//! What comes into the vault.

use cairn_interface::{spl, vault::vault_address};

use super::{Play, address, key};

impl Play {
    pub fn fund(&mut self) {
        let amount = self.units(9_000);
        let ran = self.scene.fund(amount);
        if self.note("fund", &ran) {
            let yard = self.yard();
            yard.arrived += yard.after_fee(amount);
        }
    }

    pub fn donate(&mut self) {
        let amount = self.units(1_000);
        let from = self.scene.mint_to(&address("stranger"), amount);
        let (mint, program) = (self.scene.mint, self.scene.token_program());
        let vault = vault_address(&self.scene.pool).0;
        let stranger = address("stranger");
        let gift = spl::transfer(&program, &mint, 6, &from, &vault, &stranger, amount);
        let ran = self.scene.world.send(&[gift], &[&key("stranger")]);
        assert!(self.note("donate", &ran), "{ran:?}");
        let yard = self.yard();
        yard.arrived += yard.after_fee(amount);
    }
}
