//! Words around Java, by theme.

pub(in crate::explain) mod certificate;
pub(in crate::explain) mod jsse;
pub(in crate::explain) mod keystore;
pub(in crate::explain) mod keytool;
pub(in crate::explain) mod tomcat;
