//! What can be changed, below the faces: why and who, bulk, undo, backup.

mod backup;
mod batch;
mod candidates;
mod followed;
mod history;
mod import;
mod large;
mod passages;
mod reservations;
mod runs;
mod undo;
mod undo_all;

use crate::support::SeededDatabase;
use numberd::domain::batch::{BatchItem, BatchMode, BatchReport};
use numberd::domain::run::InSlices;
use numberd::domain::{Author, Error, InstanceId, Origin, SkillGroupId, UserId};
use numberd::store::WriteTx;

/// The exclusive instance of the sample.
fn ccc() -> InstanceId {
    InstanceId::new("ccc-test")
}

/// The shared instance of the sample.
fn vcc() -> InstanceId {
    InstanceId::new("vcc-test")
}

fn by(request_id: &str) -> Author {
    Author {
        actor: "zhao".to_owned(),
        via: Origin::Admin,
        request_id: request_id.to_owned(),
        reason: "a test".to_owned(),
    }
}

/// Hands over so few numbers that they need no run.
fn hand_over(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    from: &UserId,
    to: &UserId,
    mode: BatchMode,
) -> Result<BatchReport, Error> {
    match numberd::ops::runs::hand_over(tx, instance_id, from, to, mode)? {
        InSlices::AtOnce(report) => Ok(report),
        InSlices::Run(run) => panic!("{run:?}"),
    }
}

pub(crate) fn assign(number: &str, user: &str) -> BatchItem {
    BatchItem::Assign { number: number.to_owned(), user_id: UserId::new(user) }
}

fn release(number: &str, user: Option<&str>) -> BatchItem {
    BatchItem::Release {
        number: number.to_owned(),
        user_id: user.map(UserId::new),
        cool_down_days: None,
    }
}

fn transfer(number: &str, from: Option<&str>, user: &str) -> BatchItem {
    BatchItem::Transfer {
        number: number.to_owned(),
        from: from.map(UserId::new),
        user_id: UserId::new(user),
    }
}

fn bind(number: &str, group: &str) -> BatchItem {
    BatchItem::Bind { number: number.to_owned(), skill_group_id: SkillGroupId::new(group) }
}

fn unbind(number: &str, group: Option<&str>) -> BatchItem {
    BatchItem::Unbind { number: number.to_owned(), skill_group_id: group.map(SkillGroupId::new) }
}

/// A line for each item: number, action, outcome, and why.
fn lines(report: &BatchReport) -> Vec<String> {
    let line = |item: &numberd::domain::batch::ItemOutcome| {
        let why = item.refusal.as_ref().map(|refusal| {
            let holders: Vec<&str> =
                refusal.blocked_by.iter().map(|holder| holder.id.as_str()).collect();
            format!(" {} {}", refusal.code.name(), holders.join(","))
        });
        format!("{} {} {:?}{}", item.number, item.action, item.outcome, why.unwrap_or_default())
            .trim_end()
            .to_owned()
    };
    report.items.iter().map(line).collect()
}

/// What is now, without what only ever grows (versions), says when something was done last, or is
/// never shown. Passwords are not set back.
pub(crate) fn present(database: &SeededDatabase) -> String {
    let rows = "
        SELECT group_concat('SELECT ' || quote(name) || ', json_array(' || columns || ') FROM ' || name
                            || iif(name = 'personal_assignment', ' WHERE released_at IS NULL', ''),
                            ' UNION ALL ') || ' ORDER BY 1, 2'
          FROM (SELECT t.name, group_concat(c.name, ', ') AS columns
                  FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
                 WHERE t.schema = 'main'
                   AND t.name IN ('instance', 'instance_counter', 'pool_counter', 'ram_user', 'user',
                                  'skill_group', 'skill_group_member', 'skill_group_number',
                                  'contact_flow', 'phone_number', 'low_water_mark',
                                  'personal_assignment')
                   AND c.name NOT IN ('version', 'phone_number_id', 'last_picked_at',
                                      'last_login_at', 'password_hash', 'password_changed_at')
                   AND (t.name <> 'personal_assignment'
                        OR c.name IN ('instance_id', 'number', 'user_id'))
                 GROUP BY t.name)";
    database.query(&database.query(rows))
}
