//! Pages: the vendor's limits, and `--paging clamp`.

use super::{code, listed, requests};
use crate::support::App;
use numberd::domain::{Clock, Paging};

const LISTS: [(&str, u64); 4] = [
    ("ListInstancesOfUser", 2),
    ("ListPhoneNumbers", 9),
    ("ListPersonalNumbersOfUser", 1),
    ("ListPhoneNumbersOfSkillGroup", 1),
];

/// What `Data` says of a page: number, size, total, and how many rows there are.
fn page(app: &App, action: &str, number: &str, size: &str) -> (u64, u64, u64, usize) {
    let reply = app.call(
        action,
        &requests::changed(action, &[("PageNumber", Some(number)), ("PageSize", Some(size))]),
    );
    assert_eq!(code(&reply), "OK", "{}", reply.body);
    let data = &reply.json()["Data"];
    let figure = |name: &str| data[name].as_u64().unwrap();
    (
        figure("PageNumber"),
        figure("PageSize"),
        figure("TotalCount"),
        data["List"].as_array().unwrap().len(),
    )
}

#[test]
fn a_page_past_the_end_is_empty_and_has_the_total_and_what_was_asked() {
    let app = App::spawn();
    for (action, total) in LISTS {
        for (number, size) in [(1, 1), (1, 100), (2, 100), (100, 1), (100, 100)] {
            let rows = total.saturating_sub((number - 1) * size).min(size);
            assert_eq!(
                page(&app, action, &number.to_string(), &size.to_string()),
                (number, size, total, rows as usize),
                "{action}"
            );
        }
    }
}

#[test]
fn the_last_page_takes_the_place_of_one_past_the_end_and_the_limits_stay() {
    let app = App::with(Paging::LastPage, Clock::System);
    for (action, total) in LISTS {
        let last = total.div_ceil(2);
        let rows = (total - (last - 1) * 2) as usize;
        assert_eq!(page(&app, action, "100", "2"), (last, 2, total, rows), "{action}");
        for (number, size, expected) in [
            ("0", "2", "Minimum"),
            ("101", "2", "Maximum"),
            ("1", "0", "Minimum"),
            ("1", "101", "Maximum"),
        ] {
            let changes = [("PageNumber", Some(number)), ("PageSize", Some(size))];
            let reply = app.call(action, &requests::changed(action, &changes));
            assert_eq!(code(&reply), format!("Parameter.{expected}"), "{action} {number} {size}");
        }
    }
}

#[test]
fn clamped_pages_are_moved_into_the_limits_and_to_the_last_page_with_rows_and_the_reply_says_which()
{
    let app = App::with(Paging::Clamp, Clock::System);
    for (action, total) in LISTS {
        let last = |size: u64| total.div_ceil(size).max(1);
        for (number, size, shown, used) in [
            ("0", "10", 1, 10),
            ("-1", "0", 1, 1),
            ("-99999999999999999999999", "-5", 1, 1),
            ("1", "101", 1, 100),
            ("1", "99999999999999999999999", 1, 100),
            ("2", "100", 1, 100),
            ("101", "100", 1, 100),
            ("99999999999999999999999", "1", last(1), 1),
            ("100", "1", last(1), 1),
            ("5", "4", last(4).min(5), 4),
        ] {
            let (found, size_used, all, rows) = page(&app, action, number, size);
            assert_eq!(
                (found, size_used, all),
                (shown, used, total),
                "{action}: page {number} of {size}"
            );
            assert_eq!(
                rows as u64,
                used.min(total - (shown - 1) * used),
                "{action}: page {number} of {size}"
            );
        }
        // What is no number, or not there, can't be moved anywhere.
        for (value, expected) in [
            (None, "Parameter.Null"),
            (Some(""), "Parameter.Empty"),
            (Some("x"), "Parameter.Format"),
            (Some("1.5"), "Parameter.Format"),
        ] {
            assert_eq!(
                code(&app.call(action, &requests::changed(action, &[("PageSize", value)]))),
                expected,
                "{action}"
            );
        }
    }
}

#[test]
fn a_clamped_page_of_an_empty_list_is_the_first() {
    let app = App::with(Paging::Clamp, Clock::System);
    let none = [("SearchPattern", Some("no such number")), ("PageNumber", Some("7"))];
    for action in ["ListPhoneNumbers", "ListPersonalNumbersOfUser", "ListPhoneNumbersOfSkillGroup"]
    {
        let reply = app.call(action, &requests::changed(action, &none));
        assert_eq!(listed(&reply), (Vec::new(), 0));
        assert_eq!(reply.json()["Data"]["PageNumber"], 1, "{action}");
    }
}
