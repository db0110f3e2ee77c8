//! One shell for all guides, so that what a reader exports stays.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// No command of a guide takes this long; one that waits for an answer would wait for ever.
const PATIENCE: Duration = Duration::from_mins(3);
/// Ends what a command printed; followed by its exit code.
const MARK: &str = "--- end of command, exit code ";

pub struct Shell {
    process: Child,
    commands: ChildStdin,
    lines: Receiver<String>,
    /// Holds the command that is being run.
    script: PathBuf,
}

impl Shell {
    /// Starts it in `home`, with `programs` first on PATH and nothing of this process's environment.
    pub fn start(home: &Path, programs: &Path) -> Self {
        let (read, write) = std::io::pipe().expect("a pipe");
        let errors = write.try_clone().expect("the pipe again");
        let mut process = Command::new("bash")
            .args(["--noprofile", "--norc"])
            .current_dir(home)
            .env_clear()
            .env("HOME", home)
            .env("PATH", format!("{}:/usr/bin:/bin", programs.display()))
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(write)
            .stderr(errors)
            .spawn()
            .expect("bash");
        let commands = process.stdin.take().expect("its input");
        let (send, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(read).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            process,
            commands,
            lines,
            script: home.join(".command"),
        }
    }

    /// Runs a command; returns all that it printed, on both streams, and its exit code.
    pub fn run(&mut self, command: &str) -> (String, i32) {
        fs::write(&self.script, format!("{command}\n")).expect("the command");
        // Commands read nothing: a question to a person ends them instead of stopping the walk.
        let line = format!(
            ". '{}' </dev/null; printf '\\n%s%s\\n' '{MARK}' \"$?\"\n",
            self.script.display()
        );
        self.commands
            .write_all(line.as_bytes())
            .expect("the shell listens");
        let mut printed = Vec::new();
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!(
                    "`{command}` does not end; it printed:\n{}",
                    printed.join("\n")
                );
            };
            if let Some(code) = line.strip_prefix(MARK) {
                let code = code.parse().expect("an exit code");
                return (printed.join("\n").trim_end().to_owned(), code);
            }
            printed.push(line);
        }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
