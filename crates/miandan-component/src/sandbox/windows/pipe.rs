//! The pipe to the host: two handles, inherited as standard input and standard output.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::windows::io::{AsHandle, AsRawHandle, IntoRawHandle};

use windows_sys::Win32::Foundation::CloseHandle;
use windows_sys::Win32::Storage::FileSystem::{FILE_TYPE_PIPE, GetFileType};
use windows_sys::Win32::System::Console::{
    STD_ERROR_HANDLE, STD_HANDLE, STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, SetStdHandle,
};

/// Both directions. Each handle has the rights of its direction only.
pub(crate) struct Pipe {
    requests: File,
    answers: File,
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.requests.read(buffer)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.answers.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether standard input and output are pipes, as a host passes them.
pub(crate) fn standard_input_is_channel() -> bool {
    is_pipe(&io::stdin()) && is_pipe(&io::stdout())
}

fn is_pipe(stream: &impl AsRawHandle) -> bool {
    // SAFETY: no memory is involved; a handle that is none is answered with another type.
    unsafe { GetFileType(stream.as_raw_handle()) == FILE_TYPE_PIPE }
}

/// Moves the pipe out of the reach of a stray print, and points standard input and output at nothing. The new handles
/// are not inherited by anyone. Called once.
pub(crate) fn take_channel() -> io::Result<Pipe> {
    let requests = File::from(io::stdin().as_handle().try_clone_to_owned()?);
    let answers = File::from(io::stdout().as_handle().try_clone_to_owned()?);
    let inherited = [io::stdin().as_raw_handle(), io::stdout().as_raw_handle()];
    let null = File::options().read(true).write(true).open("NUL")?;
    point(&null, STD_INPUT_HANDLE)?;
    point(&null, STD_OUTPUT_HANDLE)?;
    for handle in inherited {
        // SAFETY: the streams have other handles now, and nobody else owns these.
        unsafe { CloseHandle(handle) };
    }
    Ok(Pipe { requests, answers })
}

/// Points standard error where standard output points: at nothing. At this time nothing can be opened any more.
pub(crate) fn mute_standard_error() -> io::Result<()> {
    point(&io::stdout(), STD_ERROR_HANDLE)
}

fn point(target: &impl AsHandle, stream: STD_HANDLE) -> io::Result<()> {
    // The stream owns the handle from here on, to the end of the process.
    let handle = target.as_handle().try_clone_to_owned()?.into_raw_handle();
    // SAFETY: the handle is open and nobody closes it.
    if unsafe { SetStdHandle(stream, handle) } == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
