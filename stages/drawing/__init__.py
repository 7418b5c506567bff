"""The page to draw digits on: networks and test images written for the browser."""
