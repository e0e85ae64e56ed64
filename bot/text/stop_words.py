"""The words that tell nothing about what a question is about."""

STOP_WORDS = frozenset(
    """a an the is are was were be been am do does did can could would will shall should may might
    must i me my mine we us our you your he she it its they them their this that these those to of
    in on at for from by with as and or but if so than then there here what which who whom how when
    where why have has had not no just about into up out get got any some please hi hello hey ok
    okay tell give want need know like id dont doesnt didnt cant isnt one also too really very
    thanks anyone someone""".split()  # noqa: SIM905 - a table reads better than a list of quotes
)
