//! JPEG files (ITU-T T.81): baseline, extended and progressive with Huffman codes and 8 bits per sample. Every step is that of
//! libjpeg-turbo with its default settings, so that the pixels are equal.

mod bits;
mod colour;
mod frame;
mod huffman;
mod idct;
mod outline;
mod planes;
mod scan;
mod segments;
mod tables;
mod upsample;

use crate::error::Error;
use crate::image::Image;
use outline::Outline;
use planes::Planes;
use scan::Scan;
use segments::{Segments, marker};
use tables::Tables;

/// The error of a damaged file.
fn refuse<T>(why: String) -> Result<T, Error> {
    Err(Error::File(format!("is not a usable JPEG file: {why}")))
}

/// Decodes a JPEG file; what follows its end is ignored.
pub fn decode(file: &[u8], most_pixels: u32) -> Result<Image, Error> {
    let outline = Outline::read(file, most_pixels)?;
    let frame = &outline.frame;
    let mut planes = Planes::new(frame)?;
    let mut tables = Tables::default();
    for segment in Segments::of(file) {
        let segment = segment?;
        match segment.marker {
            marker::QUANTIZATION => tables.read_quantization(segment.data)?,
            marker::HUFFMAN => tables.read_huffman(segment.data)?,
            marker::RESTART_INTERVAL => tables.read_restart_interval(segment.data)?,
            marker::SCAN => Scan::read(&segment, frame, &tables)?.decode(frame, &tables, &mut planes)?,
            _ => {}
        }
    }
    planes.finish(frame)?;
    let rgba = colour::to_rgba(frame, &planes, outline.colours)?;
    let (width, height) = (frame.width, frame.height);
    Ok(Image { width, height, depth: 8, orientation: outline.orientation, rgba })
}
