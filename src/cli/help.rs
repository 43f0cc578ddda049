//! Help in Korean. English stands beside the arguments themselves; here is the same in Korean, by command and argument.
//!
//! A test holds this table to the commands: no argument without its Korean, no Korean without its argument.

use clap::{Arg, ArgAction, Command};

use crate::sim::model::words::Lang;

/// Korean for a command (empty argument) or one of its arguments, by the words that lead to it. The empty command is
/// `bongsu` itself.
const KO: &[(&str, &str, &str)] = &[
    ("", "", "기관이 시민에게 보내는 알림을 되풀이하고, 채널을 끊어 보고, 누가 언제 받았는지 수치로 판정합니다"),
    ("", "lang", "모든 말의 언어: ko 또는 en [기본값: BONGSU_LANG, LC_ALL, LANG 차례로 보고 없으면 ko]"),
    ("run", "", "시나리오를 실행하고 판정합니다"),
    ("run", "scenarios", "시나리오 파일 또는 내장 시나리오 이름 (파일이 이름보다 먼저)"),
    (
        "run",
        "clock",
        "시간이 흐르는 방식: virtual(되도록 빠르게), real(실시간), x60(실시간의 60배), lockstep(응용 프로그램이 놓아 줄 때)",
    ),
    (
        "run",
        "listen",
        "--clock lockstep에서 응용 프로그램이 부를 주소; 포트 0은 비어 있는 포트 [기본값: 127.0.0.1:8080]",
    ),
    ("run", "outage", "장애 꾸러미를 AT부터 겹칩니다 (없으면 처음부터); 여러 번 쓸 수 있음"),
    ("run", "seed", "파일의 시드 대신 쓸 시드"),
    ("run", "set", "시나리오의 값을 바꿉니다, 예: sender.policy=timer; 여러 번 쓸 수 있음"),
    ("run", "phones", "시민 수를 N명으로 맞춥니다"),
    ("run", "report", "실행 폴더를 여기에 씁니다: 시나리오, 사건, 판정, JUnit, HTML (여럿이면 시나리오마다 하나)"),
    ("run", "seeds", "시드 N개를 가상 시간으로 실행하고 약속마다 지켜진 비율을 셉니다"),
    (
        "run",
        "sweep",
        "이 값들의 모든 조합을 실행합니다, 예: timeline.1.for=5m,10m; 여러 번 쓸 수 있음, 실행은 1,000번까지",
    ),
    ("run", "policies", "같은 시민에게 발신 정책마다 한 번씩 실행합니다, 예: none,vendor-only,timer:60s"),
    ("run", "csv", "--sweep나 --policies의 표를 이 파일에 쉼표로 나누어 씁니다"),
    ("run", "svg", "--sweep나 --policies의 그림을 이 파일에 그립니다"),
    ("run", "quiet", "보고서 대신 실행마다 한 줄만 씁니다"),
    ("serve", "", "게이트웨이와 HTTP API를 엽니다 (멈추라고 할 때까지)"),
    (
        "serve",
        "conformance",
        "/conformance도 엽니다: 받은 WebSocket 메시지를 그대로 돌려주어 남의 시험 묶음이 프레임을 봅니다",
    ),
    ("serve", "smtp_listen", "메일도 받을 주소(루프백만), 이메일로 대체 발송하는 프로그램을 위해: 127.0.0.1:2525"),
    ("serve", "tls_listen", "벤더의 이름으로 TLS도 열 주소, 주소가 고정된 SDK를 위해: 127.0.0.1:443"),
    ("serve", "tls_dir", "인증 기관을 둘 폴더, 없으면 만듭니다 [기본값: --data 폴더 아래 tls, 없으면 bongsu-tls]"),
    ("serve", "listen", "열 주소; 포트 0은 비어 있는 포트"),
    ("serve", "data", "저널과 실행 폴더들을 둘 폴더: 죽어도 실행이 이어집니다; 없으면 메모리에만 둡니다"),
    ("serve", "keep", "끝난 지 이보다 오래된 실행을 지웁니다, 예: 30d [기본값: 지우지 않음]"),
    ("serve", "keep_runs", "끝난 실행을 가장 새로운 N개만 남기고 지웁니다 [기본값: 지우지 않음]"),
    ("serve", "data_max", "저널 데이터베이스가 차지할 최대 크기, 예: 512MiB [기본값: 디스크가 허락하는 만큼]"),
    ("serve", "account", "바깥 응용 프로그램의 계정 KEY:SECRET; 여러 번 쓸 수 있음 [기본값: 누구나 아는 시험 계정]"),
    (
        "serve",
        "sender_number",
        "문자를 보낼 수 있는 발신번호. 되풀이할 수 있으며, 주면 다른 번호는 거절됩니다 [기본: 모든 번호]",
    ),
    ("serve", "receipts_to", "시나리오가 말하지 않을 때 결과 통보를 보낼 루프백 주소"),
    ("serve", "token_file", "모든 요청이 지녀야 할 32바이트 이상 토큰의 파일; 없으면 BONGSU_TOKEN"),
    ("serve", "host", "루프백과 --listen의 주소 말고 클라이언트가 부르는 이름; 여러 번 쓸 수 있음"),
    ("attach", "", "SDK를 고치지 않고 bongsu에 붙이는 법을 알려 줍니다"),
    ("attach", "sdk", "SDK의 이름; 없으면 모두"),
    ("attach", "url", "bongsu의 주소"),
    ("attach", "ca", "bongsu serve --tls-listen이 알려 준 인증 기관 파일"),
    ("attach", "module", "node --import로 쓸 모듈을 그대로 씁니다"),
    ("phones", "", "서버가 돌리는 실행에 모의 단말을 실제 소켓으로 붙입니다"),
    ("phones", "url", "서버"),
    ("phones", "count", "단말 수"),
    ("phones", "per_socket", "연결 하나에 실을 단말 수"),
    ("phones", "first", "범위의 첫 사람, 0부터"),
    ("phones", "token_file", "서버의 토큰이 든 파일; 없으면 BONGSU_TOKEN"),
    (
        "phones",
        "source",
        "이 주소들에서 번갈아 연결합니다 (127.0.0.2 ...), 연결 20,000개를 넘길 때; 여러 번 쓸 수 있음",
    ),
    ("fault", "", "서버가 돌리는 실행에 장애를 걸고, 풀고, 봅니다"),
    ("fault", "url", "서버"),
    ("fault", "token_file", "서버 토큰의 파일; 없으면 BONGSU_TOKEN"),
    ("fault post", "", "장애를 겁니다: 시나리오 타임라인의 항목 하나, @FILE, 또는 - (표준 입력)"),
    ("fault post", "fault", "장애"),
    ("fault pack", "", "장애 꾸러미를 겁니다: 그 안의 장애 모두, 첫째는 지금부터"),
    ("fault pack", "pack", "라이브러리의 꾸러미, bongsu list에 나오는 이름"),
    ("fault pack", "speed", "실제보다 몇 배 빠르게"),
    ("fault lift", "", "장애 하나를 풀거나, 걸린 것을 모두 풉니다"),
    ("fault lift", "name", "장애의 이름"),
    ("fault lift", "all", "모두 풉니다"),
    ("fault list", "", "실행의 장애를 보여 줍니다"),
    ("runs", "", "서버 데이터 폴더의 실행을 보여 주거나 지웁니다"),
    ("runs", "data", "서버의 데이터 폴더"),
    ("runs", "purge", "끝난 실행을 폴더까지 지웁니다: 모두, 또는 --keep과 --keep-runs가 남기지 않는 것"),
    ("runs", "keep", "--purge와 함께: 이 시간 안에 끝난 실행은 남깁니다, 예: 30d"),
    ("runs", "keep_runs", "--purge와 함께: 가장 새로운 N개는 남깁니다"),
    ("replay", "", "기록된 실행을 다시 돌려 바이트 하나까지 견줍니다"),
    ("replay", "run", "실행 폴더: run.json, scenario.yaml, inputs.ndjson, events.ndjson"),
    ("audit", "", "기록된 실행에서 누가 왜 그렇게 받았는지, 왜 못 받았는지 이야기합니다"),
    ("audit", "run", "실행 폴더: scenario.yaml, events.ndjson"),
    ("audit", "person", "이 번호의 사람이 받은 모든 알림의 이야기"),
    ("audit", "notice", "알림 하나의 이야기"),
    ("audit", "missed", "닿지 못한 사람 모두와 그 까닭"),
    (
        "audit",
        "proof",
        "인증 문서를 보내고 받고 읽은 시각의 증명 기록; --person이나 --notice가 있으면 그 사람이나 알림의 것",
    ),
    ("audit", "json", "들은 말과 실제의 표를 JSON으로 씁니다"),
    ("audit", "svg", "이야기를 이 파일에 그림으로도 그립니다"),
    ("conformance", "", "중계사 계약의 기록된 요청과 답을 재생해, 무엇이 지켜지고 무엇이 어긋났는지 보여 줍니다"),
    ("conformance", "api", "solapi, nhn, bizgo, smtp 가운데 하나; 없으면 모두"),
    ("conformance", "pairs", "내장된 것 대신 쓸 기록의 폴더, API/이름.json"),
    ("conformance", "record", "이 빌드의 답을 --pairs의 기록에 씁니다"),
    ("conformance", "json", "결과를 JSON으로 씁니다"),
    ("bench", "", "이 빌드가 이 컴퓨터에서 얼마나 빠른지 잽니다"),
    ("bench engine", "", "가상 시간을 잽니다: 초당 알림 수, 맨 사건 시뮬레이션과 나란히"),
    ("bench engine", "people", "시민 수들, 쉼표로"),
    ("bench engine", "rounds", "크기마다 되풀이할 횟수; 가운뎃값을 씁니다"),
    ("bench fanout", "", "실제 소켓에서 게이트웨이를 잽니다, 맨 epoll 루프와 나란히"),
    ("bench fanout", "clients", "단말 수, 단말마다 소켓 하나"),
    ("bench fanout", "pairs", "수치마다 번갈아 잴 짝의 수; 비율의 가운뎃값을 씁니다"),
    ("bench fanout", "check", "이루지 못한 목표가 있으면 1로 끝냅니다"),
    ("bench restart", "", "죽은 서버가 얼마나 빨리 실행을 이어 가는지 잽니다"),
    ("bench restart", "rows", "저널에 든 입력 행의 수, 대략"),
    ("bench restart", "rounds", "다시 시작할 횟수; 가운뎃값을 씁니다"),
    ("bench senders", "", "바깥 발신 앱이 맡기고 통보받는 속도를 잽니다, 맨 axum 서버와 나란히"),
    ("bench senders", "pairs", "수치마다 번갈아 잴 짝의 수; 가운뎃값을 씁니다"),
    ("bench senders", "check", "이루지 못한 목표가 있으면 1로 끝냅니다"),
    ("bench storm", "", "모두의 접속을 끊고, 모두가 프로그램 전체로 어떻게 돌아오는지 잽니다"),
    ("bench storm", "clients", "단말 수, 단말마다 소켓 하나"),
    ("bench storm", "check", "이루지 못한 목표가 있으면 1로 끝냅니다"),
    ("bench part", "", "벤치마크의 한 부분을 맡습니다; 벤치마크가 스스로 시작합니다"),
    ("bench part", "part", "이름"),
    ("bench part", "clients", "단말 수"),
    ("report", "", "실행을 앞선 실행과 견줍니다: 무엇이 나아지고 무엇이 나빠졌는지"),
    ("report", "run", "실행: 그 폴더, 또는 verdict.json"),
    ("report", "baseline", "견줄 실행"),
    ("report", "json", "비교를 JSON으로 씁니다"),
    ("report", "strict", "수치가 하나라도 나빠지면 1로 끝납니다"),
    ("compare", "", "한 시나리오의 실행들을 나란히 놓습니다"),
    ("compare", "runs", "실행들: 그 폴더, 또는 verdict.json"),
    ("compare", "json", "실행들을 JSON으로 씁니다"),
    ("compare", "svg", "도달, 중복, 시간, 비용을 견주는 그림을 이 파일에 그립니다"),
    ("check", "", "시나리오 파일을 읽고 문제를 모두 보여 줍니다"),
    ("check", "files", "시나리오 파일 또는 내장 시나리오 이름"),
    ("check", "outage", "장애 꾸러미를 AT부터 겹칩니다 (없으면 처음부터); 여러 번 쓸 수 있음"),
    ("check", "seed", "파일의 시드 대신 쓸 시드"),
    ("check", "set", "시나리오의 값을 바꿉니다, 예: sender.policy=timer; 여러 번 쓸 수 있음"),
    ("check", "phones", "시민 수를 N명으로 맞춥니다"),
    ("fmt", "", "시나리오 파일을 정해진 모양으로 다듬습니다"),
    ("fmt", "files", "시나리오 파일"),
    ("fmt", "check", "바꾸지 않고, 바뀔 파일의 이름만 쓰고 있으면 1로 끝납니다"),
    ("list", "", "내장 시나리오와 장애 꾸러미를 보여 줍니다"),
    ("list", "sources", "출처 기사의 체계 S1~S19와 이를 되풀이하는 시나리오를 씁니다"),
    ("list", "lessons", "수업을 씁니다: 질문, 미리 적어 볼 예상, 답이 되는 명령"),
    ("list", "names", "이름만 한 줄에 하나씩 씁니다"),
    ("metrics", "", "약속의 식에서 잴 수 있는 것을 보여 줍니다"),
    ("metrics", "names", "이 지표만"),
    ("schema", "", "시나리오 파일의 JSON Schema를 씁니다"),
    ("completions", "", "셸의 자동 완성을 씁니다"),
    ("completions", "shell", "셸"),
    ("man", "", "설명서를 쓰거나, 모든 설명서를 폴더에 씁니다"),
    ("man", "dir", "첫 쪽을 내보내는 대신 모든 하위 명령의 설명서를 이 폴더에 씁니다"),
];

