//! Where certificates come from: files, folders and the roots that others keep.

pub mod file;
pub mod roots;
