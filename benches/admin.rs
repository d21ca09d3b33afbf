//! What the lists of the admin API cost at 1,000 to a million numbers, with up to 5,000 users and
//! 500 skill groups, and a change log of what made them. `NUMBERD_SIZES=1000,100000` chooses the
//! sizes.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark that can't go on stops")]

mod support;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use numberd::admin::{Face, ROUTES};
use numberd::http::{Face as _, LoginAttempts};
use numberd::ops::last_use::LastUse;
use std::sync::Arc;
use std::time::Duration;
use support::{Database, Mix, get, number_of, sizes};

/// An address below the instance's, and its query.
type List = (&'static str, &'static str);

#[rustfmt::skip]
const LISTS: &[List] = &[
    ("/numbers", ""),
    ("/numbers", "q=083"),
    ("/numbers", "q=User+12"),
    ("/numbers", "state=free"),
    ("/numbers", "state=bound"),
    ("/numbers", "state=personal"),
    ("/numbers", "usage=Outbound"),
    ("/numbers", "active=true"),
    ("/numbers", "city=%E4%B9%90%E5%B1%B1"),
    ("/numbers", "city=nowhere"),
    ("/numbers", "contact_flow=flow"),
    ("/numbers", "facets=state,city,usage,active,provider,skill_group,tag,contact_flow"),
    ("/numbers", "q=083+user&facets=state,city"),
    ("/numbers", "state=bound&usage=Outbound"),
    ("/numbers", "sort=-number"),
    ("/numbers", "sort=city"),
    ("/numbers", "sort=-city"),
    ("/numbers", "sort=usage"),
    ("/numbers", "sort=-usage"),
    ("/numbers", "sort=state"),
    ("/numbers", "sort=-state"),
    ("/numbers", "sort=created_at"),
    ("/numbers", "sort=-created_at"),
    ("/users", ""),
    ("/users", "q=u12"),
    ("/users", "role=Admin"),
    ("/users", "active=true"),
    ("/users", "skill_group_id=group@bench"),
    ("/users", "sort=-user_id"),
    ("/users", "sort=display_name"),
    ("/users", "sort=-display_name"),
    ("/users", "sort=role"),
    ("/users", "sort=extension"),
    ("/users", "sort=-created_at"),
    ("/skill-groups", ""),
    ("/skill-groups", "q=g12"),
    ("/skill-groups", "media_type=AUDIO"),
    ("/skill-groups", "sort=-skill_group_id"),
    ("/skill-groups", "sort=display_name"),
    ("/skill-groups", "sort=-phone_number_count"),
    ("/skill-groups", "sort=user_count"),
    ("/skill-groups", "sort=-created_at"),
    ("/contact-flows", ""),
    ("/assignments", ""),
    ("/assignments", "q=083"),
    ("/assignments", "user_id=root@bench"),
    ("/users/root@bench/numbers", ""),
    ("/users/root@bench/numbers", "q=083"),
    ("/users/u1@bench/numbers", ""),
    ("/users/u1@bench/candidates", ""),
    ("/users/u1@bench/candidates", "q=083"),
    ("/users/u1@bench/candidates", "include=blocked"),
    ("/users/u1@bench/candidates", "include=blocked&q=083"),
    ("/bindings", ""),
    ("/bindings", "q=083"),
    ("/bindings", "skill_group_id=group@bench"),
    ("/reservations", ""),
    ("/capacity", ""),
    ("/skill-groups/group@bench/users", ""),
    ("/skill-groups/group@bench/users", "q=u12"),
    ("/numbers/{number}/history", ""),
    ("/users/root@bench/history", ""),
    ("/users/u1@bench/history", ""),
];

/// Parts of the change log, which has no pages: the newest, or those after one.
#[rustfmt::skip]
const CHANGES: &[List] = &[
    ("/changes", ""),
    ("/changes", "after=0"),
    ("/changes", "after=500"),
    ("/changes", "number={number}"),
    ("/changes", "user_id=root@bench"),
    ("/changes", "skill_group_id=group@bench"),
    ("/changes", "skill_group_id=empty@bench"),
    ("/changes", "request_id=none"),
    ("/changes", "entity=personal_assignment"),
    ("/changes", "entity=contact_flow"),
    ("/changes", "actor=nobody"),
    ("/changes", "via=ccc"),
];

