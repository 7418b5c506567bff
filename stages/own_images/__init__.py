"""Pictures of one's own: decoded within limits, prepared for a network, and folders of them as a data set."""
