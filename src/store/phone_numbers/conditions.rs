//! The conditions of a list of numbers, as SQL.
//!
//! # The definition
//! [`Conditions`] say which numbers a query lets through; lists, totals, facets and bulk actions
//! all use them. They read `phone_number_searched`, the index that has all columns that are looked
//! at. Words are compared by [`SearchWords`] itself, as a function of SQLite, so that there is one
//! place that knows what a word matches. The index in memory answers the same where it can.

use crate::domain::phone_number::{Filters, NumberFilter, Property};
use crate::domain::{Error, InstanceId, SearchWords};
use crate::store::ReadTx;
use crate::store::engine::like_pattern;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// The value of a property as SQL; of holders, skill groups and tags, of which a number has
/// several, that of a row `w` of them.
pub(in crate::store) const fn value(property: Property) -> &'static str {
    match property {
        Property::State => "n.state",
        Property::City => "n.city",
        Property::Province => "n.province",
        Property::Usage => "n.usage",
        Property::Active => "iif(n.active, 'true', 'false')",
        Property::Provider => "n.provider",
        Property::Holder => "coalesce(w.id, '')",
        Property::SkillGroup => "coalesce(w.skill_group_id, '')",
        Property::Tag => "w.value",
        Property::ContactFlow => "coalesce(n.contact_flow_id, '')",
    }
}

/// What a property must be; `?v` is a JSON array of values.
fn condition(property: Property) -> String {
    match property {
        Property::Holder => {
            "iif(n.state = 'free',
                '' IN (SELECT value FROM json_each(?v)),
                n.number IN (
                    SELECT a.number FROM personal_assignment AS a
                           INDEXED BY personal_assignment_open_by_user
                     WHERE a.user_id IN (SELECT value FROM json_each(?v))
                       AND a.instance_id = ?1 AND a.released_at IS NULL
                    UNION ALL
                    SELECT b.number FROM skill_group_number AS b
                     WHERE b.instance_id = ?1
                       AND b.skill_group_id IN (SELECT value FROM json_each(?v))))"
                .to_owned()
        }
        Property::SkillGroup => {
            "iif(n.state = 'bound',
                n.number IN (SELECT number FROM skill_group_number
                              WHERE instance_id = ?1
                                AND skill_group_id IN (SELECT value FROM json_each(?v))),
                '' IN (SELECT value FROM json_each(?v)))"
                .to_owned()
        }
        Property::Tag => {
            r#"EXISTS (SELECT 1 FROM json_each(iif(json_array_length(n.tags) = 0, '[""]', n.tags)) AS t
                        WHERE t.value IN (SELECT value FROM json_each(?v)))"#
                .to_owned()
        }
        _ => format!("{} IN (SELECT value FROM json_each(?v))", value(property)),
    }
}

/// The condition that a number has all words; `?v` are these.
const HAS_WORDS: &str = "(has_words(?v, n.number, n.tags, n.city, n.province, n.provider)
            OR (n.number IN (
                    SELECT a.number FROM user AS u
                     CROSS JOIN personal_assignment AS a
                        INDEXED BY personal_assignment_open_by_user ON a.user_id = u.user_id
                     WHERE u.instance_id = ?1 AND a.released_at IS NULL
                       AND has_a_word(?v, u.user_id, u.display_name)
                    UNION ALL
                    SELECT b.number FROM skill_group AS g
                     CROSS JOIN skill_group_number AS b ON b.skill_group_id = g.skill_group_id
                     WHERE g.instance_id = ?1 AND has_a_word(?v, g.skill_group_id, g.display_name)
                    UNION ALL
                    SELECT m.number FROM contact_flow AS f
                     CROSS JOIN phone_number AS m INDEXED BY phone_number_by_contact_flow
                        ON m.contact_flow_id = f.contact_flow_id
                     WHERE f.instance_id = ?1 AND has_a_word(?v, f.contact_flow_id, f.name)
                    UNION ALL
                    SELECT m.number FROM phone_number AS m INDEXED BY phone_number_noted
                     WHERE m.instance_id = ?1 AND m.note <> '' AND has_a_word(?v, m.note))
                AND has_words(?v, n.number, n.tags, n.city, n.province, n.provider,
                    (SELECT group_concat(u.user_id || char(10) || u.display_name, char(10))
                       FROM personal_assignment AS a JOIN user AS u ON u.user_id = a.user_id
                      WHERE a.instance_id = ?1 AND a.number = n.number AND a.released_at IS NULL),
                    (SELECT group_concat(g.skill_group_id || char(10) || g.display_name, char(10))
                       FROM skill_group_number AS b
                       JOIN skill_group AS g ON g.skill_group_id = b.skill_group_id
                      WHERE b.instance_id = ?1 AND b.number = n.number),
                    (SELECT m.note FROM phone_number AS m
                      WHERE m.phone_number_id = n.phone_number_id),
                    n.contact_flow_id,
                    (SELECT f.name FROM contact_flow AS f
                      WHERE f.contact_flow_id = n.contact_flow_id))))";

