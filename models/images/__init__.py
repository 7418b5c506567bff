"""From a photograph of one digit to an image like MNIST's: background, foreground, stroke width and centring."""
