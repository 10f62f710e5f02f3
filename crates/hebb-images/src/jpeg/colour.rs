//! From components to red, green and blue.

use super::frame::Frame;
use super::planes::Planes;
use super::upsample::Upsample;
use crate::error::Error;
use crate::image::{push_pixels, room_for};

/// What the components are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    Grey,
    Rgb,
    YCbCr,
    /// Cyan, magenta, yellow and black, inverted as Adobe's programs write them.
    Cmyk,
    /// The same, of which the first three are stored like YCbCr.
    Ycck,
}

impl Colours {
    /// By libjpeg's rules: by Adobe's marker, whose byte `adobe` tells, or by the components' names unless the file is JFIF.
    pub fn of(frame: &Frame, is_jfif: bool, adobe: Option<u8>) -> Self {
        let names: Vec<u8> = frame.components.iter().map(|component| component.name).collect();
        match (&names[..], adobe) {
            ([_], _) => Self::Grey,
            ([_, _, _, _], None | Some(0)) => Self::Cmyk,
            ([_, _, _, _], _) => Self::Ycck,
            (_, Some(0)) if !is_jfif => Self::Rgb,
            (b"RGB", None) if !is_jfif => Self::Rgb,
            _ => Self::YCbCr,
        }
    }
}

/// All pixels, with an opacity of 255.
pub fn to_rgba(frame: &Frame, planes: &Planes, colours: Colours) -> Result<Vec<u8>, Error> {
    let width = frame.width as usize;
    let mut rgba = room_for(4 * width * frame.height as usize)?;
    let mut parts: Vec<_> =
        planes.0.iter().zip(&frame.components).map(|(p, c)| Upsample::new(p, c, frame)).collect();
    let mut rows = [const { Vec::new() }; 4];
    for y in 0..frame.height {
        for (part, row) in parts.iter_mut().zip(&mut rows) {
            part.row(y, row);
        }
        let [a, b, c, d] = &rows;
        match colours {
            Colours::Grey => {
                let a = &a[..width];
                push_pixels(&mut rgba, width, |i| [a[i], a[i], a[i], 255]);
            }
            Colours::Rgb => three(&mut rgba, [a, b, c], width, |_, [r, g, b]| [r, g, b, 255]),
            Colours::YCbCr => three(&mut rgba, [a, b, c], width, |_, ycc| {
                let [r, g, b] = from_ycc(ycc);
                [r, g, b, 255]
            }),
            Colours::Cmyk => three(&mut rgba, [a, b, c], width, |i, cmy| from_inverted_cmyk(cmy, d[i])),
            // What YCbCr gives is 255 minus cyan, magenta and yellow.
            Colours::Ycck => three(&mut rgba, [a, b, c], width, |i, ycc| {
                from_inverted_cmyk(from_ycc(ycc).map(|value| 255 - value), d[i])
            }),
        }
    }
    Ok(rgba)
}

/// Appends a row, from the first three components.
#[inline(always)]
fn three(rgba: &mut Vec<u8>, [a, b, c]: [&[u8]; 3], width: usize, pixel: impl Fn(usize, [u8; 3]) -> [u8; 4]) {
    let (a, b, c) = (&a[..width], &b[..width], &c[..width]);
    push_pixels(rgba, width, |i| pixel(i, [a[i], b[i], c[i]]));
}

/// ITU-R BT.601 in integers: 91881 is 1.402 · 2¹⁶, and so on.
fn from_ycc([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
    let red = y + ((91_881 * cr + HALF) >> 16);
    let green = y + ((-22_554 * cb - 46_802 * cr + HALF) >> 16);
    let blue = y + ((116_130 * cb + HALF) >> 16);
    [red, green, blue].map(|value| value.clamp(0, 255) as u8)
}

/// Each ink leaves its share of what black leaves. Stored values are inverted, as Pillow takes them to be.
fn from_inverted_cmyk(cmy: [u8; 3], black: u8) -> [u8; 4] {
    let white = u32::from(black);
    let [r, g, b] = cmy.map(|stored| {
        let product = (255 - u32::from(stored)) * white + 128;
        (white - ((product + (product >> 8)) >> 8)) as u8
    });
    [r, g, b, 255]
}
