//! The longest text that a face takes is one that every other can keep.

use super::{Visitor, app, hidden};
use crate::admin::Caller;
use crate::support::{App, Program, Reply};
use crate::vcc::Vcc;
use numberd::domain::text::{
    LONGEST_COMPANY, LONGEST_DESCRIPTION, LONGEST_MOBILE, LONGEST_NAME, LONGEST_NOTE,
    LONGEST_PERSON_NAME, LONGEST_WORD, MOST_TAGS,
};
use serde_json::{Value, json};

const REST: &str = "/api/v1/instances/vcc-test";

/// How many of the longest texts are sent and stay.
const WRITTEN: usize = 27;

fn text(length: usize) -> String {
    "名".repeat(length)
}

/// Sends the longest texts, which are taken, and in one field after the other one that is longer by
/// a character, which is refused.
fn assert_taken(object: &Value, send: &dyn Fn(&Value) -> Reply) {
    let whole = send(object);
    assert!(whole.status < 300, "{}", whole.body);
    for (name, value) in object.as_object().unwrap() {
        let Some(value) = value.as_str().filter(|text| text.starts_with('名')) else { continue };
        let mut object = object.clone();
        object[name.as_str()] = Value::from(value.to_owned() + "名");
        let longer = send(&object);
        assert!([400, 422].contains(&longer.status), "{name}: {}", longer.body);
    }
}

fn called(app: &App, action: &str, object: &Value) -> Reply {
    let fields = object.as_object().unwrap().iter();
    let fields: Vec<_> =
        fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    app.call(action, &fields)
}

/// Saves what a form shows, unchanged.
fn save(visitor: &Visitor<'_>, form: &str, post: &str, fields: &[&str]) {
    let page = visitor.get(&format!("/console/vcc-test/{form}")).body;
    let mut all = vec![("active", "true".to_owned())];
    all.extend(fields.iter().map(|field| (*field, hidden(&page, field))));
    let all: Vec<_> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = visitor.post(&format!("/console/vcc-test/{post}"), &all);
    assert_eq!(saved.status, 303, "{post}: {}", saved.body);
}

/// Every text that people write.
fn texts(app: &App) -> String {
    app.database.query(
        "SELECT json_array(name, description) FROM instance
          UNION ALL SELECT json_array(skill_group_id, display_name, description) FROM skill_group
          UNION ALL SELECT json_array(user_id, u.display_name, nickname, display_id, mobile, note)
                      FROM user AS u
          UNION ALL SELECT json_array(number, province, city, provider, corp_name, tags, note,
                                      callback_number_name)
                      FROM phone_number",
    )
}

