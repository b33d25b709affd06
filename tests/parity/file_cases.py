"""Project files whose reading is easily got wrong, for `record_files.py` and `test_files.py`."""

CONFIGS = {
    "nothing said": "language: en\n",
    "comments only": (
        "language: en\npipeline:\n# # No configuration for the NLU pipeline was provided.\n"
        "#   - name: WhitespaceTokenizer\npolicies:\n# - name: MemoizationPolicy\n"
    ),
    "null": "language: en\npipeline: null\npolicies: ~\n",
    "no policies": "language: en\npipeline:\n- name: KeywordIntentClassifier\n",
    "no pipeline": "language: en\npolicies:\n- name: RulePolicy\n  core_fallback_threshold: 0.5\n",
}
"""Configurations in which something is left to be filled in."""

DOMAIN = """\
version: "3.1"
intents: [greet, bye, {faq: {is_retrieval_intent: true}}]
entities: [city]
responses:
  utter_greet: [{text: Hi}]
  utter_bye: [{text: Bye}]
  utter_faq/name: [{text: Bot}]
actions: [utter_faq]
"""
STORY = """\
version: "3.1"
stories:
- story: {name}
  steps:
  - {user}
  - action: {action}
"""
WORDS = '{user: "hello [Rome](city)", intent: greet}'
LAYOUTS = {
    "in the data": {
        "data/stories.yml": STORY.format(name="a", user="intent: bye", action="utter_bye"),
        "data/test_stories.yml": STORY.format(name="b", user=WORDS, action="utter_greet"),
    },
    "deeper, with rules": {
        "data/more/test_rules.yml": (
            'version: "3.1"\nrules:\n- rule: r\n  steps:\n  - intent: bye\n  - action: utter_bye\n'
        ),
    },
    "beside the data": {
        "data/stories.yml": STORY.format(name="a", user="intent: bye", action="utter_bye"),
        "tests/test_stories.yml": STORY.format(name="b", user=WORDS, action="utter_greet"),
    },
    "full retrieval intents": {
        "data/test_faq.yml": STORY.format(name="a", user="intent: faq/name", action="utter_faq"),
    },
    "examples": {
        "data/test_nlu.yml": 'version: "3.1"\nnlu:\n- intent: bye\n  examples: |\n    - so long\n',
        "data/stories.yml": STORY.format(name="a", user="intent: bye", action="utter_bye"),
    },
}
"""Files by their places, some with names that begin with `test_`."""

SCAFFOLD = """\
# This file contains the credentials for the voice & chat platforms
rest:
#  # you don't need to provide anything here - this channel doesn't
#  # require any credentials

#facebook:
#  verify: "<verify>"

# This entry is needed if you are using Rasa Enterprise.
rasa:
  url: "http://localhost:5002/api"
"""
CREDENTIALS = {
    "as in a new project": SCAFFOLD,
    "with Rasa X's address alone": "rasa:\n  url: http://localhost:5002/api\n",
    "with a widget": f"{SCAFFOLD}socketio:\n  user_message_evt: user_uttered\n",
    "with comments only": "# rest:\n",
}
