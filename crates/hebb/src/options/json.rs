//! Readers of JSON options. Serde's derived code for the same is several times as large, for it is made for each type anew
//! and knows other formats than JSON.

use serde_json::{Map, Value};

/// A type that is read from JSON. The error names the option with this name.
pub(crate) trait Read: Sized {
    fn read(name: &str, json: Value) -> Result<Self, String>;
}

/// Makes types that are [`Read`] readable by serde.
macro_rules! deserialize {
    ($($type:ty, $name:literal;)*) => {$(
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                let json = serde::Deserialize::deserialize(deserializer)?;
                $crate::options::json::Read::read($name, json).map_err(serde::de::Error::custom)
            }
        }
    )*};
}
pub(crate) use deserialize;

/// The error of an option with a wrong value.
#[cold]
fn wrong(name: &str, wanted: &str, json: &Value) -> String {
    format!("{name} must be {wanted}, got {json}")
}

impl Read for Value {
    fn read(_: &str, json: Value) -> Result<Self, String> {
        Ok(json)
    }
}

impl Read for f64 {
    #[inline(never)]
    fn read(name: &str, json: Value) -> Result<Self, String> {
        json.as_f64().ok_or_else(|| wrong(name, "a number", &json))
    }
}

impl Read for f32 {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        f64::read(name, json).map(|value| value as f32)
    }
}

impl Read for u64 {
    #[inline(never)]
    fn read(name: &str, json: Value) -> Result<Self, String> {
        json.as_u64().ok_or_else(|| wrong(name, "a whole number", &json))
    }
}

impl Read for usize {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        u64::read(name, json)?.try_into().map_err(|_| format!("{name} is too large"))
    }
}

impl Read for bool {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        json.as_bool().ok_or_else(|| wrong(name, "true or false", &json))
    }
}

impl Read for String {
    #[inline(never)]
    fn read(name: &str, json: Value) -> Result<Self, String> {
        match json {
            Value::String(text) => Ok(text),
            other => Err(wrong(name, "a string", &other)),
        }
    }
}

/// The elements of a list.
#[inline(never)]
fn list(name: &str, json: Value) -> Result<Vec<Value>, String> {
    match json {
        Value::Array(all) => Ok(all),
        other => Err(wrong(name, "a list", &other)),
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        list(name, json)?.into_iter().map(|one| T::read(name, one)).collect()
    }
}

impl<T: Read> Read for [T; 2] {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        let two = list(name, json)?.try_into();
        let [a, b]: [Value; 2] = two.map_err(|_| format!("{name} must be a list of two"))?;
        Ok([T::read(name, a)?, T::read(name, b)?])
    }
}

/// Reads one of these names.
#[inline(never)]
pub(crate) fn one_of<T: Copy>(name: &str, json: &Value, choices: &[(&str, T)]) -> Result<T, String> {
    let chosen = choices.iter().find(|(choice, _)| json.as_str() == Some(choice));
    chosen.map(|&(_, value)| value).ok_or_else(|| {
        let choices: Vec<&str> = choices.iter().map(|&(choice, _)| choice).collect();
        format!("there is no {name} {json}: it is {}", choices.join(" or "))
    })
}

/// The fields of an object, each read once. The first error is reported at the end, so that a reader is a sequence of calls.
pub(crate) struct Fields {
    fields: Vec<(String, Value)>,
    wrong: Option<String>,
}

impl Fields {
    pub fn new(fields: Map<String, Value>) -> Self {
        Self { fields: fields.into_iter().collect(), wrong: None }
    }

    /// Of an option that is an object.
    pub fn of(name: &str, json: Value) -> Result<Self, String> {
        match json {
            Value::Object(fields) => Ok(Self::new(fields)),
            other => Err(wrong(name, "an object", &other)),
        }
    }

    /// All fields with their names.
    pub fn all(self) -> Vec<(String, Value)> {
        self.fields
    }

    /// A field, if it is there.
    #[inline(never)]
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.fields.iter().position(|(own, _)| own == name)?;
        Some(self.fields.swap_remove(at).1)
    }

    /// A field, which stays.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find_map(|(own, value)| (own == name).then_some(value))
    }

    #[cold]
    fn fail(&mut self, why: String) {
        self.wrong.get_or_insert(why);
    }

    /// Reads a field that must be there.
    #[inline(never)]
    pub fn required<T: Read>(&mut self, name: &str) -> Result<T, String> {
        let json = self.take(name).ok_or_else(|| format!("missing field `{name}`"))?;
        T::read(name, json)
    }

    /// Reads a field; `None` if it is missing.
    pub fn given<T: Read>(&mut self, name: &str) -> Result<Option<T>, String> {
        self.take(name).map(|json| T::read(name, json)).transpose()
    }

    /// Reads a field; `None` if it is missing or null.
    #[inline(never)]
    pub fn optional<T: Read>(&mut self, name: &str) -> Option<T> {
        let json = self.take(name).filter(|json| !json.is_null())?;
        T::read(name, json).map_err(|why| self.fail(why)).ok()
    }

    /// Reads a field; returns the default if it is missing.
    pub fn get<T: Read>(&mut self, name: &str, usual: T) -> T {
        match self.take(name) {
            Some(json) => T::read(name, json).unwrap_or_else(|why| {
                self.fail(why);
                usual
            }),
            None => usual,
        }
    }

    /// Reads a number; returns the default if the field is missing.
    #[inline(never)]
    pub fn number(&mut self, name: &str, usual: Option<f64>) -> f64 {
        let value = match usual {
            Some(usual) => return self.get(name, usual),
            None => self.required(name),
        };
        value.unwrap_or_else(|why| {
            self.fail(why);
            0.0
        })
    }

    /// As [`Fields::number`], in 32 bits.
    pub fn float(&mut self, name: &str, usual: f64) -> f32 {
        self.number(name, Some(usual)) as f32
    }

    /// Reads a whole number of any size; returns the default if the field is missing.
    pub fn whole(&mut self, name: &str, usual: u64) -> u64 {
        let value = self.number(name, Some(usual as f64));
        if value < 0.0 || value.fract() != 0.0 {
            self.fail(format!("{name} must be a whole number, got {value}"));
        }
        value as u64
    }

    /// Returns `read`, or the first error, or an error for unknown fields.
    pub fn end<T>(self, read: T) -> Result<T, String> {
        self.error().map_or(Ok(read), Err)
    }

    fn error(mut self) -> Option<String> {
        self.wrong.take().or_else(|| Some(format!("unknown field `{}`", self.fields.first()?.0)))
    }
}
