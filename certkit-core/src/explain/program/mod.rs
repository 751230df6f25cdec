//! The programs whose words are known, each with its entries.

mod alert;
mod beckhoff;
mod browsers;
mod curl;
mod dotnet;
mod gnutls;
mod go;
mod java;
mod kepware;
mod mbedtls;
mod mqtt;
mod network;
mod node;
mod opcua;
mod openssl;
mod python;
mod rustls;
mod servers;
mod thingworx;
mod websocket;
mod windows;

use super::entry::Program;

/// All programs. Where a number means several things, the program that stands first is the likelier.
pub static PROGRAMS: &[&Program] = &[
    &openssl::verify::OPENSSL_VERIFY,
    &alert::TLS_ALERT,
    &windows::crypt::WINDOWS,
    &windows::schannel::SCHANNEL,
    &opcua::status::OPC_UA_STATUS,
    &thingworx::numbers::C_SDK,
    &curl::CURL,
    &java::jsse::JAVA,
    &java::keystore::JAVA_KEYSTORE,
    &java::keytool::KEYTOOL,
    &java::tomcat::TOMCAT,
    &openssl::errors::OPENSSL_ERRORS,
    &thingworx::log::C_SDK_LOG,
    &thingworx::java::JAVA_SDK,
    &kepware::KEPWARE,
    &dotnet::DOTNET,
    &go::GO,
    &python::PYTHON,
    &node::NODE_JS,
    &rustls::RUSTLS,
    &browsers::CHROME_AND_EDGE,
    &browsers::FIREFOX,
    &gnutls::GNUTLS,
    &mbedtls::MBEDTLS,
    &mqtt::MOSQUITTO,
    &mqtt::ERLANG,
    &mqtt::HIVEMQ,
    &mqtt::MQTT,
    &mqtt::PAHO,
    &servers::NGINX,
    &servers::HAPROXY,
    &servers::STUNNEL,
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
];
