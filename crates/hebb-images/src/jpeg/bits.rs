//! The bits of coded pixels.

/// Reads bits; after the end of the data they are zeros.
pub struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, the first of them the highest, then zeros.
    hold: u64,
    /// How many of them there are, and how many were made up in total because the data had ended.
    count: u32,
    made_up: u64,
}

impl<'a> Bits<'a> {
    pub fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, hold: 0, count: 0, made_up: 0 }
    }

    /// Provides 32 bits or more: for a code and what follows it.
    #[inline]
    pub fn refill(&mut self) {
        if self.count < 32 {
            self.read();
        }
    }

    fn read(&mut self) {
        while self.count <= 56 {
            let byte = match self.data[self.at..] {
                // A zero is put after a byte that would look like a marker.
                [0xff, 0, ..] => {
                    self.at += 2;
                    0xff
                }
                [0xff, ..] | [] => {
                    self.made_up += 8;
                    0
                }
                [byte, ..] => {
                    self.at += 1;
                    byte
                }
            };
            self.hold |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next 1 to 32 bits of those provided, which stay.
    #[inline]
    pub fn peek(&self, bits: u32) -> u32 {
        (self.hold >> (64 - bits)) as u32
    }

    /// Goes on by some bits of those provided.
    #[inline]
    pub fn skip(&mut self, bits: u32) {
        self.hold <<= bits;
        self.count -= bits;
    }

    /// The next 0 to 16 bits of those provided.
    #[inline]
    pub fn take(&mut self, bits: u32) -> u32 {
        let value = (self.hold >> 1 >> (63 - bits)) as u32;
        self.skip(bits);
        value
    }

    /// The next bits as a number with a sign: of `size` bits, the lower half stands for negative numbers.
    #[inline]
    pub fn signed(&mut self, size: u32) -> i32 {
        let value = self.take(size) as i32;
        if size > 0 && value < 1 << (size - 1) { value - (1 << size) + 1 } else { value }
    }

    /// A single bit, wherever it comes from.
    #[inline]
    pub fn bit(&mut self) -> bool {
        self.refill();
        self.take(1) == 1
    }

    /// Whether bits were read that the data does not have.
    pub fn is_past_end(&self) -> bool {
        self.made_up > u64::from(self.count)
    }

    /// Goes on after the next restart marker, of which `number` are the lowest three bits; false if there is another or none.
    pub fn restart(&mut self, number: u8) -> bool {
        let is_marker = |pair: &[u8]| pair[0] == 0xff && (0xd0..=0xd7).contains(&pair[1]);
        let Some(ahead) = self.data[self.at..].windows(2).position(is_marker) else {
            return false;
        };
        let at = self.at + ahead;
        let is_right = !self.is_past_end() && self.data[at + 1] == 0xd0 + number;
        *self = Self { at: at + 2, ..Self::new(self.data) };
        is_right
    }
}
