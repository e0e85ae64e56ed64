"""One sample Reply of every kind, in words like the real ones, for the tests of all renderers."""

from dataclasses import replace

from bot.domain import Choice, Help, Match, Reply, ReplyKind, Section

EMERGENCY = Help("gb-999", "Emergency: Emergency services **999 or 112**")
POISON = Help("gb-nhs111", "Poison centre: [NHS 111](https://111.nhs.uk/) **111** (24/7)")
CRISIS = (
    Help(
        "gb-samaritans",
        "Crisis line: [Samaritans](https://www.samaritans.org/) **116 123** (24/7, free)",
    ),
    Help("gb-shout", "Crisis line: [Shout](https://giveusashout.org/) SHOUT to 85258 (24/7)"),
    Help("gb-nhs111-2", "Crisis line: NHS 111, option 2 (mental health) **111** (24/7)"),
    Help(
        "gb-ni-lifeline",
        "Crisis line: Lifeline **0808 808 8000** (Northern Ireland. 24/7, free)",
    ),
)

SOURCES = (
    (
        "[1] Nayak SM, Gukasyan N et al. (2021). [Classic psychedelic coadministration with "
        "lithium, but not lamotrigine, is associated with seizures]"
        "(https://doi.org/10.1055/a-1524-2794). Pharmacopsychiatry 54(5):240-245. Reports people "
        "chose to write: a warning sign, not a rate."
    ),
    (
        "[2] Soto-Angona Ó, Fortea A et al. (2024). [Do classic psychedelics increase the risk of "
        "seizures? A scoping review](https://doi.org/10.1016/j.euroneuro.2024.05.002). European "
        "Neuropsychopharmacology 85:35-42."
    ),
    (
        "[3] Bonson KR, Murphy DL (1996). [Alterations in responses to LSD in humans]"
        "(https://doi.org/10.1016/0166-4328(96)00102-7). Behavioural Brain Research "
        "73(1-2):229-233. Very small study."
    ),
    "[4] TripSit (2026). [Drug combinations data](https://github.com/TripSit/drugs).",
)

URGENT = Reply(
    kind=ReplyKind.URGENT,
    entry="emergency-medical",
    title="Call the emergency number now",
    text=(
        "**Call your emergency number now and put the phone on speaker.** Tell them that drugs "
        "were taken and that the person cannot be woken. They will tell you what to do, step by "
        "step. Stay with the person. You are doing the right thing."
    ),
    details=(
        Section(
            "While you wait",
            "- **Not breathing, or only gasping:** start chest compressions. They will talk you "
            "through it.\n"
            "- **Breathing but cannot be woken:** on their side, head tilted back a little. Keep "
            "checking that they breathe.\n"
            "- **A fit:** nothing in the mouth, do not hold them down, move hard things away.",
        ),
        Section("When the crew comes", "Tell them everything that was taken, and when."),
    ),
    help_heading="Help in the United Kingdom",
    help=(EMERGENCY, POISON, *CRISIS),
    help_kinds=("emergency", "poison", "crisis"),
    region="GB",
)

ANSWER = Reply(
    kind=ReplyKind.ANSWER,
    entry="lithium",
    title="Lithium and psychedelics",
    text=(
        "Please avoid this mix. Of 62 online reports of a psychedelic taken with lithium, 47% "
        "described a seizure [1]. Whether a very small amount is any different is unknown. Do not "
        "stop or skip lithium for this either: it is often what keeps a mood illness steady."
    ),
    details=(
        Section(
            "What was found",
            "In the same count, 39% of the lithium reports involved medical attention. None of 34 "
            "reports with another mood medicine, lamotrigine, described a seizure [1]. A review "
            "also names lithium as a likely trigger [2]. An older, very small study found that "
            "LSD felt stronger in people on lithium [3].",
        ),
        Section(
            "What nobody knows",
            "People chose to post these reports, so they show a danger sign and not a true rate. "
            "A community chart rates the mix as dangerous [4].",
        ),
        Section(
            "If you or a friend already mixed them",
            "- Stay with the person, or ask someone to stay with you.\n"
            "- If they are drowsy, keep them on their side.\n"
            '- Call a poison centre now and say "lithium and a psychedelic".',
        ),
    ),
    notes=(
        "**Avoid this combination.**",
        (
            "**How sure is this?** Moderate certainty. Good evidence, but more could change it. "
            "Counts of online reports, not a trial. But every source we have points the same way."
        ),
        "Sources last checked on 2026-11-22.",
    ),
    sources_heading="Sources",
    sources=SOURCES,
    help_heading="Help in the United Kingdom",
    help=(EMERGENCY, POISON),
    help_kinds=("emergency", "poison"),
    region="GB",
    choices_heading="Related answers",
    choices=(
        Choice("bipolar", "Bipolar disorder and mania"),
        Choice("anticonvulsants-lamotrigine", "Lamotrigine, valproate and other seizure medicines"),
        Choice("epilepsy", "Epilepsy and seizures"),
    ),
    score=0.97,
    ranked=(Match("lithium", 0.97, "can i microdose on lithium"), Match("bipolar", 0.02)),
)

