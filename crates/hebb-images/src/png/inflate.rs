//! The compressed pixels, unpacked piece by piece.

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

/// How far a slice was filled.
pub enum Filled {
    Whole,
    /// The data has ended, and its checksum is right, after this many bytes.
    ToEnd(usize),
    /// The data is damaged or cut off after this many bytes.
    ToDamage(usize),
}

/// Unpacks zlib data that lies in several parts.
pub struct Inflate<'a> {
    part: &'a [u8],
    others: std::slice::Iter<'a, &'a [u8]>,
    state: Box<InflateState>,
    has_ended: bool,
}

impl<'a> Inflate<'a> {
    pub fn new(parts: &'a [&'a [u8]]) -> Self {
        let state = InflateState::new_boxed(DataFormat::Zlib);
        Self { part: &[], others: parts.iter(), state, has_ended: false }
    }

    pub fn fill(&mut self, output: &mut [u8]) -> Filled {
        let mut at = 0;
        while at < output.len() {
            if self.has_ended {
                return Filled::ToEnd(at);
            }
            if self.part.is_empty()
                && let Some(part) = self.others.next()
            {
                self.part = part;
                continue;
            }
            let done = inflate(&mut self.state, self.part, &mut output[at..], MZFlush::None);
            self.part = &self.part[done.bytes_consumed..];
            self.has_ended = done.status == Ok(MZStatus::StreamEnd);
            at += done.bytes_written;
            if !self.has_ended && done.bytes_consumed + done.bytes_written == 0 {
                return Filled::ToDamage(at);
            }
        }
        Filled::Whole
    }
}
