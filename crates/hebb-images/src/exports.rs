//! What JavaScript calls: it asks for room, writes the file there, decodes, and reads the answer. No pointer is followed here.

use std::cell::RefCell;

use crate::decode::decode;
use crate::error::Error;
use crate::image::Image;

#[derive(Default)]
struct State {
    file: Vec<u8>,
    /// The pixels, or the text of an error.
    bytes: Vec<u8>,
    /// Where the bytes are and how many, width, height, depth, orientation.
    answer: [u32; 6],
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// The address of room for a file of `length` bytes, or 0 if there is none.
#[unsafe(no_mangle)]
extern "C" fn room(length: usize) -> *mut u8 {
    STATE.with_borrow_mut(|state| {
        state.file = Vec::new();
        match state.file.try_reserve_exact(length) {
            Ok(()) => state.file.resize(length, 0),
            Err(_) => return std::ptr::null_mut(),
        }
        state.file.as_mut_ptr()
    })
}

/// Decodes the file, and frees it: 0 for pixels, 1 for an error of the file, 2 for one of memory.
#[unsafe(no_mangle)]
extern "C" fn decode_file(most_pixels: u32) -> u32 {
    STATE.with_borrow_mut(|state| {
        let file = std::mem::take(&mut state.file);
        let (code, bytes, rest) = match decode(&file, most_pixels) {
            Ok(Image { width, height, depth, orientation, rgba }) => {
                (0, rgba, [width, height, depth.into(), orientation.into()])
            }
            Err(Error::File(text)) => (1, text.into_bytes(), [0; 4]),
            Err(Error::Memory(text)) => (2, text.into_bytes(), [0; 4]),
        };
        let [width, height, depth, orientation] = rest;
        state.answer = [bytes.as_ptr() as u32, bytes.len() as u32, width, height, depth, orientation];
        state.bytes = bytes;
        code
    })
}

/// The address of the answer: where the bytes are and how many, width, height, depth, orientation.
#[unsafe(no_mangle)]
extern "C" fn answer() -> *const u32 {
    STATE.with_borrow(|state| state.answer.as_ptr())
}

/// Frees the answer's bytes.
#[unsafe(no_mangle)]
extern "C" fn free() {
    STATE.with_borrow_mut(|state| state.bytes = Vec::new());
}
