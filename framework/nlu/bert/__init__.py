"""The tagger: one BERT encoder for intent and slots; trained with torch, served by ONNX Runtime."""
