//! Reading what JavaScript sends.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Error, Map, Value};

/// Reads an enum whose variant the field `type` names, `{ "type": "step", "from": 1 }`, through what serde derives
/// for `{ "step": { "from": 1 } }`. (Its own way, `tag`, makes several times the code.)
pub(crate) fn read_tagged<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl FnOnce(Value) -> Result<T, Error>,
) -> Result<T, D::Error> {
    let mut fields = Map::deserialize(deserializer)?;
    let kind = match fields.remove("type") {
        Some(Value::String(kind)) => kind,
        Some(other) => return Err(D::Error::custom(format!("its type must be a name, got {other}"))),
        None => return Err(D::Error::missing_field("type")),
    };
    read(Map::from_iter([(kind, fields.into())]).into()).map_err(D::Error::custom)
}

/// Makes an enum readable by [`read_tagged`]; it derives `Deserialize` with `#[serde(remote = "Self")]`.
macro_rules! tagged {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                $crate::json::read_tagged(deserializer, <$type>::deserialize)
            }
        }
    };
}
pub(crate) use tagged;
