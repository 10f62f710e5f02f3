//! What layers and losses fulfil, and what runs them: operators over buffers. It knows no layer by name.

mod block;
mod operator;

pub(crate) use block::{Block, Buffer, Draw, GUARD, Layout};
pub(crate) use operator::{Across, Operator, PART, Single, optional_mut, rows};