/// The change log that the rows would have left, had they been made one by one.
#[allow(clippy::disallowed_methods, reason = "the benchmark's own rows")]
fn fill(database: &Database) {
    let sql = "PRAGMA synchronous = OFF;
         BEGIN;
         INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action, instance_id, number, new)
         SELECT created_at, '', 'sql', '', '', 'phone_number', 'insert', instance_id, number, '{}' FROM phone_number;
         INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action, instance_id, number, skill_group_id, new)
         SELECT bound_at, '', 'sql', '', '', 'skill_group_number', 'insert', instance_id, number, skill_group_id, json_object('bound_at', bound_at)
           FROM skill_group_number;
         INSERT INTO change (changed_at, actor, via, request_id, reason, entity, action, instance_id, number, user_id, assignment_id, new)
         SELECT assigned_at, '', 'sql', '', '', 'personal_assignment', 'insert', instance_id, number, user_id, assignment_id, '{}' FROM personal_assignment;
         INSERT INTO contact_flow (contact_flow_id, instance_id, name) VALUES ('flow', 'bench', 'flow');
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);";
    rusqlite::Connection::open(&database.path).unwrap().execute_batch(sql).unwrap();
}

/// That no list was forgotten: every route below an instance that answers with many rows is timed.
fn assert_complete() {
    let fits = |address: &str, pattern: &str| {
        let (parts, expected) = (address.split('/'), pattern.split('/'));
        parts.clone().count() == expected.clone().count()
            && parts
                .zip(expected)
                .all(|(part, expected)| expected.starts_with('{') || part == expected)
    };
    let lists = ROUTES.iter().filter(|route| {
        route.operation.contains("list") || route.operation.starts_with("history.of_")
    });
    for pattern in lists.filter_map(|route| route.pattern.strip_prefix("/instances/{instance}")) {
        let timed = LISTS.iter().chain(CHANGES).any(|(address, _)| fits(address, pattern));
        assert!(timed || pattern.is_empty(), "{pattern} is not timed");
    }
}

fn lists(criterion: &mut Criterion) {
    assert_complete();
    for size in sizes("1000,10000,100000,1000000") {
        let database = Database::new(Mix::usual(size));
        let people = |share: u64, most| u32::try_from((size / share).min(most)).unwrap();
        database.add_people(people(20, 5_000), people(200, 500));
        fill(&database);
        database.index();
        let face = Face::new(
            Arc::clone(&database.store),
            Arc::new(LoginAttempts::new(database.store.clock())),
            Arc::new(LastUse::new(Arc::clone(&database.store))),
            database.path.with_file_name("backups"),
        );
        // Ten rows a page, so that page 100 is the same at both sizes.
        for (part, lists, paging) in [
            ("page 1", LISTS, "page=1&per_page=10"),
            ("page 100", LISTS, "page=100&per_page=10"),
            ("part", CHANGES, "limit=10"),
        ] {
            let mut group = criterion.benchmark_group(format!("{size}, {part}"));
            group
                .sample_size(10)
                .warm_up_time(Duration::from_millis(50))
                .measurement_time(Duration::from_millis(200));
            for (address, query) in lists {
                let path = format!("/instances/bench{address}").replace("{number}", &number_of(30));
                let query = format!("{query}&{paging}")
                    .trim_start_matches('&')
                    .replace("{number}", &number_of(30));
                let answer = |request| {
                    let answer = face.answer(&request);
                    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
                    answer.body
                };
                group.bench_function(
                    BenchmarkId::from_parameter(format!("{address} {query}")),
                    |bencher| {
                        bencher.iter_batched(|| get(&path, &query), answer, BatchSize::SmallInput);
                    },
                );
            }
        }
    }
}

criterion_group!(benches, lists);
criterion_main!(benches);
