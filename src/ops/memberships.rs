//! Putting users into skill groups and taking them out, all of a user's or all of a skill group's at once.

use crate::domain::skill_group::DEFAULT_SKILL_LEVEL;
use crate::domain::{Error, InstanceId, SkillGroupId, UserId};
use crate::store::{WriteTx, memberships};
use std::collections::BTreeMap;

/// A level to have from now on; `None` keeps the one that is there, and is the default one for a new membership.
pub type WantedLevel = Option<u8>;

/// Makes a user a member of these skill groups and of no others. A skill group that stands twice has its last level.
///
/// # Errors
/// [`Error::Rule`]: not all are of one instance.
pub fn replace_of_user(tx: &WriteTx<'_>, instance_id: &InstanceId, user_id: &UserId, wanted: Vec<(SkillGroupId, WantedLevel)>) -> Result<(), Error> {
    let difference = Difference::between(memberships::levels_of_user(tx, user_id)?, wanted);
    for id in &difference.removed {
        memberships::remove(tx, id, user_id)?;
    }
    for (id, level) in &difference.changed {
        memberships::set_level(tx, id, user_id, *level)?;
    }
    for (id, level) in &difference.added {
        memberships::add(tx, instance_id, id, user_id, *level)?;
    }
    Ok(())
}

/// Gives a skill group these members and no others. A user who stands twice has his last level.
///
/// # Errors
/// [`Error::Rule`]: not all are of one instance.
pub fn replace_of_skill_group(tx: &WriteTx<'_>, instance_id: &InstanceId, id: &SkillGroupId, wanted: Vec<(UserId, WantedLevel)>) -> Result<(), Error> {
    let difference = Difference::between(memberships::levels_of_skill_group(tx, id)?, wanted);
    for user_id in &difference.removed {
        memberships::remove(tx, id, user_id)?;
    }
    for (user_id, level) in &difference.changed {
        memberships::set_level(tx, id, user_id, *level)?;
    }
    for (user_id, level) in &difference.added {
        memberships::add(tx, instance_id, id, user_id, *level)?;
    }
    Ok(())
}

/// What must be done to get from the present members to the wanted ones. Nothing is done, and so nothing logged, for what
/// stays as it is.
struct Difference<K> {
    removed: Vec<K>,
    changed: Vec<(K, u8)>,
    added: Vec<(K, u8)>,
}

impl<K: Ord> Difference<K> {
    fn between(present: Vec<(K, u8)>, wanted: Vec<(K, WantedLevel)>) -> Self {
        let mut wanted: BTreeMap<K, WantedLevel> = wanted.into_iter().collect();
        let mut difference = Self { removed: Vec::new(), changed: Vec::new(), added: Vec::new() };
        for (key, level) in present {
            match wanted.remove(&key) {
                None => difference.removed.push(key),
                Some(Some(other)) if other != level => difference.changed.push((key, other)),
                Some(_) => {}
            }
        }
        difference.added.extend(wanted.into_iter().map(|(key, level)| (key, level.unwrap_or(DEFAULT_SKILL_LEVEL))));
        difference
    }
}
