//! From samples of any depth and kind to red, green, blue and opacity of 8 bits.

use super::header::{Header, Kind};
use super::refuse;
use crate::error::Error;
use crate::image::push_pixels;

pub struct Expand {
    kind: Kind,
    depth: u8,
    palette: Vec<[u8; 4]>,
    /// The samples of the colour that is transparent.
    key: Option<[u16; 3]>,
}

impl Expand {
    /// `palette` and `transparency` are the chunks PLTE and tRNS.
    pub fn new(header: &Header, palette: Option<&[u8]>, transparency: Option<&[u8]>) -> Result<Self, Error> {
        let &Header { kind, depth, .. } = header;
        let mut expand = Self { kind, depth, palette: Vec::new(), key: None };
        let most = u16::MAX >> (16 - depth);
        match (kind, transparency) {
            (Kind::Palette, opacities) => {
                let Some((colours, [])) = palette.map(<[u8]>::as_chunks::<3>) else {
                    return refuse("it has no palette, or one of incomplete colours".into());
                };
                let opacities = opacities.unwrap_or(&[]).iter().copied().chain(std::iter::repeat(255));
                expand.palette = colours.iter().zip(opacities).map(|(&[r, g, b], a)| [r, g, b, a]).collect();
            }
            (Kind::Grey, Some(&[high, low])) => {
                expand.key = Some([u16::from_be_bytes([high, low]) & most; 3]);
            }
            (Kind::Rgb, Some(&[r1, r0, g1, g0, b1, b0])) => {
                let key = [[r1, r0], [g1, g0], [b1, b0]];
                expand.key = Some(key.map(|bytes| u16::from_be_bytes(bytes) & most));
            }
            (Kind::Grey | Kind::Rgb, Some(other)) => {
                let length = other.len();
                return refuse(format!("its transparent colour (tRNS) has {length} bytes"));
            }
            // Pixels with an opacity of their own need no key.
            _ => {}
        }
        Ok(expand)
    }

    /// Appends the pixels of a row.
    pub fn row(&self, row: &[u8], width: u32, rgba: &mut Vec<u8>) -> Result<(), Error> {
        let width = width as usize;
        match self.depth {
            16 => self.pixels(width, |i| u16::from_be_bytes([row[2 * i], row[2 * i + 1]]), to_8_bits, rgba),
            8 => self.pixels(width, |i| row[i].into(), |v| v as u8, rgba),
            depth => {
                let (depth, per_byte) = (usize::from(depth), usize::from(8 / depth));
                let most = 255u8 >> (8 - depth);
                let sample = |i: usize| {
                    let shift = 8 - depth * (i % per_byte + 1);
                    ((row[i / per_byte] >> shift) & most).into()
                };
                self.pixels(width, sample, |v| v as u8 * (255 / most), rgba)
            }
        }
    }

    #[inline(always)]
    fn pixels(
        &self,
        width: usize,
        sample: impl Fn(usize) -> u16,
        scaled: impl Fn(u16) -> u8,
        rgba: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let opacity = |samples: [u16; 3]| if self.key == Some(samples) { 0 } else { 255 };
        match self.kind {
            Kind::Grey => push_pixels(rgba, width, |i| {
                let grey = sample(i);
                let value = scaled(grey);
                [value, value, value, opacity([grey; 3])]
            }),
            Kind::GreyAlpha => push_pixels(rgba, width, |i| {
                let value = scaled(sample(2 * i));
                [value, value, value, scaled(sample(2 * i + 1))]
            }),
            Kind::Rgb => push_pixels(rgba, width, |i| {
                let samples = [0, 1, 2].map(|channel| sample(3 * i + channel));
                let [r, g, b] = samples.map(&scaled);
                [r, g, b, opacity(samples)]
            }),
            Kind::RgbAlpha => push_pixels(rgba, width, |i| [0, 1, 2, 3].map(|c| scaled(sample(4 * i + c)))),
            Kind::Palette => {
                for i in 0..width {
                    let colour = usize::from(sample(i));
                    let Some(pixel) = self.palette.get(colour) else {
                        let colours = self.palette.len();
                        return refuse(format!("a pixel has colour {colour}, its palette has {colours}"));
                    };
                    rgba.extend_from_slice(pixel);
                }
            }
        }
        Ok(())
    }
}

/// The nearest value of 8 bits: 65,535 is 255 · 257.
fn to_8_bits(value: u16) -> u8 {
    ((u32::from(value) + 128) / 257) as u8
}