/// Korean for what stands below the options: remarks on examples, exit codes, and the rest; a table of all its pieces.
const NOTES: &[(&str, &str)] = &[
    ("Examples:", "예:"),
    ("Example:", "예:"),
    (
        "Without a command: serves on 127.0.0.1 and plays the first scenario there.",
        "명령 없이 쓰면: 127.0.0.1에서 열고 거기서 첫 시나리오를 돌립니다.",
    ),
    (
        "Exit codes: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 3 bad file or usage, 4 simulator error, 5 STOPPED",
        "종료 코드: 0 합격 PASS, 1 불합격 FAIL, 2 판단 불가 INCONCLUSIVE, 3 잘못된 파일이나 사용법, 4 시뮬레이터 오류, 5 중단 STOPPED",
    ),
    ("(all of them; outage packs are left out)", "(모두; 장애 꾸러미는 빼고)"),
    ("(how much of the verdict is luck)", "(판정에 운이 얼마나 끼는지)"),
    ("(an application sleeps through a day in seconds)", "(응용 프로그램이 하루를 몇 초에 잡니다)"),
    (
        "The exit code is the verdict's: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 5 STOPPED; 3 if a file cannot be read.",
        "종료 코드는 판정입니다: 0 합격 PASS, 1 불합격 FAIL, 2 판단 불가 INCONCLUSIVE, 5 중단 STOPPED; 파일을 읽을 수 없으면 3.",
    ),
    ("(for SDKs whose address is fixed: bongsu attach)", "(주소가 고정된 SDK를 위해: bongsu attach)"),
    ("(for senders whose fallback is e-mail)", "(이메일로 대체 발송하는 프로그램을 위해)"),
    ("# a class: students join with the code at /class", "# 수업: 학생은 /class의 코드로 들어옵니다"),
    (
        "A run that a crash or a power cut broke off goes on when a server starts again on the same --data. On a full disk the\n\
         run is held, requests that change something are answered 503, and all goes on by itself when there is room.",
        "죽거나 전원이 나가 끊긴 실행은 같은 --data로 서버를 다시 열면 이어집니다. 디스크가 가득 차면 실행이 멈춰 서고\n\
         무언가를 바꾸는 요청은 503으로 답하며, 자리가 나면 저절로 이어집니다.",
    ),
    (
        "One line, 'listening on http://ADDR:PORT', is printed when the address answers. Ctrl-C or SIGTERM stops the run, tells\n\
         every phone (close code 1001), writes the reports and ends with 0, whatever the verdict; with 4 if a run could not be\n\
         written down. A second signal ends at once, with 4.",
        "주소가 답하면 'listening on http://ADDR:PORT' 한 줄을 씁니다. Ctrl-C나 SIGTERM은 실행을 멈추고, 모든 단말에 알리고(종료\n\
         코드 1001), 보고서를 쓰고, 판정이 무엇이든 0으로 끝납니다; 실행을 기록하지 못했으면 4. 두 번째 신호에는 곧바로 4로\n\
         끝납니다.",
    ),
    (
        "The phones ask the server for its run and end with it, and when the server is gone: 5 seconds after it said goodbye, 60 after it\n\
         went without a word, because a run that a crash broke off goes on. A change of its speed while they run is not followed.",
        "단말은 서버에 실행을 묻고 실행과 함께 끝납니다. 서버가 사라져도 끝납니다: 작별 인사를 했으면 5초 뒤, 말없이 사라졌으면 60초 뒤\n\
         (죽어서 끊긴 실행은 이어지기 때문입니다). 도는 동안 바뀐 속도는 따르지 않습니다.",
    ),
    (
        "Exit codes: 0 listed or purged, 3 no journal there, or one that cannot be read",
        "종료 코드: 0 보여 주었거나 지움, 3 저널이 없거나 읽을 수 없음",
    ),
    (
        "Exit codes: 0 the same bytes, 1 a difference, 3 not a run's folder, or one that cannot be read",
        "종료 코드: 0 바이트까지 같음, 1 다름, 3 실행 폴더가 아니거나 읽을 수 없음",
    ),
    ("(belief against truth, with people to look at)", "(들은 말과 실제, 들여다볼 사람들)"),
    ("(when certified documents were sent, received and read)", "(인증 문서를 보내고 받고 읽은 시각)"),
    (
        "Exit codes: 0 told, 3 not a run's folder, one that cannot be read, or nobody of that number",
        "종료 코드: 0 이야기함, 3 실행 폴더가 아니거나 읽을 수 없거나 그런 번호가 없음",
    ),
    (
        "Exit codes: 0 nothing got worse, 1 the verdict is worse or a promise that was kept is not (with --strict: or a figure\n\
         is worse), 3 a folder without a verdict",
        "종료 코드: 0 나빠진 것이 없음, 1 판정이 나빠졌거나 지켜지던 약속이 깨짐(--strict: 또는 수치가 나빠짐), 3 판정이 없는 폴더",
    ),
    (
        "Exit codes: 0 compared, 3 a folder without a verdict, or runs of different scenarios",
        "종료 코드: 0 견줌, 3 판정이 없는 폴더, 또는 서로 다른 시나리오의 실행",
    ),
    ("(after a change that is meant: read the difference)", "(뜻한 바꿈 뒤에: 차이를 읽을 것)"),
    (
        "Exit codes: 0 nothing drifted, 1 something did, 3 no such contract or a pair that cannot be read",
        "종료 코드: 0 어긋난 것이 없음, 1 있음, 3 그런 계약이 없거나 읽을 수 없는 기록",
    ),
    (
        "Figures are for comparing on one machine, in a release build; ratios to the floor move less than rates.",
        "수치는 한 컴퓨터에서 릴리스 빌드로 견주기 위한 것입니다; 바닥과의 비율은 속도보다 덜 흔들립니다.",
    ),
    ("# and in the first line of a scenario:", "# 그리고 시나리오의 첫 줄에:"),
    ("(exit code 1 if a file would change)", "(바뀔 파일이 있으면 종료 코드 1)"),
    ("(S1 to S19, and what replays each)", "(S1~S19와 이를 되풀이하는 것)"),
    ("(questions for a class, and what to predict)", "(수업의 질문과 미리 적어 볼 예상)"),
];

