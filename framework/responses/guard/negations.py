"""Words that deny, and words that mean the contrary of others."""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

NEGATIONS = frozenset(
    """
    not never no nor neither cannot without unable hardly avoid refrain nobody
    except außer sauf excepto salvo
    aucun aucune ningún ninguna ninguno nadie keinerlei keines
    nicht kein keine keinen keinem keiner nie niemals ohne nunca sin jamais pas sans non mai senza
    não sem niet geen nooit zonder
    """.split()
)

IDIOMS = (
    r"\bno(?:t)? \p{L}+er than\b|\bfailed (?:attempts?|logins?|tries)\b|"
    r"\b(?:vergessen sie|vergiss)\b[^.!?]*?\bnicht\b|\bkeine sorge\b|\bzögern sie nicht\b"
    r"|\bno (?:olvides?|dudes?|se preocupe)\b|\bn'(?:oubliez|hésitez) pas\b|"
    r"\bno\.? ?#?\d"
    r"|\bno (?:rush|hurry|pressure|stress|hassle|worries"
    r"|problem|doubt|matter|wonder|longer than|later than|more than"
    r"|less than|need to worry)\b|\bnot (?:only|just|a problem|at all a problem)\b|\bif not\b"
    r"|\bwhy not\b|\b(?:can't|cannot) wait\b|\bwhether or not\b|\bor not\b|\bto avoid\b"
    r"|\bisn't it\b"
    r"|不客气|不好意思|不用担心|不必担心|没问题|没关系|不用谢|不久|不同|不仅|不但|不过|差不多|不错"
    r"|非常|未来|无论|特别|分别|级别|性别|个别|别人|告别|别的"
)
"""Negations that deny nothing."""

SUPPOSED = (
    r"^\s*(?:should (?:you|your|it|the|there|this|that|we)|if|unless|in case|when|wenn"
    r"|falls|si|se|als)\b"
    r"|如果|若|要是|假如"
)
"""What begins a clause that only supposes something."""

HARMLESS = frozenset("forget hesitate worry miss long late mind doubt fear panic".split())
"""To be told not to do these denies nothing of what follows."""

CONTRARIES: dict[str, str] = {
    "closed": "open",
    "geschlossen": "offen",
    "excluded": "includ",
    "excludes": "includ",
    "excluding": "includ",
    "forbidden": "allow",
    "prohibited": "allow",
    "banned": "allow",
    "rejected": "accept",
    "declined": "accept",
    "refused": "accept",
    "denied": "accept",
    "failed": "succeed",
    "cancelled": "run",
    "canceled": "run",
}
"""Words -> the stem of what they deny."""

SAME: dict[str, str] = {
    "permitted": "allow",
    "approved": "accept",
    "confirmed": "accept",
    "sent": "send",
    "paid": "pay",
    "left": "leave",
    "lent": "lend",
    "made": "make",
    "got": "get",
    "went": "go",
    "came": "come",
    "sold": "sell",
    "bought": "buy",
    "found": "find",
    "kept": "keep",
    "held": "hold",
    "won": "win",
    "ate": "eat",
    "eaten": "eat",
    "chosen": "choose",
    "broken": "break",
    "taken": "take",
    "took": "take",
    "given": "give",
    "gave": "give",
    "driven": "drive",
    "written": "write",
    "wrote": "write",
    "shut": "close",
    "tell": "say",
    "told": "say",
}
"""Forms and synonyms that cutting endings doesn't find."""

EMPTY = frozenset(
    """
    the and you your yours are was were been being for with this that these those have has had
    having will would can could may might must shall should does did doing done any all some more
    most much many few other another such own very too also just only even ever yet still already
    longer soon now then here there when where what which who whom whose how why than from into
    onto over under about after before again once our ours its his her their them they she him
    please sorry unfortunately sadly else able get gets let like want wants need needs one anything
    something everything nothing thing things way bit lot well way kind not don out off per via
    each every both either between within until till since during while however though although
    because so but yes okay of to in on at by is be am an as it we us me my if or do up la le les
    der die das den dem ein eine und ist sind wir sie ihr ihre los las una uno que por para con del
    """.split()
) - frozenset("need needs".split())
"""English and some other words that mean too little to be denied."""

HAN_NEGATIONS = r"(禁止|严禁|请勿|谢绝|不得|拒绝|没有|无法|无需|无须|不|没|未|无|勿|别)"
HAN_PARTICLES = (
    r"^(?:支持|允许|接受|[能可以会要是用需得收从在为被把再有必应该当])+"
    r"|[了的吗呢吧啊呀哦已经请您你我们话]"
)

OPPOSITES: tuple[tuple[str, str], ...] = tuple(
    pair
    for one, other in (
        ("at least", "at most"),
        ("always", "never"),
        ("increased?", "decreased?"),
        ("earliest", "latest"),
        ("(?:the|your|our) first", "(?:the|your|our) last(?! (?:for|about|until|up))"),
        ("cheaper", "(?:dearer|more expensive)"),
    )
    for pair in ((one, other), (other, one))
)
"""Patterns of which a reply may not have the one where its source has only the other."""
