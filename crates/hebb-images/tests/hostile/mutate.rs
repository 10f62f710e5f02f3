//! Mutations of files: of any byte, and for PNG files below their checksums and their compression.

use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

/// One of the files, mutated one to eight times.
pub fn mutated(files: &[(String, Vec<u8>)], random: &mut Random) -> Vec<u8> {
    let mut file = files[random.below(files.len())].1.clone();
    let other = &files[random.below(files.len())].1;
    let is_png = file.starts_with(b"\x89PNG");
    let chunks = if is_png && random.below(4) > 0 { Some(chunks_of(&file)) } else { None };
    let Some(mut chunks) = chunks else {
        for _ in 0..=random.below(8) {
            change(&mut file, other, random);
        }
        return file;
    };
    for _ in 0..=random.below(3) {
        let i = random.below(chunks.len());
        let (kind, data) = &mut chunks[i];
        match random.below(8) {
            0 => change(kind, other, random),
            1 => {
                let copy = chunks[i].clone();
                chunks.insert(i, copy);
            }
            2 => {
                chunks.remove(i);
            }
            3 | 4 if kind == b"IDAT" => {
                let mut rows = decompress_to_vec_zlib_with_limit(data, 1 << 20).unwrap_or_default();
                change(&mut rows, other, random);
                *data = compress_to_vec_zlib(&rows, 1);
            }
            _ => change(data, other, random),
        }
        if chunks.is_empty() {
            break;
        }
    }
    joined(&chunks)
}

/// Changes some bytes.
fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len());
    let length = random.below(bytes.len().saturating_sub(at).min(40)) + 1;
    let end = (at + length).min(bytes.len());
    match random.below(7) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        1 if !bytes.is_empty() => bytes[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][random.below(6)],
        2 => bytes[at..end].fill(random.below(256) as u8),
        3 => {
            bytes.drain(at..end);
        }
        4 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        5 => {
            let from = random.below(other.len());
            let part = other[from..(from + length).min(other.len())].to_vec();
            bytes.splice(at..end, part);
        }
        _ => bytes.truncate(at),
    }
}

/// A PNG file's chunks: kind and data.
fn chunks_of(file: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut chunks = Vec::new();
    let mut rest = &file[8..];
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        chunks.push((head[4..].to_vec(), after[..length].to_vec()));
        rest = &after[length + 4..];
    }
    chunks
}

/// A file of these chunks with right lengths and checksums.
fn joined(chunks: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        file.extend((data.len() as u32).to_be_bytes());
        let body = [&kind[..], data].concat();
        file.extend(&body);
        file.extend(crc(&body).to_be_bytes());
    }
    file
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    })
}
