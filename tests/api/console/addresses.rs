//! What an address asks for: whose numbers, and what is wrong with it, below its field.

use super::actions::held;
use super::{Visitor, app, encoded};
use crate::support::App;

const CONSOLE: &str = "/console/ccc-test";

/// Whether a field is wrong, by the summary and below it.
fn is_told(page: &str, field: &str) -> bool {
    page.contains(&format!("<a href=\"#f-{field}\">"))
        && page.contains(&format!("id=\"e-{field}\""))
}

/// The numbers that a list shows.
fn shown(page: &str) -> Vec<String> {
    let rows = page.split("<tr id=\"n-").skip(1);
    rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

fn bound(app: &App, group: &str) -> Vec<String> {
    let sql = format!(
        "SELECT group_concat(number) FROM (SELECT number FROM skill_group_number
          WHERE skill_group_id = '{group}' ORDER BY number)"
    );
    app.database.query(&sql).split(',').map(str::to_owned).collect()
}

#[test]
fn numbers_are_found_by_who_holds_them_and_their_pages_lead_there() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let list = |holder: &str| {
        let page = visitor.get(&format!("{CONSOLE}/numbers?holder={}", encoded(holder)));
        assert_eq!(page.status, 200, "{holder}: {}", page.body);
        let field = format!("name=\"holder\" value=\"{holder}\"");
        assert!(page.body.contains(&field), "{holder}: {}", page.body);
        shown(&page.body)
    };
    let of_person: Vec<String> =
        held(&app, "wangfang@ccc-test").split(',').map(str::to_owned).collect();
    for said in ["王芳", "wangfang", "wangfang@ccc-test"] {
        assert_eq!(list(said), of_person, "{said}");
    }
    for said in ["销售组", "sales", "sales@ccc-test"] {
        assert_eq!(list(said), bound(&app, "sales@ccc-test"), "{said}");
    }
    let file = visitor.get(&format!("{CONSOLE}/numbers.csv?holder={}", encoded("王芳"))).body;
    assert_eq!(file.lines().count() - 1, of_person.len(), "{file}");
    assert!(of_person.iter().all(|number| file.contains(number)), "{file}");
    // The export and the action have the same filter as the list.
    let page = visitor.get(&format!("{CONSOLE}/numbers?holder=lina&state=personal")).body;
    assert!(page.contains("numbers.csv?holder=lina&#38;state=personal"), "{page}");
    assert!(super::hidden(&page, "filter").contains("holder=lina"), "{page}");

    for (path, all, numbers) in [
        (
            "groups/sales%40ccc-test",
            "numbers?holder=sales%40ccc-test&#38;state=bound",
            bound(&app, "sales@ccc-test"),
        ),
        (
            "groups/test%40ccc-test",
            "numbers?holder=test%40ccc-test&#38;state=bound",
            vec!["02855500001".to_owned()],
        ),
        (
            "users/wangfang%40ccc-test",
            "numbers?holder=wangfang%40ccc-test&#38;state=personal",
            of_person,
        ),
    ] {
        let page = visitor.get(&format!("{CONSOLE}/{path}")).body;
        assert!(page.contains(&format!("href=\"{CONSOLE}/{all}\"")), "{page}");
        let all = all.replace("&#38;", "&");
        assert_eq!(shown(&visitor.get(&format!("{CONSOLE}/{all}")).body), numbers, "{path}");
    }
    let choices = |kind: &str, text: &str| {
        visitor.get(&format!("{CONSOLE}/suggest?kind={kind}&q={}", encoded(text))).body
    };
    assert!(choices("holder", "王芳").contains("wangfang@ccc-test"));
    assert!(choices("holder", "销售").contains("sales@ccc-test"));
    assert!(choices("number", "xxxx0011").contains("083xxxx0011"));
}

