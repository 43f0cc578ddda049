//! The SDKs that are known, and how each takes another address.
//!
//! Sources: the packages themselves, each installed and read, and those of SOLAPI (Python, npm) and Bizgo run against a stub
//! and, with hosts and TLS, unmodified. `{url}` and `{host}` stand for bongsu's address.

/// One SDK.
#[derive(Debug)]
pub struct Sdk {
    /// What `bongsu attach` calls it.
    pub name: &'static str,
    /// Where it comes from.
    pub package: &'static str,
    /// What runs it.
    pub runtime: Runtime,
    /// How its address is set; `None` where it cannot be.
    pub base: Option<&'static str>,
    /// The hosts that it calls by itself.
    pub hosts: &'static [&'static str],
}

/// What runs an SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// OpenSSL's variable.
    Python,
    /// Its own variable; whether the SDK goes through `fetch`.
    Node {
        /// Through the global one.
        fetches: bool,
    },
    /// A store of its own.
    Jvm,
    /// OpenSSL's variable, on Linux.
    Go,
    /// Two settings.
    Php,
    /// Whatever the program was written in.
    Any,
}

const SOLAPI: &[&str] = &["api.solapi.com"];
const COOLSMS: &[&str] = &["api.coolsms.co.kr"];
const NHN: &[&str] = &["kakaotalk-bizmessage.api.nhncloudservice.com", "sms.api.nhncloudservice.com"];
const BIZGO: &[&str] = &["mars.ibapi.kr", "sandbox-mars.ibapi.kr"];

/// All of them.
pub const SDKS: &[Sdk] = &[
    Sdk {
        name: "solapi-python",
        package: "PyPI solapi",
        runtime: Runtime::Python,
        base: Some("service = SolapiMessageService(api_key, api_secret)\nservice.base_url = \"{url}\""),
        hosts: SOLAPI,
    },
    Sdk {
        name: "python-solapi-messages",
        package: "PyPI python-solapi-messages",
        runtime: Runtime::Python,
        base: Some("config = SolApiConfig(api_key, api_secret, protocol=\"http\", domain=\"{host}\")"),
        hosts: SOLAPI,
    },
    Sdk {
        name: "solapi-node",
        package: "npm solapi",
        runtime: Runtime::Node { fetches: true },
        base: None,
        hosts: SOLAPI,
    },
    Sdk {
        name: "coolsms-node-sdk",
        package: "npm coolsms-node-sdk",
        // cross-fetch, which is node:https here.
        runtime: Runtime::Node { fetches: false },
        base: Some("const service = new CoolsmsMessageService(apiKey, apiSecret);\nservice.baseUrl = \"{url}\";"),
        hosts: COOLSMS,
    },
    Sdk {
        name: "solapi-kotlin",
        package: "Maven net.nurigo:sdk",
        runtime: Runtime::Jvm,
        base: Some("val service = NurigoApp.initialize(apiKey, apiSecretKey, \"{url}\")"),
        hosts: SOLAPI,
    },
    Sdk {
        name: "solapi-go",
        package: "github.com/solapi/solapi-go",
        runtime: Runtime::Go,
        base: Some("// v1, config.json; v2 has a fixed address\n{ \"Protocol\": \"http\", \"Domain\": \"{host}\" }"),
        hosts: SOLAPI,
    },
    Sdk { name: "solapi-php", package: "Packagist solapi/sdk", runtime: Runtime::Php, base: None, hosts: SOLAPI },
    Sdk {
        name: "bizgo-python",
        package: "PyPI bizgo-sdk-comm",
        runtime: Runtime::Python,
        base: Some("client = Bizgo(api_key=api_key, base_url=\"{url}\")"),
        hosts: BIZGO,
    },
    Sdk {
        name: "nhn-http",
        package: "your own HTTP code",
        runtime: Runtime::Any,
        base: Some(
            "https://kakaotalk-bizmessage.api.nhncloudservice.com → {url}\nhttps://sms.api.nhncloudservice.com → {url}",
        ),
        hosts: NHN,
    },
    Sdk {
        name: "nhncloud-sms",
        package: "PyPI nhncloud-sms",
        runtime: Runtime::Python,
        base: Some("client.api_url = client.api_url.replace(\"https://api-sms.cloud.toast.com\", \"{url}\")"),
        hosts: &["api-sms.cloud.toast.com"],
    },
];

impl Runtime {
    /// The line that runs a program which trusts that authority.
    pub fn trusting(self, ca: &str) -> String {
        match self {
            Runtime::Python => format!("SSL_CERT_FILE={ca} python app.py"),
            Runtime::Node { .. } => format!("NODE_EXTRA_CA_CERTS={ca} node app.js"),
            Runtime::Jvm => format!(
                "keytool -importcert -noprompt -alias bongsu -file {ca} -keystore bongsu.p12 -storetype PKCS12 -storepass bongsu\n\
                 java -Djavax.net.ssl.trustStore=bongsu.p12 -Djavax.net.ssl.trustStorePassword=bongsu -jar app.jar"
            ),
            Runtime::Go => format!("SSL_CERT_FILE={ca} ./app"),
            Runtime::Php => format!("php -d curl.cainfo={ca} -d openssl.cafile={ca} app.php"),
            Runtime::Any => format!(
                "SSL_CERT_FILE={ca} python app.py\nNODE_EXTRA_CA_CERTS={ca} node app.js\n\
                 php -d curl.cainfo={ca} -d openssl.cafile={ca} app.php\ncurl --cacert {ca} https://..."
            ),
        }
    }
}
