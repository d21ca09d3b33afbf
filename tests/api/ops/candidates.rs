//! Which numbers could be given to a user, and what stands in the way of the others.

use super::{by, ccc, vcc};
use crate::support::{Program, SeededDatabase};
use numberd::domain::batch::{BatchMode, RefusalCode};
use numberd::domain::candidate::{Candidate, CandidateFilter};
use numberd::domain::{Clock, Error, InstanceId, Page, PageRequest, Paging, SearchWords, UserId};
use numberd::ops::{batch, phone_numbers};
use numberd::store::{Store, candidates};

const WHOLE: PageRequest = PageRequest { number: 1, size: 500, paging: Paging::Clamp };

fn page(
    store: &Store,
    instance: &InstanceId,
    user: &str,
    pattern: Option<&str>,
    include_blocked: bool,
    page: PageRequest,
) -> Page<Candidate> {
    let words = SearchWords::parse(pattern.unwrap_or_default()).unwrap();
    let filter = CandidateFilter { words, include_blocked, suggested: false };
    store.read(|tx| candidates::page(tx, instance, &UserId::new(user), &filter, page)).unwrap()
}

/// Taking away every reason makes a number assignable, and what is assignable can be given: for
/// every number of both instances.
#[test]
fn every_candidate_tells_the_truth_and_what_would_free_it_does() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let vcc_user = database.query("SELECT user_id FROM personal_assignment WHERE instance_id = 'vcc-test' AND released_at IS NULL LIMIT 1");
    for (instance, user) in
        [(ccc(), "user-test@ccc-test"), (ccc(), "chenjing@ccc-test"), (vcc(), vcc_user.as_str())]
    {
        let all = page(&store, &instance, user, None, true, WHOLE);
        let total: u64 = database
            .query(&format!("SELECT count(*) FROM phone_number WHERE instance_id = '{instance}'"))
            .parse()
            .unwrap();
        assert_eq!((all.total, all.rows.len() as u64), (total, total));
        let assignable: Vec<&str> = all
            .rows
            .iter()
            .filter(|row| row.assignable)
            .map(|row| row.phone_number.number.as_str())
            .collect();
        let listed = page(&store, &instance, user, None, false, WHOLE);
        assert_eq!(
            listed.rows.iter().map(|row| row.phone_number.number.as_str()).collect::<Vec<_>>(),
            assignable
        );
        assert_eq!(listed.total, assignable.len() as u64);
        assert!(all.rows.iter().any(|row| !row.assignable));
        for row in &all.rows {
            assert_eq!(row.assignable, row.reasons.is_empty());
            let number = row.phone_number.number.clone();
            let frees: Vec<_> =
                row.reasons.iter().flat_map(|reason| reason.freed_by.clone()).collect();
            let (instance, user) = (instance.clone(), UserId::new(user));
            let refused: Vec<String> = store
                .rehearse::<_, Error>(by("R"), move |tx| {
                    let report = batch::run(tx, &instance, &frees, BatchMode::AllOrNothing)?;
                    assert_eq!((report.done, report.refused), (frees.len(), 0));
                    phone_numbers::assign_personal(tx, &instance, &user, &[number])
                        .map(|refused| refused.into_iter().collect())
                })
                .unwrap();
            assert_eq!(refused, Vec::<String>::new(), "{row:#?}");
        }
    }
}

