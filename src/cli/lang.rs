//! Which language to speak: `--lang`, else `BONGSU_LANG`, else `LC_ALL`, else `LANG`; and Korean when nothing says so.
//!
//! A locale that begins with `ko` is Korean, an empty one and `C` or `POSIX` say nothing, and every other one is taken
//! as a wish for English. It is known before arguments are parsed, because help and errors are spoken too.

use std::ffi::OsString;

use clap::ValueEnum;

use crate::sim::model::words::Lang;

/// The value of `--lang`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Lang {
        match arg {
            LangArg::Ko => Lang::Ko,
            LangArg::En => Lang::En,
        }
    }
}

/// The language for these arguments in this environment. A wrong `--lang` is the parser's to complain about.
pub fn choose(args: &[OsString], env: impl Fn(&str) -> Option<String>) -> Lang {
    if let Some(lang) = asked(args) {
        return lang;
    }
    let said = |name: &str| env(name).and_then(|value| of_locale(&value));
    said("BONGSU_LANG").or_else(|| said("LC_ALL")).or_else(|| said("LANG")).unwrap_or(Lang::Ko)
}

fn asked(args: &[OsString]) -> Option<Lang> {
    let mut words = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--");
    let mut found = None;
    while let Some(word) = words.next() {
        let value = if word == "--lang" { words.next() } else { word.strip_prefix("--lang=") };
        found = value.and_then(|value| LangArg::from_str(value, true).ok()).map(Lang::from).or(found);
    }
    found
}

fn of_locale(locale: &str) -> Option<Lang> {
    let name = locale.split(['_', '.', '@', '-']).next().unwrap_or("");
    match name.to_ascii_lowercase().as_str() {
        "" | "c" | "posix" => None,
        "ko" => Some(Lang::Ko),
        _ => Some(Lang::En),
    }
}

#[cfg(test)]
mod tests {
    use super::choose;
    use crate::sim::model::words::Lang;

    fn chosen(args: &[&str], env: &[(&str, &str)]) -> Lang {
        let args: Vec<_> = args.iter().map(|arg| arg.into()).collect();
        choose(&args, |name| env.iter().find(|row| row.0 == name).map(|row| row.1.to_owned()))
    }

    #[test]
    fn the_nearest_wish_wins() {
        let env = [("BONGSU_LANG", "en"), ("LC_ALL", "ko_KR.UTF-8"), ("LANG", "ko_KR.UTF-8")];
        assert_eq!(chosen(&["bongsu", "run", "--lang", "ko", "x"], &env), Lang::Ko);
        assert_eq!(chosen(&["bongsu", "--lang=ko"], &env), Lang::Ko);
        assert_eq!(chosen(&["bongsu"], &env), Lang::En);
        assert_eq!(chosen(&["bongsu"], &env[1..]), Lang::Ko);
        assert_eq!(chosen(&["bongsu", "run", "--", "--lang", "ko"], &env), Lang::En);
    }

    #[test]
    fn korean_is_the_first_language() {
        for locale in ["", "C", "C.UTF-8", "POSIX", "ko", "ko_KR.UTF-8"] {
            assert_eq!(chosen(&[], &[("LANG", locale)]), Lang::Ko, "{locale}");
        }
        for locale in ["en_US.UTF-8", "de_DE@euro", "en"] {
            assert_eq!(chosen(&[], &[("LANG", locale)]), Lang::En, "{locale}");
        }
        assert_eq!(chosen(&[], &[]), Lang::Ko);
        assert_eq!(chosen(&[], &[("LC_ALL", "C"), ("LANG", "en_US")]), Lang::En);
    }
}
