"""What the commands print: problems, explanations and figures."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from bot.bootstrap import Engine
from bot.domain import Problem, Question
from bot.evaluation import Report
from bot.responder import Trace
from bot.text.signs import Finding


class Format(StrEnum):
    """How `check` prints Problems."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"


def print_problems(problems: Sequence[Problem], form: Format) -> None:
    """Print every Problem, one a line."""
    for p in problems:
        if form is Format.JSON:
            record = {"path": str(p.path), "line": p.line, "level": p.level}
            print(json.dumps({**record, "message": p.message, "rule": p.rule}))
        elif form is Format.GITHUB:
            place = f"file={_escape(p.path, ':,')},line={p.line},title={p.rule}"
            print(f"::{p.level} {place}::{_escape(p.message)}")
        else:
            print(p)


def _escape(words: object, also: str = "") -> str:
    """Return `words` as GitHub's commands want them; a bare line end would cut them off."""
    return re.sub(f"[%\\r\\n{also}]", lambda sign: f"%{ord(sign[0]):02X}", str(words))


def print_explanation(engine: Engine, question: Question, trace: Trace) -> None:
    """Print how a Reply came about, exact to the logit, and what would have changed it."""
    print(f"reply     {trace.reply.kind} {trace.reply.entry or ''}".rstrip())
    print(f"because   {trace.decision}")
    print(f"words     {' '.join(trace.words)}")
    for typed, read in trace.repairs:
        print(f"repaired  {typed} -> {read}")
    for finding in engine.triage.explain(question.text)[:5]:
        sign = f"{finding.entry}/{finding.sign}"
        why = _why(finding)
        print(f'triage    {finding.outcome} {finding.level} {sign} "{finding.words}"{why}')
    for thing in trace.named.things:
        print(f"named     {thing.id} ({thing.kind})")
    if trace.reply.kind == "urgent":
        return
    if trace.sort:
        answer, offer = trace.wanted
        print(f"wanted    {answer:.4f} to answer, {offer:.4f} to offer ({trace.sort})")
    gate = engine.things
    entries = engine.library.entries
    gated = [e.id for e in entries.values() if not gate.allows(trace.named, e)]
    print(f"gated out {len(gated)} entries {', '.join(gated[:6])}".rstrip())
    reasons = engine.matcher.explain(
        trace.words, lambda entry: gate.allows(trace.named, entries[entry]), 3
    )
    for reason in reasons:
        print(f'\n{reason.match.score:.4f} {reason.match.entry}: "{reason.match.phrase}"')
        met = (
            ", ".join(w for w in reason.shared if not w.startswith("@"))
            or "none; it is near in meaning"
        )
        print(f"      words that met: {met}")
        shares = ", ".join(f"{name} {share:+.4f}" for name, share in reason.shares)
        logit = sum(share for _, share in reason.shares) + reason.bias
        print(f"      logit {logit:+.4f}: {shares}, constant {reason.bias:+.4f}")
    if trace.words:
        _print_advice(engine, question, [reason.match.entry for reason in reasons])


def _print_advice(engine: Engine, question: Question, nearest: Sequence[str]) -> None:
    """Print what a moderator would add so that the question gets the right reply next time."""
    words = json.dumps(" ".join(question.text.split())[:200], ensure_ascii=False)
    root = engine.library.root
    print("\nIf that is not the right reply, add this line to the `ask` list of the right entry:")
    print(f"  - {words}")
    for entry in nearest:
        print(f"    {engine.library.entries[entry].path}")
    print(f"If no entry answers it, add the line to {root / 'strays.yaml'}.")


def _why(finding: Finding) -> str:
    """Return what lifted or softened a sign, with its words, or what the sign lacked."""
    if finding.outcome == "incomplete":
        return f", lacks {finding.because}"[:160]
    return f', by {finding.because} "{finding.because_words}"' if finding.because else ""


def print_report(report: Report, *, show: bool) -> None:
    """Print the figures, and with `show` every case that went wrong."""
    for name, (count, whole) in report.figures().items():
        share = f"{count / whole:6.1%}" if whole else "     -"
        print(f"{name:28} {share}  ({count} of {whole})")
    verdicts = Counter(outcome.verdict for outcome in report.outcomes)
    print("verdicts: " + ", ".join(f"{name} {n}" for name, n in verdicts.most_common()))
    fine = {"right", "alarm", "left", "offered"}
    for o in report.outcomes:
        if show and (o.verdict not in fine or (o.verdict == "offered" and not o.case.labels)):
            got = o.reply.entry or ", ".join(c.entry for c in o.reply.choices) or o.reply.kind
            wanted = ", ".join(sorted(o.case.labels)) or "none"
            print(f"{o.verdict:12} {o.case.text[:90]!r}\n{'':12} wanted {wanted}; got {got}")
