"""What hostile programs try; `attack()` returns something true, or raises nothing, if it worked.

`{secret}` is a file outside the sandbox, `{folder}` a writable folder outside, `{port}` a
listening TCP port of the test, `{unix}` a listening socket file, `{pid}` the test's process.
"""

from __future__ import annotations

KERNEL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *[
        ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result < 0 and ctypes.get_errno() in (1, 38):
        raise OSError(ctypes.get_errno(), "refused")
    return True  # another errno: the call itself was reached
def attack():
    return {call}
"""
PYTHON = """
import os, sys, socket, subprocess, signal, threading, time
def attack():
    {lines}
"""

IN_PYTHON = {
    "read_passwd": "return open('/etc/passwd').read()",
    "read_shadow": "return open('/etc/shadow').read()",
    "read_secret_file": "with open('{secret}') as file: return file.read()",
    "list_root": "return os.listdir('/')",
    "list_home": "return os.listdir(os.path.expanduser('~'))",
    "read_callers_environment": "return open('/proc/{pid}/environ', 'rb').read()",
    "read_environment_of_process_1": "return open('/proc/1/environ', 'rb').read()",
    "read_own_environment_file": "return open('/proc/self/environ', 'rb').read()",
    "read_memory_of_parent": "return open(f'/proc/{{os.getppid()}}/mem', 'rb').read(1)",
    "find_secret_in_environment": "return [v for v in os.environ.values() if 'canary' in v]",
    "write_outside": "return open('{folder}/written', 'w').write('x')",
    "write_into_library": "return open(os.__file__ + '.new', 'w').write('x')",
    "append_to_library": "return open(os.__file__, 'a').write('#')",
    "rename_secret": "os.rename('{secret}', '{secret}.gone'); return True",
    "unlink_secret": "os.unlink('{secret}'); return True",
    "truncate_secret": "os.truncate('{secret}', 0); return True",
    "chmod_secret": "os.chmod('{secret}', 0o777); return True",
    "symlink_to_secret": "os.symlink('{secret}', 's'); return open('s').read()",
    "hard_link_to_secret": "os.link('{secret}', 'h'); return open('h').read()",
    "make_folder_outside": "os.mkdir('{folder}/made'); return True",
    "make_device": "os.mknod('d', 0o660 | 0x2000, os.makedev(1, 1)); return True",
    "chroot": "os.chroot('.'); return True",
    "connect_tcp": "with socket.create_connection(('127.0.0.1', {port}), 2): return True",
    "connect_tcp_6": "return socket.create_connection(('::1', {port}), 2)",
    "bind_tcp": "return socket.create_server(('127.0.0.1', 0))",
    "send_udp": "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
    "return s.sendto(b'x', ('127.0.0.1', {port}))",
    "connect_unix": "s = socket.socket(socket.AF_UNIX); s.connect('{unix}'); return True",
    "netlink": "return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
    "raw_socket": "return socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "resolve_name": "return socket.getaddrinfo('example.org', 80)",
    "fork": "pid = os.fork(); os._exit(0) if pid == 0 else None; return True",
    "fork_bomb": "[os.fork() for _ in range(200)]; return True",
    "run_shell": "return subprocess.run(['/bin/sh', '-c', 'echo x'], capture_output=True).stdout",
    "system": "return os.system('true') == 0",
    "execute_shell": "os.execv('/bin/sh', ['sh', '-c', 'true'])",
    "spawn": "return os.posix_spawn('/bin/true', ['true'], {{}})",
    "kill_caller": "os.kill({pid}, signal.SIGTERM); return True",
    "probe_caller": "os.kill({pid}, 0); return True",
    "kill_parent": "os.kill(os.getppid(), signal.SIGKILL); return True",
    "signal_by_owner_of_file": "import fcntl; r, w = os.pipe(); "
    "fcntl.fcntl(r, fcntl.F_SETOWN, {pid}); return True",
    "signal_of_own_choice": "import fcntl; r, w = os.pipe(); "
    "fcntl.fcntl(r, 10, signal.SIGKILL); return True",
    "kill_everything": "os.kill(-1, signal.SIGKILL); return True",
    "kill_group": "os.killpg(0, signal.SIGTERM); return True",
    "leave_group": "os.setsid(); return True",
    "become_root": "os.setuid(0); return True",
    "raise_limit": "import resource as r; "
    "r.setrlimit(r.RLIMIT_AS, (r.RLIM_INFINITY,) * 2); return True",
    "lift_priority": "os.nice(-5); return True",
    "take_memory": "return len(bytearray(6 << 30))",
    "take_memory_in_pieces": "return len([bytearray(64 << 20) for _ in range(96)])",
    "fill_disk": "[open(f'f{{n}}', 'wb').write(bytes(8 << 20)) for n in range(40)]; return True",
    "huge_file": "return open('big', 'wb').write(bytes(64 << 20))",
    "many_threads": "[threading.Thread(target=time.sleep, args=(9,), daemon=True).start() "
    "for _ in range(4000)]; return True",
    "many_descriptors": "return [os.dup(0) for _ in range(500)]",
    "inherited_descriptors": "import fcntl; found = []\n"
    "    for n in range(4, 60):\n"
    "        try: fcntl.fcntl(n, fcntl.F_GETFD); found.append(n)\n"
    "        except OSError: pass\n"
    "    return found",
}

IN_KERNEL_X86_64 = {
    "ptrace_caller": "call(101, 16, {pid}, 0, 0)",
    "ptrace_parent": "call(101, 16, os.getppid(), 0, 0)",
    "ptrace_me": "call(101, 0, 0, 0, 0)",
    "read_memory_of_caller": "call(310, {pid}, None, 0, None, 0, 0)",
    "pidfd_open": "call(434, {pid}, 0)",
    "user_namespace": "call(272, 0x10000000)",
    "clone_user_namespace": "call(56, 0x10000000 | 17, 0, 0, 0, 0)",
    "clone3": "call(435, bytes(88), 88)",
    "vfork": "call(58)",
    "join_namespace": "call(308, 0, 0)",
    "mount": "call(165, b'none', b'/tmp', b'tmpfs', 0, None)",
    "unmount": "call(166, b'/tmp', 2)",
    "pivot_root": "call(155, b'.', b'.')",
    "open_tree": "call(428, -100, b'/', 0)",
    "io_uring": "call(425, 4, bytes(120))",
    "keyring": "call(250, 0, -3, 1, 0, 0)",
    "add_key": "call(248, b'user', b'k', b'x', 1, -3)",
    "bpf": "call(321, 0, bytes(120), 120)",
    "perf_events": "call(298, bytes(120), 0, -1, -1, 0)",
    "userfaultfd": "call(323, 1)",
    "memory_file": "call(319, b'x', 0)",
    "open_by_handle": "call(304, -100, bytes(16), 0)",
    "kernel_module": "call(175, b'', 0, b'')",
    "reboot": "call(169, 0xfee1dead, 672274793, 0, None)",
    "set_host_name": "call(170, b'x', 1)",
    "set_clock": "call(227, 1, bytes(16))",
    "signal_caller_thread": "call(234, {pid}, {pid}, 0)",
    "tkill": "call(200, {pid}, 0)",
    "queue_signal": "call(129, {pid}, 10, bytes(128))",
    "limits_of_caller": "call(302, {pid}, 7, None, bytes(16))",
    "shared_memory": "call(29, 0, 4096, 0o1600)",
    "message_queue": "call(240, b'q', 0o102, 0o600, None)",
    "dumpable_again": "call(157, 4, 1, 0, 0, 0)",
    "raise_capability": "call(126, (0x20080522).to_bytes(4, 'little') + bytes(4), b'\\xff' * 24)",
    "second_filter": "call(317, 1, 0, bytes(16))",
    "terminal_injection": "call(16, 0, 0x5412, b'x')",
    "inotify": "call(294, 0)",
    "fanotify": "call(300, 0, 0)",
    "quota": "call(179, 0, None, 0, None)",
    "swap": "call(167, b'/tmp/x', 0)",
    "syslog": "call(103, 3, bytes(16), 16)",
    "unlisted_number": "call(999)",
}


def programs(**place: object) -> dict[str, str]:
    """Every attack as a program, its targets filled in."""
    found = {name: PYTHON.format(lines=lines.format(**place)) for name, lines in IN_PYTHON.items()}
    for name, call in IN_KERNEL_X86_64.items():
        found[name] = KERNEL.replace("{call}", call.format(**place))
    return found


NAMES = [*IN_PYTHON, *IN_KERNEL_X86_64]
VERDICT = """
try:
    outcome = "REACHED" if attack() else "nothing"
except BaseException as error:
    outcome = f"blocked by {type(error).__name__}: {error}"
raise RuntimeError(outcome)
"""
