//! What an unknown number may have been meant to be.

use super::{Place, assert_done, stderr, stdout};

#[test]
fn a_slip_of_the_finger_is_met_with_the_number_that_was_meant() {
    let place = Place::seeded();
    let run = |line: &[&str]| place.run(&[line, &["--instance", "ccc-test"]].concat());
    let there = ["057188881234", "+8613912345678", "4009998877", "0731-2234567", "01-23-45-67-89"];
    assert_done(&run(&[&["numbers", "add", "--usage", "Inbound"], &there[..]].concat()));
    for (typed, meant) in [
        // Another digit, two swapped, one left out, one too many.
        ("057188881235", there[0]),
        ("057188882134", there[0]),
        ("05718888123", there[0]),
        ("0571888812334", there[0]),
        // Another area code, none, one without its zero.
        ("057288881234", there[0]),
        ("88881234", there[0]),
        ("57188881234", there[0]),
        ("07332234567", there[3]),
        ("2234567", there[3]),
        // Spellings: the country's code without its sign, the national form.
        ("8613912345678", there[1]),
        ("008613921345678", there[1]),
        ("13912345679", there[1]),
        ("400-999-8876", there[2]),
        ("0123456798", there[4]),
    ] {
        let shown = run(&["numbers", "show", typed]);
        assert_eq!(shown.status.code(), Some(3));
        let ending = format!("The nearest to {typed} is {meant}.\n");
        assert!(stderr(&shown).ends_with(&ending), "{typed}: {}", stderr(&shown));
    }
    for far in ["057199990000", "nobody", "12", "057188880000", "00", "-", "+"] {
        let shown = run(&["numbers", "show", far]);
        assert!(!stderr(&shown).contains("nearest"), "{far}: {}", stderr(&shown));
    }
}

#[test]
fn at_most_three_numbers_are_suggested_and_those_of_no_other_instance() {
    let place = Place::seeded();
    let row = ["numbers", "add-range", "071055550000", "--count", "9", "--instance", "ccc-test"];
    assert_done(&place.run(&row));
    let show = |id: &str| {
        let shown = place.run(&["numbers", "show", "071055550009", "--instance", id]);
        assert_eq!(shown.status.code(), Some(3));
        stderr(&shown)
    };
    let three = "The nearest to 071055550009 are 071055550000, 071055550001, 071055550002.";
    assert!(show("ccc-test").contains(three), "{}", show("ccc-test"));
    assert!(!show("vcc-test").contains("nearest"), "{}", show("vcc-test"));
}

#[test]
fn every_command_that_meets_an_unknown_number_says_what_is_near() {
    let place = Place::seeded();
    let add = ["numbers", "add", "057188881234", "057188885678", "--instance", "ccc-test"];
    assert_done(&place.run(&add));
    let changes = || {
        let database = rusqlite::Connection::open(place.database()).unwrap();
        database.query_row("SELECT count(*) FROM change", (), |row| row.get::<_, u64>(0)).unwrap()
    };
    let before = changes();
    for line in [
        "numbers show 057188881243",
        "numbers edit 057188881243 --note x",
        "numbers remove 057188881243",
        "numbers assign 057188881243 --to lina",
        "numbers release 057188881243",
        "numbers transfer 057188881243 --to lina",
        "numbers bind 057188881243 --to sales",
        "numbers hold 057188881243 --for lina --until 2099-01-01",
        "numbers assign 057188881243 --to lina --dry-run --json",
        "why 057188881243 --user lina",
        "swap 057188881243 057188885678",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let output = place.run(&[words.as_slice(), &["--instance", "ccc-test"]].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{line}: {said}");
        let nearest = "The nearest to 057188881243 is 057188881234.";
        assert!(said.contains(nearest), "{line}: {said}{}", stdout(&output));
    }
    let words = "numbers assign 057188881243 057188885687 --to lina --instance ccc-test";
    let several = stderr(&place.run(&words.split(' ').collect::<Vec<_>>()));
    for pair in ["057188881243 is 057188881234.", "057188885687 is 057188885678."] {
        assert!(several.contains(&format!("The nearest to {pair}")), "{several}");
    }
    assert_eq!(changes(), before);
}
