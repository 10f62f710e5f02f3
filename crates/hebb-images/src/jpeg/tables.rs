//! The tables that scans use, as the segments before them define them.

use super::huffman::Codes;
use super::refuse;
use crate::error::Error;

/// The place in a block of the coefficient with a number: from low to high frequencies, in zigzag.
#[rustfmt::skip]
pub const PLACES: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The largest size of a difference between two blocks' means.
const MOST_DC_BITS: u8 = 15;

/// Quantization: what each coefficient of a block is multiplied by.
pub type Quantization = [u16; 64];

#[derive(Default)]
pub struct Tables {
    pub quantization: [Option<Box<Quantization>>; 4],
    /// The codes of blocks' means (DC) and of the other coefficients (AC).
    pub means: [Option<Box<Codes>>; 4],
    pub others: [Option<Box<Codes>>; 4],
    /// Units between two restarts; 0 for none.
    pub restart_interval: u32,
}

impl Tables {
    pub fn read_quantization(&mut self, mut data: &[u8]) -> Result<(), Error> {
        while let Some((&head, rest)) = data.split_first() {
            let (is_wide, number) = (head >> 4, usize::from(head & 15));
            let length = if is_wide == 0 { 64 } else { 128 };
            let Some((values, after)) = rest.split_at_checked(length).filter(|_| is_wide < 2 && number < 4)
            else {
                return refuse("a quantization table is damaged".into());
            };
            let mut table = Box::new([0; 64]);
            for (i, &place) in PLACES.iter().enumerate() {
                table[usize::from(place)] = match is_wide {
                    0 => values[i].into(),
                    _ => u16::from_be_bytes([values[2 * i], values[2 * i + 1]]),
                };
            }
            self.quantization[number] = Some(table);
            data = after;
        }
        Ok(())
    }

    pub fn read_huffman(&mut self, mut data: &[u8]) -> Result<(), Error> {
        let damaged = || refuse("a table of Huffman codes is damaged".into());
        while let Some((&head, rest)) = data.split_first() {
            let Some((counts, rest)) = rest.split_first_chunk::<16>() else {
                return damaged();
            };
            let count = counts.iter().map(|&count| usize::from(count)).sum();
            let Some((symbols, after)) = rest.split_at_checked(count).filter(|_| count <= 256) else {
                return damaged();
            };
            let codes = Box::new(Codes::new(counts, symbols)?);
            match (head >> 4, self.means.get_mut(usize::from(head & 15))) {
                (0, Some(means)) if codes.largest() <= MOST_DC_BITS => *means = Some(codes),
                (1, Some(_)) => self.others[usize::from(head & 15)] = Some(codes),
                _ => return damaged(),
            }
            data = after;
        }
        Ok(())
    }

    pub fn read_restart_interval(&mut self, data: &[u8]) -> Result<(), Error> {
        let &[high, low] = data else {
            return refuse("its interval of restarts is damaged".into());
        };
        self.restart_interval = u16::from_be_bytes([high, low]).into();
        Ok(())
    }
}
