//! Rows of subsampled components at the image's size: interpolated linearly where there are half as many samples ("fancy
//! upsampling" of libjpeg: 3/4 of the nearer sample and 1/4 of the other, in each direction), else repeated.

use super::frame::{Component, Frame};
use super::planes::Plane;

/// How a component's samples become the image's.
#[derive(Clone, Copy)]
enum Way {
    /// Each is repeated so many times, across and down; once is a copy.
    Repeat(u32, u32),
    Across,
    Down,
    Both,
}

pub struct Upsample<'a> {
    plane: &'a Plane,
    component: &'a Component,
    way: Way,
    /// A row's sums of two samples, one above the other.
    sums: Vec<u16>,
}

impl<'a> Upsample<'a> {
    pub fn new(plane: &'a Plane, component: &'a Component, frame: &Frame) -> Self {
        let across = frame.across / component.across;
        let down = frame.down / component.down;
        let way = match (across, down) {
            (2, 1) if component.width > 2 => Way::Across,
            (1, 2) => Way::Down,
            (2, 2) if component.width > 2 => Way::Both,
            _ => Way::Repeat(across, down),
        };
        Self { plane, component, way, sums: Vec::new() }
    }

    /// Row `y` of the image; it may be longer than the image is wide.
    pub fn row(&mut self, y: u32, out: &mut Vec<u8>) {
        out.clear();
        match self.way {
            Way::Repeat(1, down) => out.extend_from_slice(self.of_plane(y / down)),
            Way::Repeat(across, down) => {
                let repeated = |&value: &u8| std::iter::repeat_n(value, across as usize);
                out.extend(self.of_plane(y / down).iter().flat_map(repeated));
            }
            Way::Across => {
                let row = self.of_plane(y);
                interpolate(row, out, [1, 2], 2);
            }
            Way::Down => {
                let (near, far) = self.two(y);
                // The first of two rounds down, the second up.
                let half = 1 + u16::from(y % 2 == 1);
                let mean = |(&a, &b): (&u8, &u8)| ((3 * u16::from(a) + u16::from(b) + half) >> 2) as u8;
                out.extend(near.iter().zip(far).map(mean));
            }
            Way::Both => {
                let (near, far) = self.two(y);
                self.sums.clear();
                self.sums.extend(near.iter().zip(far).map(|(&a, &b)| 3 * u16::from(a) + u16::from(b)));
                interpolate(&self.sums, out, [8, 7], 4);
            }
        }
    }

    fn of_plane(&self, y: u32) -> &'a [u8] {
        self.plane.row(y, self.component.width)
    }

    /// The nearest row, and the next one on the other side of row `y` of the image.
    fn two(&self, y: u32) -> (&'a [u8], &'a [u8]) {
        let near = y / 2;
        let far = if y.is_multiple_of(2) {
            near.saturating_sub(1)
        } else {
            (near + 1).min(self.component.height - 1)
        };
        (self.of_plane(near), self.of_plane(far))
    }
}

/// Twice as many samples: 3/4 of the nearer and 1/4 of the other, where beyond the ends the last is repeated; `halves` round
/// the left and the right one of two, which are divided by 2^`shift`.
fn interpolate<T: Copy + Into<u16>>(row: &[T], out: &mut Vec<u8>, halves: [u16; 2], shift: u32) {
    let mean = |near: u16, far: u16, half: u16| ((3 * near + far + half) >> shift) as u8;
    let pair = |left: T, here: T, right: T| {
        let [left, here, right] = [left, here, right].map(Into::into);
        [mean(here, left, halves[0]), mean(here, right, halves[1])]
    };
    out.resize(2 * row.len(), 0);
    let (pairs, _) = out.as_chunks_mut::<2>();
    let last = row.len() - 1;
    pairs[0] = pair(row[0], row[0], row[1]);
    for (place, near) in pairs[1..].iter_mut().zip(row.windows(3)) {
        *place = pair(near[0], near[1], near[2]);
    }
    pairs[last] = pair(row[last - 1], row[last], row[last]);
}
