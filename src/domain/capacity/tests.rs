//! Forecasts of offices whose course is known, and low-water marks.

use super::{Arrivals, Course, LowWaterMark, Office, PlaceCount, Records, Stretch};
use super::{Timestamp, WEEK};
use crate::domain::forecast::Outlook;
use crate::domain::phone_number::Usage;

const NOW: Timestamp = Timestamp::from_millis(100 * WEEK);

fn ago(tenths: i64) -> Timestamp {
    Timestamp::from_millis(NOW.millis() - tenths * WEEK / 10)
}

fn held(number: i64, from: i64, to: Option<i64>) -> Stretch {
    Stretch { number, from: ago(from), to: to.map(ago), kept: false, promised: false }
}

fn kept(number: i64, from: i64, to: i64) -> Stretch {
    Stretch { kept: true, ..held(number, from, Some(to)) }
}

fn course(free: u32, stretches: Vec<Stretch>) -> Course {
    let arrivals = vec![Arrivals { weeks_ago: 10, numbers: 20 }];
    Course::new(free, 20, office(200), &Records { stretches, arrivals })
}

fn office(began: i64) -> Office {
    Office { now: NOW, began: ago(began), cool_down_days: 0 }
}

#[test]
fn the_day_on_which_the_office_is_set_up_is_no_pace() {
    let stretches: Vec<Stretch> = (0..20).map(|at| held(at, 99, None)).collect();
    let known = Records { stretches, arrivals: vec![Arrivals { weeks_ago: 10, numbers: 20 }] };
    for (began, weeks, events) in [(100, 9, 0), (101, 9, 0), (102, 10, 20), (300, 10, 20)] {
        let forecast = Course::new(0, 20, office(began), &known).forecast;
        assert_eq!((forecast.weeks, forecast.events), (weeks, events), "{began}");
    }
}

#[test]
fn a_number_that_goes_from_hand_to_hand_is_taken_once() {
    let moved = course(19, vec![held(1, 45, Some(25)), held(1, 25, None)]);
    let overlapping = course(19, vec![held(1, 45, None), held(1, 25, Some(5))]);
    for course in [moved, overlapping] {
        assert_eq!(course.forecast.events, 1);
        assert_eq!(course.past, [20, 20, 20, 20, 20, 20, 19, 19, 19, 19, 19]);
    }
    let again = course(19, vec![held(1, 45, Some(26)), held(1, 25, None)]);
    assert_eq!(again.forecast.events, 3);
}

#[test]
fn what_was_kept_was_not_free_and_is_no_event() {
    let course = course(20, vec![held(1, 65, Some(45)), kept(1, 45, 25)]);
    assert_eq!(course.forecast.events, 2);
    assert_eq!(course.past, [20, 20, 20, 20, 19, 19, 19, 19, 20, 20, 20]);
}

#[test]
fn what_came_later_was_not_free_before() {
    let arrivals =
        vec![Arrivals { weeks_ago: 5, numbers: 15 }, Arrivals { weeks_ago: 2, numbers: 5 }];
    let known = Records { stretches: Vec::new(), arrivals };
    assert_eq!(Course::new(20, 20, office(200), &known).past, [15, 15, 15, 20, 20, 20]);
}

#[test]
fn a_pace_ends_when_what_is_free_is_gone_and_a_cool_down_that_ends_helps() {
    let given = |free: usize| (0..20).map(|at| held(at, at * 5 + 1, None)).take(20 - free);
    let plain = course(4, given(4).collect()).forecast;
    let Outlook::RunsOut { earliest_weeks, .. } = plain.outlook else { panic!("{plain:?}") };
    assert!((1..=3).contains(&earliest_weeks), "{plain:?}");
    let cooling = (0..20).map(|at| kept(100 + at, 1, -5));
    let helped = course(4, given(4).chain(cooling).collect()).forecast;
    assert!(helped.band[2].low > plain.band[2].high, "{helped:?}");
    let promised = (0..20).map(|at| Stretch { promised: true, ..kept(100 + at, 1, -5) });
    assert_eq!(course(4, given(4).chain(promised).collect()).forecast, plain);
}

#[test]
fn a_mark_without_a_usage_is_for_what_can_dial_out() {
    let place = |city: &str, usage, free| PlaceCount {
        city: city.to_owned(),
        usage,
        free,
        reserved: 1,
        bound: 1,
        personal: 1,
    };
    let places = [
        place("成都", Usage::Outbound, 3),
        place("成都", Usage::Inbound, 50),
        place("西安", Usage::Bidirection, 4),
    ];
    let mark = |city: Option<&str>, usage, least| {
        let mark = LowWaterMark::new(city.map(str::to_owned), usage, least, &places);
        (mark.free, mark.too_few)
    };
    let misspelt = LowWaterMark::new(Some("城都".to_owned()), None, 1, &places);
    assert_eq!(
        (misspelt.numbers, misspelt.to_string().contains("there is no active number")),
        (0, true)
    );
    assert_eq!(LowWaterMark::new(None, None, 1, &places).numbers, 13);
    assert_eq!(mark(None, None, 7), (7, false));
    assert_eq!(mark(None, None, 8), (7, true));
    assert_eq!(mark(Some("成都"), None, 4), (3, true));
    assert_eq!(mark(Some("成都"), Some(Usage::Inbound), 50), (50, false));
    assert_eq!(mark(Some("北京"), None, 1), (0, true));
}
