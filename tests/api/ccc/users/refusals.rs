//! Every error and every bad input, with its whole body, and nothing changed.

use super::{OPERATIONS, app_with_admin, assert_snapshot, code, requests};
use crate::ccc::refused;
use crate::ccc::tree::assert_same;
use crate::support::{Watch, ccc_operation};

type Changes = &'static [(&'static str, Option<&'static str>)];

/// What is wrong, with which token it is called, the operation, what its golden request is changed
/// to, and the code.
type Case = (&'static str, &'static str, &'static str, Changes, &'static str);

const ROOT: &str = "demo-token";

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("an id that is taken", ROOT, "CreateInstance", &[("DomainName", Some("ccc-test"))], "AlreadyExists.InstanceId"),
    ("a number that nobody has", ROOT, "CreateInstance", &[("NumberList", Some(r#"["02555500001","999"]"#))], "NotExists.Number"),
    ("a number of another instance", ROOT, "CreateInstance", &[("NumberList", Some(r#"["02855500007"]"#))], "NotExists.Number"),
    ("an administrator who has no login", ROOT, "CreateInstance", &[("AdminRamIdList", Some(r#"["4000000000000001","5"]"#))], "NotExists.RamId"),
    ("an id of three letters", ROOT, "CreateInstance", &[("DomainName", Some("abc"))], "Parameter.Minimum"),
    ("an id of 49 letters", ROOT, "CreateInstance", &[("DomainName", Some("a23456789-a23456789-a23456789-a23456789-a23456789"))], "Parameter.Maximum"),
    ("an id with a dot", ROOT, "CreateInstance", &[("DomainName", Some("ccc.test"))], "Parameter.Format"),
    ("an id that is not ASCII", ROOT, "CreateInstance", &[("DomainName", Some("呼叫中心"))], "Parameter.Format"),
    ("a name of three characters", ROOT, "CreateInstance", &[("Name", Some("新中心"))], "Parameter.Minimum"),
    ("a name of 33 characters", ROOT, "CreateInstance", &[("Name", Some("a23456789-a23456789-a23456789-abc"))], "Parameter.Maximum"),
    ("administrators as integers", ROOT, "CreateInstance", &[("AdminRamIdList", Some("[4000000000000001]"))], "Parameter.Format"),
    ("an empty list of administrators", ROOT, "CreateInstance", &[("AdminRamIdList", Some("[]"))], "Parameter.Empty"),
    ("numbers as Python prints them", ROOT, "CreateInstance", &[("NumberList", Some("['02555500001']"))], "Parameter.Format"),
    ("an instance that does not exist", ROOT, "DeleteInstance", &[("InstanceId", Some("nothing"))], "NotExists.InstanceId"),
    ("an unknown instance", ROOT, "GetInstance", &[("InstanceId", Some("nothing"))], "NotExists.InstanceId"),
    ("page 0", ROOT, "ListInstances", &[("PageNumber", Some("0"))], "Parameter.Minimum"),
    ("page 101", ROOT, "ListInstances", &[("PageNumber", Some("101"))], "Parameter.Maximum"),
    ("a page of 101 instances", ROOT, "ListInstances", &[("PageSize", Some("101"))], "Parameter.Maximum"),

    ("a user's login name", ROOT, "CreateUser", &[("LoginName", Some("wangfang"))], "AlreadyExists.User"),
    ("an archived user's login name", ROOT, "CreateUser", &[("LoginName", Some("wuxia"))], "AlreadyExists.User"),
    ("the login name of another instance's user", ROOT, "CreateUser", &[("LoginName", Some("annakowalska"))], "AlreadyExists.UserName"),
    ("a role of another instance", ROOT, "CreateUser", &[("RoleId", Some("Agent@vcc-test"))], "NotExists.RoleId"),
    ("the root as a role", ROOT, "CreateUser", &[("RoleId", Some("Root@ccc-test"))], "NotExists.RoleId"),
    ("a role's name in small letters", ROOT, "CreateUser", &[("RoleId", Some("admin@ccc-test"))], "NotExists.RoleId"),
    ("an unknown skill group", ROOT, "CreateUser", &[("SkillLevelList", Some(r#"[{"skillGroupId":"no@ccc-test","skillLevel":1}]"#))], "NotExists.SkillGroupId"),
    ("a skill group of another instance", ROOT, "CreateUser", &[("SkillLevelList", Some(r#"[{"skillGroupId":"support@vcc-test","skillLevel":1}]"#))], "NotExists.SkillGroupId"),
    ("level 0", ROOT, "CreateUser", &[("SkillLevelList", Some(r#"[{"skillGroupId":"test@ccc-test","skillLevel":0}]"#))], "Parameter.Minimum"),
    ("level 11", ROOT, "CreateUser", &[("SkillLevelList", Some(r#"[{"skillGroupId":"test@ccc-test","skillLevel":11}]"#))], "Parameter.Maximum"),
    ("levels without a list", ROOT, "CreateUser", &[("SkillLevelList", Some(r#"{"skillGroupId":"test@ccc-test","skillLevel":1}"#))], "Parameter.Format"),
    ("an unknown work mode", ROOT, "CreateUser", &[("WorkMode", Some("AT_HOME"))], "Parameter.Enumeration"),
    ("a login name of three letters", ROOT, "CreateUser", &[("LoginName", Some("sun"))], "Parameter.Minimum"),
    ("a login name of 65 letters", ROOT, "CreateUser", &[("LoginName", Some("a23456789-a23456789-a23456789-a23456789-a23456789-a23456789-a2345"))], "Parameter.Maximum"),
    ("a login name with an @", ROOT, "CreateUser", &[("LoginName", Some("sunli@ccc-test"))], "Parameter.Format"),
    ("an address without an @", ROOT, "CreateUser", &[("Email", Some("sunli"))], "Parameter.Format"),
    ("an address with a space", ROOT, "CreateUser", &[("Email", Some("sun li@example.com"))], "Parameter.Format"),
    ("neither true nor false", ROOT, "CreateUser", &[("ResetPassword", Some("1"))], "Parameter.Format"),
    ("a mobile number of 33 digits", ROOT, "CreateUser", &[("Mobile", Some("123456789012345678901234567890123"))], "Parameter.Maximum"),
    ("a blank nickname", ROOT, "CreateUser", &[("Nickname", Some("  "))], "Parameter.Blank"),

    ("a login that does not exist", ROOT, "AssignUsers", &[("RamIdList", Some(r#"["3000000000000002","5"]"#))], "NotExists.RamId"),
    ("one of two who is a user already", ROOT, "AssignUsers", &[("RamIdList", Some(r#"["3000000000000002","2000000000000003"]"#))], "AlreadyExists.User"),
    ("an archived user", ROOT, "AssignUsers", &[("RamIdList", Some(r#"["2000000000000010"]"#))], "AlreadyExists.User"),
    ("a skill group that is unknown", ROOT, "AssignUsers", &[("RamIdList", Some(r#"["3000000000000002"]"#)), ("SkillLevelList", Some(r#"[{"skillGroupId":"no@ccc-test","skillLevel":1}]"#))], "NotExists.SkillGroupId"),
    ("a level below 1", ROOT, "AssignUsers", &[("SkillLevelList", Some(r#"[{"skillGroupId":"sales@ccc-test","skillLevel":-1}]"#))], "Parameter.Minimum"),
    ("a level above 10", ROOT, "AssignUsers", &[("SkillLevelList", Some(r#"[{"skillGroupId":"sales@ccc-test","skillLevel":11}]"#))], "Parameter.Maximum"),
    ("no role of the instance", ROOT, "AssignUsers", &[("RoleId", Some("Agent"))], "NotExists.RoleId"),
    ("another work mode", ROOT, "AssignUsers", &[("WorkMode", Some("on_site"))], "Parameter.Enumeration"),
    ("now or never", ROOT, "AssignUsers", &[("Async", Some("never"))], "Parameter.Format"),
    ("nobody", ROOT, "AssignUsers", &[("RamIdList", Some("[]"))], "Parameter.Empty"),
    ("no login of that id", ROOT, "ImportRamUsers", &[("RamIdList", Some(r#"["3000000000000002","5"]"#))], "NotExists.RamId"),
    ("a user already", ROOT, "ImportRamUsers", &[("RamIdList", Some(r#"["2000000000000003"]"#))], "AlreadyExists.User"),
    ("a role that is none", ROOT, "ImportRamUsers", &[("RoleId", Some("Agent@"))], "NotExists.RoleId"),
    ("an impossible work mode", ROOT, "ImportRamUsers", &[("WorkMode", Some("NOWHERE"))], "Parameter.Enumeration"),
    ("one of two without a login", ROOT, "ImportAdmins", &[("RamIdList", Some(r#"["2000000000000003","5"]"#))], "NotExists.RamId"),

    ("one who holds numbers and is in a group", ROOT, "RemoveUsers", &[("Force", Some("false")), ("UserIdList", Some(r#"["wuxia@ccc-test","wangfang@ccc-test"]"#))], "Parameter.Invalid"),
    ("somebody unknown, by force", ROOT, "RemoveUsers", &[("UserIdList", Some(r#"["zhoujie@ccc-test","nobody@ccc-test"]"#))], "NotExists.UserId"),
    ("somebody of another instance", ROOT, "RemoveUsers", &[("UserIdList", Some(r#"["tomaszlis@vcc-test"]"#))], "NotExists.UserId"),
    ("a file", ROOT, "RemoveUsers", &[("FilePath", Some("users.csv"))], "Parameter.Invalid"),
    ("neither a list nor a file", ROOT, "RemoveUsers", &[("UserIdList", None)], "Parameter.Null"),
    ("half by force", ROOT, "RemoveUsers", &[("Force", Some("half"))], "Parameter.Format"),
    ("a list that is none", ROOT, "RemoveUsers", &[("UserIdList", Some("zhoujie@ccc-test"))], "Parameter.Format"),

    ("neither an id nor an extension", ROOT, "GetUser", &[("UserId", None), ("Extension", None)], "Parameter.Null"),
    ("two empty keys", ROOT, "GetUser", &[("UserId", Some("")), ("Extension", Some(""))], "Parameter.Empty"),
    ("an unknown user", ROOT, "GetUser", &[("UserId", Some("nobody@ccc-test")), ("Extension", None)], "NotExists.UserId"),
    ("an unknown extension", ROOT, "GetUser", &[("UserId", None), ("Extension", Some("1"))], "NotExists.UserId"),
    ("another's extension", ROOT, "GetUser", &[("Extension", Some("80326038"))], "NotExists.UserId"),
    ("another instance's user", ROOT, "GetUser", &[("UserId", Some("tomaszlis@vcc-test")), ("Extension", None)], "NotExists.UserId"),
    ("page 0 of users", ROOT, "ListUsers", &[("PageNumber", Some("0"))], "Parameter.Minimum"),
    ("a page of 101 users", ROOT, "ListUsers", &[("PageSize", Some("101"))], "Parameter.Maximum"),
    ("users of an unknown group", ROOT, "ListUsers", &[("SkillGroupId", Some("no@ccc-test"))], "NotExists.SkillGroupId"),
    ("users of another instance's group", ROOT, "ListUsers", &[("SkillGroupId", Some("support@vcc-test"))], "NotExists.SkillGroupId"),
    ("page 1001 of logins", ROOT, "ListRamUsers", &[("PageNumber", Some("1001"))], "Parameter.Maximum"),
    ("page -1 of logins", ROOT, "ListRamUsers", &[("PageNumber", Some("-1"))], "Parameter.Minimum"),

    ("changing an unknown user", ROOT, "ModifyUser", &[("UserId", Some("nobody@ccc-test"))], "NotExists.UserId"),
    ("changing another instance's user", ROOT, "ModifyUser", &[("UserId", Some("tomaszlis@vcc-test"))], "NotExists.UserId"),
    ("making somebody the root", ROOT, "ModifyUser", &[("RoleId", Some("Root@ccc-test"))], "NotExists.RoleId"),
    ("a work mode of nobody", ROOT, "ModifyUser", &[("WorkMode", Some("OFFSITE"))], "Parameter.Enumeration"),
    ("no display name any more", ROOT, "ModifyUser", &[("DisplayName", Some(""))], "Parameter.Empty"),
    ("an agent changing themselves", "wangfang", "ModifyUser", &[], "Permission.Common"),
    ("a manager changing a role", "lina", "ModifyUser", &[], "Permission.Common"),

    ("a work mode that is none", ROOT, "ChangeWorkMode", &[("WorkMode", Some("HOME"))], "Parameter.Enumeration"),
    ("where nobody works", ROOT, "ChangeWorkMode", &[("UserId", Some("nobody@ccc-test"))], "NotExists.UserId"),
    ("signing in to a group", ROOT, "ChangeWorkMode", &[("SignedSkillGroupIdList", Some(r#"["sales@ccc-test"]"#))], "Parameter.Invalid"),
    ("a mobile of 33 characters", ROOT, "ChangeWorkMode", &[("Mobile", Some("138xxxx2114138xxxx2114138xxxx21141"))], "Parameter.Maximum"),
    ("where a colleague works", "wangfang", "ChangeWorkMode", &[("UserId", Some("liuyang@ccc-test"))], "Permission.Common"),
    ("where an agent works, by a manager", "lina", "ChangeWorkMode", &[], "Permission.Common"),

    ("a password of seven characters", ROOT, "ResetUserPassword", &[("Password", Some("一二三四五六七"))], "Parameter.Minimum"),
    ("a password of 65 characters", ROOT, "ResetUserPassword", &[("Password", Some("a23456789-a23456789-a23456789-a23456789-a23456789-a23456789-a2345"))], "Parameter.Maximum"),
    ("a blank password", ROOT, "ResetUserPassword", &[("Password", Some("          "))], "Parameter.Blank"),
    ("the password of nobody", ROOT, "ResetUserPassword", &[("UserId", Some("nobody@ccc-test"))], "NotExists.UserId"),
    ("the root's password", "xufei", "ResetUserPassword", &[("UserId", Some("user-test@ccc-test"))], "Permission.Common"),
    ("the password of another instance's user", "xufei", "ResetUserPassword", &[("UserId", Some("zhangwei@ccc-test"))], "Permission.Common"),
];

#[test]
fn every_refusal_is_answered_with_its_whole_body_and_changes_nothing() {
    let app = app_with_admin(&["wangfang", "lina", "xufei"]);
    let watch = Watch::over(&app.database);
    let mut text = String::new();
    for (name, token, action, changes, expected) in CASES {
        let parameters = requests::changed(action, changes);
        let reply = app.call_as(token, action, &parameters);
        assert_eq!(code(&reply), *expected, "{name}: {}", reply.body);
        watch.assert_unchanged(name);
        let xml =
            app.call_as(token, action, &[parameters.as_slice(), &[("Format", "XML")]].concat());
        assert_same((&app, &reply), (&app, &xml), "Error", name);
        text += &refused(&app, &format!("{action}: {name}"), &reply);
    }
    assert_snapshot("refusals_of_users", &text);
}

/// Errors on the vendor's pages that can't happen here: there are no STS tokens, no rights to
/// single skill groups, one database that answers with ServiceUnavailable, and no third party that
/// could be the reason of an unnamed fault. ListRoles has one parameter, an unknown instance, for
/// which its page gives no code of its own.
const NEVER: [(&str, &str); 5] = [
    ("CreateUser", "Permission.StsToken"),
    ("ModifyUser", "Permission.SkillGroup"),
    ("ModifyUser", "InternalService.Common"),
    ("ModifyUser", "InternalService.DB"),
    ("ListRoles", "Parameter.Invalid"),
];

#[test]
fn every_error_of_the_vendors_pages_is_tried_or_known_never_to_happen() {
    // `parameters` and `roles` try these.
    let everywhere =
        ["Parameter.Null", "Parameter.Empty", "Parameter.Blank", "NotExists.InstanceId"];
    for name in OPERATIONS {
        for error in ccc_operation(name)["errors"].as_array().unwrap() {
            let code = error.as_str().unwrap();
            let tried = CASES
                .iter()
                .any(|(_, _, action, _, expected)| (*action, *expected) == (name, code));
            assert!(
                tried
                    || everywhere.contains(&code)
                    || TOO_LONG.contains(&(name, code))
                    || NEVER.contains(&(name, code)),
                "{name} is not tried for {code}"
            );
        }
    }
}

/// The error of a list of more than 1,000 items, which `ccc::parameters` tries.
const TOO_LONG: [(&str, &str); 1] = [("RemoveUsers", "Parameter.Maximum")];
