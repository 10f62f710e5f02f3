//! Decodes PNG and JPEG files: the pixels of a PNG file exactly, those of a JPEG file as libjpeg-turbo computes them by
//! default, and so Pillow. Colour profiles and gamma are not applied.
//!
//! Files are not trusted: every length is checked before it is used, memory is limited by the size that a caller allows, and
//! time by that size and the file's length. A file with fewer or more pixels than its header says is refused.

mod decode;
mod error;
mod exif;
#[cfg(target_arch = "wasm32")]
mod exports;
mod image;
mod jpeg;
mod png;

pub use decode::decode;
pub use error::Error;
pub use image::Image;
