"""cmd.exe over the serial line: its commands, what it says of wrong ones, its editing."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Iterator

import pytest

from harness.shell import Shell
from vmachine import Product, records

NOTES = "first line\r\n\r\nlast line\r\n"


@pytest.fixture(scope="module")
def shell(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """One machine for all tests here: each leaves a prompt."""
    notes = tmp_path_factory.mktemp("files") / "notes.txt"
    notes.write_bytes(NOTES.encode())
    with Shell(product, instead={"notes.txt": notes, "box.exe": product.fixture("box.exe")}) as machine:
        yield machine


def errorlevel(shell: Shell) -> str:
    return "\n".join(shell.run("errorlevel"))


def test_the_boot_ends_in_cmd(shell: Shell) -> None:
    """After VirtToPhys.exe, since no `exit` was asked for."""
    events = [(r["event"], r["name"]) for r in records(shell.lines, "process")]
    assert events[events.index(("exit", "VirtToPhys.exe")) + 1] == ("create", "cmd.exe")


def test_dir_lists_every_file_with_its_size(shell: Shell) -> None:
    rows = [line.split("  ") for line in shell.run("dir")[:-1]]
    found = {row[-1]: int(row[-2].replace(" ", "")) for row in rows}
    boot = shell.boot.modules
    assert found == {name: Path(path).stat().st_size for name, path in boot.items()}
    assert f"{len(boot)} files" in shell.run("dir")[-1]
    assert shell.run("dir v*.exe")[0].endswith("  VirtToPhys.exe")
    assert "1 file" in shell.run("dir v*.exe")[-1]
    assert shell.run("dir *.none") == ["*.none: The system cannot find the file specified."]
    assert errorlevel(shell) == "2"


def test_type_shows_a_file(shell: Shell) -> None:
    assert shell.run("type notes.txt") == NOTES.splitlines()
    assert shell.run("type C:\\NOTES.TXT") == NOTES.splitlines()
    assert shell.run("type nothing.txt") == ["nothing.txt: The system cannot find the file specified."]
    assert shell.run("type") == ["Usage: type FILE"]


def test_type_con_shows_what_is_typed(shell: Shell) -> None:
    """CON for reading is the console's input, a line at a time; Ctrl+C is its end."""
    shell.send("type con\n")
    shell.wait_for(r"^C:\\>type con$")
    shell.send("hello there\n")
    shell.wait_for("^hello there$")
    shell.wait_for("^hello there$")
    shell.send("\x03")
    shell.prompt()


def test_echo_and_errorlevel(shell: Shell) -> None:
    assert shell.run('echo  Hello,   "World"') == ['Hello,   "World"']
    assert shell.run("type nothing.txt")
    assert shell.run("echo it was %errorlevel%") == ["it was 2"]
    assert shell.run("ver") == ["VirtToPhys [Version 5.0.2195]"]
    assert errorlevel(shell) == "0"


def test_unknown_words_and_wrong_arguments(shell: Shell) -> None:
    assert shell.run("frobnicate now") == [
        "frobnicate is neither a command nor a program. Type help for the commands."
    ]
    assert errorlevel(shell) == "2"
    assert shell.run("cls now") == ["Usage: cls "]
    assert shell.run("help frobnicate") == ["There is no command frobnicate."]
    assert shell.run("type notes.txt notes.txt") == ["Usage: type FILE"]
    assert shell.run("notes.txt")[-1:] == ["notes.txt is not a valid Win32 application."]
    assert errorlevel(shell) == "193"
    assert shell.run("smss.exe") == ["The smss.exe application cannot be run in Win32 mode."]
    assert errorlevel(shell) == "129"
    assert shell.run("") == []
    assert shell.run("    ") == []


def test_help_names_every_command(shell: Shell) -> None:
    lines = shell.run("help")
    names = [line.split()[0] for line in lines if line.startswith("  ") and line[2].islower()]
    assert names == sorted(names)
    for name in names:
        assert shell.run(f"help {name}")[0].startswith(name)


def test_a_program_gets_its_arguments_and_leaves_its_code(shell: Shell) -> None:
    assert shell.run("box") == ["Usage: box TYPE TEXT [TITLE]"]
    assert errorlevel(shell) == "100"
    assert shell.run("BOX.EXE 7") == ["Usage: box TYPE TEXT [TITLE]"]


def test_tasklist(shell: Shell) -> None:
    heading, *rows = shell.run("tasklist")
    processes = {row.split(None, 4)[4]: row.split()[:4] for row in rows}
    assert heading.split() == ["PID", "Parent", "Threads", "Handles", "Name"]
    assert {"System", "smss.exe", "services.exe", "cmd.exe"} <= processes.keys()
    assert processes["cmd.exe"][1] == processes["smss.exe"][0]
    assert processes["cmd.exe"][2] == "1" and all(int(threads) > 0 for _, _, threads, _ in processes.values())


def test_taskkill(shell: Shell) -> None:
    assert shell.run("taskkill") == ["Usage: taskkill PID"]
    assert shell.run("taskkill cmd.exe") == ["Usage: taskkill PID"]
    assert shell.run("taskkill 999999") == ["999999: The parameter is incorrect."]
    shell.start("box 0 text", r'^\[box\] line="text"')
    shell.switch()
    victim = next(row.split()[0] for row in shell.run("tasklist") if row.endswith("box.exe"))
    shell.send(f"taskkill {victim}\n")
    shell.wait_for(rf"^\[process\] event=exit id={victim} name=box.exe status=00000001$")
    shell.fresh_prompt()
    assert not any(row.endswith("box.exe") for row in shell.run("tasklist"))


