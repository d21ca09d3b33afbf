//! What the columns of a spreadsheet, and the words in them, are called: as in an export, or as
//! the console calls them in Chinese and in English, as people write them in lists of their own.

/// The Chinese titles; the first of a column is that of an export in Chinese.
const TITLES: [(&str, &str); 39] = [
    ("号码", "number"),
    ("电话号码", "number"),
    ("状态", "state"),
    ("持有者", "holders_display_name"),
    ("人员", "user_ids"),
    ("技能组", "skill_group_ids"),
    ("起始", "holders_since"),
    ("保留", "reservation_kind"),
    ("为谁保留", "reservation_user_id"),
    ("保留至", "reservation_until"),
    ("城市", "city"),
    ("省份", "province"),
    ("用途", "usage"),
    ("启用", "active"),
    ("联系流", "contact_flow_id"),
    ("联系流名称", "contact_flow_name"),
    ("运营商", "provider"),
    ("企业", "corp_name"),
    ("标签", "tags"),
    ("回拨名称", "callback_number_name"),
    ("备注", "note"),
    ("版本", "version"),
    ("创建时间", "created_at"),
    ("登录名", "login_name"),
    ("名称", "display_name"),
    ("姓名", "display_name"),
    ("英文名", "name"),
    ("媒体类型", "media_type"),
    ("角色", "role"),
    ("昵称", "nickname"),
    ("手机号", "mobile"),
    ("手机", "mobile"),
    ("邮箱", "email"),
    ("分机号", "extension"),
    ("分机", "extension"),
    ("工号", "display_id"),
    ("工作模式", "work_mode"),
    ("锁定", "locked"),
    ("说明", "description"),
];

/// The words of columns: the column, the word as it is kept, in Chinese and in English. The first
/// Chinese one of a word is that of an export in Chinese.
const WORDS: [(&str, &str, &str, &str); 22] = [
    ("usage", "Inbound", "呼入", "Incoming"),
    ("usage", "Outbound", "呼出", "Outgoing"),
    ("usage", "Bidirection", "双向", "Both ways"),
    ("role", "Admin", "管理员", "Admin"),
    ("role", "Manager", "组长", "Manager"),
    ("role", "Agent", "坐席", "Agent"),
    ("work_mode", "ON_SITE", "现场", "On site"),
    ("work_mode", "OFF_SITE", "远程", "Off site"),
    ("work_mode", "OFFICE_PHONE", "办公话机", "Office phone"),
    ("active", "true", "启用", "In use"),
    ("active", "false", "停用", "Out of use"),
    ("active", "true", "是", "yes"),
    ("active", "false", "否", "no"),
    ("locked", "true", "是", "yes"),
    ("locked", "false", "否", "no"),
    ("locked", "true", "已锁定", "Locked"),
    ("locked", "false", "未锁定", "Not locked"),
    ("state", "free", "空闲", "Free"),
    ("state", "bound", "已绑定", "In a group"),
    ("state", "personal", "个人", "Personal"),
    ("reservation_kind", "hold", "预留", "On hold"),
    ("reservation_kind", "cool-down", "冷却中", "Cooling down"),
];

/// The name of a column, from the cell above it.
pub fn column_of(title: &str) -> String {
    let known = TITLES.iter().find(|(chinese, _)| *chinese == title);
    known.map_or_else(|| title.to_ascii_lowercase(), |(_, name)| (*name).to_owned())
}

/// What is above a column in an export in Chinese.
pub fn title_in_chinese(column: &str) -> &str {
    let known = TITLES.iter().find(|(_, name)| *name == column);
    known.map_or(column, |(chinese, _)| *chinese)
}

/// What a cell says in the word that is kept, whatever the language it was written in.
pub fn word_of<'a>(column: &str, cell: &'a str) -> &'a str {
    let is_meant = |(of, _, chinese, english): &&(&str, &str, &str, &str)| {
        *of == column && (*chinese == cell || english.eq_ignore_ascii_case(cell))
    };
    WORDS.iter().find(is_meant).map_or(cell, |(_, word, ..)| *word)
}

/// What a cell of an export in Chinese says.
pub fn word_in_chinese<'a>(column: &str, word: &'a str) -> &'a str {
    let known = WORDS.iter().find(|(of, kept, ..)| *of == column && *kept == word);
    known.map_or(word, |(_, _, chinese, _)| *chinese)
}
