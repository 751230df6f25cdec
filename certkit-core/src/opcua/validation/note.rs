//! What was accepted by a lenient reading.

use std::fmt;

/// Something that was accepted by a lenient reading; a stricter partner may not.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The certificate, as its position on the path.
    pub position: usize,
    /// What was accepted.
    pub kind: NoteKind,
}

/// What was accepted by a lenient reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A self-signed leaf with the CA flag, as they were made before edition 1.05.
    CaFlagTolerated,
    /// The revocation list lies in the other list than its issuer.
    ListElsewhere,
    /// The revocation list that clears it is signed over a digest for which others can be found.
    ListWeak,
    /// The signature is over a stronger digest than the policy names.
    StrongerDigest,
    /// The key is on a larger curve than the policy names.
    LargerCurve,
    /// The key is longer than its issuer's.
    LongerThanIssuer,
    /// The ApplicationUri is not the first URI.
    UriNotFirst,
    /// The ApplicationUri has a blank.
    UriBlank,
    /// It has the CA flag, tolerated, and no path length of 0 beside it.
    CaFlagWithoutLength,
    /// Its encoding is not DER.
    NotDer,
    /// Its serial number is negative.
    SerialNegative,
}

impl fmt::Display for NoteKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoteKind::CaFlagTolerated => {
                "it is self-signed and has CA:TRUE, as was usual before edition 1.05; an administrator may refuse it"
            }
            NoteKind::ListElsewhere => {
                "the revocation list for it is not in the list that contains its issuer; UA .NET Standard does not \
                 find it"
            }
            NoteKind::ListWeak => {
                "the revocation list for it is signed with SHA-1 or an older digest, which proves little"
            }
            NoteKind::StrongerDigest => {
                "its signature uses a stronger digest than the policy names, which the standard does not mention"
            }
            NoteKind::LargerCurve => "its key is on a larger curve than the policy specifies",
            NoteKind::LongerThanIssuer => "its key is longer than its issuer's, which the standard may not allow",
            NoteKind::UriNotFirst => "the ApplicationUri is not its first URI; open62541 checks only the first",
            NoteKind::UriBlank => {
                "its ApplicationUri has a space: Java (JDK) reads none of its alternative names, so Java clients find \
                 neither ApplicationUri nor host"
            }
            NoteKind::CaFlagWithoutLength => "it has CA:TRUE without pathlen:0, so it could issue CA certificates",
            NoteKind::NotDer => {
                "its encoding is not DER: the decoders of Python and Go refuse it (asyncua, gopcua), those of Java and \
                 OpenSSL do not"
            }
            NoteKind::SerialNegative => {
                "its serial number is negative: Go refuses it from 1.23 on (gopcua), Python warns of it (asyncua)"
            }
        })
    }
}
