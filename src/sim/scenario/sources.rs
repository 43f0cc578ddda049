//! What the codes of `sources:` stand for: the systems of the articles that this program replays, S1 to S19, each with
//! what ran, whose it was, since when, and what was reported of it.
//!
//! One table for everybody who shows a code: the page, `bongsu list --sources`, `docs/sources.md`. Facts in our own
//! words. Deliberately not here: who replays what, which the scenarios themselves say; sources that are no system, such
//! as a law or a newspaper with its date, which a file names in full.

/// A text in Korean and in English.
type Both = [&'static str; 2];

/// A system of the articles.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// What a scenario calls it.
    pub code: &'static str,
    /// What ran.
    pub system: Both,
    /// Whose it was.
    pub agency: Both,
    /// The year in which it began or happened, closer where it is known.
    pub when: &'static str,
    /// What was reported of it.
    pub reported: Both,
}

/// The system of a code; `None` for a source that is written out in full.
pub fn source(code: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.code == code)
}

const fn row(code: &'static str, when: &'static str, system: Both, agency: Both, reported: Both) -> Source {
    Source { code, system, agency, when, reported }
}

/// All of them, in order.
pub const SOURCES: [Source; 19] = [
    row(
        "S1",
        "2015-01-30",
        ["실시간 재난·사고 알림", "Disaster and incident notices in real time"],
        ["서울시, 다음카카오", "Seoul city and Daum Kakao"],
        [
            "서울 안에서 일어난 재난과 사고를 카카오톡으로 곧바로 알리기로 협약",
            "agreed to tell people over KakaoTalk, at once, of disasters and accidents inside Seoul",
        ],
    ),
    row(
        "S2",
        "2015-06",
        ["카카오페이로 내는 지방세", "Local tax paid by KakaoPay"],
        ["서울시, 카카오", "Seoul city and Kakao"],
        [
            "공공기관으로는 처음으로 모바일 간편결제를 받기로 양해각서",
            "signed to take a mobile easy payment, the first public body to do so",
        ],
    ),
    row(
        "S3",
        "2013-08",
        ["시민 치유 채널 '누구에게나 엄마가 필요하다'", "The channel \"Everyone needs a mom\""],
        ["서울시, 카카오", "Seoul city and Kakao"],
        [
            "시민이 친구로 더하고 말을 주고받는 채널을 열기로 협약",
            "agreed on a channel that citizens add as a friend and talk with, to be comforted",
        ],
    ),
    row(
        "S4",
        "2014-02 – 2015-03",
        ["SNS 예절 운동 '카티켓'", "The manners campaign \"Catiquette\""],
        ["서울시, 카카오", "Seoul city and Kakao"],
        [
            "지킴이 시민 40명쯤이 모이고, 열 가지 약속을 발표",
            "some forty citizens became its keepers; a pledge of ten rules followed",
        ],
    ),
    row(
        "S5",
        "2022-07",
        ["건설 중대재해 사례 전파", "Cases of serious accidents on building sites"],
        ["고용노동부", "the Ministry of Employment and Labor"],
        [
            "사람이 차례로 전하던 연락망이 느려서, 건설사에 카카오톡 채널로 사례를 보냄",
            "cases go to builders over a channel, because the chain of calls before it was slow",
        ],
    ),
    row(
        "S6",
        "2022",
        ["취득세 감면 사후관리 안내", "After-care of acquisition-tax relief"],
        ["충북 음성군", "Eumseong county, Chungbuk"],
        [
            "전국 처음. 반송이 많고 분실되면 개인정보가 새던 우편을 대신함",
            "the first in the country; it replaced letters, many of which came back, and lost ones gave personal data away",
        ],
    ),
    row(
        "S7",
        "2022-10",
        ["지방세 환급금 신청 채널", "A channel for refunds of local tax"],
        ["부산 수영구", "Suyeong district, Busan"],
        [
            "밤낮없이 어디서나 환급을 신청하거나 기부할 수 있음",
            "a refund can be claimed, or given away, at any hour and from anywhere",
        ],
    ),
    row(
        "S8",
        "2022",
        ["채널 친구 10만 명 모으기", "Channel friends, to 100,000"],
        ["경남 거제시", "Geoje city"],
        [
            "친구 3만 8천 명에서 10만 명을 목표로. 9월 15일에 인구의 16.02%로 도내 세 번째",
            "from 38,000 friends towards 100,000; on 15 September 16.02 % of the population, third in its province",
        ],
    ),
    row(
        "S9",
        "2022-10",
        ["새 친구에게 주는 이모티콘", "An emoticon for new friends"],
        ["서울 강남구", "Gangnam district, Seoul"],
        [
            "채널을 더한 사람에게 손글씨 인사 이모티콘을 줌",
            "whoever adds the channel is given greetings in calligraphy",
        ],
    ),
    row(
        "S10",
        "2022-11",
        ["선착순 이모티콘 31,500개", "31,500 emoticons, first come, first served"],
        ["경기도", "Gyeonggi province"],
        [
            "채널을 따르는 도민임을 확인하고, 준비한 31,500개가 다할 때까지 무료로 줌",
            "free for residents who show that they follow the channel, until 31,500 are gone",
        ],
    ),
    row(
        "S11",
        "2020",
        ["카카오톡으로 받는 임대료 고지서", "Rent bills over KakaoTalk"],
        ["한국토지주택공사 (LH)", "LH, the Korea Land and Housing Corporation"],
        [
            "임대차 계약자 본인 이름으로 된 휴대전화에 인증톡으로 보냄",
            "sent as a certified message to the phone that is in the tenant's own name",
        ],
    ),
    row(
        "S12",
        "2022-10",
        ["기관끼리 주고받는 전자문서", "Electronic documents between public bodies"],
        ["LH와 주요 기관", "LH and other large bodies"],
        ["전자문서를 카카오톡으로 보내고 받기로 협약", "agreed to send each other electronic documents over KakaoTalk"],
    ),
    row(
        "S13",
        "2022-10-15",
        ["판교 데이터센터 화재와 먹통", "The fire in Pangyo, and the outage"],
        ["SK C&C, 카카오", "SK C&C and Kakao"],
        [
            "데이터센터 화재로 카카오톡과 카카오의 다른 서비스가 함께 멈춤",
            "a fire in the data centre took KakaoTalk down together with Kakao's other services",
        ],
    ),
    row(
        "S14",
        "2022-10-19 – 11-06",
        ["피해 접수 창구", "The desk for reports of damage"],
        ["카카오", "Kakao"],
        ["19일 동안 받음. 첫 닷새에 4만 5천 건", "open for nineteen days; 45,000 cases in the first five"],
    ),
    row(
        "S15",
        "2022",
        ["캐시 보상", "Compensation in cash"],
        ["카카오웹툰·카카오페이지", "Kakao Webtoon and Kakao Page"],
        ["모든 이용자에게 3천 캐시씩 두 번, 모두 6천", "3,000 for every user, twice: 6,000 in all"],
    ),
    row(
        "S16",
        "2022-11",
        ["채널 전체의 크기", "All channels, by size"],
        ["카카오", "Kakao"],
        [
            "친구가 천 명 넘는 채널 5만 7천 개, 그보다 작은 채널 160만 개",
            "57,000 channels with a thousand friends or more, 1.6 million smaller ones",
        ],
    ),
    row(
        "S17",
        "2022",
        ["우리동네 단골시장", "Regulars of the market next door"],
        ["카카오임팩트, 전통시장", "Kakao Impact and traditional markets"],
        [
            "서울 양천구 신영시장에서 시작해 열 곳으로. 상인 60명쯤이 여덟 주 배우고 단골에게 소식과 쿠폰을 보냄. 상인은 큰 글씨 책자를 바람",
            "begun at Sinyeong market in Seoul, then in ten; some sixty merchants learned for eight weeks to send news and coupons to regulars, and asked for a booklet in large type",
        ],
    ),
    row(
        "S18",
        "2022",
        ["기부 플랫폼 '같이가치'", "The giving platform \"Gachi-gachi\""],
        ["카카오", "Kakao"],
        ["500명이 동의해야 모금이 열림", "a fund opens once 500 people have agreed to it"],
    ),
    row(
        "S19",
        "2015-03 – 2016",
        ["택시 호출과 이어지는 제안", "Taxi calls, and offers that follow"],
        ["카카오", "Kakao"],
        [
            "전국 택시 기사의 92%. 기사 수입 15% 증가. 수입차 시승 배너를 누른 비율 40% (보통 2~3%)",
            "92 % of the country's taxi drivers, whose income rose by 15 %; 40 % clicked a banner for test drives, where 2 to 3 % is usual",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::{SOURCES, source};

    #[test]
    fn the_codes_are_in_order_and_every_word_is_said_in_both_languages() {
        for (place, one) in SOURCES.iter().enumerate() {
            assert_eq!(one.code, format!("S{}", place + 1));
            let texts = [one.system, one.agency, one.reported];
            assert!(texts.iter().flatten().all(|text| !text.is_empty() && !text.ends_with('.')), "{}", one.code);
            assert!(texts.iter().all(|[ko, en]| ko.chars().any(|c| ('가'..='힣').contains(&c)) || ko != en));
            assert!(one.when.starts_with("20"), "{}", one.code);
        }
        assert_eq!(source("S13").map(|one| one.when), Some("2022-10-15"));
        assert!(source("S20").is_none() && source("s1").is_none());
    }
}