/// The heading of options.
const OPTIONS: &str = "옵션";

/// The command in a language.
pub fn spoken(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::Ko => with_all_below(command, ""),
    }
}

fn with_all_below(command: Command, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = korean(command, path).subcommand_help_heading("명령");
    let below = |command: Command, name: &String| {
        let path = format!("{path} {name}").trim_start().to_owned();
        command.mut_subcommand(name, |sub| with_all_below(sub, &path))
    };
    names.iter().fold(command, below)
}

fn korean(command: Command, name: &str) -> Command {
    let told = |arg: &str| KO.iter().find(|row| row.0 == name && row.1 == arg).map(|row| row.2);
    let command = match told("") {
        Some(about) => command.about(about).long_about(None),
        None => command,
    };
    let command = match command.get_after_help().map(|help| noted(&help.to_string())) {
        Some(notes) => command.after_help(notes),
        None => command,
    };
    let command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { "인자" } else { OPTIONS };
        match told(arg.get_id().as_str()) {
            Some(help) => arg.help(help).long_help(None).help_heading(heading),
            None => arg.help_heading(heading),
        }
    });
    own_flags(command, name.is_empty())
}

/// What stands below the options, in Korean.
fn noted(help: &str) -> String {
    NOTES.iter().fold(help.to_owned(), |help, (en, ko)| help.replace(en, ko))
}

