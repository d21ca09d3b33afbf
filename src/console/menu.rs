//! What a person may do, and so the navigation around every page: the menu, the commands of the
//! palette, the keys.

use super::page::Chrome;
use crate::domain::Act;

impl Chrome {
    pub(super) fn may_assign(&self) -> bool {
        self.access.may(Act::ManagePersonalNumbers)
    }

    pub(super) fn may_bind(&self) -> bool {
        self.access.may(Act::BindNumbers)
    }

    pub(super) fn may_edit_numbers(&self) -> bool {
        self.access.may(Act::ManageNumbers)
    }

    pub(super) fn may_edit_users(&self) -> bool {
        self.access.may(Act::ManageUsers)
    }

    pub(super) fn may_edit_groups(&self) -> bool {
        self.access.may(Act::ManageSkillGroups)
    }

    pub(super) fn may_undo(&self) -> bool {
        self.access.may(Act::ManageInstance)
    }

    pub(super) fn may_read(&self) -> bool {
        self.access.may(Act::ReadInstance)
    }

    /// The keys of a list and what they do; the palette offers those that need no row.
    pub(super) fn keys(&self) -> [(&'static str, &'static str); 12] {
        [
            ("/", "key-search"),
            ("j k ↓ ↑", "key-move"),
            ("Space", "key-select"),
            ("Shift ↓ ↑", "key-range"),
            ("Enter h", "key-open"),
            ("a", "key-give"),
            ("r", "key-take"),
            ("b", "key-bind"),
            ("Delete", "key-delete"),
            ("Esc", "key-clear"),
            ("Ctrl K", "key-palette"),
            ("?", "key-list"),
        ]
    }

    /// Whether the palette offers what a key does.
    pub(super) fn is_command(&self, key: &str) -> bool {
        match key {
            "a" | "r" => self.may_assign(),
            "b" => self.may_bind(),
            "/" | "?" => true,
            _ => false,
        }
    }

    /// The pages of the menu: address and message.
    pub(super) fn tabs(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            ("", "today"),
            ("numbers", "numbers"),
            ("users", "users"),
            ("groups", "groups"),
            ("changes", "changes"),
            ("capacity", "capacity"),
            ("settings", "settings"),
        ];
        if self.may_read() { all.to_vec() } else { Vec::new() }
    }

    /// What the palette can begin, besides the pages of the menu: address and message.
    pub(super) fn commands(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            (self.may_edit_numbers(), "numbers/add", "add-numbers"),
            (self.may_edit_numbers(), "import", "import"),
            (self.may_edit_users(), "users/add", "add-user"),
            (true, "password", "password-change"),
        ];
        let may = |(may, page, key): (bool, _, _)| may.then_some((page, key));
        all.into_iter().filter_map(may).collect()
    }

    /// Whether the page that is shown belongs to this one of the menu.
    pub(super) fn is_tab(&self, page: &str) -> bool {
        let path = self.here.split('?').next().unwrap_or_default();
        let own = self.to(page);
        let own = own.trim_end_matches('/');
        match page {
            "" => path.trim_end_matches('/') == own,
            _ => {
                path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }
}
