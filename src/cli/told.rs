//! What the host's errors say, in the language that is spoken here. Each error's own `Display` is its English.

use crate::cli::exit::Failure;
use crate::host::client::ClientError;
use crate::host::journal::JournalError;
use crate::host::journal::store::{FORMAT, StoreError};
use crate::host::serve::ServeError;
use crate::host::stage::again::AgainError;
use crate::report::folder::FolderError;
use crate::sim::model::words::Lang;

/// What is wrong with the store of a data folder.
pub fn store(error: &StoreError, lang: Lang) -> String {
    if lang == Lang::En {
        return error.to_string();
    }
    match error {
        StoreError::Missing(path) => format!("{}: 저널이 없음, serve의 데이터 폴더여야 함", path.display()),
        StoreError::InUse(path) => format!("{}: 다른 bongsu serve가 이 저널을 쓰고 있음", path.display()),
        StoreError::Foreign { path, found } => format!("{}: bongsu의 저널이 아님 ({found})", path.display()),
        StoreError::Newer { path, format } => format!(
            "{}: 더 새로운 bongsu가 형식 {format}(으)로 썼음, 이 bongsu는 {FORMAT}까지 읽음; 더 새로운 것을 쓰거나 다른 --data를 줄 것",
            path.display()
        ),
        StoreError::Torn { path, message } => {
            format!("{}: 손상됨 ({message}); 새로 시작하려면 치우고, 아니면 복원할 것", path.display())
        }
        StoreError::Library(found) => {
            format!("SQLite {found}은(는) 로그를 되돌릴 때 자료를 잃을 수 있음, 3.51.3 이상이어야 함")
        }
        StoreError::Io { path, message } => format!("{}: {message}", path.display()),
    }
}

/// What is wrong with a run's folder that is read.
pub fn journal(error: &JournalError, lang: Lang) -> String {
    match (error, lang) {
        (JournalError::Truncated { path, line }, Lang::Ko) => {
            format!("{}:{line}: 마지막 줄에 끝이 없음, 쓰던 프로그램이 죽었음", path.display())
        }
        (JournalError::Io { .. } | JournalError::Line { .. } | JournalError::Truncated { .. }, _) => error.to_string(),
    }
}

/// Why a recording cannot be played again.
pub fn again(error: &AgainError, lang: Lang) -> String {
    match (error, lang) {
        (AgainError::Journal(error), _) => journal(error, lang),
        (AgainError::Backwards(input), Lang::Ko) => format!("입력 {input}의 시각이 앞의 것보다 이름"),
        (AgainError::Seed { file, run }, Lang::Ko) => {
            format!("scenario.yaml의 시드는 {file}, run.json의 시드는 {run}: 같은 실행이 아님")
        }
        (AgainError::Backwards(_) | AgainError::Seed { .. }, Lang::En) => error.to_string(),
    }
}

/// Why a run's folder cannot be written.
pub fn folder(error: &FolderError, lang: Lang) -> String {
    match (error, lang) {
        (FolderError::Foreign { folder, found }, Lang::Ko) => {
            format!("{}은(는) 실행 폴더가 아님 ({found}이(가) 있음); 새 폴더나 빈 폴더를 줄 것", folder.display())
        }
        (FolderError::Io { path, error }, Lang::Ko) => format!("{}을(를) 쓸 수 없음: {error}", path.display()),
        (FolderError::Foreign { .. } | FolderError::Io { .. }, Lang::En) => error.to_string(),
    }
}

/// Why serving did not begin.
pub fn unserved(error: &ServeError, lang: Lang) -> String {
    match (error, lang) {
        (ServeError::Data(error), _) => store(error, lang),
        (ServeError::Open(address), Lang::Ko) => {
            format!("루프백이 아닌 {address}에서 열려면 32바이트 이상의 토큰이 있어야 함")
        }
        (ServeError::OpenMail(address), Lang::Ko) => {
            format!("메일은 루프백(127.0.0.1, ::1)에서만 받음: {address}에서는 아님")
        }
        (ServeError::Bind(address, error), Lang::Ko) => format!("{address}에서 들을 수 없음: {error}"),
        (ServeError::Open(_) | ServeError::OpenMail(_) | ServeError::Bind(..), Lang::En) | (ServeError::Tls(_), _) => {
            error.to_string()
        }
    }
}

/// How a command ends with a server that says no, or nothing.
pub fn refused(error: &ClientError, lang: Lang) -> Failure {
    let text = match (error, lang) {
        (ClientError::Address(found), Lang::Ko) => {
            format!("http://127.0.0.1:8080 같은 주소여야 하는데 '{found}'임")
        }
        (ClientError::Address(_) | ClientError::Refused { .. } | ClientError::Silent(_), _) => error.to_string(),
    };
    match error {
        ClientError::Address(_) | ClientError::Refused { .. } => Failure::Usage(text),
        ClientError::Silent(_) => Failure::Simulator(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{folder, store};
    use crate::host::journal::store::StoreError;
    use crate::report::folder::FolderError;
    use crate::sim::model::words::Lang;

    #[test]
    fn errors_of_folders_are_said_in_the_language_that_is_asked_for() {
        let missing = StoreError::Missing("d/journal.db".into());
        assert_eq!(store(&missing, Lang::Ko), "d/journal.db: 저널이 없음, serve의 데이터 폴더여야 함");
        assert_eq!(store(&missing, Lang::En), missing.to_string());
        let foreign = FolderError::Foreign { folder: "d".into(), found: "thesis.odt".to_owned() };
        let said = folder(&foreign, Lang::Ko);
        assert_eq!(said, "d은(는) 실행 폴더가 아님 (thesis.odt이(가) 있음); 새 폴더나 빈 폴더를 줄 것");
        assert_eq!(folder(&foreign, Lang::En), foreign.to_string());
    }
}
