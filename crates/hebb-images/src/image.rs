//! Decoded images, and the memory for them.

use crate::error::Error;

/// The longest side of an image: that of a JPEG file.
const MOST_SIDE: u32 = 65_535;

/// A decoded image.
#[derive(Debug)]
pub struct Image {
    /// Pixels per row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The number of bits per channel in the file. 16 bits are rounded to 8.
    pub depth: u8,
    /// How the pixels must be turned: Exif's number, 1 to 8, where 1 is not at all.
    pub orientation: u8,
    /// Red, green, blue and opacity of each pixel, row by row.
    pub rgba: Vec<u8>,
}

/// Throws if a header's size is empty or more than is allowed.
pub(crate) fn check_size(width: u32, height: u32, most_pixels: u32) -> Result<(), Error> {
    let claim = format!("claims {width} × {height} pixels");
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Error::File(claim));
    }
    if pixels > u64::from(most_pixels) {
        return Err(Error::File(format!("{claim}, more than {most_pixels}: say maxPixels if that is right")));
    }
    if width.max(height) > MOST_SIDE {
        return Err(Error::File(format!("{claim}: its sides may have {MOST_SIDE}")));
    }
    Ok(())
}

/// An empty vector with room for `length` elements, which are allocated at once.
pub(crate) fn room_for<T>(length: usize) -> Result<Vec<T>, Error> {
    let mut vector = Vec::new();
    let bytes = length.saturating_mul(size_of::<T>());
    match vector.try_reserve_exact(length) {
        Ok(()) => Ok(vector),
        Err(_) => Err(Error::Memory(format!("does not fit into memory: {bytes} bytes"))),
    }
}

/// Appends `width` pixels. (Extending a vector by an iterator of arrays takes several times as long.)
#[inline(always)]
pub(crate) fn push_pixels(rgba: &mut Vec<u8>, width: usize, pixel: impl Fn(usize) -> [u8; 4]) {
    let start = rgba.len();
    rgba.resize(start + 4 * width, 0);
    let (pixels, _) = rgba[start..].as_chunks_mut::<4>();
    for (i, place) in pixels.iter_mut().enumerate() {
        *place = pixel(i);
    }
}

/// A vector of `length` default values.
pub(crate) fn zeros<T: Clone + Default>(length: usize) -> Result<Vec<T>, Error> {
    let mut vector = room_for(length)?;
    vector.resize(length, T::default());
    Ok(vector)
}