def test_sc(shell: Shell) -> None:
    assert [re.search(r"sc (\w+)", line)[1] for line in shell.run("sc")] == ["query", "create", "start", "stop", "delete"]
    assert shell.run("sc burn VirtToPhys")[0].startswith("Usage: sc query")
    assert shell.run("sc start nobody") == [
        "nobody: The specified service does not exist as an installed service."
    ]
    assert shell.run("sc create v2p binPath= C:\\VirtToPhys.sys") == []
    assert shell.run("sc create v2p VirtToPhys.sys") == ["v2p: The specified service already exists."]
    assert shell.run("sc query v2p")[1].split() == ["v2p", "KERNEL_DRIVER", "STOPPED", "v2p"]
    assert shell.run("sc start v2p") == []
    assert shell.run("sc start v2p") == ["v2p: An instance of the service is already running."]
    assert any(row.split()[:3] == ["v2p", "KERNEL_DRIVER", "RUNNING"] for row in shell.run("sc query"))
    assert shell.run("sc stop v2p") == []
    assert shell.run("sc stop v2p") == ["v2p: The service has not been started."]
    assert shell.run("sc delete v2p") == []
    assert not any(row.startswith("v2p") for row in shell.run("sc query"))


def test_the_history_is_called_up(shell: Shell) -> None:
    shell.run("echo one")
    shell.run("echo two")
    shell.send("\x1b[A\x1b[A\n")
    shell.wait_for(r"^one$")
    shell.prompt()
    shell.send("\x1b[A\x1b[A\x1b[B\n")
    shell.wait_for(r"^one$")
    shell.prompt()


def test_a_line_is_edited(shell: Shell) -> None:
    shell.send("xcho abd\x1b[D\x1b[3~c\x1b[H\x1b[3~e\n")
    shell.wait_for("^abc$")
    shell.prompt()
    shell.send("nonsense\x15echo new\n")
    shell.wait_for("^new$")
    shell.prompt()


def test_tab_completes_names(shell: Shell) -> None:
    shell.send("echo not\t\n")
    shell.wait_for("^notes.txt$")
    shell.prompt()
    shell.send("echo C:\\virt\t\t!\n")
    shell.wait_for(r"^C:\\VirtToPhys\.sys!$")
    shell.prompt()
    shell.send("echo zz\ty\n")
    shell.wait_for("^zzy$")
    shell.prompt()


def test_ctrl_c_drops_a_line(shell: Shell) -> None:
    shell.send("frobnicate\x03")
    shell.wait_for(r"\^C$")
    shell.prompt()
    assert shell.run("echo there") == ["there"]


def test_ctrl_c_in_a_cmd_under_cmd_drops_its_line(shell: Shell) -> None:
    """The outer cmd waits for the inner one, which takes Ctrl+C itself."""
    shell.send("cmd\n")
    shell.wait_for("^Type help for a list of commands")
    shell.prompt()
    shell.send("frobnicate\x03")
    shell.wait_for(r"\^C$")
    shell.prompt()
    assert sum(row.endswith("cmd.exe") for row in shell.run("tasklist")) == 2
    shell.run("exit 3")
    assert errorlevel(shell) == "3"


def test_cmd_c_does_one_line(shell: Shell) -> None:
    assert shell.run("cmd /c echo inner words") == ["inner words"]
    shell.run("cmd /c exit 9")
    assert errorlevel(shell) == "9"


def test_wild_input_leaves_a_prompt(shell: Shell) -> None:
    """Bytes without sense, long lines, unfinished sequences: cmd goes on."""
    shell.send("\x1b[\x1b[999999999999~\x00\x01\x1f" + "a" * 400 + "\x1b\x1b" + '"\n')
    shell.prompt()
    shell.send("\x15\n")
    shell.prompt()
    assert shell.run("echo ok") == ["ok"]


def test_pasted_lines_arrive_whole(shell: Shell) -> None:
    """More than the keyboard's queue takes, while cmd is at work: what has no room waits in the UART."""
    pasted = [f"echo line {n:03} of the pasted text" for n in range(60)]
    shell.send("".join(line + "\n" for line in pasted))
    for line in pasted:
        shell.wait_for(rf"^C:\\>{line}$")
        shell.wait_for(f"^{line.removeprefix('echo ')}$")
    shell.prompt()


def test_exit_closes_the_console_of_a_started_cmd(shell: Shell) -> None:
    new = shell.start("cmd", "^Type help for a list of commands")
    shell.prompt()
    shell.send("exit 7\n")
    shell.wait_for(rf"^\[console\] event=gone id={new}$")
    shell.wait_for(r"^\[console\] event=shown id=1$")
    shell.wait_for(r"^\[process\] event=exit id=\d+ name=cmd\.exe status=00000007$")
    shell.fresh_prompt()
    assert shell.run("echo here") == ["here"]


def test_exit_of_the_first_cmd_ends_the_machine(product: Product) -> None:
    with Shell(product) as shell:
        shell.send("exit\n")
        shell.wait_for(r"^\[process\] event=exit id=\d+ name=cmd\.exe status=00000000$")
        shell.wait_for(r"^\[exit\] status=success$")
