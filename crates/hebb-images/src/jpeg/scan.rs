//! A scan: some coefficients of some components.

use super::bits::Bits;
use super::frame::Frame;
use super::huffman::Codes;
use super::idct::Block;
use super::planes::Planes;
use super::refuse;
use super::segments::Segment;
use super::tables::{PLACES, Tables};
use crate::error::Error;

/// A component of a scan: its number in the frame, and its codes.
struct Part<'a> {
    component: usize,
    means: Option<&'a Codes>,
    others: Option<&'a Codes>,
}

/// What a scan brings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    /// Of blocks' means (DC) or other coefficients (AC) the bits from `low` upwards, or one more bit, `low`.
    Means,
    MeansBit,
    Others,
    OthersBit,
}

pub struct Scan<'a> {
    parts: Vec<Part<'a>>,
    kind: Kind,
    /// The numbers of the first and last coefficient.
    first: usize,
    last: usize,
    low: u32,
    bits: Bits<'a>,
    /// The mean of each component's last block.
    means: [i32; 4],
    /// How many blocks follow without further coefficients.
    empty: u32,
}

impl<'a> Scan<'a> {
    pub fn read(segment: &Segment<'a>, frame: &Frame, tables: &'a Tables) -> Result<Self, Error> {
        let damaged = || refuse("the header of a scan is damaged".into());
        let Some((&count, rest)) = segment.data.split_first() else {
            return damaged();
        };
        let Some((parts, &[first, last, bits])) = rest.split_at_checked(2 * usize::from(count)) else {
            return damaged();
        };
        let [first, last] = [first, last].map(usize::from);
        let (high, low) = (bits >> 4, bits & 15);
        let kind = match (frame.is_progressive, first, high) {
            (false, ..) => Kind::Whole,
            (true, 0, 0) => Kind::Means,
            (true, 0, _) => Kind::MeansBit,
            (true, _, 0) => Kind::Others,
            (true, ..) => Kind::OthersBit,
        };
        let has_means = first == 0;
        let is_valid = match kind {
            Kind::Whole => true,
            _ => {
                low <= 13
                    && (high == 0 || high == low + 1)
                    && (if has_means { last == 0 } else { first <= last && last < 64 && count == 1 })
            }
        };
        if !is_valid {
            return refuse(format!("a scan has coefficients {first} to {last}, bits {high} to {low}"));
        }
        let mut read = Vec::new();
        for &[name, codes] in parts.as_chunks::<2>().0 {
            let Some(component) = frame.components.iter().position(|one| one.name == name) else {
                return refuse(format!("a scan has an unknown component {name}"));
            };
            // Each component once, in the frame's order.
            if read.last().is_some_and(|last: &Part| last.component >= component) {
                return damaged();
            }
            let find = |kind: &'a [Option<Box<Codes>>; 4], number: u8| {
                kind.get(usize::from(number)).and_then(Option::as_deref)
            };
            let (means, others) = (find(&tables.means, codes >> 4), find(&tables.others, codes & 15));
            let is_complete = match kind {
                Kind::Whole => means.is_some() && others.is_some(),
                Kind::Means => means.is_some(),
                Kind::MeansBit => true,
                Kind::Others | Kind::OthersBit => others.is_some(),
            };
            if !is_complete {
                return refuse(format!("component {name} uses Huffman codes that it does not have"));
            }
            read.push(Part { component, means, others });
        }
        if read.is_empty() {
            return damaged();
        }
        // A sequential scan always brings all coefficients, whatever it says.
        let (first, last, low) = if kind == Kind::Whole { (0, 63, 0) } else { (first, last, low.into()) };
        let bits = Bits::new(segment.coded);
        Ok(Self { parts: read, kind, first, last, low, bits, means: [0; 4], empty: 0 })
    }

    /// Reads all blocks.
    pub fn decode(&mut self, frame: &Frame, tables: &Tables, planes: &mut Planes) -> Result<(), Error> {
        for part in &self.parts {
            let plane = &mut planes.0[part.component];
            let component = &frame.components[part.component];
            match (self.kind, plane.is_seen) {
                (Kind::Whole | Kind::Means, true) => {
                    return refuse(format!("its component {} has two scans", component.name));
                }
                (Kind::MeansBit | Kind::Others | Kind::OthersBit, false) => {
                    return refuse(format!("a scan refines component {} before its first", component.name));
                }
                _ => plane.is_seen = true,
            }
            if plane.quantization.is_none() {
                plane.quantization = tables.quantization[component.table].clone();
            }
            if plane.quantization.is_none() {
                return refuse(format!("it has no quantization table {}", component.table));
            }
        }
        // A single component is not interleaved: its units are blocks, without those that fill the frame's units.
        let single = match &self.parts[..] {
            [part] => Some(&frame.components[part.component]),
            _ => None,
        };
        let (across, down) =
            single.map_or(frame.units(), |one| (one.width.div_ceil(8), one.height.div_ceil(8)));
        let mut unit = 0;
        for row in 0..down {
            for column in 0..across {
                if unit > 0 && tables.restart_interval > 0 && unit % tables.restart_interval == 0 {
                    self.restart((unit / tables.restart_interval - 1) as u8 & 7)?;
                }
                unit += 1;
                for i in 0..self.parts.len() {
                    let component = &frame.components[self.parts[i].component];
                    let (h, v) = single.map_or((component.across, component.down), |_| (1, 1));
                    for y in row * v..row * v + v {
                        for x in column * h..column * h + h {
                            self.block(i, x as usize, y as usize, planes)?;
                        }
                    }
                }
            }
            if self.bits.is_past_end() {
                return refuse(format!("its pixels end in row {row} of {down}"));
            }
        }
        Ok(())
    }

    fn restart(&mut self, number: u8) -> Result<(), Error> {
        (self.means, self.empty) = ([0; 4], 0);
        if self.bits.restart(number) { Ok(()) } else { refuse("a restart marker is missing".into()) }
    }

    /// Reads what the scan brings of a block.
    fn block(&mut self, part: usize, x: usize, y: usize, planes: &mut Planes) -> Result<(), Error> {
        let Part { component, means, others } = self.parts[part];
        let plane = &mut planes.0[component];
        if self.kind == Kind::Whole {
            let mut block = Block::default();
            self.mean(&mut block, component, means)?;
            self.others(&mut block, others)?;
            plane.set_block(x, y, &block);
            return Ok(());
        }
        let block = &mut plane.coefficients[y * plane.across + x];
        match self.kind {
            Kind::Whole | Kind::Means => self.mean(block, component, means),
            Kind::MeansBit => {
                block.0[0] |= i16::from(self.bits.bit()) << self.low;
                Ok(())
            }
            Kind::Others => self.others(block, others),
            Kind::OthersBit => self.others_bit(block, others),
        }
    }

    fn mean(&mut self, block: &mut Block, component: usize, codes: Option<&Codes>) -> Result<(), Error> {
        let Some(codes) = codes else { return Ok(()) };
        let size = codes.read(&mut self.bits)?;
        let mean = self.means[component].wrapping_add(self.bits.signed(size.into()));
        self.means[component] = mean;
        block.0[0] = (mean << self.low) as i16;
        Ok(())
    }

    fn others(&mut self, block: &mut Block, codes: Option<&Codes>) -> Result<(), Error> {
        let Some(codes) = codes else { return Ok(()) };
        if self.empty > 0 {
            self.empty -= 1;
            return Ok(());
        }
        let mut k = self.first.max(1);
        while k <= self.last {
            let symbol = codes.read(&mut self.bits)?;
            let (zeros, size) = (symbol >> 4, u32::from(symbol & 15));
            k += usize::from(zeros);
            if size > 0 {
                if k > self.last {
                    return refuse("a block has more coefficients than a scan brings".into());
                }
                block.0[usize::from(PLACES[k])] = (self.bits.signed(size) << self.low) as i16;
            } else if zeros < 15 {
                if self.kind == Kind::Others {
                    self.empty = self.run(zeros) - 1;
                }
                break;
            }
            k += 1;
        }
        Ok(())
    }

    /// The number of blocks, this one included, without further coefficients, which has `size` bits after its first.
    fn run(&mut self, size: u8) -> u32 {
        (1 << size) + self.bits.take(size.into())
    }

    /// One more bit of the coefficients that are not zero, and new ones, which begin with this bit.
    fn others_bit(&mut self, block: &mut Block, codes: Option<&Codes>) -> Result<(), Error> {
        let Some(codes) = codes else { return Ok(()) };
        let one = 1i16 << self.low;
        let mut k = self.first;
        while k <= self.last && self.empty == 0 {
            let symbol = codes.read(&mut self.bits)?;
            let (mut zeros, size) = (symbol >> 4, symbol & 15);
            let new = match size {
                0 if zeros < 15 => {
                    self.empty = self.run(zeros);
                    break;
                }
                0 => 0,
                1 => {
                    if self.bits.take(1) == 1 {
                        one
                    } else {
                        -one
                    }
                }
                _ => return refuse("a coefficient begins with more than one bit".into()),
            };
            while k <= self.last {
                let value = &mut block.0[usize::from(PLACES[k])];
                k += 1;
                if *value != 0 {
                    self.bits.refine(value, one);
                } else if zeros == 0 {
                    *value = new;
                    break;
                } else {
                    zeros -= 1;
                }
            }
        }
        if self.empty > 0 {
            self.empty -= 1;
            for &place in &PLACES[k..=self.last.max(k - 1)] {
                let value = &mut block.0[usize::from(place)];
                if *value != 0 {
                    self.bits.refine(value, one);
                }
            }
        }
        Ok(())
    }
}

impl Bits<'_> {
    /// Adds one more bit to a coefficient, away from zero.
    fn refine(&mut self, value: &mut i16, one: i16) {
        if self.bit() && *value & one == 0 {
            *value = value.wrapping_add(if *value < 0 { -one } else { one });
        }
    }
}
