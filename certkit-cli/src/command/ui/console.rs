//! The call to Windows that tells whether a console is our own, wrapped so that nothing unsafe is left to its caller.
#![allow(unsafe_code)]

use windows_sys::Win32::System::Console::GetConsoleProcessList;

/// Whether nobody else uses the console: then Windows has made it for a double click, and it goes with us.
pub(super) fn is_own() -> bool {
    let mut processes = [0; 2];
    // SAFETY: the list is writable and as long as is said. Without a console the answer is 0.
    let count = unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 2) };
    count == 1
}
