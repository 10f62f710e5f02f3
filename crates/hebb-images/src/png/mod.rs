//! PNG files (ISO/IEC 15948). Gamma and colour profiles are not applied.

mod chunks;
mod expand;
mod filter;
mod header;
mod inflate;

use crate::error::Error;
use crate::exif;
use crate::image::Image;
use crate::image::{check_size, room_for, zeros};
use chunks::Chunks;
use expand::Expand;
use filter::Rows;
use header::{Header, PASSES};

/// The error of a damaged file.
fn refuse<T>(why: String) -> Result<T, Error> {
    Err(Error::File(format!("is not a usable PNG file: {why}")))
}

/// Decodes a PNG file; what follows its end is ignored.
pub fn decode(file: &[u8], most_pixels: u32) -> Result<Image, Error> {
    let chunks = Chunks::read(file)?;
    let header = Header::read(chunks.header)?;
    let Header { width, height, depth, .. } = header;
    check_size(width, height, most_pixels)?;
    if chunks.pixels.is_empty() {
        return refuse("it has no pixels (IDAT)".into());
    }
    let expand = Expand::new(&header, chunks.palette, chunks.transparency)?;
    let mut rows = Rows::new(&chunks.pixels, &header)?;
    let pixels = width as usize * height as usize;
    let rgba = if header.is_interlaced {
        let mut rgba = zeros(4 * pixels)?;
        interlaced(&mut rows, &header, &expand, &mut rgba)?;
        rgba
    } else {
        // It grows with the data that is there.
        let mut rgba = room_for(4 * pixels)?;
        for _ in 0..height {
            expand.row(rows.next(width)?, width, &mut rgba)?;
        }
        rgba
    };
    rows.end()?;
    let orientation = chunks.exif.map_or(1, exif::orientation);
    Ok(Image { width, height, depth, orientation, rgba })
}

/// The seven passes of an interlaced image, each a smaller image of every so many columns and rows.
fn interlaced(rows: &mut Rows, header: &Header, expand: &Expand, rgba: &mut [u8]) -> Result<(), Error> {
    let mut line = Vec::new();
    for pass in PASSES {
        let (width, height) = header.size_of(pass);
        if width == 0 {
            continue;
        }
        rows.restart();
        for row in 0..height {
            line.clear();
            expand.row(rows.next(width)?, width, &mut line)?;
            let y = (pass.row + row * pass.rows) as usize;
            for (i, pixel) in line.chunks_exact(4).enumerate() {
                let x = pass.column as usize + i * pass.columns as usize;
                let at = 4 * (y * header.width as usize + x);
                rgba[at..at + 4].copy_from_slice(pixel);
            }
        }
    }
    Ok(())
}
