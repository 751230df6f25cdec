"""The list of cases: each is a function with a name and one sentence that says what is right."""

import dataclasses
import typing

ALL = []


@dataclasses.dataclass(eq=False)
class Case:
    topic: str
    name: str
    sentence: str
    run: typing.Callable


def case(topic):
    """Takes a function into the list; its docstring is the sentence."""

    def take(function):
        add(topic, function.__name__.replace("_", "-"), function.__doc__, function)
        return function

    return take


def add(topic, name, sentence, run):
    ALL.append(Case(topic, name, sentence.strip(), run))