/// The parser's own flags, which cannot be given other words, replaced by flags that do the same.
fn own_flags(command: Command, top: bool) -> Command {
    let flag = |id: &'static str, short, action, help: &'static str| {
        Arg::new(id).short(short).long(id).action(action).help(help).help_heading(OPTIONS)
    };
    let command = command.disable_help_flag(true).arg(flag("help", 'h', ArgAction::Help, "이 도움말을 씁니다"));
    if !top {
        return command;
    }
    command.disable_version_flag(true).arg(flag("version", 'V', ArgAction::Version, "판 번호를 씁니다"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::{KO, NOTES, noted};
    use crate::cli::Cli;

    /// Every command and argument that has a text, by the words that lead to it.
    fn texts(command: &clap::Command, path: &str, texts: &mut BTreeSet<(String, String)>) {
        texts.insert((path.to_owned(), String::new()));
        texts.extend(command.get_arguments().map(|arg| (path.to_owned(), arg.get_id().to_string())));
        for sub in command.get_subcommands() {
            self::texts(sub, format!("{path} {}", sub.get_name()).trim_start(), texts);
        }
    }

    #[test]
    fn every_text_has_its_korean_and_no_korean_is_left_over() {
        let korean: BTreeSet<_> = KO.iter().map(|row| (row.0.to_owned(), row.1.to_owned())).collect();
        let mut all = BTreeSet::new();
        texts(&Cli::command(), "", &mut all);
        assert_eq!(korean, all);
        assert_eq!(korean.len(), KO.len(), "a text stands twice");
    }

    /// What stands below the options of a command and of all below it.
    fn notes(command: &clap::Command, found: &mut Vec<String>) {
        found.extend(command.get_after_help().map(ToString::to_string));
        command.get_subcommands().for_each(|sub| notes(sub, found));
    }

    #[test]
    fn what_stands_below_the_options_is_korean_too() {
        let mut all = Vec::new();
        notes(&Cli::command(), &mut all);
        let english = all.join("\n");
        for (en, _) in NOTES {
            assert!(english.contains(en), "nobody says: {en}");
        }
        let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        for line in noted(&english).lines().filter(|line| !line.is_empty() && !line.contains("yaml-language-server")) {
            let remark = line.split_once("   (").map(|(_, remark)| remark).filter(|remark| remark.contains(' '));
            match (line.starts_with("  bongsu"), remark) {
                (false, _) => assert!(hangul(line), "{line}"),
                (true, Some(remark)) if !remark.contains("report.html") => assert!(hangul(remark), "{line}"),
                (true, _) => {}
            }
        }
    }
}
