//! The table of operations.

use super::call::{Call, Read, Written};
use super::error::Result;
use super::{
    contact_flows, instances, memberships, number_pool, outbound_numbers, phone_numbers, ram_users,
    skill_groups, users,
};
use crate::domain::Act;

/// The operations: name on the wire, what the caller's role must allow, the function.
#[rustfmt::skip]
const OPERATIONS: &[Operation] = &[
    read("ListInstancesOfUser", Act::ReadOwn, |call| call.read(instances::list_of_user)),
    read("ListPhoneNumbers", Act::ReadInstance, |call| call.read(phone_numbers::list)),
    read("ListPersonalNumbersOfUser", Act::ReadOwn, |call| call.read(phone_numbers::list_personal)),
    write("AddPersonalNumbersToUser", Act::ManagePersonalNumbers, |call| call.write(phone_numbers::add_personal)),
    write("RemovePersonalNumbersFromUser", Act::ManagePersonalNumbers, |call| call.write(phone_numbers::remove_personal)),
    read("ListUnassignedNumbers", Act::ManageAccount, |call| call.read(number_pool::list_unassigned)),
    write("ImportCorpNumbers", Act::ManageAccount, |call| call.write(number_pool::import_corp)),
    write("AddPhoneNumbers", Act::ManageNumbers, |call| call.write(number_pool::add)),
    write("RemovePhoneNumbers", Act::ManageNumbers, |call| call.write(number_pool::remove)),
    write("ModifyPhoneNumber", Act::ManageNumbers, |call| call.write(number_pool::modify)),
    read("GetNumberLocation", Act::ReadInstance, |call| call.read(outbound_numbers::get_location)),
    read("ListOutboundNumbersOfUser", Act::ReadOwn, |call| call.read(outbound_numbers::list_of_user)),
    write("PickOutboundNumbers", Act::ReadInstance, |call| call.write(outbound_numbers::pick)),
    read("ListContactFlows", Act::ReadInstance, |call| call.read(contact_flows::list)),
    read("GetContactFlow", Act::ReadInstance, |call| call.read(contact_flows::get)),
    write("CreateContactFlow", Act::ManageInstance, |call| call.write(contact_flows::create)),
    write("DeleteContactFlow", Act::ManageInstance, |call| call.write(contact_flows::delete)),
    read("ListPhoneNumbersOfSkillGroup", Act::ReadInstance, |call| call.read(skill_groups::list_phone_numbers)),
    write("AddNumbersToSkillGroup", Act::BindNumbers, |call| call.write(skill_groups::add_numbers)),
    write("RemovePhoneNumbersFromSkillGroup", Act::BindNumbers, |call| call.write(skill_groups::remove_numbers)),
    write("AddPhoneNumberToSkillGroups", Act::BindNumbers, |call| call.write(skill_groups::add_number_to_groups)),
    write("RemovePhoneNumberFromSkillGroups", Act::BindNumbers, |call| call.write(skill_groups::remove_number_from_groups)),
    write("CreateSkillGroup", Act::ManageSkillGroups, |call| call.write(skill_groups::create)),
    write("ModifySkillGroup", Act::ManageSkillGroups, |call| call.write(skill_groups::modify)),
    write("DeleteSkillGroup", Act::ManageSkillGroups, |call| call.write(skill_groups::delete)),
    read("GetSkillGroup", Act::ReadInstance, |call| call.read(skill_groups::get)),
    read("ListSkillGroups", Act::ReadInstance, |call| call.read(skill_groups::list)),
    read("ListBriefSkillGroups", Act::ReadInstance, |call| call.read(skill_groups::list)),
    write("AddUsersToSkillGroup", Act::ManageMemberships, |call| call.write(memberships::add_users)),
    write("RemoveUsersFromSkillGroup", Act::ManageMemberships, |call| call.write(memberships::remove_users)),
    write("AddSkillGroupsToUser", Act::ManageMemberships, |call| call.write(memberships::add_skill_groups)),
    write("RemoveSkillGroupsFromUser", Act::ManageMemberships, |call| call.write(memberships::remove_skill_groups)),
    read("ListSkillLevelsOfUser", Act::ReadOwn, |call| call.read(memberships::list_levels_of_user)),
    write("ModifySkillLevelsOfUser", Act::ManageMemberships, |call| call.write(memberships::modify_levels_of_user)),
    read("ListUserLevelsOfSkillGroup", Act::ReadInstance, |call| call.read(memberships::list_levels_of_skill_group)),
    write("ModifyUserLevelsOfSkillGroup", Act::ManageMemberships, |call| call.write(memberships::modify_levels_of_skill_group)),
    write("CreateInstance", Act::ManageAccount, |call| call.write(instances::create)),
    write("ModifyInstance", Act::ManageInstance, |call| call.write(instances::modify)),
    write("DeleteInstance", Act::ManageAccount, |call| call.write(instances::delete)),
    read("GetInstance", Act::ReadInstance, |call| call.read(instances::get)),
    read("ListInstances", Act::ManageAccount, |call| call.read(instances::list)),
    write("CreateUser", Act::ManageUsers, |call| call.write(users::create)),
    write("AssignUsers", Act::ManageUsers, |call| call.write(users::assign)),
    write("RemoveUsers", Act::ManageUsers, |call| call.write(users::remove)),
    read("GetUser", Act::ReadOwn, |call| call.read(users::get)),
    read("ListUsers", Act::ReadInstance, |call| call.read(users::list)),
    write("ModifyUser", Act::ManageUsers, |call| call.write(users::modify)),
    write("ChangeWorkMode", Act::ChangeWorkMode, |call| call.write(users::change_work_mode)),
    read("ListRoles", Act::ReadInstance, |call| call.read(users::list_roles)),
    read("ListPrivilegesOfUser", Act::ReadOwn, |call| call.read(users::list_privileges)),
    write("ResetUserPassword", Act::ManageUsers, |call| call.write(users::reset_password)),
    read("ListRamUsers", Act::ManageUsers, |call| call.read(ram_users::list)),
    write("ImportAdmins", Act::ManageUsers, |call| call.write(ram_users::import_admins)),
    write("ImportRamUsers", Act::ManageUsers, |call| call.write(ram_users::import)),
];

/// An operation: a line of the table.
#[derive(Clone, Copy)]
pub struct Operation {
    name: &'static str,
    act: Act,
    run: Run,
}

/// What an operation does. Their return types differ, so that a line can't claim that a function
/// only reads.
#[derive(Clone, Copy)]
enum Run {
    Read(fn(Call<'_>) -> Result<Read>),
    Write(fn(Call<'_>) -> Result<Written>),
}

const fn read(name: &'static str, act: Act, run: fn(Call<'_>) -> Result<Read>) -> Operation {
    Operation { name, act, run: Run::Read(run) }
}

const fn write(name: &'static str, act: Act, run: fn(Call<'_>) -> Result<Written>) -> Operation {
    Operation { name, act, run: Run::Write(run) }
}

impl Operation {
    /// All of them, in the order of the table.
    pub const ALL: &[Self] = OPERATIONS;

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What the caller's role must allow.
    pub const fn act(self) -> Act {
        self.act
    }

    /// Whether it changes anything.
    pub const fn is_write(self) -> bool {
        matches!(self.run, Run::Write(_))
    }

    pub(super) fn run(self, call: Call<'_>) -> Result<Vec<u8>> {
        match self.run {
            Run::Read(run) => run(call).map(|Read(body)| body),
            Run::Write(run) => run(call).map(|Written(body)| body),
        }
    }
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