#[test]
fn the_reasons_name_the_holders_and_since_when() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let why = |instance: &InstanceId, user: &str, number: &str| {
        store.read(|tx| candidates::why(tx, instance, &UserId::new(user), number))
    };
    let personal = why(&ccc(), "lina@ccc-test", "083xxxx0011").unwrap();
    assert_eq!(personal.reasons[0].code, RefusalCode::NumberHeldByUser);
    assert_eq!(
        personal.reasons[0].detail,
        "083xxxx0011 is held by user user-test@ccc-test (云呼测试1) since 2026-03-20T10:05:00.000Z"
    );
    assert_eq!(
        why(&ccc(), "user-test@ccc-test", "083xxxx0011").unwrap().reasons[0].code,
        RefusalCode::NumberHeldAlready
    );
    let several = database.query("SELECT number FROM skill_group_number WHERE instance_id = 'ccc-test' GROUP BY number HAVING count(*) > 1 LIMIT 1");
    let bound = why(&ccc(), "lina@ccc-test", &several).unwrap();
    assert_eq!(bound.reasons[0].code, RefusalCode::NumberHeldBySkillGroup);
    assert!(
        bound.reasons[0].blocked_by.len() > 1
            && bound.reasons[0].freed_by.len() == bound.reasons[0].blocked_by.len()
    );
    for (instance, user, number) in [
        ("ccc-test", "lina@ccc-test", "0999"),
        ("ccc-test", "nobody@ccc-test", "083xxxx0011"),
        ("ccc-test", "annakowalska@vcc-test", "083xxxx0011"),
        ("vcc-test", "lina@ccc-test", "083xxxx0011"),
        ("no-such", "lina@ccc-test", "083xxxx0011"),
    ] {
        let refused = why(&InstanceId::new(instance), user, number);
        assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
    }
}

#[test]
fn a_pattern_is_part_of_the_number_and_pages_are_clamped() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    for (pattern, blocked) in [
        ("555", true),
        ("555", false),
        ("%", true),
        ("_", true),
        ("\\", true),
        ("'", true),
        ("xxxx", true),
    ] {
        let found = page(&store, &ccc(), "lina@ccc-test", Some(pattern), blocked, WHOLE);
        assert!(
            found.rows.iter().all(|row| row.phone_number.number.contains(pattern)),
            "{pattern}"
        );
        assert_eq!(found.total, found.rows.len() as u64, "{pattern}");
    }
    let last = page(
        &store,
        &ccc(),
        "lina@ccc-test",
        None,
        true,
        PageRequest { number: 9_999_999, size: 100, paging: Paging::Clamp },
    );
    assert_eq!(last.shown.number, last.total.div_ceil(100));
    assert!(!last.rows.is_empty());
}

#[test]
fn a_number_that_nobody_can_dial_out_with_is_offered_with_a_warning() {
    let database = SeededDatabase::new();
    let store = database.store(Clock::System);
    let lina = UserId::new("lina@ccc-test");
    let warned = |number: &str| {
        let candidate = store.read(|tx| candidates::why(tx, &ccc(), &lina, number)).unwrap();
        let warning = candidate.warning.map(|warning| (warning.code.name(), warning.detail));
        (candidate.assignable, warning)
    };
    let inbound = "4005550006 is for incoming calls only, so nobody can dial out with it";
    assert_eq!(warned("4005550006"), (true, Some(("inbound-only", inbound.to_owned()))));
    let inactive = "4005550008 is inactive, so nobody can dial out with it";
    assert_eq!(warned("4005550008"), (true, Some(("inactive", inactive.to_owned()))));
    assert_eq!(warned("02855500007"), (true, None));
    assert!(matches!(warned("4005550001"), (false, Some(("inbound-only", _)))));

    for blocked in [false, true] {
        let all = page(&store, &ccc(), "lina@ccc-test", None, blocked, WHOLE);
        for row in &all.rows {
            let number = &row.phone_number;
            let dials_out = number.active && number.usage.dials_out();
            assert_eq!(row.warning.is_none(), dials_out, "{row:?}");
        }
    }
    // And whoever looks reads it: at the command line, and by REST.
    let file = database.path().to_str().unwrap();
    let run = |line: &[&str]| {
        let here = ["--user", "lina", "--instance", "ccc-test", "--database", file];
        let output = Program::run(&[line, &here].concat(), "");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let why = format!("4005550006 can be given to lina@ccc-test.\nWarning: {inbound}.\n");
    assert_eq!(run(&["why", "4005550006"]), why);
    let listed = run(&["candidates", "-q", "400555000"]);
    assert!(listed.contains("for incoming calls only"), "{listed}");
    assert!(listed.contains("inactive, so nobody can dial out with it"), "{listed}");
    let json = run(&["candidates", "-q", "4005550006", "--json"]);
    assert!(json.contains("\"code\": \"inbound-only\""), "{json}");
}
