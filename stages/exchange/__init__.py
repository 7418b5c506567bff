"""Networks in the formats of other programs: ONNX, safetensors, states of PyTorch and Keras, and the book's JSON."""
