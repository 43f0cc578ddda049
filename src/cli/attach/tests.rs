//! What is printed for whom.

use super::sdks::SDKS;
use super::{list, told, unknown};
use crate::host::api::attach::MODULE;
use crate::host::tls::HOSTS;
use crate::sim::model::words::Lang;

fn lines(name: &str) -> String {
    let sdk = SDKS.iter().find(|sdk| sdk.name == name).expect("known");
    told(sdk, "http://127.0.0.1:8080", "127.0.0.1:8080", "bongsu-tls/ca.pem", Lang::En)
}

#[test]
fn an_sdk_whose_address_is_fixed_gets_the_module_and_tls() {
    let expected = "solapi-node (npm solapi) → http://127.0.0.1:8080

[1] node --import: only fetch is replaced
    bongsu attach --module > bongsu-redirect.mjs
    BONGSU_URL=http://127.0.0.1:8080 node --import ./bongsu-redirect.mjs app.js

[2] hosts and TLS: the vendor's own name and a certificate (needs root; nothing outside this shell changes)
    sudo unshare -m -n bash        # a shell with a network and mounts of its own
    ip link set lo up
    (cat /etc/hosts; echo '127.0.0.1 api.solapi.com') > hosts.bongsu
    mount --bind hosts.bongsu /etc/hosts
    bongsu serve --tls-listen 127.0.0.1:443 --tls-dir bongsu-tls &

    # run the program in this shell
    NODE_EXTRA_CA_CERTS=bongsu-tls/ca.pem node app.js
";
    assert_eq!(lines("solapi-node"), expected);
}

#[test]
fn an_sdk_that_takes_an_address_is_told_how() {
    assert!(lines("solapi-python").contains("[1] set the address (base URL)\n    service = SolapiMessageService"));
    assert!(lines("solapi-python").contains("    service.base_url = \"http://127.0.0.1:8080\"\n"));
    assert!(lines("python-solapi-messages").contains("protocol=\"http\", domain=\"127.0.0.1:8080\""));
    let php = lines("solapi-php");
    assert!(php.contains("[1] hosts and TLS") && php.contains("-d curl.cainfo=bongsu-tls/ca.pem"), "{php}");
}

#[test]
fn every_sdk_has_a_way_and_its_hosts_are_spoken_for() {
    for sdk in SDKS {
        assert!(sdk.base.is_some() || sdk.tls(), "{}", sdk.name);
        assert!(sdk.hosts.iter().all(|host| HOSTS.contains(host)), "{}: {:?}", sdk.name, sdk.hosts);
        assert!(list(Lang::Ko).contains(sdk.name));
    }
}

#[test]
fn the_module_redirects_every_host_that_tls_speaks_for() {
    for host in HOSTS {
        assert!(MODULE.contains(&format!("  \"{host}\",\n")), "{host}");
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    assert_eq!(unknown("solapi-nod", Lang::En), "no SDK is called solapi-nod; did you mean solapi-node?");
    let said = unknown("solapi-phyton", Lang::En);
    assert!(said.starts_with("no SDK is called solapi-phyton; did you mean solapi-python"), "{said}");
    assert_eq!(unknown("bizgo", Lang::Ko), "bizgo이라는 SDK를 모릅니다. 혹시 bizgo-python?");
    assert_eq!(
        unknown("xyzzyxyzzyxyzzy", Lang::En),
        "no SDK is called xyzzyxyzzyxyzzy; those that are known: bongsu attach"
    );
}
