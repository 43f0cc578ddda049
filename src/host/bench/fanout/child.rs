//! A process of the benchmark, as its leader sees it: this program again, with orders on its standard input.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child as Process, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use crate::host::bench::fanout::Part;
use crate::host::bench::fanout::talk::{answered, written};

/// A process, ended when this is dropped.
pub struct Child {
    part: Part,
    process: Process,
    orders: ChildStdin,
    answers: Receiver<String>,
    until: Instant,
}

impl Child {
    /// Starts a part; whatever it is asked must be answered by then.
    pub fn start(part: Part, clients: u32, until: Instant) -> Result<Child, String> {
        let failed = |error| format!("cannot start the {}: {error}", part.name());
        let program = std::env::current_exe().map_err(failed)?;
        let mut process = Command::new(program)
            .args(["bench", "part", part.name(), &clients.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let orders = process.stdin.take().expect("its input was piped");
        let output = BufReader::new(process.stdout.take().expect("its output was piped"));
        let (tell, answers) = channel();
        // Ends with the process, whose output it reads.
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Ok(Child { part, process, orders, answers, until })
    }

    /// Gives an order without waiting for the answer.
    pub fn tell(&mut self, word: &str, numbers: &[u64]) -> Result<(), String> {
        let order = format!("{word} {}\n", written(numbers));
        self.orders.write_all(order.as_bytes()).map_err(|error| self.failed(word, &error.to_string()))
    }

    /// The answer to the order before.
    pub fn hear(&mut self) -> Result<Vec<u64>, String> {
        let left = self.until.saturating_duration_since(Instant::now());
        match self.answers.recv_timeout(left) {
            Ok(line) => answered(&line).map_err(|why| self.failed("it", &why)),
            Err(RecvTimeoutError::Timeout) => Err(self.failed("it", "no answer within the time limit")),
            Err(RecvTimeoutError::Disconnected) => Err(self.failed("it", "it ended")),
        }
    }

    /// Gives an order and waits.
    pub fn ask(&mut self, word: &str, numbers: &[u64]) -> Result<Vec<u64>, String> {
        self.tell(word, numbers)?;
        self.hear()
    }

    fn failed(&self, doing: &str, why: &str) -> String {
        format!("the {} could not do {doing}: {why}", self.part.name())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
