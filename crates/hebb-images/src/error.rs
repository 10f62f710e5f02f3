//! Why a file is not decoded.

use std::fmt;

/// An error as the predicate of a sentence whose subject is the file: "is cut off at byte 20".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The file is damaged, of a kind that is not read, or larger than allowed.
    File(String),
    /// The pixels do not fit into memory.
    Memory(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::File(text) | Self::Memory(text)) = self;
        f.write_str(text)
    }
}

impl std::error::Error for Error {}