#[test]
fn what_is_wrong_with_the_address_of_a_list_is_said_below_its_field_and_the_rest_is_kept() {
    let app = app();
    app.database.query("UPDATE user SET display_name = '王芳' WHERE user_id = 'lina@ccc-test'");
    let visitor = Visitor::of(&app, "user-test");
    let many = "a+".repeat(40);
    let two = encoded("王芳");
    for (path, field, kept) in [
        (format!("numbers?q={many}&holder=lina"), "q", "value=\"lina\""),
        ("numbers?q=028&holder=nobody".to_owned(), "holder", "value=\"028\""),
        (format!("numbers?q=028&holder={two}"), "holder", "value=\"028\""),
        (format!("users/lina%40ccc-test?q={many}"), "q", "value=\"a a a"),
        ("changes?number=028&from=yesterday".to_owned(), "from", "value=\"028\""),
        ("changes?number=028&until=2026-02-30".to_owned(), "until", "value=\"028\""),
        ("changes?number=028&user=nobody".to_owned(), "user", "value=\"nobody\""),
        ("changes?number=028&group=nothing".to_owned(), "group", "value=\"nothing\""),
        (format!("changes?number=028&user={two}"), "user", "value=\"028\""),
    ] {
        let address = format!("{CONSOLE}/{path}");
        let page = visitor.get(&address);
        assert_eq!(page.status, 400, "{path}: {}", page.body);
        assert!(is_told(&page.body, field), "{path}: {}", page.body);
        assert!(page.body.contains("id=\"region\"") && page.body.contains(kept), "{path}");
        assert!(!page.body.contains("id=\"n-") && !page.body.contains("class=\"empty\""), "{path}");
        let headers = [("x-region", "1"), ("sec-fetch-site", "same-origin")];
        let region = visitor.send("GET", &address, &headers, None);
        assert!(region.body.trim_start().starts_with("<div id=\"region\""), "{path}");
        assert!(is_told(&region.body, field), "{path}: {}", region.body);
    }
    // A person's field says nothing of groups, and what is wrong is listed as the fields are.
    let page = visitor.get(&format!("{CONSOLE}/changes?user=sales&group=lina&from=x&until=y")).body;
    assert!(page.contains("has nobody called sales") && page.contains("no group lina"), "{page}");
    let listed = ["user", "group", "from", "until"]
        .map(|field| page.find(&format!("<a href=\"#f-{field}\">")).unwrap());
    assert!(listed.is_sorted(), "{page}");
    let file = visitor.get(&format!("{CONSOLE}/numbers.csv?holder=nobody"));
    assert!(file.status == 400 && file.body.contains("is called nobody"), "{}", file.body);
}

#[test]
fn changes_are_found_by_the_name_of_a_person_or_group_also_of_who_has_left() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let changes = |query: &str| {
        let page = visitor.get(&format!("{CONSOLE}/changes?{query}"));
        assert_eq!(page.status, 200, "{query}: {}", page.body);
        page.body
    };
    assert_eq!(
        changes(&format!("user={}", encoded("王芳"))).matches("class=\"what\"").count(),
        changes("user=wangfang%40ccc-test").matches("class=\"what\"").count()
    );
    assert!(changes(&format!("group={}", encoded("销售组"))).contains("bound to 销售组"));
    assert!(changes("user=sunli").contains("02855500020"), "who has left is known by their id");
    let none = changes("number=999");
    assert!(none.contains("No change fits") && none.contains(">Clear all filters</a>"), "{none}");
}

#[test]
fn nobody_of_another_call_centre_is_named_by_an_address() {
    let app = app();
    let visitor = Visitor::of(&app, "lina");
    for address in [
        "numbers?holder=marysmith%40vcc-test",
        "numbers?skill_group=support%40vcc-test",
        "changes?user=marysmith%40vcc-test",
        "changes?group=support%40vcc-test",
    ] {
        let page = visitor.get(&format!("{CONSOLE}/{address}")).body;
        assert!(page.contains("%40vcc-test") || page.contains("@vcc-test"), "{address}: {page}");
        assert!(!page.contains("Mary Smith") && !page.contains("Support"), "{address}: {page}");
    }
}

#[test]
fn a_printed_list_says_what_it_is_what_it_is_filtered_by_and_when() {
    let app = app();
    let group = encoded("销售组");
    for (language, path, title, filtered) in [
        (
            "en",
            format!("numbers?q=010&state=bound&holder={group}&active=true"),
            ">Numbers</h1>",
            "Filtered by: Search: 010 · State: In a group · Can be used: In use · Holder: 销售组",
        ),
        ("en", "users?q=li&role=Agent".to_owned(), ">People</h1>", "Search: li · Role: Agent"),
        ("en", "groups?q=sal".to_owned(), ">Groups</h1>", "Filtered by: Search: sal"),
        (
            "en",
            "changes?user=lina&via=cli&from=2026-01-02".to_owned(),
            ">Changes</h1>",
            "Filtered by: Person: lina · Through: Command line · From: 2026-01-02",
        ),
        ("zh-CN", "numbers?state=free&tag=none".to_owned(), ">号码</h1>", "筛选条件：状态：空闲"),
    ] {
        let visitor = Visitor::of(&app, "user-test").reading(language);
        let page = visitor.get(&format!("{CONSOLE}/{path}")).body;
        assert!(page.contains(title), "{path}: {page}");
        let printed: Vec<&str> = page.split("<p class=\"printed\">").skip(1).collect();
        assert_eq!(printed.len(), 2, "{path}: {page}");
        let (filter, when) = (printed[0].split("</p>").next().unwrap(), printed[1]);
        let parts = filtered.split(" · ").all(|part| filter.contains(part));
        assert!(parts, "{path}: {filter}");
        assert!(when.contains("<time data-now datetime=\"20"), "{path}: {when}");
        let all = visitor.get(&format!("{CONSOLE}/{}", path.split('?').next().unwrap())).body;
        assert_eq!(all.matches("class=\"printed\"").count(), 1, "nothing is filtered");
    }
    let style = std::fs::read_to_string("assets/console.css").unwrap();
    let print = style.split("@media print").nth(1).unwrap();
    assert!(print.contains(".printed { display: block") && print.contains("h1.sr"), "{print}");
}
