//! The segments of a file, from marker to marker.

use super::refuse;
use crate::error::Error;

pub mod marker {
    pub const HUFFMAN: u8 = 0xc4;
    pub const END: u8 = 0xd9;
    pub const SCAN: u8 = 0xda;
    pub const QUANTIZATION: u8 = 0xdb;
    pub const RESTART_INTERVAL: u8 = 0xdd;
    pub const JFIF: u8 = 0xe0;
    pub const EXIF: u8 = 0xe1;
    pub const ADOBE: u8 = 0xee;
}

pub struct Segment<'a> {
    pub marker: u8,
    pub data: &'a [u8],
    /// The coded pixels that follow the header of a scan.
    pub coded: &'a [u8],
}

/// Walks through a file to its end.
pub struct Segments<'a> {
    file: &'a [u8],
    at: usize,
    is_done: bool,
}

impl<'a> Segments<'a> {
    pub fn of(file: &'a [u8]) -> Self {
        Self { file, at: 2, is_done: false }
    }

    fn read(&mut self) -> Result<Option<Segment<'a>>, Error> {
        let file = self.file;
        // As libjpeg, it passes over fill bytes and anything else that is no marker, and markers that have no segment.
        let is_marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 1 | 0xd0..=0xd7 | 0xff);
        let Some(ahead) = file[self.at..].windows(2).position(is_marker) else {
            return refuse(format!("it is cut off at byte {}", file.len()));
        };
        let at = self.at + ahead;
        let marker = file[at + 1];
        if marker == marker::END {
            return Ok(None);
        }
        let length = file.get(at + 2..at + 4).map_or(0, |b| usize::from(b[0]) << 8 | usize::from(b[1]));
        let Some(data) = file.get(at + 4..at + 2 + length) else {
            return refuse(format!("its segment at byte {at} is cut off"));
        };
        let end = at + 2 + length;
        let coded = if marker == marker::SCAN { coded(&file[end..]) } else { &[] };
        self.at = end + coded.len();
        Ok(Some(Segment { marker, data, coded }))
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let segment = self.read().transpose();
        self.is_done = !matches!(segment, Some(Ok(_)));
        segment
    }
}

/// The coded pixels at the beginning of some bytes: to the next marker that is not a restart.
fn coded(bytes: &[u8]) -> &[u8] {
    let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff);
    &bytes[..bytes.windows(2).position(is_end).unwrap_or(bytes.len())]
}
