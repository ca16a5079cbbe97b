"""What a process that opens documents may not do: use much, reach a network, spy, or outlive its parent.

Each measure is asked of Linux directly. One that the system refuses (another kernel, a container without
user namespaces) is left out; the others hold. No measure needs root.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipeline.child import Limits

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

# Of each machine: its audit name, then socket, ptrace, process_vm_readv and _writev, io_uring_setup (which
# opens sockets past a filter), pidfd_getfd (which takes them from others).
_REFUSED_CALLS = {
    "x86_64": (0xC000003E, (41, 101, 310, 311, 425, 438)),
    "aarch64": (0xC00000B7, (198, 117, 270, 271, 425, 438)),
}
_X32_CALLS = 0x40000000
_PERMISSION_DENIED = 13


def confine(limits: Limits, parent_pid: int) -> None:
    """Take from this process what reading a document does not need. Cannot be undone; children inherit it."""
    limit_resources(limits)
    leave_network()
    refuse_calls()
    # Last, because a change of credentials, such as a new user namespace, clears it.
    end_with_parent(parent_pid)
    subprocess.Popen = _EndsWithParent  # type: ignore[misc]


def limit_resources(limits: Limits) -> None:
    """Memory, processor time and file sizes; no core dumps."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.address_space_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
    ):
        _lower(kind, value, value)
    # A second between the two: at the lower the signal tells the parent why, at the upper it only kills.
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)


def _lower(kind: int, soft: int, hard: int) -> None:
    """Set a limit, or keep the one the process has where that is lower."""
    ceiling = resource.getrlimit(kind)[1]
    highest = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
    resource.setrlimit(kind, (min(soft, highest), highest))


def leave_network() -> bool:
    """Move into an empty network, and into a user namespace from which no other process can be inspected."""
    user, group = os.getuid(), os.getgid()
    if _libc().unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    # Without these maps no file could be made: its owner would have no number in the namespace.
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def refuse_calls() -> bool:
    """Let the kernel refuse sockets of every kind and looking into other processes (seccomp)."""
    if platform.machine() not in _REFUSED_CALLS or sys.maxsize < 2**32:
        return False
    program = _filter(*_REFUSED_CALLS[platform.machine()])
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of instructions, and where they stand.
    header = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    header_buffer = ctypes.create_string_buffer(header, len(header))
    if _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    done: int = _libc().prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(header_buffer), 0, 0)
    return done == 0


def end_with_parent(parent_pid: int) -> None:
    """Be killed when the parent dies, however it dies; at once when it is already gone."""
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(1)


class _EndsWithParent(subprocess.Popen[Any]):
    """A program started from here (Tesseract) is killed with this process: the wish is not inherited."""

    def __init__(self, *args: Any, **options: Any) -> None:
        this = os.getpid()
        super().__init__(*args, **{**options, "preexec_fn": lambda: end_with_parent(this)})


def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    return libc


def _filter(machine: int, refused: tuple[int, ...]) -> bytes:
    """The Berkeley packet filter: the wrong machine is killed, a refused call fails, the rest goes on."""
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    kill, fail, allow = 0x80000000, 0x00050000 | _PERMISSION_DENIED, 0x7FFF0000
    count = len(refused)
    steps = [
        (load, 0, 0, 4),  # the machine the call is made for
        (equal, 1, 0, machine),
        (give, 0, 0, kill),
        (load, 0, 0, 0),  # the number of the call
        (at_least, count + 1, 0, _X32_CALLS),
        *((equal, count - index, 0, number) for index, number in enumerate(refused)),
        (give, 0, 0, allow),
        (give, 0, 0, fail),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
