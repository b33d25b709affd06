"""What is said around a quotation, and where nothing was found, in several languages."""

# ruff: noqa: RUF001  # signs of other scripts

from __future__ import annotations

_NO_ANSWER = {
    "en": "I found no answer to that in my documents.",
    "de": "Dazu habe ich in meinen Unterlagen nichts gefunden.",
    "es": "No he encontrado una respuesta en mis documentos.",
    "fr": "Je n'ai pas trouvé de réponse dans mes documents.",
    "it": "Non ho trovato una risposta nei miei documenti.",
    "pt": "Não encontrei uma resposta nos meus documentos.",
    "nl": "Ik heb daar in mijn documenten geen antwoord op gevonden.",
    "pl": "Nie znalazłem odpowiedzi w moich dokumentach.",
    "tr": "Belgelerimde bunun yanıtını bulamadım.",
    "ru": "В моих документах нет ответа на этот вопрос.",
    "zh": "我在资料中没有找到相关内容。",
    "ja": "資料の中に該当する内容が見つかりませんでした。",
    "ko": "자료에서 관련 내용을 찾지 못했습니다.",
}
_SOURCE = {
    "en": "Source",
    "de": "Quelle",
    "es": "Fuente",
    "fr": "Source",
    "it": "Fonte",
    "pt": "Fonte",
    "nl": "Bron",
    "pl": "Źródło",
    "tr": "Kaynak",
    "ru": "Источник",
    "zh": "来源",
    "ja": "出典",
    "ko": "출처",
}


def no_answer(language: str) -> str:
    """Say that nothing was found, in English where the language isn't known."""
    return _NO_ANSWER.get(language[:2].lower(), _NO_ANSWER["en"])


def with_source(text: str, source: str, *, language: str) -> str:
    """Put the source below a text."""
    return f"{text}\n({_SOURCE.get(language[:2].lower(), _SOURCE['en'])}: {source})"
