//! Which decoder a file needs.

use crate::error::Error;
use crate::image::Image;
use crate::jpeg;
use crate::png;

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
