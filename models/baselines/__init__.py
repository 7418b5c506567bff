"""The classifiers a network is compared with: a random guess, average darkness and a support vector machine."""
