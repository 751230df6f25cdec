//! The programs whose words are known, each with its entries.

mod alert;
mod apache;
mod beckhoff;
mod browsers;
mod browsers_more;
mod curl;
mod databases;
mod dotnet;
mod explorer;
mod gnutls;
mod go;
mod go_certificate;
mod http;
mod java;
mod kepware;
mod mbedtls;
mod mqtt;
mod network;
mod node;
mod opcua;
mod openssl;
mod others;
mod python;
mod rustls;
mod servers;
mod thingworx;
mod websocket;
mod wget;
mod windows;
mod wolfssl;

use super::entry::Program;

/// All programs. Where a number means several things, the program that stands first is the likelier; what is seldom met has
/// a program of the same name at the end.
pub static PROGRAMS: &[&Program] = &[
    &openssl::verify::OPENSSL_VERIFY,
    &alert::TLS_ALERT,
    &windows::crypt::WINDOWS,
    &windows::trust::WINDOWS_TRUST,
    &windows::schannel::SCHANNEL,
    &opcua::status::OPC_UA_STATUS,
    &thingworx::numbers::C_SDK,
    &curl::CURL,
    &java::jsse::JAVA,
    &java::certificate::JAVA_CERTIFICATE,
    &java::keystore::JAVA_KEYSTORE,
    &java::keytool::KEYTOOL,
    &java::tomcat::TOMCAT,
    &openssl::errors::OPENSSL_ERRORS,
    &openssl::tool::OPENSSL_COMMAND,
    &thingworx::log::C_SDK_LOG,
    &thingworx::java::JAVA_SDK,
    &kepware::KEPWARE,
    &dotnet::DOTNET,
    &go::GO,
    &go_certificate::GO_CERTIFICATE,
    &python::PYTHON,
    &node::NODE_JS,
    &rustls::RUSTLS,
    &browsers::CHROME_AND_EDGE,
    &browsers::FIREFOX,
    &browsers_more::CHROME_MORE,
    &browsers_more::FIREFOX_MORE,
    &explorer::EXPLORER,
    &http::HTTP,
    &gnutls::GNUTLS,
    &wget::WGET,
    &mbedtls::MBEDTLS,
    &wolfssl::WOLFSSL,
    &mqtt::MOSQUITTO,
    &mqtt::ERLANG,
    &mqtt::HIVEMQ,
    &mqtt::MQTT,
    &mqtt::PAHO,
    &servers::NGINX,
    &servers::HAPROXY,
    &servers::STUNNEL,
    &apache::APACHE,
    &databases::POSTGRESQL,
    &databases::ORACLE,
    &databases::SQL_SERVER,
    &databases::MYSQL,
    &others::OPENVPN,
    &others::PHP,
    &others::OPENLDAP,
    &others::KAFKA,
    &others::RSYSLOG,
    &opcua::dotnet::DOTNET_STANDARD,
    &opcua::dotnet::OTHER_DOTNET,
    &opcua::stacks::OPC_UA_OPEN62541,
    &opcua::stacks::OPC_UA_MILO_AND_IGNITION,
    &opcua::stacks::OPC_UA_ASYNCUA,
    &opcua::node::OPC_UA_NODE_OPCUA,
    &opcua::others::OPC_UA_GOPCUA_AND_TELEGRAF,
    &opcua::others::OPC_UA_UAEXPERT,
    &opcua::others::OPC_UA_MATLAB,
    &opcua::others::OPC_UA_CODESYS,
    &windows::events::SCHANNEL_EVENT,
    &windows::winhttp::WINHTTP,
    &websocket::WEBSOCKET_CLOSE_CODE,
    &beckhoff::BECKHOFF_TWINCAT_IOT,
    &network::NETWORK,
    &others::UNNAMED,
    &alert::TLS_ALERT_SENT,
    &openssl::rare::OPENSSL_VERIFY_RARE,
];
