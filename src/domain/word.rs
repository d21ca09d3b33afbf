//! Types whose values are a few words: the same in the database, on the wire and at the command
//! line.

/// Such a type, for whoever reads or shows any of them.
pub trait Word: Copy + Send + Sync + 'static {
    /// The words.
    const NAMES: &'static [&'static str];

    /// The value of that name.
    fn from_name(name: &str) -> Option<Self>;
}

/// Declares such a type: each value with its word. The word is a `tt`: a `literal` would reach
/// `ToSchema` inside an invisible group, and it would overlook the `rename`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:tt,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $word)] $value,)*
        }

        impl $name {
            /// The words.
            pub const NAMES: [&'static str; [$($word),*].len()] = [$($word),*];

            /// All values, in the order of the words.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$value),*];

            /// The value of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($word => Some(Self::$value),)*
                    _ => None,
                }
            }

            /// The word.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $word,)* }
            }
        }

        impl $crate::domain::Word for $name {
            const NAMES: &'static [&'static str] = &Self::NAMES;

            fn from_name(name: &str) -> Option<Self> {
                Self::from_name(name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use words;
