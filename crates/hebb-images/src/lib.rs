//! Decodes PNG and JPEG files: the pixels of a PNG file exactly, those of a JPEG file as libjpeg-turbo computes them by
//! default, and so Pillow. Colour profiles and gamma are not applied.
//!
//! Files are not trusted: every length is checked before it is used, memory is limited by the size that a caller allows, and
//! time by that size and the file's length. A file with fewer or more pixels than its header says is refused.

mod error;
mod exif;
#[cfg(target_arch = "wasm32")]
mod exports;
mod image;
mod jpeg;
mod png;

pub use error::Error;
pub use image::Image;

/// Decodes a file of at most `most_pixels` pixels; its first bytes decide the format.
///
/// # Errors
/// [`Error::File`] if the file is none, is damaged, or is larger; [`Error::Memory`] if its pixels do not fit.
pub fn decode(file: &[u8], most_pixels: u32) -> Result<Image, Error> {
    if file.starts_with(&[0x89, b'P', b'N', b'G']) {
        png::decode(file, most_pixels)
    } else if file.starts_with(&[0xff, 0xd8, 0xff]) {
        jpeg::decode(file, most_pixels)
    } else {
        Err(Error::File("is neither a PNG nor a JPEG file by its first bytes".into()))
    }
}
