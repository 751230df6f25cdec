//! The page as it is served: who is answered, what becomes of tasks, and what the page is made of.

mod life;
mod page;
mod safety;
mod server;
mod tasks;
