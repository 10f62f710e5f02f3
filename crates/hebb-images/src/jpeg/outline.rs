//! What is known of a file before its pixels are decoded, and whether they are worth it.

use super::colour::Colours;
use super::frame::{Frame, is_frame};
use super::refuse;
use super::segments::{Segments, marker};
use crate::error::Error;
use crate::exif;
use crate::image::check_size;

/// The most scans of the largest image: a progressive file has about ten.
const MOST_SCANS: u64 = 16;

pub struct Outline {
    pub frame: Frame,
    pub colours: Colours,
    pub orientation: u8,
}

impl Outline {
    /// Checks that a file is complete, has one frame of a size that is allowed, and enough data for its blocks.
    pub fn read(file: &[u8], most_pixels: u32) -> Result<Self, Error> {
        let mut frame = None;
        let (mut is_jfif, mut adobe, mut orientation) = (false, None, None);
        let (mut scans, mut coded) = (0u64, 0u64);
        for segment in Segments::of(file) {
            let segment = segment?;
            let data = segment.data;
            match segment.marker {
                marker::JFIF => is_jfif |= data.starts_with(b"JFIF\0") && data.len() >= 14,
                marker::ADOBE if data.starts_with(b"Adobe") => adobe = data.get(11).copied(),
                marker::EXIF => {
                    let tiff = data.strip_prefix(b"Exif\0\0");
                    orientation = orientation.or(tiff.map(exif::orientation));
                }
                marker::SCAN if frame.is_none() => return refuse("its pixels come before its header".into()),
                marker::SCAN => {
                    scans += 1;
                    coded += segment.coded.len() as u64;
                }
                marker if is_frame(marker) => {
                    let read = Frame::read(marker, data)?;
                    check_size(read.width, read.height, most_pixels)?;
                    if frame.replace(read).is_some() {
                        return refuse("it has two frames".into());
                    }
                }
                _ => {}
            }
        }
        let Some(frame) = frame.filter(|_| scans > 0) else {
            return refuse("it has no image".into());
        };
        let size = format!("{} × {}", frame.width, frame.height);
        // Every block has at least one code of at least one bit.
        if 8 * coded < frame.blocks() {
            return refuse(format!("{coded} bytes of pixels are too few for {size}"));
        }
        let pixels = u64::from(frame.width) * u64::from(frame.height);
        if scans * pixels > MOST_SCANS * u64::from(most_pixels) {
            return refuse(format!("{scans} scans of {size} are too many"));
        }
        let colours = Colours::of(&frame, is_jfif, adobe);
        Ok(Self { frame, colours, orientation: orientation.unwrap_or(1) })
    }
}
