use super::*;

#[test]
fn what_version_1_remembers_is_kept_and_knows_nothing_of_keys() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let old = Connection::open(&file).unwrap();
    old.execute_batch(RUNS).unwrap();
    old.execute_batch(KNOWN_BEFORE).unwrap();
    old.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = 1;")).unwrap();
    let row = "INSERT INTO known VALUES ('plc7', '', 1, zeroblob(32), zeroblob(32), 'CN=plc7', 'CN=CA', 9)";
    old.execute(row, []).unwrap();
    drop(old);
    for _ in 0..2 {
        let mut database = Database::open(&file).unwrap();
        let transaction = database.connection.transaction().unwrap();
        let known = stored(&transaction, "plc7").unwrap();
        let of_issuer: Vec<_> = known.iter().map(|it| (it.issuer.as_str(), &it.issuer_key_id)).collect();
        assert_eq!(of_issuer, [("CN=CA", &None)]);
    }
    // What somebody has changed in it is found in either version.
    let old = Connection::open(&file).unwrap();
    old.execute_batch("PRAGMA user_version = 1;").unwrap();
    drop(old);
    assert!(matches!(Database::open(&file), Err(DatabaseError::Strange { .. })));
}
