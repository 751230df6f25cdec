//! A task of Windows' Task Scheduler.

use super::{Job, Made};

/// Quotes a word as programs of Windows split their command line.
fn windows_word(word: &str) -> String {
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for letter in word.chars() {
        match letter {
            '\\' => backslashes += 1,
            // Backslashes count as themselves unless a quote follows.
            '"' => {
                quoted.push_str(&"\\".repeat(backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        quoted.push(letter);
    }
    quoted.push_str(&"\\".repeat(backslashes));
    quoted.push('"');
    quoted
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub(super) fn task(job: &Job<'_>) -> Made {
    let words: Vec<String> = job.words.iter().map(|it| windows_word(it)).collect();
    let body = format!(
        "<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">
  <RegistrationInfo>
    <Description>Warn before certificates end</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{:02}:{:02}:00</StartBoundary>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT{}S</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{}</Command>
      <Arguments>{}</Arguments>
      <WorkingDirectory>{}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
",
        job.at.hour,
        job.at.minute,
        job.limit,
        xml(job.program),
        xml(&words.join(" ")),
        xml(job.folder)
    );
    // The task scheduler reads what it writes itself: UTF-16 with its mark.
    let whole = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n{body}").replace('\n', "\r\n");
    let bytes = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    Made { name: format!("{}.xml", job.name), text: body, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_windows_reads_them() {
        assert_eq!(windows_word(r#"C:\my dir\"#), r#""C:\my dir\\""#);
        assert_eq!(windows_word(r#"say \"no""#), r#""say \\\"no\"""#);
        assert_eq!(xml("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    }
}
