//! The chunks of a file.

use super::refuse;
use crate::error::Error;

/// The chunks that are used.
#[derive(Default)]
pub struct Chunks<'a> {
    pub header: &'a [u8],
    pub palette: Option<&'a [u8]>,
    pub transparency: Option<&'a [u8]>,
    pub exif: Option<&'a [u8]>,
    /// The parts of the compressed pixels.
    pub pixels: Vec<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    /// Walks through a file to its end (IEND). Checksums of chunks that are not used are not checked.
    pub fn read(file: &'a [u8]) -> Result<Self, Error> {
        if file.len() < 33 {
            return Err(Error::File(format!("is cut off at byte {}", file.len())));
        }
        let cut_off = || refuse(format!("it is cut off at byte {}", file.len()));
        let mut chunks = Self::default();
        let mut at = 8;
        loop {
            let Some((head, rest)) = file[at..].split_first_chunk::<8>() else {
                return cut_off();
            };
            let [l0, l1, l2, l3, kind @ ..] = *head;
            let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
            let Some((data, after)) = rest.split_at_checked(length) else {
                return cut_off();
            };
            let Some(checksum) = after.first_chunk::<4>() else {
                return cut_off();
            };
            if at == 8 && (kind != *b"IHDR" || length != 13) {
                return refuse("it does not begin with a header (IHDR)".into());
            }
            let name = kind.escape_ascii();
            let once = |is_new: bool| {
                if is_new { Ok(()) } else { refuse(format!("it has two chunks {name}")) }
            };
            let is_used = match &kind {
                b"IHDR" => {
                    once(at == 8)?;
                    chunks.header = data;
                    true
                }
                b"PLTE" => {
                    once(chunks.palette.is_none())?;
                    if length > 768 {
                        return refuse(format!("its palette has {length} bytes, at most 768 can be used"));
                    }
                    chunks.palette = Some(data);
                    true
                }
                b"tRNS" => {
                    once(chunks.transparency.is_none())?;
                    chunks.transparency = Some(data);
                    true
                }
                b"IDAT" => {
                    chunks.pixels.push(data);
                    true
                }
                b"eXIf" => {
                    chunks.exif.get_or_insert(data);
                    false
                }
                b"IEND" => true,
                // A capital letter: the file cannot be understood without this chunk.
                [b'A'..=b'Z', ..] => return refuse(format!("its chunk {name} is of an unknown kind")),
                _ => false,
            };
            let end = at + 8 + length;
            if is_used && crc(&file[at + 4..end]) != u32::from_be_bytes(*checksum) {
                return refuse(format!("the checksum of its chunk {name} at byte {at} is wrong"));
            }
            if kind == *b"IEND" {
                return Ok(chunks);
            }
            at = end + 4;
        }
    }
}

/// CRC-32 by a byte at a time.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut value = i as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[i] = value;
        i += 1;
    }
    table
};

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_of_the_standard() {
        assert_eq!(super::crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(super::crc(b"IEND"), 0xae42_6082);
    }
}