#[test]
fn the_longest_texts_of_every_face_are_saved_unchanged_in_the_console_and_imported_again() {
    let app = app();
    let root = Caller::root(&app);
    let vcc = Vcc::with(&app, "demo-client", "users:read users:write");
    let (name, person) = (text(LONGEST_NAME), text(LONGEST_PERSON_NAME));
    let (note, description) = (text(LONGEST_NOTE), text(LONGEST_DESCRIPTION));
    let (word, company) = (text(LONGEST_WORD), text(LONGEST_COMPANY));
    let mobile = text(LONGEST_MOBILE);
    let patch = |path: &'static str| {
        let root = &root;
        move |body: &Value| {
            let tag = root.get(&format!("{REST}{path}")).header("etag").unwrap().to_owned();
            root.send("PATCH", &format!("{REST}{path}"), &[("if-match", &tag)], Some(body))
        }
    };
    let post = |path: &'static str| {
        let root = &root;
        move |body: &Value| root.post(&format!("{REST}{path}"), body.clone())
    };
    assert_taken(&json!({ "name": name, "description": description }), &patch(""));
    let blank = patch("")(&json!({ "name": " " }));
    assert!(blank.status == 422 && blank.body.contains("/name"), "{}", blank.body);
    let group = json!({ "name": "g1", "display_name": name, "description": description });
    assert_taken(&group, &post("/skill-groups"));
    let user = json!({ "login_name": "rest1", "display_name": person, "nickname": person,
        "display_id": person, "mobile": mobile, "note": note });
    assert_taken(&user, &post("/users"));
    let tags: Vec<String> =
        (0..MOST_TAGS).map(|at| format!("{at} {}", "x".repeat(LONGEST_WORD - 3))).collect();
    let number = json!({ "number": "0571100", "usage": "Inbound", "province": word, "city": word,
        "provider": word, "corp_name": company, "tags": tags, "note": note });
    assert_taken(&number, &post("/numbers"));
    let called_back = json!({ "callback_number_name": company });
    assert_taken(&called_back, &patch("/numbers/0571100"));
    let ccc = [("InstanceId", "vcc-test"), ("RoleId", "Agent@vcc-test"), ("WorkMode", "ON_SITE")];
    let mut user = json!({ "LoginName": "ccc1", "Email": "c1@example.com", "DisplayName": person,
        "Nickname": person, "DisplayId": person, "Mobile": mobile });
    ccc.iter().for_each(|(name, value)| user[*name] = Value::from(*value));
    assert_taken(&user, &|user| called(&app, "CreateUser", user));
    let group = json!({ "InstanceId": "vcc-test", "Name": "g2", "DisplayName": name,
        "Description": description });
    assert_taken(&group, &|group| called(&app, "CreateSkillGroup", group));
    let import = |number: &str, tags: &[String]| {
        let (numbers, tags) = (json!([number]).to_string(), json!(tags).to_string());
        json!({ "NumberList": numbers, "Provider": word, "Province": word, "City": word,
            "CorpName": company, "TagList": tags })
    };
    let imported = |numbers: &Value| called(&app, "ImportCorpNumbers", numbers);
    assert_taken(&import("0571101", &tags), &imported);
    let database = app.database.path().to_str().unwrap().to_owned();
    let tagged = |tags: &[String]| {
        let mut line = vec!["numbers", "edit", "0571100", "--instance", "vcc-test"];
        line.extend(["--database", &database]);
        tags.iter().for_each(|tag| line.extend(["--tag", tag]));
        Program::run(&line, "")
    };
    assert!(tagged(&tags).status.success());
    let many: Vec<String> = tags.iter().cloned().chain(["more".to_owned()]).collect();
    for tags in [&many[..], &[text(LONGEST_WORD + 1)]] {
        let refused = imported(&import("0571102", tags));
        assert!(refused.body.contains("Parameter.Maximum"), "{}", refused.body);
        assert_eq!(tagged(tags).status.code(), Some(2));
    }
    let user = json!({ "username": "vcc1", "name": person, "email": "v1@example.com",
        "userAccountConfiguration": { "role": "Agent",
            "agentConfiguration": { "agentDisplayId": person } } });
    let joined = |user: &Value| vcc.send("POST", "/users", Some(user.to_string().as_bytes()));
    assert_taken(&user, &joined);

    let before = texts(&app);
    let longest = [&name, &person, &note, &description, &word, &company, &mobile];
    let whole = before.split('"').filter(|text| longest.iter().any(|long| long == text));
    assert_eq!(whole.count(), WRITTEN, "a face cut a text off, or lost it: {before}");
    let visitor = Visitor::of(&app, "user-test");
    save(&visitor, "settings", "settings", &["version", "name", "description"]);
    let of_group = ["version", "display_name", "description"];
    let of_user = ["version", "display_name", "nickname", "display_id", "mobile", "note"];
    for id in ["g1", "g2"] {
        let page = format!("groups/{id}%40vcc-test");
        save(&visitor, &page, &format!("{page}/edit"), &of_group);
    }
    for id in ["rest1", "ccc1", "vcc1"] {
        let page = format!("users/{id}%40vcc-test/edit");
        save(&visitor, &page, &page, &of_user);
    }
    let of_number = [
        "version",
        "province",
        "city",
        "provider",
        "tags",
        "tags_shown",
        "note",
        "callback_number_name",
    ];
    save(&visitor, "numbers/0571100/edit", "numbers/0571100/edit", &of_number);
    assert_eq!(texts(&app), before);

    for (list, what) in [("numbers", "numbers"), ("users", "users"), ("skill-groups", "groups")] {
        let file = root.get(&format!("{REST}/{list}.csv?per_page=500"));
        let to = format!("{REST}/imports?what={what}&mode=overwrite");
        let preview = root.upload_to(&to, &[], "text/csv", file.body.as_bytes());
        let counts = preview.json();
        let counts = ["new", "changed", "refused"].map(|count| counts[count].as_u64());
        assert_eq!(counts, [Some(0); 3], "{list}: {}", preview.body);
    }
}
