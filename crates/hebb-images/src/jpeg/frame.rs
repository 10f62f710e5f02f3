//! The header of a frame: the image's size and its components.

use super::refuse;
use crate::error::Error;

const BASELINE: u8 = 0xc0;
const PROGRESSIVE: u8 = 0xc2;

/// A component: one channel of the image, with fewer samples if it is subsampled.
pub struct Component {
    pub name: u8,
    /// Blocks of this component, across and down, in a unit of interleaved components.
    pub across: u32,
    pub down: u32,
    /// The number of its quantization table.
    pub table: usize,
    /// Its size in samples.
    pub width: u32,
    pub height: u32,
}

pub struct Frame {
    pub width: u32,
    pub height: u32,
    pub is_progressive: bool,
    pub components: Vec<Component>,
    /// The largest numbers of blocks of a component, across and down, in a unit.
    pub across: u32,
    pub down: u32,
}

/// Whether a marker begins a frame of any kind (SOF).
pub fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

impl Frame {
    pub fn read(marker: u8, data: &[u8]) -> Result<Self, Error> {
        if marker > PROGRESSIVE {
            let kind = marker - BASELINE;
            return refuse(format!("its coding (SOF{kind}) is not baseline, extended or progressive"));
        }
        let Some((&[bits, h1, h0, w1, w0, count], parts)) = data.split_first_chunk() else {
            return refuse("its frame's header is too short".into());
        };
        let (parts, rest) = parts.as_chunks::<3>();
        if parts.len() != usize::from(count) || !rest.is_empty() {
            return refuse("its frame's header has another length than it says".into());
        }
        if bits != 8 {
            return refuse(format!("it has {bits} bits per channel, 8 can be read"));
        }
        if !matches!(count, 1 | 3 | 4) {
            return refuse(format!("it has {count} components"));
        }
        let [width, height] = [[w1, w0], [h1, h0]].map(|bytes| u32::from(u16::from_be_bytes(bytes)));
        if width == 0 || height == 0 {
            return refuse(format!("its header says {width} × {height} pixels"));
        }
        let sampling = |&[_, both, _]: &[u8; 3]| (u32::from(both >> 4), u32::from(both & 15));
        let across = parts.iter().map(|part| sampling(part).0).max().unwrap_or(0);
        let down = parts.iter().map(|part| sampling(part).1).max().unwrap_or(0);
        let mut components = Vec::new();
        for part in parts {
            let (h, v) = sampling(part);
            if !(1..=4).contains(&h) || !(1..=4).contains(&v) {
                return refuse("its sampling is not 1 to 4".into());
            }
            if across % h != 0 || down % v != 0 {
                return refuse(format!("its sampling {h} × {v} is no divisor of {across} × {down}"));
            }
            let &[name, _, table] = part;
            if table > 3 {
                return refuse(format!("it has no quantization table {table}"));
            }
            components.push(Component {
                name,
                across: h,
                down: v,
                table: table.into(),
                width: (width * h).div_ceil(across),
                height: (height * v).div_ceil(down),
            });
        }
        let is_progressive = marker == PROGRESSIVE;
        Ok(Self { width, height, is_progressive, components, across, down })
    }

    /// The units of interleaved components, across and down.
    pub fn units(&self) -> (u32, u32) {
        (self.width.div_ceil(8 * self.across), self.height.div_ceil(8 * self.down))
    }

    /// The blocks of all components, without those that fill the last units.
    pub fn blocks(&self) -> u64 {
        let blocks = |c: &Component| u64::from(c.width.div_ceil(8)) * u64::from(c.height.div_ceil(8));
        self.components.iter().map(blocks).sum()
    }
}
