//! Names: where a table could stand (`route = "intravenous"`), and as constructors.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

/// Constructors by the names of a table: `named! { /// What it is. chromium_51; }`.
macro_rules! named {
    ($($(#[$meta:meta])* $name:ident;)+) => {
        $($(#[$meta])*
        #[must_use]
        pub fn $name() -> Self {
            Self::from(stringify!($name).to_string())
        })+
    };
}
pub(super) use named;

/// What a text is that begins unlike any TOML.
pub(crate) fn other_format(text: &str) -> Option<&'static str> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let begins = |with: &str| {
        let start = text.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    match text.chars().next()? {
        '{' if begins("{\\rtf") => Some("RTF"),
        '{' => Some("JSON"),
        // A list in JSON; a table of TOML is none.
        '[' if serde_json::from_str::<IgnoredAny>(text).is_ok() => Some("JSON"),
        '<' if begins("<?xml") => Some("XML"),
        '<' => Some("HTML"),
        _ => None,
    }
}

/// Reads a list of which each item is a name or a table.
pub(super) fn names_or_tables<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String> + Deserialize<'de>,
{
    struct Item<T>(T);
    impl<'de, T: From<String> + Deserialize<'de>> Deserialize<'de> for Item<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            name_or_table(deserializer).map(Self)
        }
    }
    let items = Vec::<Item<T>>::deserialize(deserializer)?;
    Ok(items.into_iter().map(|item| item.0).collect())
}

/// Reads either a string, turned into `T` by its name, or the full table of `T`.
pub(super) fn name_or_table<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: From<String> + Deserialize<'de>,
{
    struct Either<T>(PhantomData<T>);
    impl<'de, T: From<String> + Deserialize<'de>> Visitor<'de> for Either<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name or a table")
        }
        fn visit_str<E>(self, name: &str) -> Result<T, E> {
            Ok(T::from(name.to_string()))
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_any(Either(PhantomData))
}
