"""Telling a scanner that types from a hand that types: the pure half of the keyboard scanner.

A scanner in keyboard mode sends its text as key presses, a few milliseconds apart, usually ended
by Enter. Speed alone does not tell it from a hand (published limits moved from 50 to 150 ms a key
after complaints), so a burst counts as a scan only when it is quick *and* its text is something we
know. Nothing here knows the time: every call says when it happened, in milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

Verdict = Literal["scan", "unclear", "typing"]


class Pace(NamedTuple):
    """How quick a scanner is. All in milliseconds, except the number of characters."""

    fewest: int = 6
    mean_ms: float = 35
    gap_ms: float = 100
    """A longer silence ends the burst."""
    hold_after: int = 4
    """From this many quick keys on, a widget that is not a text field gets no more of them."""


PACE = Pace()


class Reading(NamedTuple):
    """What one burst came to; the scanner's test page shows these figures."""

    text: str
    keys: int
    mean_ms: float
    longest_ms: float
    verdict: Verdict
    ended_by: Literal["enter", "silence"]


class Answer(NamedTuple):
    """What to do with the key just told: swallow it, remember the fields, or act on a reading."""

    swallow: bool = False
    quick: bool = False
    """So fast that no hand did it: only a text field, which can be put back, may have the key."""
    started: bool = False
    """The first key of a burst: remember now what the fields hold."""
    reading: Reading | None = None


PASS = Answer()


class _Burst:
    def __init__(self, prefixed: bool = False, at: float = 0) -> None:
        self.text = ""
        self.keys = 0
        self.first = self.last = at
        self.longest = 0.0
        self.prefixed = prefixed
        self.ended = False

    def press(self, at: float) -> None:
        if self.keys:
            self.longest = max(self.longest, at - self.last)
        else:
            self.first = at
        self.keys += 1
        self.last = at

    @property
    def mean(self) -> float:
        return (self.last - self.first) / (self.keys - 1) if self.keys > 1 else 0


class Recogniser:
    """Takes keys with their times and says which of them are a scan.

    ``kind_of`` names what a text is (``card``, ``code``, ``number``) or returns "" for nothing we
    know. A ``number`` may be only the first line of a card whose scanner breaks lines, so after its
    Enter the recogniser waits for the silence before it believes it.
    """

    def __init__(self, kind_of: Callable[[str], str], pace: Pace = PACE) -> None:
        self.kind_of = kind_of
        self.pace = pace
        self._burst: _Burst | None = None
        self._after_scan: float | None = None

    def prefix(self, at: float) -> Answer:
        """The scanner's own first key: everything up to Enter is a scan, no guessing needed."""
        self._burst = _Burst(prefixed=True, at=at)
        return Answer(swallow=True)

    def key(self, text: str, at: float) -> Answer:
        """One printable key, or what an input method put in its place."""
        if self._is_rest_of_a_scan(at):
            return Answer(swallow=True)
        earlier = self._end_if_silent(at)
        started = self._burst is None
        burst = self._burst = self._burst or _Burst()
        burst.press(at)
        burst.text += text
        return Answer(
            swallow=burst.prefixed or burst.ended,
            quick=self._is_quick(self.pace.hold_after),
            started=started,
            reading=earlier,
        )

    def backspace(self, at: float) -> Answer:
        """An input method rewrites letters by Backspace: inside a burst it edits the burst."""
        if self._is_rest_of_a_scan(at):
            return Answer(swallow=True)
        earlier = self._end_if_silent(at)
        burst = self._burst
        if burst is None:
            return Answer(reading=earlier)
        burst.press(at)
        burst.text = burst.text[:-1]
        return Answer(
            swallow=burst.prefixed or burst.ended, quick=self._is_quick(self.pace.hold_after)
        )

    def end(self, at: float) -> Answer:
        """Enter or Tab, which most scanners send last."""
        if self._is_rest_of_a_scan(at):
            return Answer(swallow=True)
        earlier = self._end_if_silent(at)
        burst = self._burst
        if burst is None:
            return Answer(reading=earlier)
        if not (burst.prefixed or self._is_quick(self.pace.fewest)):
            return self.other()._replace(reading=self._close("enter", "typing"))
        burst.ended = True
        kind = self.kind_of(burst.text)
        if kind and (burst.prefixed or kind != "number"):
            self._after_scan = at
            return Answer(swallow=True, reading=self._close("enter", "scan"))
        burst.text += "\n"
        return Answer(swallow=True)

    def silence(self) -> Answer:
        """Nothing came for longer than the gap: decide about what is there."""
        burst = self._burst
        if burst is None:
            return PASS
        if not (burst.prefixed or self._is_quick(self.pace.fewest)):
            return Answer(reading=self._close("silence", "typing"))
        if self.kind_of(burst.text.rstrip("\n")):
            return Answer(reading=self._close("silence", "scan"))
        if burst.prefixed or burst.ended or _is_noise(burst.text):
            return Answer(reading=self._close("silence", "unclear"))
        return Answer(reading=self._close("silence", "typing"))

    def other(self) -> Answer:
        """Any key no scanner sends: what was typed before it was typed by a hand."""
        self._burst = None
        self._after_scan = None
        return PASS

    @property
    def waiting(self) -> bool:
        """Whether a burst is open, so that its silence has to be told."""
        return self._burst is not None

    def _is_quick(self, keys: int) -> bool:
        burst = self._burst
        return (
            burst is not None
            and burst.keys >= keys
            and burst.mean <= self.pace.mean_ms
            and burst.longest <= self.pace.gap_ms
        )

    def _is_rest_of_a_scan(self, at: float) -> bool:
        """Empty last fields, a second Enter: what a scanner still sends after a whole scan."""
        if self._after_scan is None:
            return False
        if at - self._after_scan > self.pace.mean_ms:
            self._after_scan = None
            return False
        self._after_scan = at
        return True

    def _end_if_silent(self, at: float) -> Reading | None:
        if self._burst is not None and at - self._burst.last > self.pace.gap_ms:
            return self.silence().reading
        return None

    def _close(self, ended_by: Literal["enter", "silence"], verdict: Verdict) -> Reading:
        burst = self._burst or _Burst()
        self._burst = None
        return Reading(
            burst.text.rstrip("\n"), burst.keys, burst.mean, burst.longest, verdict, ended_by
        )


def _is_noise(text: str) -> bool:
    """Half a card or half a code: too many digits for a text expander's macro."""
    return "|" in text or sum(c.isdigit() for c in text) >= 6
