//! Reviews of servers and projects: what is made of their answers, and of bad ones.

mod api;
mod choices;
mod echo;
mod host;
mod less;
mod project;
mod server;
mod tables;
mod unseen;
mod wire;
