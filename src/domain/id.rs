//! Identifiers. Each is text that a caller gives to say which thing is meant; only the store knows
//! whether it exists.

/// Declares identifier types: one line each, with the same few methods.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }
    )*};
}

ids! {
    /// An instance: its domain name, such as `ccc-test`.
    InstanceId;
    /// A person's login in the account: decimal digits.
    RamId;
    /// A user of an instance: `<login name>@<instance id>`.
    UserId;
    /// A skill group: `<name>@<instance id>`.
    SkillGroupId;
    /// A contact flow.
    ContactFlowId;
    /// The public half of an AccessKey.
    AccessKeyId;
}

impl InstanceId {
    /// The id of a user or a skill group, which may be given without the instance.
    pub fn qualify(&self, text: &str) -> String {
        if text.contains('@') { text.to_owned() } else { format!("{text}@{self}") }
    }

    /// The name in the id of a user or a skill group, which may be given alone.
    pub fn unqualify<'a>(&self, id: &'a str) -> &'a str {
        let name = id.strip_suffix(self.as_str()).and_then(|name| name.strip_suffix('@'));
        name.unwrap_or(id)
    }
}

impl UserId {
    /// The user that a login is in an instance.
    pub fn of(login_name: &str, instance_id: &InstanceId) -> Self {
        Self(format!("{login_name}@{instance_id}"))
    }
}

impl SkillGroupId {
    /// The skill group of this name in an instance.
    pub fn of(name: &str, instance_id: &InstanceId) -> Self {
        Self(format!("{name}@{instance_id}"))
    }
}

impl RamId {
    /// The id as a number, as some replies show it; the schema lets it be decimal digits only.
    pub fn as_integer(&self) -> u128 {
        self.0.parse().unwrap_or_default()
    }
}
