//! bongsu, the program: parse, run, exit code.

use std::process::ExitCode;

use bongsu::cli;
use bongsu::cli::io::Io;

fn main() -> ExitCode {
    cli::start(std::env::args_os().collect(), &mut Io::of_process()).into()
}
