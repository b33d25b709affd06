"""Torch toolbox that knows no bots: loop, device and seed, weights, ONNX export."""
