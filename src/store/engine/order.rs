//! What a list is sorted by.

/// A key of a list, and whether the last comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order<K> {
    /// The default is the natural order.
    pub key: K,
    /// The last first.
    pub backward: bool,
}

/// The keys of one list; the first is its natural order.
macro_rules! order_keys {
    ($(#[$doc:meta])* $name:ident { $(#[$first_doc:meta])* $first:ident = $first_text:literal, $($(#[$key_doc:meta])* $key:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$key_doc])* $key,)*
        }

        impl $name {
            /// The names of the fields, the natural order first.
            pub const NAMES: &[&str] = &[$first_text, $($text),*];

            /// The key of that name, or else the natural order.
            pub fn named(name: &str) -> Self {
                match name {
                    $($text => Self::$key,)*
                    _ => Self::$first,
                }
            }
        }
    };
}
pub(in crate::store) use order_keys;
