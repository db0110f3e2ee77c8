//! What commands tell of accounts: each field with what it is read from, in one place.

/// A result that is read from what the parentheses name: `field: Type = value`.
macro_rules! shown {
    (
        $(#[$meta:meta])*
        $name:ident($($from:ident: $of:ty),+ $(,)?) {
            $($(#[$doc:meta])* $field:ident: $type:ty = $value:expr),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type),+
        }

        impl $name {
            #[must_use]
            pub fn new($($from: $of),+) -> Self {
                Self { $($field: $value),+ }
            }
        }
    };
}
pub(crate) use shown;
