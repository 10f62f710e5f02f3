//! The header of a file, and what follows from it.

use super::refuse;
use crate::error::Error;

/// What a pixel consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Grey,
    Rgb,
    Palette,
    GreyAlpha,
    RgbAlpha,
}

impl Kind {
    pub fn channels(self) -> usize {
        match self {
            Self::Grey | Self::Palette => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::RgbAlpha => 4,
        }
    }
}

/// A pass of an interlaced image (Adam7): first column and row, steps between columns and rows.
#[derive(Clone, Copy)]
pub struct Pass {
    pub column: u32,
    pub row: u32,
    pub columns: u32,
    pub rows: u32,
}

const fn pass(column: u32, row: u32, columns: u32, rows: u32) -> Pass {
    Pass { column, row, columns, rows }
}

pub const PASSES: [Pass; 7] = [
    pass(0, 0, 8, 8),
    pass(4, 0, 8, 8),
    pass(0, 4, 4, 8),
    pass(2, 0, 4, 4),
    pass(0, 2, 2, 4),
    pass(1, 0, 2, 2),
    pass(0, 1, 1, 2),
];

pub struct Header {
    pub width: u32,
    pub height: u32,
    /// Bits per channel.
    pub depth: u8,
    pub kind: Kind,
    pub is_interlaced: bool,
}

impl Header {
    /// Reads the 13 bytes of the chunk IHDR.
    pub fn read(data: &[u8]) -> Result<Self, Error> {
        let &[w0, w1, w2, w3, h0, h1, h2, h3, depth, colour, compression, filter, interlace] = data else {
            return refuse("it does not begin with a header (IHDR)".into());
        };
        let kind = match (colour, depth) {
            (0, 1 | 2 | 4 | 8 | 16) => Some(Kind::Grey),
            (2, 8 | 16) => Some(Kind::Rgb),
            (3, 1 | 2 | 4 | 8) => Some(Kind::Palette),
            (4, 8 | 16) => Some(Kind::GreyAlpha),
            (6, 8 | 16) => Some(Kind::RgbAlpha),
            _ => None,
        };
        match (kind, compression, filter, interlace) {
            (Some(kind), 0, 0, 0 | 1) => Ok(Self {
                width: u32::from_be_bytes([w0, w1, w2, w3]),
                height: u32::from_be_bytes([h0, h1, h2, h3]),
                depth,
                kind,
                is_interlaced: interlace == 1,
            }),
            _ => refuse(format!(
                "its header says depth {depth}, colour type {colour}, methods {compression}, {filter}, {interlace}"
            )),
        }
    }

    /// Bits per pixel.
    pub fn bits(&self) -> usize {
        self.kind.channels() * usize::from(self.depth)
    }

    /// The bytes of a row, of which the first is its filter.
    pub fn row_bytes(&self, width: u32) -> usize {
        1 + (width as usize * self.bits()).div_ceil(8)
    }

    /// Columns and rows of a pass.
    pub fn size_of(&self, pass: Pass) -> (u32, u32) {
        let along = |length: u32, from: u32, step: u32| length.saturating_sub(from).div_ceil(step);
        (along(self.width, pass.column, pass.columns), along(self.height, pass.row, pass.rows))
    }

    /// The bytes of all rows.
    pub fn bytes(&self) -> u64 {
        let rows = |(width, height): (u32, u32)| match width {
            0 => 0,
            _ => self.row_bytes(width) as u64 * u64::from(height),
        };
        if self.is_interlaced {
            PASSES.iter().map(|&pass| rows(self.size_of(pass))).sum()
        } else {
            rows((self.width, self.height))
        }
    }
}
