//! Rows of samples: unpacked, and their filters undone.

use super::header::Header;
use super::inflate::{Filled, Inflate};
use super::refuse;
use crate::error::Error;
use crate::image::zeros;

pub struct Rows<'a> {
    inflate: Inflate<'a>,
    header: &'a Header,
    /// Bytes per pixel, at least one.
    step: usize,
    /// This row and the one above, each with the byte of its filter.
    row: Vec<u8>,
    above: Vec<u8>,
    /// Unpacked bytes.
    count: u64,
}

impl<'a> Rows<'a> {
    pub fn new(pixels: &'a [&'a [u8]], header: &'a Header) -> Result<Self, Error> {
        let length = header.row_bytes(header.width);
        Ok(Self {
            inflate: Inflate::new(pixels),
            header,
            step: header.bits().div_ceil(8),
            row: zeros(length)?,
            above: zeros(length)?,
            count: 0,
        })
    }

    /// Begins another pass: its first row has none above.
    pub fn restart(&mut self) {
        self.row.fill(0);
    }

    /// The next row of `width` pixels, without its filter.
    pub fn next(&mut self, width: u32) -> Result<&[u8], Error> {
        std::mem::swap(&mut self.row, &mut self.above);
        let length = self.header.row_bytes(width);
        let filled = self.inflate.fill(&mut self.row[..length]);
        let promised = self.header.bytes();
        match filled {
            Filled::Whole => self.count += length as u64,
            Filled::ToEnd(at) => {
                let count = self.count + at as u64;
                return refuse(format!("its pixels end after {count} of {promised} bytes"));
            }
            Filled::ToDamage(at) => return self.damaged(at),
        }
        let (filter, row) = self.row[..length].split_first_mut().expect("a row has a filter");
        unfilter(*filter, row, &self.above[1..length], self.step)?;
        Ok(row)
    }

    /// Checks that there are no more rows, and the checksum.
    pub fn end(&mut self) -> Result<(), Error> {
        let Header { width, height, .. } = self.header;
        match self.inflate.fill(&mut [0]) {
            Filled::Whole => refuse(format!("it has more pixels than the {width} × {height} of its header")),
            Filled::ToEnd(_) => Ok(()),
            Filled::ToDamage(at) => self.damaged(at),
        }
    }

    fn damaged<T>(&self, at: usize) -> Result<T, Error> {
        let (count, promised) = (self.count + at as u64, self.header.bytes());
        refuse(format!("its pixels are damaged or cut off after {count} of {promised} bytes"))
    }
}

/// Undoes a filter: a byte is the difference from a prediction by the bytes to its left, above, and above to its left.
fn unfilter(filter: u8, row: &mut [u8], above: &[u8], step: usize) -> Result<(), Error> {
    match filter {
        0 => {}
        1 => {
            for i in step..row.len() {
                row[i] = row[i].wrapping_add(row[i - step]);
            }
        }
        2 => {
            for (byte, up) in row.iter_mut().zip(above) {
                *byte = byte.wrapping_add(*up);
            }
        }
        3 => {
            for i in 0..row.len() {
                let left = if i < step { 0 } else { row[i - step] };
                row[i] = row[i].wrapping_add(left.midpoint(above[i]));
            }
        }
        4 => {
            for i in 0..row.len() {
                let (left, corner) = if i < step { (0, 0) } else { (row[i - step], above[i - step]) };
                row[i] = row[i].wrapping_add(paeth(left, above[i], corner));
            }
        }
        _ => return refuse(format!("a row has the filter {filter}")),
    }
    Ok(())
}

/// Of three neighbours the one nearest to left + up − corner.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let (to_left, to_up, to_corner) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
