//! The program that makes a server read its files anew.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use certkit_core::files::{self, Doubt, Error};
use certkit_core::text::Printable;

use crate::failure::Failure;

/// How much of what a program says is kept.
const SAID: u64 = 4096;

/// How long is waited for the rest of what an ended program has said: one that it has started may hold on to the streams.
const REST: Duration = Duration::from_millis(500);

/// How often is looked whether it has ended.
const STEP: Duration = Duration::from_millis(20);

/// A program with its arguments, which nobody but root and whoever runs certkit can have put there.
#[derive(Clone, Debug)]
pub(super) struct Reload {
    program: PathBuf,
    arguments: Vec<String>,
    folder: Option<PathBuf>,
    patience: Duration,
    /// The variables with passwords, which it is not given.
    secrets: Vec<String>,
}

impl Reload {
    /// Finds the program; refuses one that others may write, and the same of files among its arguments. `folder` is where
    /// it starts, `secrets` are the variables with passwords.
    pub(super) fn find(
        words: &[String],
        folder: Option<&Path>,
        patience: Duration,
        secrets: &[String],
    ) -> Result<Reload, Failure> {
        let Some((name, arguments)) = words.split_first().filter(|(name, _)| !name.is_empty()) else {
            return Err(Failure::new("`reload` names no program")
                .hint("write the program and its arguments: reload = [\"systemctl\", \"reload\", \"nginx\"]"));
        };
        let below = |word: &str| folder.map_or_else(|| PathBuf::from(word), |folder| folder.join(word));
        let program = if name.contains('/') { Some(below(name)) } else { on_the_path(name) };
        let program = program.filter(|it| it.is_file()).ok_or_else(|| {
            Failure::new(format!("`reload`: there is no program {}", Printable(name)))
                .hint("name it with its whole path")
        })?;
        let named = arguments.iter().map(|word| below(word)).filter(|path| path.is_file());
        std::iter::once(program.clone()).chain(named).try_for_each(|path| require_own(&path))?;
        let folder = folder.map(Path::to_owned);
        Ok(Reload { program, arguments: arguments.to_vec(), folder, patience, secrets: secrets.to_vec() })
    }

    /// Runs it to its end. Fails where it does not say that it was successful, with its words.
    pub(super) fn run(&self) -> Result<(), Failure> {
        let failed = |what: String| Failure::new(format!("{}: {what}", self.name()));
        let mut command = Command::new(&self.program);
        self.secrets.iter().for_each(|variable| _ = command.env_remove(variable));
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|error| failed("it cannot be started".to_owned()).because(error))?;
        let streams = [child.stdout.take().map(heard), child.stderr.take().map(heard)];
        let ended = self.wait(&mut child).map_err(|error| failed("its status is unknown".to_owned()).because(error))?;
        let said = streams.into_iter().flatten().filter_map(|stream| stream.recv_timeout(REST).ok());
        let said: String = said.collect::<Vec<_>>().join("\n").trim().to_owned();
        let said = if said.is_empty() { said } else { format!(": {said}") };
        match ended {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(failed(format!("it ended with {status}{said}"))),
            None => Err(failed(format!("it did not end within {} s, and was stopped{said}", self.patience.as_secs()))),
        }
    }

    /// Waits for its end; stops it, and what it has started, where that does not come.
    fn wait(&self, child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
        let start = Instant::now();
        while start.elapsed() < self.patience {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            std::thread::sleep(STEP);
        }
        #[cfg(unix)]
        if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // One that has ended meanwhile needs no signal.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        child.kill()?;
        child.wait()?;
        Ok(None)
    }

    fn name(&self) -> Printable<String> {
        Printable(self.program.display().to_string())
    }
}

/// Refuses a file that somebody else may write, and says how to change that.
pub(super) fn require_own(path: &Path) -> Result<(), Failure> {
    files::require_own(path).map_err(|error| {
        let hint = match &error {
            Error::Refused { path, doubt: Doubt::Open | Doubt::Others } => format!(
                "review its content, then run: `chown root` and `chmod go-w` {}",
                Printable(path.display().to_string())
            ),
            _ => String::new(),
        };
        let failure = Failure::new("the program is not run, since other users can change it").because(error);
        if hint.is_empty() { failure } else { failure.hint(hint) }
    })
}

/// Finds a program by its bare name, as a shell does.
fn on_the_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    // A relative folder would be another one in each place.
    std::env::split_paths(&folders).filter(|it| it.is_absolute()).map(|it| it.join(name)).find(|it| it.is_file())
}

/// Reads a stream to its end on a thread of its own, and gives its beginning.
fn heard(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stream = stream;
        let mut said = Vec::new();
        // What cannot be read was not said. The rest is read, too: a full pipe would hold the program up.
        let _ = (&mut stream).take(SAID).read_to_end(&mut said);
        let _ = sender.send(String::from_utf8_lossy(&said).into_owned());
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    receiver
}
