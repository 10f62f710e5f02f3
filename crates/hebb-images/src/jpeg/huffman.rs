//! Huffman codes.

use super::bits::Bits;
use super::refuse;
use crate::error::Error;

/// Codes up to this length are found in a table at once.
const SHORT: u32 = 9;

#[derive(Clone)]
pub struct Codes {
    /// By the next bits: the length of a short code in the high byte, and its symbol; 0 for others.
    short: [u16; 1 << SHORT],
    /// By length: the first 16 bits that are beyond the codes of this length.
    ends: [u32; 17],
    /// By length: the place of a code's symbol minus the code.
    places: [i32; 17],
    symbols: Vec<u8>,
}

impl Codes {
    /// The codes of these symbols, of which `counts[i]` have i + 1 bits. The numbers of symbols must agree.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Result<Self, Error> {
        let symbols = symbols.to_vec();
        let mut codes = Self { short: [0; 1 << SHORT], ends: [0; 17], places: [0; 17], symbols };
        let (mut code, mut place) = (0u32, 0usize);
        for length in 1..=16 {
            codes.places[length as usize] = place as i32 - code as i32;
            for _ in 0..counts[length as usize - 1] {
                if code >> length != 0 {
                    return refuse(format!("it has more Huffman codes of {length} bits than there are"));
                }
                if length <= SHORT {
                    let from = (code as usize) << (SHORT - length);
                    let entry = (length as u16) << 8 | u16::from(codes.symbols[place]);
                    codes.short[from..from + (1 << (SHORT - length))].fill(entry);
                }
                code += 1;
                place += 1;
            }
            codes.ends[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(codes)
    }

    /// The largest symbol.
    pub fn largest(&self) -> u8 {
        self.symbols.iter().copied().max().unwrap_or(0)
    }

    /// Reads a code; after it 16 more bits are provided.
    #[inline]
    pub fn read(&self, bits: &mut Bits) -> Result<u8, Error> {
        bits.refill();
        let entry = self.short[bits.peek(SHORT) as usize];
        if entry == 0 {
            return self.read_long(bits);
        }
        bits.skip(u32::from(entry >> 8));
        Ok(entry as u8)
    }

    #[inline(never)]
    fn read_long(&self, bits: &mut Bits) -> Result<u8, Error> {
        let next = bits.peek(16);
        for length in SHORT as usize + 1..=16 {
            if next < self.ends[length] {
                bits.skip(length as u32);
                let place = (next >> (16 - length)) as i32 + self.places[length];
                return Ok(self.symbols[place as usize]);
            }
        }
        refuse("its pixels have a code that means nothing".into())
    }
}
