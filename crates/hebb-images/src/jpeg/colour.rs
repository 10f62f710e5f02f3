//! From components to red, green and blue.

use super::frame::Frame;
use super::planes::Planes;
use super::upsample::Upsample;
use crate::Error;
use crate::image::room_for;

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
            Colours::Grey => rgba.extend(a[..width].iter().flat_map(|&y| [y, y, y, 255])),
            Colours::Rgb => rgba.extend(three(a, b, c, width).flat_map(|[r, g, b]| [r, g, b, 255])),
            Colours::YCbCr => rgba.extend(three(a, b, c, width).flat_map(|ycc| {
                let [r, g, b] = from_ycc(ycc);
                [r, g, b, 255]
            })),
            Colours::Cmyk => {
                let inks = three(a, b, c, width).zip(d);
                rgba.extend(inks.flat_map(|(cmy, &k)| from_inverted_cmyk(cmy, k)));
            }
            Colours::Ycck => {
                // What YCbCr gives is 255 minus cyan, magenta and yellow.
                let inks = three(a, b, c, width).map(|ycc| from_ycc(ycc).map(|value| 255 - value)).zip(d);
                rgba.extend(inks.flat_map(|(cmy, &k)| from_inverted_cmyk(cmy, k)));
            }
        }
    }
    Ok(rgba)
}

fn three<'a>(a: &'a [u8], b: &'a [u8], c: &'a [u8], width: usize) -> impl Iterator<Item = [u8; 3]> + 'a {
    let (a, b, c) = (&a[..width], &b[..width], &c[..width]);
    (0..width).map(move |i| [a[i], b[i], c[i]])
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
