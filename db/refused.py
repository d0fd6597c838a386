"""The one family of "the world said no": a clerk can act on it and nothing was saved."""

from __future__ import annotations


class Refused(Exception):
    """Understood and declined; nothing was saved.

    Carries plain facts, no sentence: what the clerk reads comes from
    ``desk_app.messages.sentence_for``. Anything that is not ``Refused`` is our bug.
    """

    def __init__(self, **facts: object) -> None:
        super().__init__(*facts.values())
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        # Its facts have names: told so, it comes whole out of another process.
        return _again, (type(self), self.facts)

    def __getattr__(self, name: str) -> object:
        try:
            return self.__dict__["facts"][name]
        except KeyError:
            raise AttributeError(name) from None


def _again(kind: type[Refused], facts: dict[str, object]) -> Refused:
    return kind(**facts)
