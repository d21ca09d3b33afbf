//! What can be changed, below the faces: why and who, bulk, undo, backup.

mod backup;
mod batch;
mod candidates;
mod history;
mod import;
mod large;
mod passages;
mod reservations;
mod runs;
mod undo;
mod undo_all;

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
    match numberd::ops::runs::hand_over(tx, instance_id, from, to, mode, false)? {
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

/// What is now, without what only ever grows (versions) or says when something was given last.
pub(crate) const PRESENT: &str = "
    SELECT 'instance', instance_id, name, description, status, personal_numbers, created_at FROM instance
    UNION ALL SELECT 'counter', instance_id, free, bound, personal, NULL, NULL FROM instance_counter
    UNION ALL SELECT 'pool', numbers, NULL, NULL, NULL, NULL, NULL FROM pool_counter
    UNION ALL SELECT 'ram_user', ram_id, login_name, display_name || '|' || email || '|' || mobile, is_root, NULL, created_at FROM ram_user
    UNION ALL SELECT 'user', user_id, instance_id || '|' || ram_id || '|' || role || '|' || extension || '|' || display_name || '|' || email,
                     mobile || '|' || nickname || '|' || avatar_url || '|' || display_id || '|' || note || '|' || work_mode, active || '|' || locked,
                     user_guid || '|' || coalesce(selected_callback_number_id, '') || '|' || prevent_auto_callback_number, created_at FROM user
    UNION ALL SELECT 'skill_group', skill_group_id, instance_id || '|' || name || '|' || display_name || '|' || description, media_type,
                     skill_group_guid, phone_number_count || '|' || user_count, created_at FROM skill_group
    UNION ALL SELECT 'skill_group_member', skill_group_id, user_id, instance_id, skill_level, NULL, added_at FROM skill_group_member
    UNION ALL SELECT 'contact_flow', contact_flow_id, instance_id || '|' || name || '|' || description, type || '|' || definition,
                     draft_id || '|' || editor || '|' || published, updated_at, created_at FROM contact_flow
    UNION ALL SELECT 'phone_number', coalesce(instance_id, ''), number, state || '|' || usage || '|' || active || '|' || province || '|' || city,
                     coalesce(contact_flow_id, '') || '|' || provider || '|' || corp_name || '|' || tags || '|' || note,
                     callback_number_id || '|' || coalesce(callback_number_name, ''), created_at FROM phone_number
    UNION ALL SELECT 'skill_group_number', skill_group_id, number, instance_id, NULL, NULL, bound_at FROM skill_group_number
    UNION ALL SELECT 'personal_assignment', instance_id, number, user_id, NULL, NULL, NULL FROM personal_assignment WHERE released_at IS NULL
    ORDER BY 1, 2, 3, 4";
