//! Users of an instance with everything that is shown of them.

use super::get;
use crate::domain::{Error, InstanceId, Order, Page, PageRequest, Role, User, UserId, words};
use crate::store::ReadTx;
use crate::store::engine::like_pattern;
use rusqlite::params;

/// Which users are listed; an absent filter lets every user through.
#[derive(Clone, Debug, Default)]
pub struct UserQuery {
    /// Part of the id, of a name, the e-mail address, the extension or the display id.
    pub search: Option<String>,
    /// Only of this role.
    pub role: Option<Role>,
    /// Only archived ones, or only the others.
    pub active: Option<bool>,
    /// Only members of this skill group.
    pub skill_group_id: Option<String>,
    /// What they are sorted by.
    pub order: Order<UserOrder>,
}

words! {
    /// What users are sorted by.
    #[derive(Default)]
    UserOrder {
        /// Their id.
        #[default]
        Id = "user_id",
        /// What people call them.
        DisplayName = "display_name",
        /// Their role.
        Role = "role",
        /// Their extension.
        Extension = "extension",
        /// When they were made.
        CreatedAt = "created_at",
    }
}

/// The rows that a [`UserQuery`] lets through.
macro_rules! filters {
    () => {
        r" WHERE u.instance_id = ?1
            AND (?2 IS NULL OR u.user_id LIKE ?2 ESCAPE '\' OR composed(u.display_name) LIKE ?2 ESCAPE '\'
                  OR composed(u.nickname) LIKE ?2 ESCAPE '\'
                 OR u.email LIKE ?2 ESCAPE '\' OR u.extension LIKE ?2 ESCAPE '\'
                   OR composed(u.display_id) LIKE ?2 ESCAPE '\')
            AND (?3 IS NULL OR u.role = ?3) AND (?4 IS NULL OR u.active = ?4)
            AND (?5 IS NULL OR EXISTS (SELECT 1 FROM skill_group_member AS m
                                       WHERE m.skill_group_id = ?5 AND m.user_id = u.user_id)) "
    };
}

/// The statements for each order of the list, forward and backward.
macro_rules! in_order {
    ($($key:literal,)*) => {
        const IN_ORDER: &[[&str; 2]] = &[$([
            concat!("SELECT u.user_id FROM user AS u", filters!(), "ORDER BY ", $key, ", u.user_id LIMIT ?6 OFFSET ?7"),
            concat!("SELECT u.user_id FROM user AS u", filters!(), "ORDER BY ", $key, " DESC, u.user_id DESC LIMIT ?6 OFFSET ?7"),
        ],)*];
    };
}

in_order! { "u.user_id", "u.display_name", "u.role", "u.extension", "u.created_at", }

/// A page of the instance's users.
pub fn search(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    query: &UserQuery,
    page: PageRequest,
) -> Result<Page<User>, Error> {
    let like = query.search.as_deref().map(like_pattern);
    let UserQuery { role, active, skill_group_id, order, .. } = query;
    let values = params![instance_id, like, role, active, skill_group_id];
    let unfiltered =
        like.is_none() && role.is_none() && active.is_none() && skill_group_id.is_none();
    let total = if unfiltered {
        tx.count("SELECT count(*) FROM user WHERE instance_id = ?1", [instance_id])?
    } else {
        tx.count(concat!("SELECT count(*) FROM user AS u", filters!()), values)?
    };
    let sql = IN_ORDER[order.key as usize][usize::from(order.backward)];
    // Only the ids of the page, out of an index; whole rows are fetched for these alone.
    let ids: Page<UserId> = tx.page(page, total, sql, values, |row| row.get(0))?;
    ids.try_map(|id| get(tx, instance_id, &id))
}

#[cfg(test)]
mod tests {
    use super::IN_ORDER;
    use crate::store::fixtures::plan;

    #[test]
    fn every_order_of_users_but_that_by_extension_is_read_along_an_index_and_not_sorted() {
        let sorted = |sql| plan(sql, 7).iter().any(|step| step.contains("TEMP B-TREE"));
        let found: Vec<bool> = IN_ORDER.iter().flatten().map(|sql| sorted(sql)).collect();
        assert_eq!(found, [false, false, false, false, false, false, true, true, false, false]);
    }
}
