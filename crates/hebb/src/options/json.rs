//! Readers of JSON options.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Error, Map, Value};

/// Reads an enum whose variant is named by the field `type`, `{ "type": "step", "from": 1 }`, through what serde derives
/// for `{ "step": { "from": 1 } }`. (Serde's own `tag` generates several times the code.)
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
                $crate::options::json::read_tagged(deserializer, <$type>::deserialize)
            }
        }
    };
}
pub(crate) use tagged;

/// The fields of an object, each read once. The first error is reported at the end, so that a reader is a sequence of calls;
/// serde's derived code for the same is several times as large.
pub(crate) struct Fields {
    fields: Map<String, Value>,
    wrong: Option<String>,
}

impl Fields {
    pub fn new(fields: Map<String, Value>) -> Self {
        Self { fields, wrong: None }
    }

    /// A field, if it is there.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name)
    }

    fn fail(&mut self, why: String) {
        self.wrong.get_or_insert(why);
    }

    /// Reads a number; returns the default if the field is missing.
    #[inline(never)]
    pub fn number(&mut self, name: &str, usual: Option<f64>) -> f64 {
        let value = self.take(name);
        match (value.as_ref().map(Value::as_f64), usual) {
            (Some(Some(value)), _) => value,
            (None, Some(usual)) => usual,
            (None, None) => {
                self.fail(format!("missing field `{name}`"));
                0.0
            }
            (Some(None), _) => {
                self.fail(format!("{name} must be a number, got {}", value.unwrap_or_default()));
                0.0
            }
        }
    }

    /// As [`Fields::number`], in 32 bits.
    pub fn float(&mut self, name: &str, usual: f64) -> f32 {
        self.number(name, Some(usual)) as f32
    }

    /// Reads a whole number; returns the default if the field is missing.
    pub fn whole(&mut self, name: &str, usual: u64) -> u64 {
        let value = self.number(name, Some(usual as f64));
        if value < 0.0 || value.fract() != 0.0 {
            self.fail(format!("{name} must be a whole number, got {value}"));
        }
        value as u64
    }

    /// Reads true or false; returns the default if the field is missing.
    pub fn flag(&mut self, name: &str) -> bool {
        let value = self.take(name).unwrap_or(Value::Bool(false));
        value.as_bool().unwrap_or_else(|| {
            self.fail(format!("{name} must be true or false, got {value}"));
            false
        })
    }

    /// Returns `read`, or the first error, or an error for unknown fields.
    pub fn end<T>(mut self, read: T) -> Result<T, String> {
        if let Some(name) = self.fields.keys().next() {
            let why = format!("unknown field `{name}`");
            self.fail(why);
        }
        self.wrong.map_or(Ok(read), Err)
    }
}
