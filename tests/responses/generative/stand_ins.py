"""Stand-ins for language models: an OpenAI-compatible server, an engine, a text in pieces."""

import json
import threading
import time

from framework.responses.generative.base import ChatModel, Piece, Usage
from framework.responses.generative.local import LocalModel
from tests.web import LocalServer


class Server(LocalServer):
    """An OpenAI-compatible server whose reply is a function of the messages that it is sent."""

    path = "/v1"

    def __init__(self, reply=lambda messages: "Hi there, Ada!"):
        super().__init__()
        self.reply = reply
        self.answers = []  # (status, headers, body) of the next ones, before it answers 200
        self.streams, self.raw, self.pause_seconds, self.endless = True, None, 0.0, False
        self.usage, self.finish = None, "stop"

    def answer(self, handler, body):
        request = json.loads(body)
        self.requests.append(request)
        status, headers, *body = self.answers.pop(0) if self.answers else (200, {})
        handler.send_response(status)
        kind = "text/event-stream" if self.streams else "application/json"
        for name, value in {"Content-Type": kind, **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if status != 200:
            handler.wfile.write(b"".join(body))
            return
        if self.raw is not None:
            handler.wfile.write(self.raw)
            time.sleep(self.pause_seconds)
        while self.endless:
            handler.wfile.write(self.raw)
            handler.wfile.flush()
            time.sleep(0.001)
        if self.raw is None:
            self.say(handler, self.reply(request["messages"]))

    def say(self, handler, text):
        usage = {"usage": self.usage} if self.usage else {}
        if not self.streams:
            choice = {"message": {"content": text}, "finish_reason": self.finish}
            handler.wfile.write(json.dumps({"choices": [choice], **usage}).encode())
            return
        events = [{"choices": [{"delta": {"content": f"{word} "}}]} for word in text.split(" ")]
        events.append({"choices": [{"delta": {}, "finish_reason": self.finish}], **usage})
        for event in events:
            time.sleep(self.pause_seconds)
            handler.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
            handler.wfile.flush()
        handler.wfile.write(b"data: [DONE]\n\n")


class Lines:
    """An engine that says words in turn, and remembers whether it was stopped."""

    context_tokens = 400

    def __init__(self, *words, pause_seconds=0.0, error=None):
        self.words, self.pause_seconds, self.error = words, pause_seconds, error
        self.requests, self.said, self.was_stopped = [], 0, threading.Event()

    def generate(self, request, *, put, stop):
        self.requests.append(request)
        for word in self.words:
            if stop.wait(self.pause_seconds) or stop.is_set():
                self.was_stopped.set()
                return
            put(Piece(text=f"{word} "))
            self.said += 1
        if self.error:
            raise self.error
        put(Piece(finish="stop", usage=Usage(input_tokens=9, output_tokens=self.said)))

    def count_tokens(self, messages):
        return sum(len(one["content"].split()) for one in messages)


def local(engine, **options):
    return LocalModel(lambda: engine, **{"load_timeout_seconds": 5, **options})


class Reply(ChatModel):
    """A model that gives one text, in pieces of some characters."""

    context_tokens = 4096

    def __init__(self, text, *, size=3, finish="stop"):
        self.text, self.size, self.finish = text, size, finish
        self.requests, self.said = [], ""

    async def stream(self, request):
        self.requests.append(request)
        for start in range(0, len(self.text), self.size):
            piece = self.text[start : start + self.size]
            self.said += piece
            yield Piece(text=piece)
        yield Piece(finish=self.finish)
