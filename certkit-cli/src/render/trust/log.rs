//! The record of changes beside a store.

use schemars::{Schema, json_schema};

/// The schema of `certkit.trust-log/1`: a line of `log.jsonl` in the folder `.certkit` of a store.
pub(crate) fn schema() -> Schema {
    let text = |description: &str| serde_json::json!({ "type": ["string", "null"], "description": description });
    let subjects = serde_json::json!({ "type": "array", "items": { "$ref": "#/$defs/Subject" } });
    json_schema!({
        "description": "One change of a store: a line of log.jsonl beside it.",
        "type": "object",
        "properties": {
            "schema": { "type": "string" },
            "sequence": { "type": "integer", "minimum": 1, "description": "Counted from 1." },
            "time": { "type": "string", "description": "When, RFC 3339 UTC." },
            "user": text("Who: the user of the process, by name or number."),
            "called_by": text("Who has called that user's rights up with sudo."),
            "action": { "type": "string", "description": "`add`, `remove`, `reject`, `approve` or `undo`." },
            "reason": text("Why, as the user said."),
            "accepted": {
                "type": "array",
                "items": { "type": "string" },
                "description": "Ids of findings that the user accepted."
            },
            "certificates": subjects,
            "revocation_lists": subjects,
            "undoes": { "type": ["integer", "null"], "description": "The number of the change that it took back." },
            "files": { "type": "array", "items": { "$ref": "#/$defs/Touched" } }
        },
        "required": [
            "schema", "sequence", "time", "user", "action", "reason", "accepted", "certificates", "revocation_lists",
            "undoes", "files"
        ],
        "$defs": {
            "Subject": {
                "description": "A certificate or revocation list that was put in, taken out or moved.",
                "type": "object",
                "properties": {
                    "subject_dn": { "type": "string", "description": "Of a revocation list, its issuer; RFC 4514." },
                    "fingerprint_sha256": { "type": "string" },
                    "from": text("The list that it was on; null where it was not there."),
                    "to": text("The list that it is on now; null where it was taken out."),
                    "group": { "type": "string", "description": "`application`, `user` or `https`." }
                },
                "required": ["subject_dn", "fingerprint_sha256", "from", "to"]
            },
            "Touched": {
                "description": "A file that was changed.",
                "type": "object",
                "properties": {
                    "path": { "type": "string", "description": "From the store's folder on where it is in it." },
                    "before": { "$ref": "#/$defs/State" },
                    "after": { "$ref": "#/$defs/State" },
                    "mode": { "type": ["integer", "null"], "description": "The permissions that it had, on Unix." }
                },
                "required": ["path", "before", "after"]
            },
            "State": {
                "description": "What a file is: none, a file by its SHA-256, or a symbolic link by where it leads.",
                "oneOf": [
                    { "const": "absent" },
                    { "type": "object", "properties": { "file": { "type": "string" } }, "required": ["file"] },
                    { "type": "object", "properties": { "link": { "type": "string" } }, "required": ["link"] }
                ]
            }
        }
    })
}