/// What numbers `n` have to be, in SQL, and the values that this takes: `?1` is the instance. What
/// lets every number through is left out, because a scan would ask it of each.
pub(in crate::store) struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    /// Those of a number of the instance.
    pub(in crate::store) fn of(instance_id: &InstanceId) -> Self {
        Self {
            sql: " n.instance_id = ?1 AND n.phone_number_id > 0".to_owned(),
            values: vec![Value::from(instance_id.to_string())],
        }
    }

    /// Those, and one more if it has a value, which it calls `?v`.
    pub(in crate::store) fn and(mut self, condition: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => {
                self.values.push(value);
                let place = format!("?{}", self.values.len());
                self.always(&condition.replace("?v", &place))
            }
            None => self,
        }
    }

    /// Those, and one more.
    pub(in crate::store) fn always(mut self, condition: &str) -> Self {
        self.sql.push_str("\n AND ");
        self.sql.push_str(condition);
        self
    }

    /// Those, and a filter's.
    pub(super) fn matching(self, filter: &NumberFilter) -> Self {
        let NumberFilter { search_pattern, usage, active } = filter;
        let like = search_pattern.as_deref().map(like_pattern);
        self.and(r"n.number LIKE ?v ESCAPE '\'", like.map(Value::from))
            .and("n.usage = ?v", usage.map(|usage| Value::from(usage.name().to_owned())))
            .and("n.active = ?v", active.map(|active| Value::from(i64::from(active))))
    }

    /// Those of a query.
    pub(in crate::store) fn let_through(
        instance_id: &InstanceId,
        words: &SearchWords,
        filters: &Filters,
    ) -> Self {
        let text = |text: &str| Value::from(text.to_owned());
        let filtered = Property::ALL.into_iter().fold(Self::of(instance_id), |all, property| {
            match filters.of(property) {
                [] => all,
                some => all.and(
                    &condition(property),
                    Some(text(&serde_json::Value::from(some).to_string())),
                ),
            }
        });
        filtered.and(HAS_WORDS, (!words.is_empty()).then(|| text(words.text())))
    }

    /// A statement over these numbers.
    pub(in crate::store) fn select(&self, what: &str, tail: &str) -> String {
        self.select_with(what, "", tail)
    }

    /// Like [`Self::select`], but with other tables.
    pub(in crate::store) fn select_with(&self, what: &str, join: &str, tail: &str) -> String {
        let index = "INDEXED BY phone_number_searched";
        format!("{what} FROM phone_number AS n {index} {join} WHERE{} {tail}", self.sql)
    }

    /// A statement that has a page of them, in an order, and its values.
    pub(super) fn page(
        mut self,
        what: &str,
        order: &str,
        size: u64,
        offset: u64,
    ) -> (String, Vec<Value>) {
        let first = self.values.len() + 1;
        let tail = format!("ORDER BY {order} LIMIT ?{first} OFFSET ?{}", first + 1);
        self.values.extend([size, offset].map(|rows| Value::from(rows as i64)));
        (self.select(what, &tail), self.values)
    }

    /// How many they are.
    pub(in crate::store) fn count(&self, tx: &ReadTx<'_>) -> Result<u64, Error> {
        tx.count(&self.select("SELECT count(*)", ""), params_from_iter(self.values()))
    }

    /// The values that the statements take.
    pub(in crate::store) fn values(&self) -> &[Value] {
        &self.values
    }
}
