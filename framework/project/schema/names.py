"""Names of actions, responses and intents that mean something to Frame itself."""

from __future__ import annotations

LISTEN = "action_listen"
RESTART = "action_restart"
SESSION_START = "action_session_start"
DEFAULT_FALLBACK = "action_default_fallback"
DEACTIVATE_LOOP = "action_deactivate_loop"
REVERT_FALLBACK_EVENTS = "action_revert_fallback_events"
ASK_AFFIRMATION = "action_default_ask_affirmation"
ASK_REPHRASE = "action_default_ask_rephrase"
TWO_STAGE_FALLBACK = "action_two_stage_fallback"
UNLIKELY_INTENT = "action_unlikely_intent"
BACK = "action_back"
FORGET_ME = "action_forget_me"
RECOMMEND = "action_recommend"
CHAT = "action_chat"
"""Says the replies of `seq2seq:`, in a project that has it."""

EXTRACT_SLOTS = "action_extract_slots"
VALIDATE_SLOT_MAPPINGS = "action_validate_slot_mappings"
ANSWER_FROM_KNOWLEDGE = "action_answer_from_knowledge"

DEFAULT_ACTIONS = (
    LISTEN,
    RESTART,
    SESSION_START,
    DEFAULT_FALLBACK,
    DEACTIVATE_LOOP,
    REVERT_FALLBACK_EVENTS,
    ASK_AFFIRMATION,
    ASK_REPHRASE,
    TWO_STAGE_FALLBACK,
    UNLIKELY_INTENT,
    BACK,
    FORGET_ME,
    EXTRACT_SLOTS,
    VALIDATE_SLOT_MAPPINGS,
    ANSWER_FROM_KNOWLEDGE,
)
"""What every bot can do without declaring it."""

SNIPPET = "..."
"""Stands for whatever happened before a rule, and after one that doesn't wait for the user."""

KNOWLEDGE_ANSWER = "utter_knowledge_answer"
NO_ANSWER = "utter_no_answer"

VALIDATE = "validate_"
"""Begins the name of an action that validates the slots of a form."""

EXTRACT = "extract_"
"""Begins the name of an action that fills the slots of a form."""

FALLBACK_INTENT = "nlu_fallback"
OUT_OF_SCOPE_INTENT = "out_of_scope"


def asking_names(form: str, slot: str) -> tuple[str, str, str, str]:
    """Give the names of the actions that may ask for a slot of a form, the strongest first."""
    return (
        f"action_ask_{form}_{slot}",
        f"utter_ask_{form}_{slot}",
        f"action_ask_{slot}",
        f"utter_ask_{slot}",
    )
