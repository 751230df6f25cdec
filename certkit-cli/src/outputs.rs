//! Which formats of a report are wanted, and where each goes: an -o belongs to the --format before it.

mod kept;

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use certkit_core::files::{Batch, Existing, Readers};
use clap::builder::EnumValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, ValueEnum, value_parser};

use crate::failure::Failure;
use crate::files;
use crate::hosted::is_standard;
use crate::output;
use crate::terminal::gate;

/// The formats of a report.
pub(crate) trait Formats: ValueEnum + Copy + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// The one for people.
    const TEXT: Self;
    /// The one that --json is short for.
    const JSON: Self;

    /// What the gate has to know of it.
    fn form(self) -> gate::Form;

    /// The format that a file's extension asks for.
    fn of(path: &Path) -> Option<Self>;
}

/// One format and its file; standard output where there is none.
#[derive(Clone, Debug)]
struct Wanted<F> {
    format: Option<F>,
    file: Option<PathBuf>,
}

/// All formats of one run.
#[derive(Clone, Debug)]
pub(crate) struct OutputArgs<F> {
    wanted: Vec<Wanted<F>>,
    force: bool,
}

impl<F: Formats> clap::Args for OutputArgs<F> {
    fn augment_args(command: Command) -> Command {
        command
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .value_parser(EnumValueParser::<F>::new())
                    .action(ArgAction::Append)
                    .help("The format of the report; may be given several times, each with its -o [default: text]"),
            )
            .arg(
                Arg::new("output")
                    .short('o')
                    .long("output")
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .action(ArgAction::Append)
                    .help(
                        "Write the preceding --format to this file, replacing an earlier report; without --format, by the extension",
                    ),
            )
            .arg(
                Arg::new("force").long("force").action(ArgAction::SetTrue).help(
                    "Replace a file of -o that is no report of certkit, too; what this run reads is never replaced",
                ),
            )
            .arg(
                Arg::new("json")
                    .long("json")
                    .action(ArgAction::SetTrue)
                    .conflicts_with("format")
                    .help("Short for --format json"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<F: Formats> FromArgMatches for OutputArgs<F> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<OutputArgs<F>, clap::Error> {
        let mut parts: Vec<(usize, Wanted<F>)> = Vec::new();
        let formats = matches.get_many::<F>("format").into_iter().flatten();
        for (at, format) in matches.indices_of("format").into_iter().flatten().zip(formats) {
            parts.push((at, Wanted { format: Some(*format), file: None }));
        }
        let files = matches.get_many::<PathBuf>("output").into_iter().flatten();
        for (at, file) in matches.indices_of("output").into_iter().flatten().zip(files) {
            parts.push((at, Wanted { format: None, file: Some(file.clone()) }));
        }
        parts.sort_by_key(|(at, _)| *at);
        let mut wanted: Vec<Wanted<F>> = Vec::new();
        if matches.get_flag("json") {
            wanted.push(Wanted { format: Some(F::JSON), file: None });
        }
        for (_, part) in parts {
            match (wanted.last_mut(), part.file) {
                (Some(open @ Wanted { file: None, .. }), Some(file)) => open.file = Some(file),
                (_, file) => wanted.push(Wanted { format: part.format, file }),
            }
        }
        Ok(OutputArgs { wanted, force: matches.get_flag("force") })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = OutputArgs::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Where every format goes, made sure of before any work is done.
pub(crate) struct Outputs<F> {
    outputs: Vec<(F, Option<PathBuf>)>,
}

impl<F: Formats> OutputArgs<F> {
    /// The files that are named.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.wanted.iter().filter_map(|wanted| wanted.file.as_deref()).filter(|file| !is_standard(file))
    }

    /// Says whether a format goes to standard output.
    pub(crate) fn is_printed(&self, format: F) -> bool {
        let is_it = |it: &Wanted<F>| it.format == Some(format) && it.file.as_deref().is_none_or(is_standard);
        self.wanted.iter().any(is_it)
    }

    /// Makes out where everything goes; never over one of the `inputs` of the run.
    pub(crate) fn outputs<'a>(&self, inputs: impl IntoIterator<Item = &'a Path>) -> Result<Outputs<F>, Failure> {
        let inputs: Vec<&Path> = inputs.into_iter().collect();
        let mut outputs: Vec<(F, Option<PathBuf>)> = Vec::new();
        for Wanted { format, file } in &self.wanted {
            let file = file.as_ref().filter(|file| !is_standard(file));
            let format = match (format, file) {
                (Some(format), _) => *format,
                (None, None) => F::TEXT,
                (None, Some(file)) => F::of(file).ok_or_else(|| {
                    Failure::new(format!("{}: the extension does not determine the format", file.display()))
                        .hint(format!("name it: --format json -o {}", file.display()))
                })?,
            };
            if outputs.iter().any(|(_, other)| other.as_ref() == file) {
                let place = file.map_or("standard output".to_owned(), |file| file.display().to_string());
                return Err(Failure::new(format!("two formats would be written to {place}"))
                    .hint("give each --format its own file: --format json -o report.json"));
            }
            if let Some(file) = file {
                kept::keep_inputs(file, inputs.iter().copied())?;
            }
            if let Some(file) = file.filter(|_| !self.force) {
                kept::keep_others(file)?;
            }
            outputs.push((format, file.cloned()));
        }
        if outputs.is_empty() {
            outputs.push((F::TEXT, None));
        }
        Ok(Outputs { outputs })
    }
}

impl<F: Formats> Outputs<F> {
    /// The formats that are wanted.
    pub(crate) fn formats(&self) -> impl Iterator<Item = F> {
        self.outputs.iter().map(|(format, _)| *format)
    }

    /// Writes them all, or none: files get their names when everything else is done. `text` gives what people read on
    /// standard output, `write` writes a format.
    pub(crate) fn write<'a>(
        &'a self,
        text: impl FnOnce() -> String,
        write: &'a dyn Fn(F, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let (files, standard): (Vec<_>, Vec<_>) = self.outputs.iter().partition(|(_, file)| file.is_some());
        let mut batch = Batch::new();
        for (format, file) in files.iter().filter_map(|(format, file)| Some((*format, file.as_ref()?))) {
            files::require_folder(file)?;
            let write = move |to: &mut dyn Write| output::gated(to, format.form(), |to| write(format, to));
            batch.add_with(file.clone(), Readers::Usual, Existing::Replace, write);
        }
        let staged = batch.stage().map_err(files::failed)?;
        // Nothing but one format goes to standard output.
        if let Some((format, _)) = standard.first() {
            if *format == F::TEXT {
                output::print_text(&text())?;
            } else {
                output::print_with(format.form(), |to| write(*format, to))?;
            }
        }
        files::tell(&staged.place().map_err(files::failed)?);
        Ok(())
    }
}
