//! What a server repeats of the log-in that it was sent is told nowhere.

use super::{LOG_IN, Plant, answer, base64, certs_only, done, run};

/// What a server is sent, as it is and in the forms in which it may come back.
const FORMS: [&str; 4] =
    ["first-Secret-417", "first%2DSecret%2D417", r"first\u002dSecret-417", "dHd4OmZpcnN0LVNlY3JldC00MTc="];

#[test]
fn a_password_that_a_server_repeats_is_told_nowhere() {
    let plant = Plant::new();
    for form in FORMS {
        for more in [
            format!("Content-Type: text/plain\r\nServer: {form}\r\n"),
            format!("Location: https://x.test/{form}?{form}\r\n"),
        ] {
            let body = format!("you said {form}, and that is {form}");
            let address = plant.serve(move |_| answer(403, &more, body.as_bytes()));
            for format in ["text", "json"] {
                let line = format!(
                    "enroll est://{address} https --name m1.plant.example --key-type ec:p256 --trust plant-ca/root/ca.pem {LOG_IN} --key-out k.pem --cert-out c.pem --format {format}"
                );
                let output = run(plant.at(), &line);
                let said = [output.stdout, output.stderr].concat();
                // A port may have any digits.
                let said = String::from_utf8_lossy(&said).replace(&address.to_string(), "");
                assert_eq!(output.status.code(), Some(3), "{said}");
                assert!(
                    said.contains("***") && !said.contains("417") && !said.contains("cnN0LVNlY3J"),
                    "{form}: {said}"
                );
            }
        }
    }
}

#[test]
fn a_certificate_that_holds_the_password_is_not_taken() {
    let plant = Plant::new();
    done(plant.at(), "generate ca --subject CN=first-Secret-417,O=Plant --key-type ec:p256 --no-password -o odd-ca");
    done(plant.at(), "convert odd-ca/ca.pem -o odd.p7b");
    let odd = base64(&std::fs::read(plant.file("odd.p7b")).unwrap());
    let address = plant.serve(move |_| certs_only(&odd));
    let output =
        run(plant.at(), &format!("enroll est://{address} --trust plant-ca/root/ca.pem {LOG_IN} --ca-out cas.pem"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("holds the password") && !said.contains("Secret-417"), "{said}");
}
