//! Taking over a call centre from a vendor: skill groups, users and numbers as an import does its
//! lines, and in addition what no spreadsheet holds.

mod trial;

use super::stop::{Stop, all_or_none, stop};
use super::{import, instances as ops_of_instances, memberships as ops_of_memberships, users};
use crate::domain::adopt::{Account, AdoptItem, AdoptKind, Says};
use crate::domain::batch::RefusalCode;
use crate::domain::contact_flow::{ContactFlowEdit, FlowType, LONGEST_DEFINITION, NewContactFlow};
use crate::domain::import::{CellChange, ImportAct, ImportItem, LineOutcome, PlannedLine};
use crate::domain::instance::{CountryCode, InstanceEdit, Sharing};
use crate::domain::skill_group::SKILL_LEVELS;
use crate::domain::spelling::Forms;
use crate::domain::text::{
    self, LONGEST_DESCRIPTION, LONGEST_MOBILE, LONGEST_NAME, LONGEST_PERSON_NAME, TextFault,
};
use crate::domain::{
    ContactFlowId, Email, Error, InstanceId, LoginName, NewLogin, PageRequest, Parsed, RamId,
    SkillGroupId, UserId,
};
use crate::store::{
    ReadTx, WriteTx, callback_numbers, contact_flows, instances, memberships, skill_groups,
    spellings, users as stored_users,
};
use std::collections::BTreeSet;
pub use trial::{elsewhere, trial};

/// The most characters of a contact flow's id, which the schema's CHECK says, too.
const LONGEST_ID: usize = 64;

/// Takes over these things, all of them or none: which could not be any more, and why.
pub fn all(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    tables: &[ImportAct],
    items: &[AdoptItem],
) -> Result<Result<(), String>, Error> {
    let one = |item: &AdoptItem| one(tx, instance_id, tables, item);
    all_or_none(tx, items, one, |item, refusal| {
        format!("{} {}: {}", item.kind, item.key, refusal.detail)
    })
}

/// Takes over one thing, if everything is still as the preview found it.
pub(super) fn one(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    tables: &[ImportAct],
    item: &AdoptItem,
) -> Result<(), Stop> {
    adopt(tx, instance_id, tables, item, true).map(|_| ())
}

fn adopt(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    tables: &[ImportAct],
    item: &AdoptItem,
    was_previewed: bool,
) -> Result<PlannedLine, Stop> {
    let refused = |error| stop(tx, instance_id, "", error);
    let changes = match &item.says {
        Says::Line { table, cells, version } => {
            let act = tables.get(*table).ok_or_else(|| Error::Internal("no table".to_owned()))?;
            let line = ImportItem { line: 0, version: *version, cells: cells.clone() };
            return import::line(tx, instance_id, act, &line, was_previewed.then_some(*version));
        }
        Says::Instance { name, description, is_shared } => {
            let name = name.as_ref().map(|text| name_of("name", text)).transpose()?;
            let said = |text: &String| free("description", text, LONGEST_DESCRIPTION);
            let description = description.as_ref().map(said).transpose()?;
            let (name, description) = (name.as_deref(), description.as_deref());
            instance(tx, instance_id, name, description, *is_shared).map_err(refused)?
        }
        Says::Login { ram_id, display_name, email, mobile } => {
            let digits = !ram_id.is_empty() && ram_id.bytes().all(|byte| byte.is_ascii_digit());
            if !digits || ram_id.len() > 32 {
                return Err(unfit(format!("the RAM id {ram_id} is not 1 to 32 digits")));
            }
            let display_name = text::name_or_nothing(display_name, LONGEST_PERSON_NAME);
            let email = if email.is_empty() { None } else { Some(parsed::<Email>(email)?) };
            let login = NewLogin {
                ram_id: RamId::new(ram_id.as_str()),
                login_name: parsed::<LoginName>(&item.key)?,
                display_name: display_name.map_err(|fault| unread("display name", fault))?,
                email,
                mobile: free("mobile", mobile, LONGEST_MOBILE)?,
            };
            let is_new = users::create_login(tx, &login).map_err(refused)?;
            (!is_new).then(Vec::new)
        }
        Says::ContactFlow { .. } => flow(tx, instance_id, &item.key, &item.says)?,
        Says::Levels(levels) => {
            let user_id = UserId::of(&item.key, instance_id);
            stored_users::require(tx, instance_id, &user_id).map_err(refused)?;
            levels_of(tx, instance_id, &user_id, levels)?
        }
    };
    let outcome = match &changes {
        None => LineOutcome::New,
        Some(changes) if changes.is_empty() => LineOutcome::Same,
        Some(_) => LineOutcome::Changed,
    };
    let (key, changes) = (item.key.clone(), changes.unwrap_or_default());
    Ok(PlannedLine { line: 0, key, outcome, version: None, changes })
}

