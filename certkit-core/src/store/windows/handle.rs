//! The calls to Windows, each wrapped so that nothing unsafe is left to its caller.
#![allow(unsafe_code)]

use std::io;
use std::ptr;

use windows_sys::Win32::Security::Cryptography::{
    CERT_CONTEXT, CERT_FRIENDLY_NAME_PROP_ID, CERT_STORE_ADD_REPLACE_EXISTING, CERT_STORE_CTRL_COMMIT,
    CERT_STORE_CTRL_COMMIT_FORCE_FLAG, CERT_STORE_OPEN_EXISTING_FLAG, CERT_STORE_PROV_SYSTEM_W,
    CERT_STORE_READONLY_FLAG, CERT_SYSTEM_STORE_CURRENT_USER, CERT_SYSTEM_STORE_LOCAL_MACHINE, CRL_CONTEXT,
    CertAddEncodedCRLToStore, CertAddEncodedCertificateToStore, CertCloseStore, CertControlStore,
    CertDeleteCRLFromStore, CertDeleteCertificateFromStore, CertDuplicateCRLContext, CertDuplicateCertificateContext,
    CertEnumCRLsInStore, CertEnumCertificatesInStore, CertGetCertificateContextProperty, CertOpenStore, HCERTSTORE,
    PKCS_7_ASN_ENCODING, X509_ASN_ENCODING,
};

use super::{Access, Location};

const ENCODING: u32 = X509_ASN_ENCODING | PKCS_7_ASN_ENCODING;

/// The stores that every Windows has.
const KNOWN: [&str; 9] =
    ["My", "Root", "CA", "Trust", "Disallowed", "AuthRoot", "TrustedPublisher", "TrustedPeople", "ClientAuthIssuer"];

/// An open store; closed when dropped.
#[derive(Debug)]
pub(super) struct Handle(HCERTSTORE);

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: the handle came from CertOpenStore and is closed once.
        unsafe { CertCloseStore(self.0, 0) };
    }
}

