//! The contracts: every operation that real clients of a provider are known to use, and from where that is known.
//!
//! Tables of the world outside, not of our routes: operations that are not served stand here too. A test holds every
//! route of the providers to them, so that none is served unseen.

/// One contract.
pub struct Api {
    /// Its word on the command line, and the name of its folder.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Its operations.
    pub operations: &'static [Operation],
    /// Fields whose values differ with every call: their types are compared, and their values are not.
    pub volatile: &'static [&'static str],
    /// The field that only this contract's own answers have: it tells an error of the contract from an unknown path.
    pub mark: &'static str,
}

/// One operation.
pub struct Operation {
    /// The method; for SMTP the command.
    pub method: &'static str,
    /// The path, with `{name}` for a part that differs; for SMTP its parameters.
    pub path: &'static str,
    /// From where it is known.
    pub source: &'static str,
}

const fn of(method: &'static str, path: &'static str, source: &'static str) -> Operation {
    Operation { method, path, source }
}

const CLIENTS: &str = "PyPI solapi 5.0.3, npm solapi 6.0.1";
const NODE: &str = "npm solapi 6.0.1";
const DOCS: &str = "solapi/documents";
const ALIMTALK: &str = "TOAST-DOCS/Alimtalk";
const SMS: &str = "TOAST-DOCS/SMS";
const BIZGO: &str = "PyPI bizgo-sdk-comm 1.2.0";