CHECK = Reply(
    kind=ReplyKind.CHECK,
    entry="suicide-crisis",
    title="Are you safe right now?",
    text=(
        "If you or someone with you is in danger right now, call the emergency number. If you "
        "would like to talk to someone, these people will listen. My answer to what you wrote "
        "follows below."
    ),
    help_heading="Help in the United Kingdom",
    help=(EMERGENCY, *CRISIS[:2]),
    help_kinds=("emergency", "crisis"),
    region="GB",
    follow=ANSWER,
)

CHECK_ALONE = Reply(
    kind=ReplyKind.CHECK,
    entry="suicide-crisis",
    title="Are you safe right now?",
    text="If you or someone with you is in danger right now, call the emergency number.",
    help_heading="Help in the United Kingdom",
    help=(EMERGENCY, *CRISIS[:2]),
    help_kinds=("emergency", "crisis"),
    region="GB",
)

POLICY = Reply(
    kind=ReplyKind.POLICY,
    entry="no-dosing",
    title="Amounts, schedules and measuring",
    text=(
        "I don't give amounts, schedules or ways to measure. Mushrooms differ a lot in strength, "
        "even within one kind [1]. I can tell you who should not take any at all, which medicines "
        "clash with it, and what the trials found."
    ),
    details=(
        Section(
            "What helps more than a number",
            "- Ask a pharmacist about every medicine and supplement you take.\n"
            "- If you feel anything, treat yourself as impaired: no driving, no machines.",
        ),
    ),
    sources_heading="Sources",
    sources=("[1] van Breemen RB et al. (2025). Active constituents of mushroom edibles.",),
    help_heading="Help in the United Kingdom",
    help=(POISON,),
    help_kinds=("poison",),
    region="GB",
    choices_heading="Related answers",
    choices=(Choice("who-should-not", "Who should not microdose at all"),),
    score=0.91,
)

CHOICES = Reply(
    kind=ReplyKind.CHOICES,
    title="Which of these do you mean?",
    text="I'm not sure which answer fits. Pick one, or tell me that none does.",
    choices=(
        Choice("lithium", "Lithium and psychedelics"),
        Choice("bipolar", "Bipolar disorder and mania"),
        Choice("medicine-not-listed", "A medicine that is not on the list"),
    ),
    ranked=(Match("lithium", 0.41), Match("bipolar", 0.33), Match("medicine-not-listed", 0.1)),
)

FALLBACK = Reply(
    kind=ReplyKind.FALLBACK,
    title="I don't have an answer to that",
    text=(
        "None of my answers fits your question, and I don't guess. These people can help. You can "
        "also ask again in other words: one short question works best."
    ),
    help_heading="Help in the United Kingdom",
    help=(EMERGENCY, POISON, *CRISIS[:2]),
    help_kinds=("emergency", "poison", "crisis"),
    region="GB",
)

TROUBLE = Reply(
    kind=ReplyKind.FALLBACK,
    title="Something went wrong on my side",
    text="I could not look up an answer just now. It is not your fault.",
    help_heading="Help in the United Kingdom",
    help=(EMERGENCY, *CRISIS[:2]),
    help_kinds=("emergency", "crisis"),
    region="GB",
)

GONE = Reply(
    kind=ReplyKind.FALLBACK,
    text="That answer is no longer here. Please ask your question again.",
)

INFO = Reply(
    kind=ReplyKind.INFO,
    title="Help lines in the United Kingdom",
    text="Free and private. You can call for yourself or for somebody else.",
    help_heading="Help in the United Kingdom",
    help=(EMERGENCY, POISON, *CRISIS),
    help_kinds=("emergency", "crisis", "poison"),
    region="GB",
)

OVERDUE = replace(
    ANSWER,
    notes=(
        *ANSWER.notes,
        (
            "This answer was due for a new check on 2026-11-01 and has not had it yet. Please look "
            "at its sources before you rely on it."
        ),
    ),
)

EVERY_REPLY: dict[str, Reply] = {
    "urgent": URGENT,
    "check": CHECK,
    "check-alone": CHECK_ALONE,
    "answer": ANSWER,
    "overdue": OVERDUE,
    "policy": POLICY,
    "choices": CHOICES,
    "fallback": FALLBACK,
    "trouble": TROUBLE,
    "gone": GONE,
    "info": INFO,
}