/// What changed of something that was there; `None`: it is new.
type Changes = Option<Vec<CellChange>>;

fn changed<const N: usize>(fields: [(&str, &str, &str); N]) -> Vec<CellChange> {
    let differ = fields.into_iter().filter(|(_, from, to)| from != to);
    let change = |(column, from, to): (&str, &str, &str)| CellChange {
        column: column.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    differ.map(change).collect()
}

fn instance(
    tx: &WriteTx<'_>,
    id: &InstanceId,
    name: Option<&str>,
    description: Option<&str>,
    is_shared: bool,
) -> Result<Changes, Error> {
    let there = match instances::find(tx, id) {
        Err(Error::NotFound(_)) => {
            let sharing = if is_shared { Sharing::Shared } else { Sharing::Exclusive };
            let country_code = CountryCode::of_new(sharing);
            // Its skill groups are those of the vendor, without one of ours.
            let name = name.unwrap_or(id.as_str());
            let description = description.unwrap_or_default();
            instances::insert(tx, id, name, description, sharing, country_code)?;
            return Ok(None);
        }
        found => found?,
    };
    let edit = InstanceEdit {
        name: name.map(str::to_owned),
        description: description.map(str::to_owned),
        ..InstanceEdit::default()
    };
    let changes = changed([
        ("name", &there.name, name.unwrap_or(&there.name)),
        ("description", &there.description, description.unwrap_or(&there.description)),
    ]);
    if !changes.is_empty() {
        ops_of_instances::modify(tx, id, &edit)?;
    }
    Ok(Some(changes))
}

fn flow(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    id: &str,
    says: &Says,
) -> Result<Changes, Stop> {
    let Says::ContactFlow { name, description, flow_type, definition, draft_id, editor, published } =
        says
    else {
        return Ok(None);
    };
    let name = &name_of("name", name)?;
    let description = &free("description", description, LONGEST_DESCRIPTION)?;
    if id.is_empty() {
        return Err(unread("id", TextFault::Blank));
    }
    free("id", id, LONGEST_ID)?;
    free("draft id", draft_id, 64)?;
    free("editor", editor, 128)?;
    if definition.chars().count() > LONGEST_DEFINITION {
        return Err(unfit(format!(
            "its definition is longer than {LONGEST_DEFINITION} characters"
        )));
    }
    let Some(kind) = FlowType::from_name(flow_type) else {
        return Err(unfit(format!("its type {flow_type} is not known here")));
    };
    let (id, refused) = (ContactFlowId::new(id), |error| stop(tx, instance_id, "", error));
    let edit = ContactFlowEdit {
        name: Some(name.clone()),
        description: Some(description.clone()),
        definition: Some(definition.clone()),
        published: Some(*published),
    };
    let there = match contact_flows::get(tx, instance_id, &id) {
        Err(Error::NotFound(_)) => {
            let (name, description) = (name.clone(), description.clone());
            let definition = definition.clone();
            let new = NewContactFlow { name, description, flow_type: kind, definition };
            contact_flows::insert(tx, instance_id, &id, &new, draft_id, editor)
                .and_then(|()| contact_flows::update(tx, instance_id, &id, &edit, editor))
                .map_err(refused)?;
            return Ok(None);
        }
        found => found.map_err(refused)?,
    };
    if there.flow_type != kind {
        return Err(unfit(format!(
            "its type stays {}, and the vendor's is {kind}",
            there.flow_type
        )));
    }
    contact_flows::update(tx, instance_id, &id, &edit, editor).map_err(refused)?;
    let yes = |flag: bool| if flag { "true" } else { "false" };
    Ok(Some(changed([
        ("name", &there.name, name),
        ("description", &there.description, description),
        ("definition", &there.definition, definition),
        ("published", yes(there.published), yes(*published)),
    ])))
}

fn levels_of(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    user_id: &UserId,
    levels: &[(String, u8)],
) -> Result<Changes, Stop> {
    let mut wanted = Vec::with_capacity(levels.len());
    for (group, level) in levels {
        if !SKILL_LEVELS.contains(level) {
            return Err(unfit(format!("the level {level} in {group} is not 1 to 10")));
        }
        let id = SkillGroupId::new(group.as_str());
        skill_groups::require(tx, instance_id, &id)
            .map_err(|error| stop(tx, instance_id, "", error))?;
        wanted.push((id, Some(*level)));
    }
    let before = shown(memberships::levels_of_user(tx, user_id)?);
    ops_of_memberships::replace_of_user(tx, instance_id, user_id, wanted)
        .map_err(|error| stop(tx, instance_id, "", error))?;
    let after = shown(memberships::levels_of_user(tx, user_id)?);
    Ok(match (before.is_empty(), after.is_empty()) {
        (true, false) => None,
        _ => Some(changed([("skill_levels", &before, &after)])),
    })
}

fn shown(mut levels: Vec<(SkillGroupId, u8)>) -> String {
    levels.sort();
    levels.iter().map(|(id, level)| format!("{id} {level}")).collect::<Vec<_>>().join("; ")
}

/// What the instance has here and the vendor does not show.
fn only_here(
    tx: &ReadTx<'_>,
    id: &InstanceId,
    account: &Account,
) -> Result<Vec<(AdoptKind, String)>, Error> {
    if instances::is_shared(tx, id.as_str())?.is_none() {
        return Ok(Vec::new());
    }
    let country_code = spellings::country_code(tx, id)?;
    let comparable = |kind, key: &str| match kind {
        AdoptKind::Numbers => (kind, Forms::of(key).within(country_code).to_owned()),
        _ => (kind, key.to_owned()),
    };
    let there: BTreeSet<_> =
        account.items.iter().map(|item| comparable(item.kind, &item.key)).collect();
    let all = PageRequest::ALL;
    let mut here: Vec<(AdoptKind, String)> = Vec::new();
    let groups = skill_groups::list_by_name(tx, id, all)?.rows;
    here.extend(groups.into_iter().map(|group| (AdoptKind::Groups, group.name)));
    let users = stored_users::list_by_login_name(tx, id, None, all)?.rows;
    here.extend(users.into_iter().map(|user| (AdoptKind::Users, user.login_name)));
    let numbers = if account.is_whole {
        let flows = contact_flows::list(tx, id, &Default::default(), all)?.rows;
        let flow_id = |flow: crate::domain::contact_flow::ContactFlow| flow.contact_flow_id;
        let flows = flows.into_iter().map(flow_id);
        here.extend(flows.map(|id| (AdoptKind::ContactFlows, id.to_string())));
        instances::numbers(tx, id)?
    } else {
        let numbers = callback_numbers::list(tx, id, all)?.rows;
        numbers.into_iter().map(|row| row.callback_number_clid).collect()
    };
    here.extend(numbers.into_iter().map(|number| (AdoptKind::Numbers, number)));
    here.retain(|(kind, key)| !there.contains(&comparable(*kind, key)));
    Ok(here)
}

fn free(what: &str, text: &str, most: usize) -> Result<String, Stop> {
    text::free(text, 0, most).map_err(|fault| unread(what, fault))
}

fn name_of(what: &str, text: &str) -> Result<String, Stop> {
    text::name(text, LONGEST_NAME).map_err(|fault| unread(what, fault))
}

fn unread(what: &str, fault: TextFault) -> Stop {
    unfit(format!("{what}: {fault}"))
}

fn parsed<T: Parsed>(text: &str) -> Result<T, Stop> {
    T::parse(text).map_err(|error| unfit(error.to_string()))
}

fn unfit(why: String) -> Stop {
    Stop::refused(RefusalCode::RuleBroken, why)
}