/// All contracts.
pub const APIS: &[Api] = &[
    Api {
        name: "solapi",
        title: "SOLAPI v4",
        mark: "errorCode",
        volatile: &[
            "groupId",
            "messageId",
            "dateCreated",
            "dateUpdated",
            "dateProcessed",
            "dateReceived",
            "dateReported",
            "dateSent",
            "dateCompleted",
            "scheduledDate",
            "createAt",
            "errorMessage",
            "fileId",
            "nextKey",
            "startKey",
            "_id",
            "templateId",
        ],
        operations: &[
            of("POST", "/messages/v4/send-many/detail", CLIENTS),
            of("POST", "/messages/v4/send-many", "npm coolsms-node-sdk 2.1.0"),
            of("POST", "/messages/v4/send", "PyPI python-solapi-messages 0.1.6"),
            of("POST", "/messages/v4/groups", NODE),
            of("GET", "/messages/v4/groups", CLIENTS),
            of("GET", "/messages/v4/groups/{id}", CLIENTS),
            of("DELETE", "/messages/v4/groups/{id}", NODE),
            of("PUT", "/messages/v4/groups/{id}/messages", NODE),
            of("GET", "/messages/v4/groups/{id}/messages", CLIENTS),
            of("DELETE", "/messages/v4/groups/{id}/messages", NODE),
            of("POST", "/messages/v4/groups/{id}/send", NODE),
            of("POST", "/messages/v4/groups/{id}/schedule", NODE),
            of("DELETE", "/messages/v4/groups/{id}/schedule", NODE),
            of("GET", "/messages/v4/list", NODE),
            of("GET", "/messages/v4/list-old", "PyPI solapi 5.0.3"),
            of("GET", "/messages/v4/statistics", DOCS),
            of("GET", "/cash/v1/balance", CLIENTS),
            of("GET", "/pricing/v1/messaging/default", DOCS),
            of("POST", "/storage/v1/files", CLIENTS),
            of("GET", "/kakao/v2/templates", NODE),
            of("POST", "/kakao/v2/templates", NODE),
            of("GET", "/kakao/v2/templates/categories", NODE),
            of("GET", "/kakao/v2/templates/sendable", NODE),
            of("GET", "/kakao/v2/templates/{id}", NODE),
            of("PUT", "/kakao/v2/templates/{id}", NODE),
            of("DELETE", "/kakao/v2/templates/{id}", NODE),
            of("PUT", "/kakao/v2/templates/{id}/inspection", NODE),
            of("PUT", "/kakao/v2/templates/{id}/inspection/cancel", NODE),
            of("PUT", "/kakao/v2/templates/{id}/name", NODE),
            of("GET", "/kakao/v2/channels", NODE),
            of("POST", "/kakao/v2/channels", NODE),
            of("GET", "/kakao/v2/channels/categories", NODE),
            of("POST", "/kakao/v2/channels/token", NODE),
            of("GET", "/kakao/v2/channels/{id}", NODE),
            of("DELETE", "/kakao/v2/channels/{id}", NODE),
        ],
    },
    Api {
        name: "nhn",
        title: "NHN Cloud Bizmessage v2.3, SMS v3.0",
        mark: "header",
        volatile: &[
            "requestId",
            "requestDate",
            "createDate",
            "receiveDate",
            "updateDate",
            "resendRequestId",
            "resultMessage",
            "resultDate",
        ],
        operations: &[
            of("POST", "/alimtalk/v2.3/appkeys/{appkey}/messages", ALIMTALK),
            of("POST", "/alimtalk/v2.3/appkeys/{appkey}/raw-messages", ALIMTALK),
            of("POST", "/alimtalk/v2.3/appkeys/{appkey}/auth/messages", ALIMTALK),
            of("POST", "/alimtalk/v2.3/appkeys/{appkey}/auth/raw-messages", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/messages", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/auth/messages", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/messages/{requestId}/{recipientSeq}", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/auth/messages/{requestId}/{recipientSeq}", ALIMTALK),
            of("DELETE", "/alimtalk/v2.3/appkeys/{appkey}/messages/{requestId}", ALIMTALK),
            of("DELETE", "/alimtalk/v2.3/appkeys/{appkey}/auth/messages/{requestId}", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/message-results", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/message-results/count", ALIMTALK),
            of("POST", "/alimtalk/v2.3/appkeys/{appkey}/failback", ALIMTALK),
            of("PUT", "/alimtalk/v2.3/appkeys/{appkey}/failback", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/failback", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/templates", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/senders/{senderKey}/templates", ALIMTALK),
            of("POST", "/alimtalk/v2.3/appkeys/{appkey}/senders/{senderKey}/templates", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/senders/{senderKey}/templates/{templateCode}", ALIMTALK),
            of("PUT", "/alimtalk/v2.3/appkeys/{appkey}/senders/{senderKey}/templates/{templateCode}", ALIMTALK),
            of("DELETE", "/alimtalk/v2.3/appkeys/{appkey}/senders/{senderKey}/templates/{templateCode}", ALIMTALK),
            of("GET", "/alimtalk/v2.3/appkeys/{appkey}/senders", ALIMTALK),
            of("POST", "/sms/v3.0/appKeys/{appkey}/sender/sms", SMS),
            of("POST", "/sms/v3.0/appKeys/{appkey}/sender/mms", SMS),
            of("GET", "/sms/v3.0/appKeys/{appkey}/sender/sms", SMS),
            of("GET", "/sms/v3.0/appKeys/{appkey}/sender/mms", SMS),
            of("GET", "/sms/v3.0/appKeys/{appkey}/sender/sms/{requestId}", SMS),
            of("GET", "/sms/v3.0/appKeys/{appkey}/sender/mms/{requestId}", SMS),
        ],
    },
    Api {
        name: "bizgo",
        title: "Bizgo Comm v1",
        mark: "common",
        volatile: &["infobankTrId", "msgKey", "reportId", "sendTime", "reportTime", "result", "authResult"],
        operations: &[
            of("POST", "/api/comm/v1/send/omni", BIZGO),
            of("GET", "/api/comm/v1/report/polling", BIZGO),
            of("DELETE", "/api/comm/v1/report/polling/{reportId}", BIZGO),
            of("GET", "/api/comm/v1/report/inquiry/{msgKey}", BIZGO),
        ],
    },
    Api {
        name: "smtp",
        title: "SMTP",
        mark: "",
        volatile: &[],
        operations: &[
            of("EHLO", "", "RFC 5321"),
            of("HELO", "", "RFC 5321"),
            of("MAIL", "FROM:<>", "RFC 5321, 1870"),
            of("RCPT", "TO:<>", "RFC 5321"),
            of("DATA", "", "RFC 5321"),
            of("RSET", "", "RFC 5321"),
            of("NOOP", "", "RFC 5321"),
            of("VRFY", "x", "RFC 5321"),
            of("HELP", "", "RFC 5321"),
            of("QUIT", "", "RFC 5321"),
            of("AUTH", "PLAIN", "RFC 4954"),
            of("EXPN", "x", "RFC 5321"),
            of("STARTTLS", "", "RFC 3207"),
            of("BDAT", "0 LAST", "RFC 3030"),
            of("ETRN", "x", "RFC 1985"),
        ],
    },
];

impl Operation {
    /// Whether a request is of this operation. A part of the path that is a name of another operation is none of ours.
    pub fn is(&self, method: &str, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or(path);
        let (own, asked) = (self.path.split('/'), path.split('/'));
        self.method == method
            && own.clone().count() == asked.clone().count()
            && own.zip(asked).all(|(own, asked)| own.starts_with('{') || own.eq_ignore_ascii_case(asked))
    }

    /// How much of the path is fixed: of two that fit, the one that says more is meant.
    pub fn fixed(&self) -> usize {
        self.path.split('/').filter(|part| !part.starts_with('{')).count()
    }
}
