//! What is kept of a password, and whose may be set by whom.

use super::{app_with_admin, code, requests};
use argon2::Argon2;
use argon2::password_hash::{PasswordVerifier, phc::PasswordHash};

const STORED: &str = "SELECT password_hash FROM ram_user WHERE login_name = 'zhoujie'";

#[test]
fn a_password_is_kept_as_an_argon2id_hash_that_only_it_fits() {
    let app = app_with_admin(&[]);
    assert_eq!(app.database.query(STORED), "");
    assert_eq!(code(&app.call("ResetUserPassword", requests::golden("ResetUserPassword"))), "OK");
    let first = app.database.query(STORED);
    assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
    let hash = PasswordHash::new(&first).unwrap();
    assert!(Argon2::default().verify_password("一二三四五六七八".as_bytes(), &hash).is_ok());
    assert!(Argon2::default().verify_password("一二三四五六七九".as_bytes(), &hash).is_err());
    // The same password again has another salt.
    assert_eq!(code(&app.call("ResetUserPassword", requests::golden("ResetUserPassword"))), "OK");
    assert_ne!(app.database.query(STORED), first);
}

#[test]
fn a_change_of_password_is_logged_without_it() {
    let app = app_with_admin(&[]);
    assert_eq!(code(&app.call("ResetUserPassword", requests::golden("ResetUserPassword"))), "OK");
    let last = app
        .database
        .query("SELECT entity, action, old, new FROM change ORDER BY change_id DESC LIMIT 1");
    assert!(last.starts_with("ram_user|update|") && last.contains("password_changed_at"), "{last}");
    let everything = app
        .database
        .query("SELECT group_concat(coalesce(old, '') || coalesce(new, '')) FROM change");
    assert!(
        !everything.contains("argon2id") && !everything.contains("一二三四五六七八"),
        "{everything}"
    );
}

#[test]
fn an_administrator_sets_the_passwords_of_those_who_belong_to_their_instance_alone() {
    let app = app_with_admin(&["xufei"]);
    let set = |token: &str, user_id: &'static str| {
        code(&app.call_as(
            token,
            "ResetUserPassword",
            &requests::changed("ResetUserPassword", &[("UserId", Some(user_id))]),
        ))
    };
    assert_eq!(set("xufei", "zhoujie@ccc-test"), "OK");
    assert_eq!(
        set("xufei", "zhangwei@ccc-test"),
        "Permission.Common",
        "they are an agent of vcc-test too"
    );
    assert_eq!(set("xufei", "user-test@ccc-test"), "Permission.Common");
    // Bringing somebody of another instance into one's own gives no power over the login.
    assert_eq!(
        code(&app.call_as(
            "xufei",
            "ImportRamUsers",
            &requests::changed("ImportRamUsers", &[("RamIdList", Some(r#"["3000000000000001"]"#))])
        )),
        "OK"
    );
    assert_eq!(set("xufei", "ewawisniewska@ccc-test"), "Permission.Common");
    assert_eq!(set("demo-token", "ewawisniewska@ccc-test"), "OK");
    assert_eq!(set("demo-token", "user-test@ccc-test"), "OK");
}
