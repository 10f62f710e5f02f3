//! Errors, with messages that tell the reader what to do.

use std::fmt;

/// The kind of an [`Error`], which JavaScript sees as `error.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// An option is unknown, missing or out of range.
    Option,
    /// Shapes do not fit each other.
    Shape,
    /// The data cannot be used: labels out of range, wrong kind or length, not finite.
    Data,
    /// Not enough memory.
    Memory,
    /// Training produced an infinite value or NaN.
    Diverged,
}

impl Code {
    /// The name on the JavaScript side.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Option => "option",
            Code::Shape => "shape",
            Code::Data => "data",
            Code::Memory => "memory",
            Code::Diverged => "diverged",
        }
    }
}

/// An error of the core: a code for programs and a message for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind of error.
    pub code: Code,
    /// What is wrong, where, and what to do.
    pub message: String,
}

/// A result of the core.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A wrong option.
    pub fn option(message: impl Into<String>) -> Self {
        Self { code: Code::Option, message: message.into() }
    }
    /// Shapes that do not fit.
    pub fn shape(message: impl Into<String>) -> Self {
        Self { code: Code::Shape, message: message.into() }
    }
    /// Data that cannot be used.
    pub fn data(message: impl Into<String>) -> Self {
        Self { code: Code::Data, message: message.into() }
    }
    /// Not enough memory.
    pub fn memory(message: impl Into<String>) -> Self {
        Self { code: Code::Memory, message: message.into() }
    }
    /// Training that produced an infinite value or NaN.
    pub fn diverged(message: impl Into<String>) -> Self {
        Self { code: Code::Diverged, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// `count` zeros; an error if there is not enough memory, where a plain allocation would abort.
pub fn zeros<T: Clone + Default>(count: usize, what: &str) -> Result<Vec<T>> {
    let mut values = room(count, what)?;
    values.resize(count, T::default());
    Ok(values)
}

/// An empty vector with capacity for `count` values.
pub fn room<T>(count: usize, what: &str) -> Result<Vec<T>> {
    let mut values = Vec::new();
    values.try_reserve_exact(count).map_err(|_| {
        let mebibytes = count.saturating_mul(size_of::<T>()) >> 20;
        Error::memory(format!(
            "{what}: {mebibytes} MiB are needed and were refused: use a smaller network or batch"
        ))
    })?;
    Ok(values)
}
