//! Letters: the words of a mail, from the bytes after DATA.
//!
//! The subject becomes the title and the text the text. Of alternatives the plain one is taken; one that is HTML alone is
//! read without its tags. Charsets are those of browsers, so a mail in EUC-KR is read as CP949. Attachments are not
//! kept: a notice is words.

use mail_parser::MessageParser;

use crate::host::provider::smtp::reply::Reply;
use crate::sim::engine::call::Said;

/// Longest text and longest subject, in bytes of UTF-8: what a phone's frame carries. Over it a mail is refused, and
/// never cut: a notice that lost its end would count as one that arrived.
pub const TEXT_MAX: usize = 32 * 1_024;
const TITLE_MAX: usize = 1_000;

/// What a letter says.
#[derive(Debug, PartialEq, Eq)]
pub struct Letter {
    /// Subject and text.
    pub said: Said,
    /// The sender's own number for it, cut to what a note holds.
    pub id: String,
}

/// Reads a mail.
pub fn read(bytes: &[u8]) -> Result<Letter, Reply> {
    let unreadable =
        || Reply::new(554, "5.6.0", "no mail can be read in this: expected headers, an empty line, a text");
    let mail = MessageParser::default().parse(bytes).ok_or_else(unreadable)?;
    let title = mail.subject().unwrap_or("").trim().to_owned();
    let parts: Vec<_> = (0..mail.text_body_count()).filter_map(|place| mail.body_text(place)).collect();
    let text = parts.join("\n").replace("\r\n", "\n").trim_end().to_owned();
    if text.is_empty() {
        return Err(Reply::new(554, "5.6.0", "the mail has no text: a notice needs words"));
    }
    if text.len() > TEXT_MAX || title.len() > TITLE_MAX {
        let most = format!("text of at most {TEXT_MAX} bytes, subject of at most {TITLE_MAX}");
        return Err(Reply::new(552, "5.3.4", format!("the words are too long: expected a {most}")));
    }
    let id = mail.message_id().unwrap_or("").chars().take(200).collect();
    Ok(Letter { said: Said { title, text }, id })
}

#[cfg(test)]
mod tests {
    use super::{TEXT_MAX, read};

    fn said(bytes: &[u8]) -> (String, String) {
        let letter = read(bytes).expect("a letter");
        (letter.said.title, letter.said.text)
    }

    #[test]
    fn korean_is_read_however_it_was_packed() {
        let expected = ("임대료 안내".to_owned(), "[LH] 12월 임대료를 내 주십시오.".to_owned());
        let utf8 = "Subject: =?UTF-8?B?7J6E64yA66OMIOyViOuCtA==?=\r\nContent-Type: text/plain; charset=utf-8\r\n\
                    Content-Transfer-Encoding: 8bit\r\n\r\n[LH] 12월 임대료를 내 주십시오.\r\n";
        assert_eq!(said(utf8.as_bytes()), expected);
        let (subject, _, _) = encoding_rs::EUC_KR.encode("임대료 안내");
        let (body, _, _) = encoding_rs::EUC_KR.encode("[LH] 12월 임대료를 내 주십시오.");
        use base64::Engine as _;
        let packed = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        for (encoding, text) in [("base64", packed(&body).into_bytes()), ("8bit", body.to_vec())] {
            let mut mail = format!(
                "Subject: =?EUC-KR?B?{}?=\r\nContent-Type: text/plain; charset=\"euc-kr\"\r\n\
                 Content-Transfer-Encoding: {encoding}\r\n\r\n",
                packed(&subject)
            )
            .into_bytes();
            mail.extend_from_slice(&text);
            assert_eq!(said(&mail), expected, "{encoding}");
        }
    }

    #[test]
    fn of_alternatives_the_plain_one_is_taken_and_html_alone_loses_its_tags() {
        let both = "Subject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
                    --b\r\nContent-Type: text/plain\r\n\r\nplain words\r\n\
                    --b\r\nContent-Type: text/html\r\n\r\n<p>other <b>words</b></p>\r\n--b--\r\n";
        assert_eq!(said(both.as_bytes()).1, "plain words");
        let html = "Subject: s\r\nContent-Type: text/html\r\n\r\n<p>these <b>words</b></p>\r\n";
        assert_eq!(said(html.as_bytes()).1.trim(), "these words");
    }

    #[test]
    fn what_is_no_mail_is_refused_with_its_reason() {
        assert_eq!(read(b"Subject: nothing\r\n\r\n").map_err(|reply| reply.code), Err(554));
        assert_eq!(read(b"").map_err(|reply| reply.code), Err(554));
        let long = format!("Subject: s\r\n\r\n{}\r\n", "x".repeat(TEXT_MAX + 1));
        assert_eq!(read(long.as_bytes()).map_err(|reply| reply.code), Err(552));
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for seed in 0..2_000_u64 {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut bytes = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".to_vec();
            for _ in 0..(seed % 300) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let some = b"\r\n-b=?:; <>\"text/htmlcharsetbase64\x00\xff";
                bytes.push(some[(state % some.len() as u64) as usize]);
            }
            // Whether it is a letter is not asked.
            let _ = read(&bytes);
        }
    }
}
