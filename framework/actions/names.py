"""Names of the actions, and of the parts of names, that mean something to the engine."""

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
EXTRACT_SLOTS = "action_extract_slots"
VALIDATE_SLOT_MAPPINGS = "action_validate_slot_mappings"
ANSWER_FROM_KNOWLEDGE = "action_answer_from_knowledge"

KNOWLEDGE_ANSWER = "utter_knowledge_answer"
NO_ANSWER = "utter_no_answer"

VALIDATE = "validate_"
EXTRACT = "extract_"

FALLBACK_INTENT = "nlu_fallback"
OUT_OF_SCOPE_INTENT = "out_of_scope"