impl Handle {
    /// Opens a store that exists.
    pub(super) fn open(location: Location, name: &str, access: Access) -> io::Result<Handle> {
        let wide: Vec<u16> = name.encode_utf16().chain([0]).collect();
        let location = match location {
            Location::CurrentUser => CERT_SYSTEM_STORE_CURRENT_USER,
            Location::LocalMachine => CERT_SYSTEM_STORE_LOCAL_MACHINE,
        };
        let access = if access == Access::Read { CERT_STORE_READONLY_FLAG } else { 0 };
        // Those of Windows itself are there before anything is in them; others would be made by asking.
        let is_known = KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
        let existing = if is_known { 0 } else { CERT_STORE_OPEN_EXISTING_FLAG };
        let flags = location | existing | access;
        // SAFETY: the name ends with a zero and outlives the call.
        let handle = unsafe { CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, flags, wide.as_ptr().cast()) };
        if handle.is_null() { Err(io::Error::last_os_error()) } else { Ok(Handle(handle)) }
    }

    /// The certificates with their friendly names.
    pub(super) fn certificates(&self) -> Vec<(Vec<u8>, Option<String>)> {
        let mut found = Vec::new();
        let mut context: *mut CERT_CONTEXT = ptr::null_mut();
        loop {
            // SAFETY: each context is given back to the next call, which frees it.
            context = unsafe { CertEnumCertificatesInStore(self.0, context) };
            if context.is_null() {
                return found;
            }
            found.push((encoded(context), friendly_name(context)));
        }
    }

    /// The revocation lists.
    pub(super) fn revocation_lists(&self) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let mut context: *mut CRL_CONTEXT = ptr::null_mut();
        loop {
            // SAFETY: each context is given back to the next call, which frees it.
            context = unsafe { CertEnumCRLsInStore(self.0, context) };
            if context.is_null() {
                return found;
            }
            found.push(encoded_list(context));
        }
    }

    /// Adds a certificate; the same one again stays one.
    pub(super) fn add_certificate(&self, der: &[u8]) -> io::Result<()> {
        let length = length(der)?;
        let replace = CERT_STORE_ADD_REPLACE_EXISTING;
        // SAFETY: pointer and length are those of a slice; no context is asked for.
        let done = unsafe {
            CertAddEncodedCertificateToStore(self.0, ENCODING, der.as_ptr(), length, replace, ptr::null_mut())
        };
        check(done)
    }

    /// Adds a revocation list.
    pub(super) fn add_list(&self, der: &[u8]) -> io::Result<()> {
        let length = length(der)?;
        let replace = CERT_STORE_ADD_REPLACE_EXISTING;
        // SAFETY: pointer and length are those of a slice; no context is asked for.
        let done =
            unsafe { CertAddEncodedCRLToStore(self.0, ENCODING, der.as_ptr(), length, replace, ptr::null_mut()) };
        check(done)
    }

    /// Removes a certificate; says whether it was there.
    pub(super) fn remove_certificate(&self, der: &[u8]) -> io::Result<bool> {
        let mut context: *mut CERT_CONTEXT = ptr::null_mut();
        loop {
            // SAFETY: each context is given back to the next call, which frees it.
            context = unsafe { CertEnumCertificatesInStore(self.0, context) };
            if context.is_null() {
                return Ok(false);
            }
            if encoded(context) == der {
                // SAFETY: deleting frees the copy; the last context is freed by ending the enumeration.
                let done = unsafe {
                    let done = CertDeleteCertificateFromStore(CertDuplicateCertificateContext(context));
                    windows_sys::Win32::Security::Cryptography::CertFreeCertificateContext(context);
                    done
                };
                return check(done).map(|()| true);
            }
        }
    }

    /// Removes a revocation list; says whether it was there.
    pub(super) fn remove_list(&self, der: &[u8]) -> io::Result<bool> {
        let mut context: *mut CRL_CONTEXT = ptr::null_mut();
        loop {
            // SAFETY: each context is given back to the next call, which frees it.
            context = unsafe { CertEnumCRLsInStore(self.0, context) };
            if context.is_null() {
                return Ok(false);
            }
            if encoded_list(context) == der {
                // SAFETY: deleting frees the copy; the last context is freed by ending the enumeration.
                let done = unsafe {
                    let done = CertDeleteCRLFromStore(CertDuplicateCRLContext(context));
                    windows_sys::Win32::Security::Cryptography::CertFreeCRLContext(context);
                    done
                };
                return check(done).map(|()| true);
            }
        }
    }

    /// Makes changes last.
    pub(super) fn commit(&self) -> io::Result<()> {
        // SAFETY: the control takes no further parameter.
        let done =
            unsafe { CertControlStore(self.0, CERT_STORE_CTRL_COMMIT_FORCE_FLAG, CERT_STORE_CTRL_COMMIT, ptr::null()) };
        check(done)
    }
}

fn check(done: i32) -> io::Result<()> {
    if done == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn length(der: &[u8]) -> io::Result<u32> {
    u32::try_from(der.len()).map_err(io::Error::other)
}

/// The bytes of a certificate.
fn encoded(context: *const CERT_CONTEXT) -> Vec<u8> {
    // SAFETY: Windows gave the context, and its bytes live as long as it does.
    unsafe { std::slice::from_raw_parts((*context).pbCertEncoded, (*context).cbCertEncoded as usize) }.to_vec()
}

/// The bytes of a revocation list.
fn encoded_list(context: *const CRL_CONTEXT) -> Vec<u8> {
    // SAFETY: Windows gave the context, and its bytes live as long as it does.
    unsafe { std::slice::from_raw_parts((*context).pbCrlEncoded, (*context).cbCrlEncoded as usize) }.to_vec()
}

/// The name that somebody has given a certificate.
fn friendly_name(context: *const CERT_CONTEXT) -> Option<String> {
    let mut size = 0u32;
    let property = CERT_FRIENDLY_NAME_PROP_ID;
    // SAFETY: asks for the size in bytes.
    let found = unsafe { CertGetCertificateContextProperty(context, property, ptr::null_mut(), &mut size) };
    if found == 0 {
        return None;
    }
    let mut units = vec![0u16; (size as usize).div_ceil(2)];
    // SAFETY: there is room for as many bytes as Windows asked for.
    let found = unsafe { CertGetCertificateContextProperty(context, property, units.as_mut_ptr().cast(), &mut size) };
    let text = String::from_utf16_lossy(&units);
    Some(text.trim_end_matches('\0').to_owned()).filter(|text| found != 0 && !text.is_empty())
}
