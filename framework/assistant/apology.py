"""What is said where a turn failed and the bot has no `utter_default`, in several languages."""

# ruff: noqa: RUF001  # signs of other scripts

from __future__ import annotations

_APOLOGIES = {
    "en": "Sorry, something went wrong. Please try again.",
    "de": "Da ist leider etwas schiefgegangen. Bitte versuche es noch einmal.",
    "es": "Lo siento, algo ha salido mal. Inténtalo de nuevo, por favor.",
    "fr": "Désolé, quelque chose s'est mal passé. Veuillez réessayer.",
    "it": "Mi dispiace, qualcosa è andato storto. Riprova, per favore.",
    "pt": "Desculpe, algo correu mal. Por favor, tente novamente.",
    "nl": "Sorry, er ging iets mis. Probeer het alsjeblieft opnieuw.",
    "pl": "Przepraszam, coś poszło nie tak. Proszę spróbować ponownie.",
    "tr": "Üzgünüm, bir şeyler ters gitti. Lütfen tekrar deneyin.",
    "ru": "Извините, что-то пошло не так. Попробуйте, пожалуйста, ещё раз.",
    "zh": "抱歉，出了点问题，请再试一次。",
    "ja": "申し訳ありません。問題が発生しました。もう一度お試しください。",
    "ko": "죄송합니다. 문제가 발생했습니다. 다시 시도해 주세요.",
}


def apology(language: str) -> str:
    """Apologise, in English where the language isn't known."""
    return _APOLOGIES.get(language[:2].lower(), _APOLOGIES["en"])
