use cairn_interface::ids;
use cairn_interface::vault::{PageOpened, Slot, VaultError, VaultEvent, member_page_address};
use cairn_testkit::{assert_refused, assert_refused_by};

use super::scene::{Scene, event};

#[test]
fn anyone_opens_a_page_of_420_empty_slots() {
    let mut scene = Scene::new();
    let said = event(scene.open_page(3));
    assert!(matches!(
        said,
        VaultEvent::PageOpened(PageOpened { page: 3, .. })
    ));
    let page = scene.page(3);
    assert_eq!((page.pool, page.page), (scene.pool, 3));
    assert_eq!(page.slots, [Slot::default(); 420]);
    assert_eq!(scene.pool().pages, 1);
}

#[test]
fn rent_is_at_most_170_000_lamports_a_member() {
    let mut scene = Scene::new();
    scene.open_page(0).unwrap();
    let rent = scene.world.lamports(&member_page_address(&scene.pool, 0).0);
    assert!(rent <= 170_000 * 420, "{} a member", rent.div_ceil(420));
}

#[test]
fn a_page_is_opened_once() {
    let (mut scene, first) = Scene::with_first_epoch(&[100]);
    scene.claim(1, &first, 0).unwrap();
    // An account that exists is not created: the system program's code 0.
    assert_refused_by(scene.open_page(0), &ids::SYSTEM_PROGRAM, 0);
    assert_eq!(scene.page(0).slots[0].tokens_claimed, 100);
}

#[test]
fn pages_end_with_the_last_possible_member() {
    let mut scene = Scene::new();
    assert_refused(scene.open_page(39_946), VaultError::PageOutOfRange);
    assert_refused(scene.open_page(u32::MAX), VaultError::PageOutOfRange);
    scene.open_page(39_945).unwrap();
}

#[test]
fn a_page_address_that_was_sent_lamports_opens_all_the_same() {
    let mut scene = Scene::new();
    for (page, lamports) in [(0, 1_000_000), (1, 100_000_000)] {
        let address = member_page_address(&scene.pool, page).0;
        scene.world.airdrop(&address, lamports);
        scene.open_page(page).unwrap();
    }
}
