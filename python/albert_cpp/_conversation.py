"""A process that answers every line of its standard input with a line of its standard output."""

import os
import selectors
import subprocess
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from albert_cpp._program import AlbertError, environment, program

_AHEAD = 2048  # lines without an answer yet at most: four times what the program computes together
_PIECE = 1 << 16  # bytes that are read or written at a time
_LOG = 1 << 16  # bytes of the log that are kept


class InUseError(RuntimeError):
    """Another call of the same object has answers that are not taken yet."""


class Conversation:
    """Starts the program when it is first asked something, and again after it has failed.

    One thread moves the bytes of all three pipes, so that none of them fills up while another one is waited for.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = [program(), *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._in_use = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._unsent = bytearray()  # of lines
        self._unread = bytearray()  # the begin of an answer
        self._ready: deque[bytes] = deque()  # answers that nobody has taken
        self._owed = 0  # answers to lines of this or earlier calls, taken ones excluded
        self._log = b""
        self._selector = selectors.DefaultSelector()
        self._is_writing = False  # whether the selector waits for room in the pipe to the program

    def ask(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The answers, in the order of the lines.

        lines: each with its line feed; read ahead of the answers

        Raises AlbertError with what the program logged if it ends before its last answer, once those before it are taken; InUseError.
        """
        if not self._in_use.acquire(blocking=False):
            raise InUseError("another call has answers that are not taken yet; close it, or use an object of its own for each thread")
        try:
            yield from self._exchange(iter(lines))
        finally:
            self._in_use.release()

    def close(self) -> None:
        """Ends the process. Answers that are not taken are lost."""
        process, self._process = self._process, None
        if process is None:
            return
        self._selector.close()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            _close(pipe)
        self._forget()

    def _exchange(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        self._drain()
        process = self._process or self._start()
        is_last = False
        while self._owed > 0 or not is_last:
            if self._process is not process:
                raise AlbertError("it was closed while answers were owed", 0)
            is_last = is_last or self._take_ahead(lines)
            yield from self._take(process)

    def _take(self, process: subprocess.Popen[bytes]) -> Iterator[bytes]:
        """The answers that are there, or come next."""
        if not self._ready and self._owed > 0:
            self._move(process)
        while self._ready:
            self._owed -= 1
            yield self._ready.popleft()

    def _drain(self) -> None:
        """Waits for what earlier calls asked and did not take."""
        try:
            while self._process and self._owed > 0:
                deque(self._take(self._process), maxlen=0)
        except AlbertError:
            pass  # which was theirs to hear; the program is started again

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = process = subprocess.Popen(
            self._arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, env=environment()
        )
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
        self._selector.register(process.stderr, selectors.EVENT_READ)  # type: ignore[arg-type]
        return process

    def _take_ahead(self, lines: Iterator[bytes]) -> bool:
        """Takes as many lines as may be on their way. Returns whether there are no more."""
        while self._owed < _AHEAD and len(self._unsent) < _PIECE:
            line = next(lines, None)
            if line is None:
                return True
            self._unsent += line
            self._owed += 1
        return False

    def _move(self, process: subprocess.Popen[bytes]) -> None:
        """Waits until a pipe is ready, and reads or writes what it takes."""
        assert process.stdin is not None
        if self._unsent and not self._is_writing and not process.stdin.closed:
            self._selector.register(process.stdin, selectors.EVENT_WRITE)
            self._is_writing = True
        for key, _ in self._selector.select():
            if key.fileobj is process.stdin:
                self._write(process.stdin)
            elif process.stderr is not None and key.fileobj is process.stderr:
                self._read_log(process.stderr)
            else:
                self._read(process, key.fd)

    def _write(self, pipe: IO[bytes]) -> None:
        has_ended = False
        try:
            del self._unsent[: os.write(pipe.fileno(), self._unsent[:_PIECE])]
        except BrokenPipeError:  # what it still has to say follows
            has_ended = True
        if has_ended or not self._unsent:
            self._selector.unregister(pipe)
            self._is_writing = False
        if has_ended:
            pipe.close()

    def _read(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        piece = os.read(descriptor, _PIECE)
        self._unread += piece
        if b"\n" in piece:
            *answers, rest = bytes(self._unread).split(b"\n")
            self._ready.extend(answers)
            self._unread = bytearray(rest)
        elif not piece and not self._ready:
            self._fail(process)

    def _read_log(self, pipe: IO[bytes]) -> None:
        piece = os.read(pipe.fileno(), _PIECE)
        self._log = (self._log + piece)[-_LOG:]
        if not piece:
            self._selector.unregister(pipe)

    def _fail(self, process: subprocess.Popen[bytes]) -> None:
        """The program has closed its output while answers are owed."""
        assert process.stderr is not None
        os.set_blocking(process.stderr.fileno(), True)
        self._log += process.stderr.read() or b""
        code = process.wait()
        message = self._log[-_LOG:].decode("utf-8", "replace").strip()
        self.close()
        raise AlbertError(message or "albert has ended without a word", code)


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()
