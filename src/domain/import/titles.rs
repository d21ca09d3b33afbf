//! What the columns of a spreadsheet are called: as in an export, or in Chinese as people write
//! them at the top of lists of their own.

const CHINESE: [(&str, &str); 22] = [
    ("号码", "number"),
    ("电话号码", "number"),
    ("城市", "city"),
    ("省份", "province"),
    ("用途", "usage"),
    ("启用", "active"),
    ("运营商", "provider"),
    ("企业", "corp_name"),
    ("标签", "tags"),
    ("备注", "note"),
    ("登录名", "login_name"),
    ("姓名", "display_name"),
    ("名称", "display_name"),
    ("角色", "role"),
    ("昵称", "nickname"),
    ("手机", "mobile"),
    ("手机号", "mobile"),
    ("邮箱", "email"),
    ("分机", "extension"),
    ("分机号", "extension"),
    ("工号", "display_id"),
    ("说明", "description"),
];

/// The name of a column, from the cell above it.
pub(super) fn column_of(title: &str) -> String {
    let known = CHINESE.iter().find(|(chinese, _)| *chinese == title);
    known.map_or_else(|| title.to_ascii_lowercase(), |(_, name)| (*name).to_owned())
}
